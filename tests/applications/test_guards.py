"""What the rules refuse; every refusal leaves the case as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from applications import actions
from applications.errors import (
    CorrectionUsedUp,
    EvidenceOutdated,
    FormIncomplete,
    NotEligible,
    SectionLocked,
)
from applications.models import (
    Application,
    CorrectionNotice,
    EligibilityCheck,
)
from catalog import actions as catalog
from core.errors import Forbidden, InvalidInput, NotFound
from parties import actions as party_actions
from parties import queries as parties
from tests.applications.conftest import due, running
from tests.applications.form_support import sign
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import add_desk

pytestmark = pytest.mark.django_db

DEFECT = {
    "section": "usage",
    "item": "等保证明",
    "problem": "证书已过期",
    "required": "提交有效证书",
}


def submit(city: City, draft: Application) -> Callable[[], Any]:
    """Return the attempt to submit a draft."""
    return lambda: actions.submit_application(
        application_id=draft.pk, actor=city.agent, at=build.SUBMITTED
    )


class TestSubmission:
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"purpose_text": ""}, "scenario.purpose_text"),
            ({"purpose_text": "授信"}, "scenario.purpose_text"),
            ({"scenario_name": ""}, "scenario.scenario_name"),
            ({"term_months": None}, "usage.term_months"),
            ({"security_plan": {}}, "security.storage"),
        ],
    )
    def test_an_incomplete_form_is_refused_by_entry(
        self, city: City, draft: Application, changes: dict[str, Any], entry: str
    ) -> None:
        actions.edit_application(
            application_id=draft.pk, changes=changes, actor=city.agent, at=build.SUBMITTED
        )
        error = refuses(draft, FormIncomplete, submit(city, draft))
        assert entry in error.fields  # type: ignore[attr-defined]
        assert draft.number is None

    def test_unsigned_commitments_are_refused(self, city: City, draft: Application) -> None:
        actions.sign_commitments(
            application_id=draft.pk, codes=["SCENARIO_ONLY"], actor=city.agent, at=build.SUBMITTED
        )
        error = refuses(draft, FormIncomplete, submit(city, draft))
        assert "commitments.NO_ONWARD" in error.fields  # type: ignore[attr-defined]

    def test_level_3_data_outside_a_closed_environment_are_refused(
        self, city: City, draft: Application
    ) -> None:
        actions.edit_application(
            application_id=draft.pk,
            changes={"environment": "RAW_EXPORT"},
            actor=city.agent,
            at=build.SUBMITTED,
        )
        sign(city, draft)
        error = refuses(draft, NotEligible, submit(city, draft))
        assert error.facts["codes"] == ["environment"]  # type: ignore[attr-defined]
        assert not EligibilityCheck.objects.exists()

    def test_transfer_abroad_is_refused(self, city: City, draft: Application) -> None:
        actions.edit_application(
            application_id=draft.pk,
            changes={"cross_border": True},
            actor=city.agent,
            at=build.SUBMITTED,
        )
        refuses(draft, FormIncomplete, submit(city, draft))

    def test_a_barred_party_is_refused(self, city: City, draft: Application) -> None:
        party_actions.bar_organization(
            organization_id=city.applicant.pk,
            reason="超范围使用数据",
            until=date(2028, 1, 1),
            actor=parties.system_actor(),
            at=build.SUBMITTED,
        )
        error = refuses(draft, NotEligible, submit(city, draft))
        assert "超范围使用数据" in str(error)

    def test_a_dataset_that_was_withdrawn_is_refused(self, city: City, draft: Application) -> None:
        catalog.withdraw_dataset(
            dataset_id=city.datasets[0].pk,
            reason="停止更新",
            actor=city.supervisor,
            at=build.SUBMITTED,
        )
        error = refuses(draft, NotEligible, submit(city, draft))
        assert error.facts["codes"] == ["datasets"]  # type: ignore[attr-defined]

    def test_a_dataset_that_is_not_open_cannot_even_be_chosen(
        self, city: City, draft: Application
    ) -> None:
        dataset = city.datasets[0]
        dataset.__dict__["state"] = "HELD_NON_OPEN"
        dataset.openness, dataset.state_reason = "NON_OPEN", "含个人信息"
        dataset.save()
        refuses(
            draft,
            InvalidInput,
            lambda: actions.set_items(
                application_id=draft.pk,
                items=[{"code": "D01", "fields": ["name"], "justification": "需要名称字段核验"}],
                actor=city.agent,
                at=build.SUBMITTED,
            ),
        )
        assert draft.items.count() == 2

    def test_the_findings_of_a_submission_are_stored(self, city: City) -> None:
        case = build.submitted(city)
        checks = {c.code: c.result for c in case.checks.all()}
        assert checks["party"] == "PASS"
        assert checks["environment"] == "PASS"
        assert len(checks) == 16

    def test_a_draft_takes_any_gap_but_no_nonsense(self, city: City, draft: Application) -> None:
        for changes in ({"term_months": -3}, {"environment": "MOON"}, {"state": "GRANTED"}):
            refuses(
                draft,
                InvalidInput,
                lambda changes=changes: actions.edit_application(  # type: ignore[misc]
                    application_id=draft.pk, changes=changes, actor=city.agent, at=build.SUBMITTED
                ),
            )


class TestStrangers:
    def test_a_stranger_is_told_that_there_is_nothing(self, city: City) -> None:
        case = build.submitted(city)
        for call in (
            lambda: actions.accept_application(
                application_id=case.pk, actor=city.stranger, at=build.ACCEPTED
            ),
            lambda: actions.withdraw_application(
                application_id=case.pk, actor=city.stranger, at=build.ACCEPTED
            ),
        ):
            refuses(case, NotFound, call)

    def test_the_authority_sees_no_draft(self, city: City, draft: Application) -> None:
        refuses(
            draft,
            NotFound,
            lambda: actions.accept_application(
                application_id=draft.pk, actor=city.case, at=build.ACCEPTED
            ),
        )

    def test_who_sees_the_case_may_not_do_everything_to_it(self, city: City) -> None:
        case = build.submitted(city)
        refuses(
            case,
            Forbidden,
            lambda: actions.accept_application(
                application_id=case.pk, actor=city.agent, at=build.ACCEPTED
            ),
        )


class TestCorrection:
    def test_a_submission_is_returned_once_only(self, city: City) -> None:
        case = build.submitted(city)
        case = actions.request_correction(
            application_id=case.pk, defects=[DEFECT], actor=city.case, at=day("2026-09-15")
        )
        assert running(case) == {"acceptance", "correction"}
        assert due(case, "correction") == "2026-09-29"
        refuses(
            case,
            SectionLocked,
            lambda: actions.edit_application(
                application_id=case.pk,
                changes={"purpose_text": "换一个用途，重新写二十个字以上的说明文字。"},
                actor=city.agent,
                at=day("2026-09-16"),
            ),
        )
        actions.edit_application(
            application_id=case.pk,
            changes={"protection_certificate": "32020043-20002"},
            actor=city.agent,
            at=day("2026-09-16"),
        )
        sign(city, case)
        refuses(
            case,
            InvalidInput,
            lambda: actions.resubmit_application(
                application_id=case.pk, answers={}, actor=city.agent, at=day("2026-09-16")
            ),
        )
        case = actions.resubmit_application(
            application_id=case.pk,
            answers={"1": "已换新证书"},
            actor=city.agent,
            at=day("2026-09-16"),
        )
        assert running(case) == {"acceptance"}
        assert due(case, "acceptance") == "2026-09-18"
        refuses(
            case,
            CorrectionUsedUp,
            lambda: actions.request_correction(
                application_id=case.pk, defects=[DEFECT], actor=city.case, at=day("2026-09-17")
            ),
        )
        assert CorrectionNotice.objects.count() == 1

    def test_a_notice_names_every_defect_completely(self, city: City) -> None:
        case = build.submitted(city)
        for defects in ([], [{**DEFECT, "required": ""}], [{**DEFECT, "section": "weather"}]):
            refuses(
                case,
                InvalidInput,
                lambda defects=defects: actions.request_correction(  # type: ignore[misc]
                    application_id=case.pk, defects=defects, actor=city.case, at=build.ACCEPTED
                ),
            )

    def test_a_correction_not_made_in_time_lapses(self, city: City) -> None:
        case = build.submitted(city)
        actions.request_correction(
            application_id=case.pk, defects=[DEFECT], actor=city.case, at=day("2026-09-15")
        )
        assert actions.lapse_overdue(at=day("2026-09-29", hour=23)) == 0
        assert actions.lapse_overdue(at=day("2026-09-30")) == 1
        case.refresh_from_db()
        assert case.state == "LAPSED"
        assert running(case) == set()

    def test_refusing_acceptance_needs_a_known_reason(self, city: City) -> None:
        case = build.submitted(city)
        for code, reason in (("MOOD", "不想办"), ("NON_OPEN", "  ")):
            refuses(
                case,
                InvalidInput,
                lambda code=code, reason=reason: actions.refuse_acceptance(  # type: ignore[misc]
                    application_id=case.pk,
                    reason_code=code,
                    reason=reason,
                    actor=city.case,
                    at=build.ACCEPTED,
                ),
            )
        case = actions.refuse_acceptance(
            application_id=case.pk,
            reason_code="NON_OPEN",
            reason="所申请的明细数据属于非开放类。",
            actor=city.case,
            at=build.ACCEPTED,
        )
        assert case.state == "NOT_ACCEPTED"
        assert case.documents.get().kind == "NON_ACCEPTANCE"
        assert running(case) == set()


class TestProviderReview:
    def test_branches_run_side_by_side_and_the_last_one_moves_the_case(self, city: City) -> None:
        case = build.accepted(city)
        first, second = case.branches.order_by("id")
        build.answer_branch(city, second)
        case.refresh_from_db()
        assert case.state == "PROVIDER_REVIEW"
        build.answer_branch(city, first)
        case.refresh_from_db()
        assert case.state == "SECURITY_REVIEW"

    def test_a_refused_field_needs_reason_and_legal_basis(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        opinion = build.opinion_on(branch, name={"decision": "DENY", "reason": "不宜提供"})
        error = refuses(
            branch,
            InvalidInput,
            lambda: actions.draft_provider_opinion(
                branch_id=branch.pk, opinion=opinion, actor=city.officer, at=build.REVIEWED
            ),
        )
        assert list(error.fields) == ["D01.name"]  # type: ignore[attr-defined]

    def test_an_opinion_covers_every_field_and_no_other(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        missing = build.opinion_on(branch)
        del missing["D01"]["fields"]["name"]
        foreign = {**build.opinion_on(branch), "D07": {"fields": {}}}
        for opinion in (missing, foreign):
            refuses(
                branch,
                InvalidInput,
                lambda opinion=opinion: actions.draft_provider_opinion(  # type: ignore[misc]
                    branch_id=branch.pk, opinion=opinion, actor=city.officer, at=build.REVIEWED
                ),
            )

    def test_the_author_of_an_opinion_does_not_confirm_it(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        add_desk(city.officer, city.provider, "PROVIDER_LEADER")
        actions.draft_provider_opinion(
            branch_id=branch.pk,
            opinion=build.opinion_on(branch),
            actor=city.officer,
            at=build.REVIEWED,
        )
        refuses(
            branch,
            Forbidden,
            lambda: actions.confirm_provider_opinion(
                branch_id=branch.pk, actor=city.officer, at=build.REVIEWED
            ),
        )

    def test_another_provider_does_not_see_the_branch(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        refuses(
            branch,
            NotFound,
            lambda: actions.draft_provider_opinion(
                branch_id=branch.pk,
                opinion=build.opinion_on(branch),
                actor=city.second_officer,
                at=build.REVIEWED,
            ),
        )


class TestSecurityReview:
    def test_a_risk_assessment_that_ran_out_holds_the_case(self, city: City) -> None:
        case = build.reviewed(city)
        evidence = city.datasets[1].risk_assessment
        assert evidence is not None
        evidence.valid_until = date(2026, 9, 27)
        evidence.save()
        refuses(
            case,
            EvidenceOutdated,
            lambda: actions.pass_security_review(
                application_id=case.pk,
                assessment=build.ASSESSMENT,
                actor=city.security,
                at=build.SECURED,
            ),
        )

    @pytest.mark.parametrize("gap", ["findings", "conclusion", "valid_until"])
    def test_an_assessment_says_everything(self, city: City, gap: str) -> None:
        case = build.reviewed(city)
        refuses(
            case,
            InvalidInput,
            lambda: actions.pass_security_review(
                application_id=case.pk,
                assessment={**build.ASSESSMENT, gap: ""},
                actor=city.security,
                at=build.SECURED,
            ),
        )
