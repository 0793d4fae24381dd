"""What the checks say together, and what becomes of a dataset that closes under a draft."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, queries
from applications.eligibility import CHECK_NAMES, RESULTS, conclude
from applications.errors import NotEligible
from applications.models import ApplicationItem, EligibilityCheck
from catalog import actions as catalog
from catalog.models import Dataset
from core.errors import InvalidInput
from licensing import actions as licensing
from licensing.models import License
from parties.queries import system_actor
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.contracts import effective_agreement
from tests.builders.licensing import ISSUED

KNOWN = sorted(CHECK_NAMES)
FINDINGS = st.dictionaries(st.sampled_from(KNOWN), st.sampled_from(RESULTS), min_size=1)


@pytest.mark.scenario(45)
class TestWhatTheChecksSayTogether:
    @given(st.sets(st.sampled_from(KNOWN), min_size=1))
    def test_pass_only_if_every_check_passes(self, codes: set[str]) -> None:
        assert conclude((code, "PASS") for code in codes).result == "PASS"

    @given(FINDINGS)
    def test_one_abstention_makes_it_a_matter_for_people(self, found: dict[str, str]) -> None:
        said = conclude(found.items())
        values = set(found.values())
        if "ABSTAIN" in values:
            assert said.result == "ABSTAIN"
        elif "FAIL" in values:
            assert said.result == "FAIL"
        assert set(said.because) == {c for c, result in found.items() if result != "PASS"}

    @given(FINDINGS, st.text(min_size=1).filter(lambda t: t not in CHECK_NAMES))
    def test_what_the_rules_do_not_know_speaks_against_it_and_is_named(
        self, found: dict[str, str], code: str
    ) -> None:
        said = conclude([*found.items(), (code, "PASS")])
        assert (said.result, said.unknown) == ("FAIL", (code,))
        said = conclude([*found.items(), ("uscc", "PERHAPS")])
        assert (said.result, said.unknown) == ("FAIL", ("uscc",))

    def test_nothing_checked_is_no_approval(self) -> None:
        assert conclude([]).result == "FAIL"

    def test_a_conclusion_against_it_moves_no_case(self, city: City) -> None:
        case = build.submitted(city)
        EligibilityCheck.objects.filter(application=case, code="credit").update(
            result="FAIL", reason="x"
        )
        EligibilityCheck.objects.filter(application=case, result="ABSTAIN").update(result="PASS")
        checks = queries.checks_of(case)
        assert queries.conclusion_of(checks).tone == "red"
        actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
        case.refresh_from_db()
        assert case.state == "PROVIDER_REVIEW"


def suspend(city: City, code: str, *, at: Any) -> Dataset:
    dataset = Dataset.objects.get(code=code)
    return catalog.suspend_dataset(
        dataset_id=dataset.pk, reason="发现疑似敏感字段", actor=city.supervisor, at=at
    )


@pytest.mark.scenario(8)
class TestADatasetThatClosesUnderADraft:
    def test_the_draft_is_submitted_and_the_reviewers_are_told(self, city: City) -> None:
        draft = build.drafted(city)
        suspend(city, "D01", at=build.SUBMITTED)
        case = actions.submit_application(
            application_id=draft.pk, actor=city.agent, at=build.SUBMITTED
        )
        found = EligibilityCheck.objects.get(application=case, code="datasets")
        assert (case.state, found.result) == ("SUBMITTED", "ABSTAIN")
        assert "D01" in found.evidence["datasets"]

    def test_a_new_draft_for_it_cannot_be_made(self, city: City) -> None:
        suspend(city, "D01", at=build.SUBMITTED)
        with pytest.raises(InvalidInput) as refused:
            build.drafted(city)
        assert set(refused.value.fields) == {"D01"}
        assert not ApplicationItem.objects.exists()

    def test_a_draft_for_one_that_was_withdrawn_is_refused(self, city: City) -> None:
        draft = build.drafted(city)
        catalog.withdraw_dataset(
            dataset_id=Dataset.objects.get(code="D01").pk,
            reason="数据源停止更新",
            actor=city.leader,
            at=build.SUBMITTED,
        )
        error = refuses(
            draft,
            NotEligible,
            lambda: actions.submit_application(
                application_id=draft.pk, actor=city.agent, at=build.SUBMITTED
            ),
        )
        assert error.facts["codes"] == ["datasets"]  # type: ignore[attr-defined]

    def test_a_license_for_it_has_no_effect_until_it_is_open_again(self, city: City) -> None:
        agreement = effective_agreement(city)[1]
        suspend(city, "D01", at=ISSUED)
        licensing.issue_licenses(agreement_id=agreement.pk, actor=system_actor(), at=ISSUED)
        states = dict(License.objects.values_list("dataset__code", "state"))
        assert states == {"D01": License.State.ISSUED, "D07": License.State.ACTIVE}
