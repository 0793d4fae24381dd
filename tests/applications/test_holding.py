"""Who has a case on the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from applications import actions, policies, queries
from applications.errors import HeldByAnother
from applications.models import Application, Delegation, Holding
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from notify.models import Message
from tests.applications.desk_support import acts, colleague, last_act, take
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Application:
    """Return a submitted case."""
    return build.submitted(city)


class TestTakeOver:
    def test_takes_a_case_of_the_whole_desk(self, city: City, case: Application) -> None:
        take(case, city.case)
        case.refresh_from_db()
        assert case.holder == city.case
        assert last_act(case, "take_over").facts == {"from": "", "to": "承办人", "reason": ""}

    def test_takes_a_case_of_a_colleague_for_a_reason_and_tells_the_colleague(
        self, city: City, case: Application
    ) -> None:
        first = colleague(city)
        take(case, first)
        take(case, city.case, frm=first.pk, reason="同事外出")
        case.refresh_from_db()
        assert case.holder == city.case
        assert Holding.objects.filter(application=case).count() == 2
        assert Holding.objects.get(application=case, until_at=None).person == city.case
        assert Message.objects.filter(recipient=first, subject__contains=case.number).exists()

    def test_refuses_without_a_reason(self, city: City, case: Application) -> None:
        first = colleague(city)
        take(case, first)
        refuses(case, InvalidInput, lambda: take(case, city.case, frm=first.pk))
        case.refresh_from_db()
        assert case.holder == first

    def test_refuses_when_the_page_was_stale(self, city: City, case: Application) -> None:
        take(case, colleague(city))
        refuses(case, HeldByAnother, lambda: take(case, city.case, reason="没人管"))

    @pytest.mark.parametrize("who", ["agent", "decider", "officer"])
    def test_refuses_others_than_the_desk_and_records_it(
        self, city: City, case: Application, who: str
    ) -> None:
        error = Forbidden if who != "officer" else NotFound
        refuses(case, error, lambda: take(case, getattr(city, who)))
        refused = AuditEntry.objects.filter(subject_id=str(case.pk), outcome="REFUSED")
        assert refused.filter(action="take_over").exists() == (who != "officer")
        assert not Holding.objects.exists()

    def test_refuses_a_draft_and_a_case_that_has_ended(self, city: City, case: Application) -> None:
        actions.withdraw_application(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        case.refresh_from_db()
        refuses(case, NotAllowedNow, lambda: take(case, city.case))

    def test_acceptance_gives_the_case_to_the_handler(self, city: City, case: Application) -> None:
        actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
        case.refresh_from_db()
        assert case.holder == case.handler == city.case
        assert Holding.objects.get(application=case).person == city.case


class TestAssignAndHandBack:
    def test_gives_a_case_to_a_colleague_and_tells_the_colleague(
        self, city: City, case: Application
    ) -> None:
        other = colleague(city)
        actions.assign_case(
            application_id=case.pk, person_id=other.pk, actor=city.case, at=build.SUBMITTED
        )
        case.refresh_from_db()
        assert case.holder == other
        assert Message.objects.filter(recipient=other, subject__contains=case.number).exists()

    def test_refuses_somebody_of_another_desk(self, city: City, case: Application) -> None:
        refuses(
            case,
            InvalidInput,
            lambda: actions.assign_case(
                application_id=case.pk,
                person_id=city.officer.pk,
                actor=city.case,
                at=build.SUBMITTED,
            ),
        )
        case.refresh_from_db()
        assert case.holder is None

    def test_hands_a_case_back_to_the_desk(self, city: City, case: Application) -> None:
        take(case, city.case)
        actions.hand_back(application_id=case.pk, actor=city.case, at=build.SUBMITTED)
        case.refresh_from_db()
        assert case.holder is None
        assert not Holding.objects.filter(application=case, until_at=None).exists()
        assert acts(case)[-1] == "hand_back"

    def test_refuses_to_hand_back_what_a_colleague_has(self, city: City, case: Application) -> None:
        take(case, colleague(city))
        refuses(
            case,
            HeldByAnother,
            lambda: actions.hand_back(
                application_id=case.pk, actor=city.case, at=build.SUBMITTED
            ),
        )

    def test_whoever_had_the_case_once_does_not_decide_it(self, city: City) -> None:
        other = colleague(city)
        case = build.accepted(city)
        take(case, other, frm=city.case.pk, reason="调岗")
        actions.hand_back(application_id=case.pk, actor=other, at=build.ACCEPTED)
        case.refresh_from_db()
        assert policies.held_the_case(other, case)
        assert policies.held_the_case(city.case, case)
        assert not policies.held_the_case(city.decider, case)


class TestSeeing:
    def test_colleagues_see_who_has_it_and_the_applicant_the_office_only(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        other = colleague(city)
        seen = queries.desk_side(application_id=case.pk, actor=other, at=build.SUBMITTED).holding
        assert seen is not None
        assert (seen.holder_name, seen.is_mine, seen.may_hold) == ("承办人", False, True)
        outside = queries.desk_side(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        assert outside.holding is None
        page = queries.case_page(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        assert page.office == city.authority.name
        assert "take_over" not in {e.action for e in page.timeline}


class TestLeave:
    def delegate(self, absent: Any, to: Any, frm: str, until: str, at: Any = None) -> Delegation:
        return actions.delegate_for_leave(
            delegate_id=to.pk,
            from_on=date.fromisoformat(frm),
            until_on=date.fromisoformat(until),
            reason="年休假",
            actor=absent,
            at=at or day("2026-09-14"),
        )

    def test_the_cases_of_the_absent_are_the_delegates_from_first_to_last_day(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        other = colleague(city)
        self.delegate(city.case, other, "2026-09-15", "2026-09-18")
        for text, theirs in (
            ("2026-09-14", False),
            ("2026-09-15", True),
            ("2026-09-18", True),
            ("2026-09-19", False),
        ):
            mine = queries.stands_for(actor=other, at=day(text))
            assert (city.case.pk in mine) == theirs, text
            assert other.pk in mine

    def test_what_the_delegate_does_is_recorded_on_behalf_of_the_absent(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        other = colleague(city)
        self.delegate(city.case, other, "2026-09-15", "2026-09-18")
        actions.accept_application(application_id=case.pk, actor=other, at=day("2026-09-16"))
        entry = last_act(case, "accept")
        assert entry.actor_name.startswith(other.full_name)
        assert entry.facts["on_behalf_of"] == "承办人"

    def test_after_the_last_day_nothing_is_done_on_behalf(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        other = colleague(city)
        self.delegate(city.case, other, "2026-09-15", "2026-09-15")
        actions.accept_application(application_id=case.pk, actor=other, at=day("2026-09-16"))
        assert "on_behalf_of" not in last_act(case, "accept").facts

    def test_the_delegate_hands_back_what_the_absent_had(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        other = colleague(city)
        self.delegate(city.case, other, "2026-09-14", "2026-09-18")
        actions.hand_back(application_id=case.pk, actor=other, at=day("2026-09-15"))
        assert last_act(case, "hand_back").facts["on_behalf_of"] == "承办人"

    def test_ends_early_when_the_absent_comes_back(self, city: City) -> None:
        other = colleague(city)
        made = self.delegate(city.case, other, "2026-09-14", "2026-09-18")
        actions.end_delegation(delegation_id=made.pk, actor=city.case, at=day("2026-09-15"))
        assert queries.stands_for(actor=other, at=day("2026-09-16")) == {other.pk}
        with pytest.raises(NotFound):
            actions.end_delegation(delegation_id=made.pk, actor=city.case, at=day("2026-09-15"))

    @pytest.mark.parametrize(
        ("frm", "until"), [("2026-09-18", "2026-09-15"), ("2026-09-01", "2026-09-13")]
    )
    def test_refuses_days_out_of_order_or_past(self, city: City, frm: str, until: str) -> None:
        other = colleague(city)
        with pytest.raises(InvalidInput):
            self.delegate(city.case, other, frm, until)
        assert not Delegation.objects.exists()

    def test_refuses_oneself_a_stranger_and_an_overlap(self, city: City) -> None:
        other = colleague(city)
        for wrong in (city.case, city.officer):
            with pytest.raises(InvalidInput):
                self.delegate(city.case, wrong, "2026-09-15", "2026-09-18")
        self.delegate(city.case, other, "2026-09-15", "2026-09-18")
        with pytest.raises(InvalidInput):
            self.delegate(city.case, other, "2026-09-18", "2026-09-20")
        assert Delegation.objects.count() == 1

    def test_refuses_somebody_without_a_desk_there(self, city: City) -> None:
        with pytest.raises(Forbidden):
            self.delegate(city.agent, city.case, "2026-09-15", "2026-09-18")

    def test_the_stand_in_is_told_what_the_absent_would_be_told(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        other = colleague(city)
        self.delegate(city.case, other, "2026-09-14", "2026-09-18")
        asked = actions.ask_clarification(
            application_id=case.pk, question="请说明", actor=city.case, at=build.SUBMITTED
        )
        for when, told in ((day("2026-09-15"), True), (day("2026-09-21"), False)):
            people = queries.with_stand_ins(people=[city.case], at=when)
            assert (other in people) == told
        actions.answer_clarification(
            clarification_id=asked.pk, text="说明如下", actor=city.agent, at=day("2026-09-15")
        )
        for who in (city.case, other):
            assert Message.objects.filter(recipient=who, body="说明如下").exists()
