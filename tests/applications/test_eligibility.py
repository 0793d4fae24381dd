"""The checks: the verdict over all, the versions of their rules, datasets that are suspended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, queries
from applications.eligibility_rules import BASELINE, BY_LAW, CODES, INFORMS, OFF, problems
from applications.eligibility_verdict import ABSTAIN, APPROVE, DENY, overall
from applications.eligibility_words import CHECK_FIXES, CHECK_NAMES
from applications.errors import NotEligible
from applications.models import Application, EligibilityCheck, EligibilityRule
from catalog import actions as catalog
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.models import Organization
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import ACCEPTED, SUBMITTED, City, day
from workflow.models import AuditEntry, Event

pytestmark = pytest.mark.django_db

BASIS = "《示例市公共数据申请核查规则》第三条"


@dataclass(frozen=True)
class Found:
    code: str
    result: str


FINDINGS = st.lists(
    st.builds(Found, st.sampled_from(CODES), st.sampled_from(["PASS", "FAIL", "ABSTAIN"])),
    max_size=16,
    unique_by=lambda f: f.code,
)


@pytest.mark.scenario(45)
class TestVerdict:
    @given(FINDINGS)
    def test_approves_only_if_every_rule_approves(self, rows: list[Found]) -> None:
        approved = overall(rows).verdict == APPROVE
        assert approved == (bool(rows) and all(f.result == "PASS" for f in rows))

    @given(FINDINGS)
    def test_one_abstention_abstains_with_its_reason_unless_a_term_is_unknown(
        self, rows: list[Found]
    ) -> None:
        found = overall(rows)
        unknown = Found("terms", "FAIL") in rows
        abstained = [f.code for f in rows if f.result == "ABSTAIN"]
        if abstained and not unknown:
            assert found.verdict == ABSTAIN
            assert list(found.reasons[: len(abstained)]) == abstained
        if found.verdict == ABSTAIN:
            assert not unknown
            assert abstained or not rows

    @given(FINDINGS)
    def test_otherwise_it_denies_and_an_unknown_term_always_does(self, rows: list[Found]) -> None:
        found = overall(rows)
        if Found("terms", "FAIL") in rows:
            assert (found.verdict, found.reasons[0]) == (DENY, "terms")
        elif any(f.result == "FAIL" for f in rows) and not any(
            f.result == "ABSTAIN" for f in rows
        ):
            assert found.verdict == DENY
        if found.verdict == DENY:
            assert set(found.reasons) == {f.code for f in rows if f.result == "FAIL"}

    @given(FINDINGS, st.text(min_size=1).filter(lambda text: text not in CODES))
    def test_what_no_rule_knows_denies_and_is_named(self, rows: list[Found], code: str) -> None:
        found = overall([*rows, Found(code, "PASS")])
        assert (found.verdict, found.unknown, found.reasons[0]) == (DENY, (code,), code)
        others = [f for f in rows if f.code != "uscc"]
        found = overall([*others, Found("uscc", "PERHAPS")])
        assert (found.verdict, found.unknown) == (DENY, ("uscc",))

    @given(FINDINGS, st.randoms())
    def test_the_order_never_matters(self, rows: list[Found], chance: Any) -> None:
        mixed = list(rows)
        chance.shuffle(mixed)
        one, other = overall(rows), overall(mixed)
        assert (one.verdict, set(one.reasons)) == (other.verdict, set(other.reasons))

    def test_an_unknown_term_denies_with_the_term_and_moves_nothing(self, city: City) -> None:
        draft = build.drafted(city)
        Application.objects.filter(pk=draft.pk).update(purpose_class="MAGIC")
        checks = queries.preview_checks(application_id=draft.pk, actor=city.agent, at=SUBMITTED)
        assert checks.verdict == DENY
        assert checks.reasons[0].code == "terms"
        assert "MAGIC" in checks.reasons[0].reason
        draft.refresh_from_db()
        assert draft.state == "DRAFT"

    def test_a_denial_moves_no_case_and_stops_nobody(self, city: City) -> None:
        case = build.submitted(city)
        stored = EligibilityCheck.objects.filter(application=case)
        stored.filter(code="credit").update(result="FAIL", reason="x")
        stored.filter(result="ABSTAIN").update(result="PASS")
        assert queries.checks_of(case).verdict == DENY
        actions.accept_application(application_id=case.pk, actor=city.case, at=ACCEPTED)
        case.refresh_from_db()
        assert case.state == "PROVIDER_REVIEW"

    def test_the_verdict_moves_no_case_whatever_it_says(self, city: City) -> None:
        Organization.objects.filter(pk=city.applicant.pk).update(credit_checked_on="2026-01-01")
        case = build.submitted(city)
        checks = queries.checks_of(case)
        assert checks.verdict == ABSTAIN
        assert {"credit"} < {row.code for row in checks.reasons}
        assert not checks.blocked
        case.refresh_from_db()
        assert case.state == "SUBMITTED"


class TestHints:
    def test_say_which_rule_which_evidence_and_how_to_mend_it(
        self, city: City, client: Client
    ) -> None:
        draft = build.drafted(city, environment="API")
        [row] = [
            r
            for r in queries.preview_checks(
                application_id=draft.pk, actor=city.agent, at=SUBMITTED
            ).rows
            if r.code == "environment"
        ]
        assert row.blocking
        assert row.result == "FAIL"
        assert ("D07" in row.reason, row.section) == (True, "usage")
        assert row.evidence
        client.force_login(city.agent)
        with clock.fixed(SUBMITTED):
            page = client.get(reverse("portal:application_tasks", args=[draft.pk]))
        shown = page.content.decode()
        assert row.fix in shown
        assert reverse("portal:application_fill", args=[draft.pk, "usage"]) in shown
        assert "2026-1" in shown

    def test_who_reads_only_a_part_of_the_case_reads_no_evidence(self, city: City) -> None:
        case = build.accepted(city)
        certificate = build.SCENARIO["protection_certificate"]

        def evidence(checks: Any) -> str:
            return str([row.evidence for row in (*checks.rows, *checks.reasons)])

        whole = queries.case_page(application_id=case.pk, actor=city.case, at=ACCEPTED)
        assert certificate in evidence(whole.checks)
        branch = case.branches.get(provider=city.provider)
        part = queries.branch_page(branch_id=branch.pk, actor=city.officer, at=ACCEPTED)
        assert certificate not in evidence(part.checks)
        assert part.checks.verdict == whole.checks.verdict

    def test_every_check_has_a_name_and_a_way_to_mend_it(self) -> None:
        rules = replace(BASELINE, modes={})
        ran = {code for code in CODES if rules.mode(code) != OFF}
        assert ran == set(CHECK_NAMES) == set(CHECK_FIXES) == set(CODES)
        assert set(BY_LAW) < set(CODES)


def proposal(**changes: Any) -> dict[str, Any]:
    return {
        "modes": {code: BASELINE.mode(code) for code in CODES},
        "credit_days_max": 60,
        "high_levels": ["L3", "L4", "IMPORTANT", "CORE"],
        "closed_environments": ["SANDBOX", "VERIFY_ONLY"],
        "free_purposes": ["PUBLIC_GOVERNANCE"],
        "protection_level_min": 3,
        "legal_basis": BASIS,
        "effective_on": date(2026, 9, 15),
        **changes,
    }


def propose(city: City, **changes: Any) -> EligibilityRule:
    return actions.propose_eligibility_rule(
        actor=city.second_decider, at=SUBMITTED, **proposal(**changes)
    )


def approve(city: City, rule: EligibilityRule, at: Any = SUBMITTED) -> EligibilityRule:
    return actions.settle_eligibility_rule(
        rule_id=rule.pk, approve=True, actor=city.decider, at=at
    )


def version_of(case: Application) -> set[str]:
    last = EligibilityCheck.objects.filter(application=case).latest("sequence").sequence
    rows = EligibilityCheck.objects.filter(application=case, sequence=last)
    return set(rows.values_list("rule_version", flat=True))


class TestRules:
    def test_a_version_needs_two_persons_and_its_day(self, city: City) -> None:
        early = build.submitted(city)
        rule = propose(city)
        with pytest.raises(Forbidden):
            actions.settle_eligibility_rule(
                rule_id=rule.pk, approve=True, actor=city.second_decider, at=SUBMITTED
            )
        rule.refresh_from_db()
        assert rule.state == "PROPOSED"
        approve(city, rule)
        with pytest.raises(NotAllowedNow):
            approve(city, rule)
        assert version_of(early) == {"2026-1"}
        later = build.submitted(city, scenario_name="另一场景")
        assert version_of(later) == {"2026-1"}
        accepted = actions.accept_application(
            application_id=later.pk, actor=city.case, at=ACCEPTED
        )
        assert version_of(accepted) == {"2026-2"}
        assert queries.checks_of(early).rule_version == "2026-1"

    def test_its_numbers_and_modes_are_what_the_checks_go_by(self, city: City) -> None:
        Organization.objects.filter(pk=city.applicant.pk).update(credit_checked_on="2026-08-01")
        draft = build.drafted(city)
        modes = {code: BASELINE.mode(code) for code in CODES} | {"credit": "BLOCKS", "onward": OFF}
        approve(city, propose(city, modes=modes, effective_on=date(2026, 9, 14)))

        def results(at: Any) -> dict[str, tuple[str, bool]]:
            checks = queries.preview_checks(application_id=draft.pk, actor=city.agent, at=at)
            return {row.code: (row.result, row.blocking) for row in checks.rows}

        assert results(day("2026-09-13"))["credit"] == ("FAIL", False)
        assert "onward" in results(day("2026-09-13"))
        assert results(day("2026-09-14"))["credit"] == ("PASS", True)
        assert "onward" not in results(day("2026-09-14"))
        error = refuses(
            draft,
            NotEligible,
            lambda: actions.submit_application(
                application_id=draft.pk, actor=city.agent, at=day("2026-10-20")
            ),
        )
        assert "60" in str(error)

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"legal_basis": " "}, "legal_basis"),
            ({"modes": {"party": INFORMS}}, "mode_party"),
            ({"modes": {"cross_border": OFF}}, "mode_cross_border"),
            ({"modes": {"luck": INFORMS}}, "mode_luck"),
            ({"modes": {"credit": "MAYBE"}}, "mode_credit"),
            ({"credit_days_max": 0}, "credit_days_max"),
            ({"credit_days_max": 366}, "credit_days_max"),
            ({"high_levels": ["L3", "IMPORTANT", "CORE"]}, "high_levels"),
            ({"high_levels": ["L4", "IMPORTANT", "CORE", "L9"]}, "high_levels"),
            ({"closed_environments": []}, "closed_environments"),
            ({"closed_environments": ["SANDBOX", "RAW_EXPORT"]}, "closed_environments"),
            ({"free_purposes": ["FUN"]}, "free_purposes"),
            ({"protection_level_min": 1}, "protection_level_min"),
        ],
    )
    def test_what_law_or_sense_forbids_is_refused_and_writes_nothing(
        self, city: City, changes: dict[str, Any], entry: str
    ) -> None:
        written = AuditEntry.objects.count(), Event.objects.count()
        with pytest.raises(InvalidInput) as caught:
            propose(city, **changes)
        assert set(caught.value.fields) == {entry}
        assert EligibilityRule.objects.count() == 1
        assert (AuditEntry.objects.count(), Event.objects.count()) == written

    def test_a_version_for_a_day_that_has_passed_is_not_approved(self, city: City) -> None:
        rule = propose(city)
        with pytest.raises(InvalidInput):
            approve(city, rule, at=day("2026-09-16"))
        rule.refresh_from_db()
        assert rule.state == "PROPOSED"

    def test_strangers_neither_propose_nor_see_nor_settle(self, city: City) -> None:
        with pytest.raises(Forbidden):
            actions.propose_eligibility_rule(actor=city.agent, at=SUBMITTED, **proposal())
        rule = propose(city)
        for who in (city.agent, city.secretary, city.stranger):
            with pytest.raises(NotFound):
                actions.settle_eligibility_rule(
                    rule_id=rule.pk, approve=True, actor=who, at=SUBMITTED
                )
            assert queries.eligibility_rules(actor=who, at=SUBMITTED) == ()

    @given(st.sampled_from(sorted(BY_LAW)), st.sampled_from([INFORMS, OFF, "BLOCKS", "X"]))
    def test_what_blocks_by_law_blocks_whatever_a_version_says(self, code: str, mode: str) -> None:
        rules = replace(BASELINE, modes={**BASELINE.modes, code: mode})
        assert rules.mode(code) == "BLOCKS"
        assert bool(problems(rules)) == (mode != "BLOCKS")

    def test_the_preview_names_what_would_change_and_stores_nothing(self, city: City) -> None:
        Organization.objects.filter(pk=city.applicant.pk).update(credit_checked_on="2026-08-01")
        case = build.submitted(city)
        stored = EligibilityCheck.objects.count()
        rule = propose(city)
        [change] = queries.preview_rule(rule_id=rule.pk, actor=city.decider, at=SUBMITTED)
        assert (change.number, change.blocks) == (case.number, False)
        assert change.before != change.after
        assert EligibilityCheck.objects.count() == stored
        with pytest.raises(NotFound):
            queries.preview_rule(rule_id=rule.pk, actor=city.agent, at=SUBMITTED)

    def test_a_version_goes_its_whole_way_by_buttons(self, city: City, client: Client) -> None:
        client.force_login(city.second_decider)
        with clock.fixed(SUBMITTED):
            new = reverse("portal:eligibility_rule_new")
            initial = client.get(new).context["form"].initial
            entries = {**initial, "legal_basis": BASIS, "effective_on": "2026-09-14"}
            entries["mode_credit"] = "BLOCKS"
            entries.pop("mode_party")
            assert client.post(new, entries).status_code == 302
            rule = EligibilityRule.objects.get(version=2)
            assert rule.modes["credit"] == "BLOCKS"
            settle = reverse("portal:eligibility_rule_settle", args=[rule.pk])
            page = reverse("portal:eligibility_rules")
            assert settle not in client.get(page).content.decode()
            client.force_login(city.decider)
            assert settle in client.get(page).content.decode()
            preview = reverse("portal:eligibility_rule_preview", args=[rule.pk])
            assert client.get(preview).status_code == 200
            client.post(settle, {"answer": "approve"})
        rule.refresh_from_db()
        assert rule.state == "IN_FORCE"


def suspend(city: City, dataset: Any, at: Any) -> None:
    catalog.suspend_dataset(dataset_id=dataset.pk, reason="复核字段", actor=city.supervisor, at=at)


@pytest.mark.scenario(8)
class TestSuspendedDataset:
    def test_a_draft_made_while_it_was_open_is_still_submitted_and_accepted(
        self, city: City
    ) -> None:
        draft = build.drafted(city)
        suspend(city, city.datasets[0], SUBMITTED)
        case = actions.submit_application(
            application_id=draft.pk, actor=city.agent, at=SUBMITTED
        )
        assert case.state == "SUBMITTED"
        checks = queries.checks_of(case)
        [row] = [r for r in checks.rows if r.code == "datasets"]
        assert (row.result, checks.verdict) == ("ABSTAIN", ABSTAIN)
        assert "D01" in row.reason
        assert "D07" not in row.reason
        accepted = actions.accept_application(
            application_id=case.pk, actor=city.case, at=ACCEPTED
        )
        assert accepted.state == "PROVIDER_REVIEW"

    def test_a_new_draft_for_it_cannot_be_made(self, city: City) -> None:
        suspend(city, city.datasets[0], SUBMITTED)
        before = Application.objects.count()
        with pytest.raises(InvalidInput) as caught:
            build.drafted(city)
        assert set(caught.value.fields) == {"D01"}
        assert Application.objects.exclude(items=None).count() == 0
        with pytest.raises(InvalidInput):
            actions.start_application(
                actor=city.agent,
                at=SUBMITTED,
                items=[{"code": "D01", "fields": [], "filters": {}, "justification": "x"}],
            )
        assert Application.objects.count() == before + 1

    def test_one_that_was_withdrawn_still_blocks(self, city: City) -> None:
        draft = build.drafted(city)
        catalog.withdraw_dataset(
            dataset_id=city.datasets[0].pk, reason="停止更新", actor=city.supervisor, at=SUBMITTED
        )
        error = refuses(
            draft,
            NotEligible,
            lambda: actions.submit_application(
                application_id=draft.pk, actor=city.agent, at=SUBMITTED
            ),
        )
        assert "D01" in str(error)
