"""The committee, the decision, the ends: what they refuse leaves the case as it was."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from applications import actions, form
from applications.errors import (
    CannotBeSeated,
    DepartureUnexplained,
    NothingToGrant,
    ObjectionTooLate,
)
from applications.models import (
    Application,
    Decision,
    ProviderBranch,
)
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties import queries as parties
from tests.applications.conftest import due, running
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import add_desk, person
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db

class TestCommittee:
    def test_a_member_who_works_for_a_party_cannot_be_seated(self, city: City) -> None:
        case = build.secured(city)
        add_desk(city.members[0], city.provider, "PROVIDER_OFFICER")
        refuses(
            case,
            CannotBeSeated,
            lambda: actions.seat_panel(
                application_id=case.pk,
                members=city.panel,
                chair=city.chair,
                actor=city.secretary,
                at=build.CONCLUDED,
            ),
        )

    def test_a_member_who_joins_a_party_later_cannot_vote(self, city: City) -> None:
        case = build.seated(city)
        add_desk(city.members[0], city.applicant, "APPLICANT_AGENT")
        refuses(case, Forbidden, lambda: build.vote(case, city.members[0]))

    def test_only_the_committee_is_seated(self, city: City) -> None:
        case = build.secured(city)
        outsider = person(city.applicant, "APPLICANT_SECURITY")
        refuses(
            case,
            CannotBeSeated,
            lambda: actions.seat_panel(
                application_id=case.pk,
                members=[*city.panel, outsider],
                chair=city.chair,
                actor=city.secretary,
                at=build.CONCLUDED,
            ),
        )

    def test_nobody_without_a_seat_votes_or_concludes(self, city: City) -> None:
        case = build.seated(city)
        refuses(case, NotFound, lambda: build.vote(case, city.members[5]))
        refuses(
            case,
            Forbidden,
            lambda: actions.close_panel(
                application_id=case.pk, actor=city.secretary, at=build.CONCLUDED
            ),
        )

    def test_a_substitute_makes_up_for_a_recusal(self, city: City) -> None:
        case = build.secured(city)
        actions.seat_panel(
            application_id=case.pk,
            members=city.panel,
            chair=city.chair,
            actor=city.secretary,
            at=build.CONCLUDED,
        )
        for member, conflict in zip(city.panel, ["", "", "", "", "曾任申请单位顾问"], strict=True):
            actions.declare_interest(
                application_id=case.pk, conflict=conflict, actor=member, at=build.CONCLUDED
            )
        for member in city.panel[:4]:
            build.vote(case, member)
        refuses(
            case,
            PanelError,
            lambda: actions.close_panel(
                application_id=case.pk, actor=city.chair, at=build.CONCLUDED
            ),
        )
        substitute = city.members[4]
        actions.seat_substitute(
            application_id=case.pk, member=substitute, actor=city.secretary, at=build.CONCLUDED
        )
        actions.declare_interest(
            application_id=case.pk, conflict="", actor=substitute, at=build.CONCLUDED
        )
        build.vote(case, substitute)
        case = build.sign_off(city, case)
        assert case.committee_conclusion["recused"] == 1
        assert case.committee_conclusion["passed"] is True

    @pytest.mark.parametrize(
        ("ballots", "totals", "passed"),
        [
            # Four of six are exactly two thirds; three of five are not.
            (("FOR",) * 4 + ("AGAINST",) * 2, (75,) * 6, True),
            (("FOR",) * 3 + ("AGAINST",) * 2, (90,) * 5, False),
            (("FOR",) * 4 + ("ABSTAIN",), (80,) * 5, True),
            # A mean of 75 passes, 74.80 does not.
            (("FOR",) * 5, (75,) * 5, True),
            (("FOR",) * 5, (75, 75, 75, 75, 74), False),
        ],
    )
    def test_the_majority_and_the_mean_are_exact(
        self, city: City, ballots: tuple[str, ...], totals: tuple[int, ...], passed: bool
    ) -> None:
        people = [city.chair, *city.members[: len(ballots) - 1]]
        case = build.seated(city, members=people)
        for who, ballot, total in zip(people, ballots, totals, strict=True):
            build.vote(case, who, ballot=ballot, total=total)
        case = build.sign_off(city, case)
        assert case.committee_conclusion["passed"] is passed


class TestDecision:
    def decide(self, case: Application, actor: Any, **changes: Any) -> Any:
        facts = {"result": "APPROVED", "reasons": "符合要求。", **changes}
        return actions.decide(application_id=case.pk, actor=actor, at=build.DECIDED, **facts)

    def test_the_handler_cannot_decide(self, city: City) -> None:
        case = build.concluded(city)
        error = refuses(case, Forbidden, lambda: self.decide(case, city.case))
        assert "承办人" in str(error) or "handler" in str(error)
        assert not Decision.objects.exists()

    def test_a_departure_from_the_committee_says_why(self, city: City) -> None:
        case = build.concluded(city, ballots=("FOR", "FOR", "AGAINST", "AGAINST", "AGAINST"))
        refuses(case, DepartureUnexplained, lambda: self.decide(case, city.decider))
        case = self.decide(case, city.decider, departure_reason="已补充脱敏措施")
        assert case.state == "APPROVED"
        assert Decision.objects.get().departure_reason == "已补充脱敏措施"

    @pytest.mark.parametrize(
        "changes",
        [
            {"reasons": " "},
            {"result": "APPROVED_WITH_CONDITIONS"},
            {"conditions": ["仅限沙箱"]},
            {"result": "MAYBE"},
        ],
    )
    def test_reasons_and_conditions_fit_the_result(
        self, city: City, changes: dict[str, Any]
    ) -> None:
        case = build.concluded(city)
        refuses(case, InvalidInput, lambda: self.decide(case, city.decider, **changes))

    def test_nothing_is_approved_when_every_field_was_refused(self, city: City) -> None:
        deny = {"decision": "DENY", "reason": "不宜提供", "legal_basis": "数据安全法"}
        every = dict.fromkeys(build.D01_FIELDS + build.D07_FIELDS, deny)
        case = build.concluded(city, decisions=every)
        refuses(case, NothingToGrant, lambda: self.decide(case, city.decider))

    def test_the_letter_grants_what_the_providers_let_through_and_no_more(
        self, city: City
    ) -> None:
        deny = {"decision": "DENY", "reason": "非必要", "legal_basis": "最小必要原则"}
        mask = {"decision": "TRANSFORM", "rule": "mask"}
        _city, case = build.approved_application(
            city, decisions={"capital": deny, "industry": mask}
        )
        letter = bytes(case.documents.get(kind="DECISION").file)
        text = subprocess.run(
            ["pdftotext", "-", "-"], input=letter, capture_output=True, check=True
        ).stdout.decode()
        plain = "".join(text.split())
        assert "capital" not in plain
        assert "industry（部分遮蔽）" in plain

    def test_conditions_travel_with_the_decision(self, city: City) -> None:
        _city, case = build.approved_application(city, conditions=("仅限沙箱环境使用",))
        assert case.conditions == ["仅限沙箱环境使用"]
        assert running(case) == {"signing", "objection"}

    def test_a_decided_case_cannot_be_withdrawn(self, city: City) -> None:
        _city, case = build.approved_application(city)
        refuses(
            case,
            NotAllowedNow,
            lambda: actions.withdraw_application(
                application_id=case.pk, actor=city.agent, at=build.DECIDED
            ),
        )


class TestEndings:
    def test_withdrawal_closes_the_clocks_and_the_open_branches(self, city: City) -> None:
        case = build.accepted(city)
        build.answer_branch(city, case.branches.get(provider=city.provider))
        case = actions.withdraw_application(
            application_id=case.pk, actor=city.agent, at=build.REVIEWED, reason="业务调整"
        )
        assert case.state == "WITHDRAWN"
        assert running(case) == set()
        states = sorted(ProviderBranch.objects.values_list("state", flat=True))
        assert states == ["ANSWERED", "CLOSED"]

    def test_an_approval_nobody_signs_lapses(self, city: City) -> None:
        _city, case = build.approved_application(city)
        actions.begin_agreement(
            application_id=case.pk, actor=parties.system_actor(), at=build.DECIDED
        )
        assert actions.lapse_overdue(at=day("2026-11-03")) == 0
        assert actions.lapse_overdue(at=day("2026-11-04")) == 1
        case.refresh_from_db()
        assert case.state == "LAPSED_UNSIGNED"

    def test_only_the_system_moves_a_case_into_its_agreement(self, city: City) -> None:
        _city, case = build.approved_application(city)
        refuses(
            case,
            Forbidden,
            lambda: actions.begin_agreement(
                application_id=case.pk, actor=city.case, at=build.DECIDED
            ),
        )
        system = parties.system_actor()
        actions.begin_agreement(application_id=case.pk, actor=system, at=build.DECIDED)
        case = actions.complete_application(application_id=case.pk, actor=system, at=build.DECIDED)
        assert case.state == "GRANTED"
        assert running(case) == set()

    def test_the_clock_of_story_s2_stands_for_an_ethics_opinion(self, city: City) -> None:
        case = build.accepted(city, at=day("2026-09-16"))
        actions.stop_clock(
            application_id=case.pk,
            kind="overall",
            reason="征求伦理意见",
            actor=city.case,
            at=day("2026-09-22"),
        )
        case = actions.resume_clock(
            application_id=case.pk, kind="overall", actor=city.case, at=day("2026-09-29")
        )
        # Four working days stood still: 09-23, 09-24, 09-28, 09-29.
        assert due(case, "overall") == "2026-10-26"


class TestObjection:
    def rejected(self, city: City) -> Application:
        case = build.concluded(city, ballots=("AGAINST",) * 5)
        return actions.decide(
            application_id=case.pk,
            result="REJECTED",
            reasons="用途不明确。",
            actor=city.decider,
            at=build.DECIDED,
        )

    def test_another_decider_answers_an_objection(self, city: City) -> None:
        case = self.rejected(city)
        case = actions.object_to_decision(
            application_id=case.pk,
            grounds="用途已有合同为证",
            actor=city.agent,
            at=day("2026-10-20"),
        )
        assert running(case) == {"objection_answer"}

        def answer(actor: Any) -> Any:
            return actions.answer_objection(
                application_id=case.pk,
                result="OVERTURNED",
                reasons="理由成立。",
                actor=actor,
                at=day("2026-10-22"),
            )

        refuses(case, Forbidden, lambda: answer(city.decider))
        refuses(case, Forbidden, lambda: answer(city.case))
        build.heard(city, case, at=day("2026-10-21"))
        case = answer(city.second_decider)
        assert case.state == "OVERTURNED"
        assert case.decision_result == "APPROVED"
        assert [d.version for d in case.decisions.all()] == [1, 2]
        assert running(case) == {"signing"}

    def test_an_objection_after_its_period_is_refused(self, city: City) -> None:
        case = self.rejected(city)
        assert due(case, "objection") == "2026-10-27"
        refuses(
            case,
            ObjectionTooLate,
            lambda: actions.object_to_decision(
                application_id=case.pk, grounds="太晚", actor=city.agent, at=day("2026-10-28")
            ),
        )

    def test_a_refusal_upheld_never_becomes_an_agreement(self, city: City) -> None:
        case = self.rejected(city)
        actions.object_to_decision(
            application_id=case.pk, grounds="请复核", actor=city.agent, at=day("2026-10-20")
        )
        build.heard(city, case, ballots=("AGAINST",) * 3, at=day("2026-10-21"))
        case = actions.answer_objection(
            application_id=case.pk,
            result="UPHELD",
            reasons="维持原决定。",
            actor=city.second_decider,
            at=day("2026-10-22"),
        )
        assert case.state == "UPHELD"
        assert running(case) == set()
        refuses(
            case,
            NotAllowedNow,
            lambda: actions.begin_agreement(
                application_id=case.pk, actor=parties.system_actor(), at=day("2026-10-23")
            ),
        )


def test_the_sections_of_the_form_cover_every_entry_a_draft_may_hold() -> None:
    named = {name for names in form.SECTION_FIELDS.values() for name in names}
    assert set(form.TEXT_CHARACTERS_MAX) | set(form.CHOICES) | set(form.NUMBERS) <= named
