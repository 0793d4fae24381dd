"""Acts that are switched off: gone from every offer, refused when done, and on record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, queries
from applications.models import Application
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound, SwitchedOff
from oversight import actions as oversight
from oversight import queries as supervision
from oversight.errors import NotSwitchable, NoWayOut, ReasonNeeded, SwitchedAlready
from parties import queries as parties
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import ACCEPTED, City, day
from workflow import glance, policy, switches, transitions
from workflow.bulk import perform_all
from workflow.models import AuditEntry, Event, VerbSwitch

pytestmark = pytest.mark.django_db

ACCEPT = "applications.accept_application"
BASIS = "《示例市公共数据应急管理办法》第九条"


def propose(city: City, permission: str = ACCEPT, **changes: Any) -> VerbSwitch:
    facts = {
        "reason": "系统升级期间暂停受理",
        "legal_basis": BASIS,
        "actor": city.supervisor,
        "at": ACCEPTED,
        **changes,
    }
    return oversight.propose_switch(permission=permission, **facts)


def switch_off(city: City, permission: str = ACCEPT, **changes: Any) -> VerbSwitch:
    row = propose(city, permission, **changes)
    return oversight.settle_switch(
        switch_id=row.pk, approve=True, actor=city.decider, at=ACCEPTED
    )


def accept(city: City, case: Application) -> Application:
    return actions.accept_application(application_id=case.pk, actor=city.case, at=ACCEPTED)


def offered(case: Application, who: Any) -> set[str]:
    case.refresh_from_db()
    return {offer.name for offer in transitions.offers(case, actor=who)}


@pytest.mark.scenario(33)
class TestSwitchedOff:
    def test_a_verb_vanishes_from_every_list_and_is_refused_when_performed(
        self, city: City
    ) -> None:
        case = build.submitted(city)
        assert {"accept", "refuse_acceptance"} <= offered(case, city.case)
        switch_off(city)

        assert offered(case, city.case) == {"request_correction"}
        assert not policy.may(city.case, ACCEPT, case)
        assert case not in policy.visible(city.case, ACCEPT, Application)
        page = queries.case_page(application_id=case.pk, actor=city.case, at=ACCEPTED)
        assert "accept" not in {offer.name for offer in page.offers}
        error = refuses(case, SwitchedOff, lambda: accept(city, case))
        assert BASIS in str(error)
        assert "系统升级期间暂停受理" in str(error)
        entry = AuditEntry.objects.filter(subject_id=str(case.pk)).order_by("-id")[0]
        assert (entry.action, entry.outcome) == ("accept", "REFUSED")
        assert entry.facts == {"code": "switched_off"}

    def test_the_page_offers_no_button_and_the_address_behind_it_refuses(
        self, city: City, client: Client
    ) -> None:
        case = build.submitted(city)
        url = reverse("portal:application_accept", args=[case.pk])
        client.force_login(city.case)
        with clock.fixed(ACCEPTED):
            assert url in client.get(reverse("portal:application", args=[case.pk])).content.decode()
        switch_off(city)
        with clock.fixed(ACCEPTED):
            page = client.get(reverse("portal:application", args=[case.pk])).content.decode()
            assert url not in page
            answer = client.post(url, follow=True).content.decode()
        assert BASIS in answer
        case.refresh_from_db()
        assert case.state == "SUBMITTED"

    def test_only_who_would_hold_the_right_learns_why(self, city: City) -> None:
        case = build.submitted(city)
        switch_off(city)
        with pytest.raises(Forbidden) as caught, transaction.atomic():
            transitions.perform(case, "accept", actor=city.agent, at=ACCEPTED, handler=city.agent)
        assert type(caught.value) is Forbidden

    def test_switched_on_again_everything_is_as_it_was(self, city: City) -> None:
        case = build.submitted(city)
        row = switch_off(city)
        oversight.end_switch(
            switch_id=row.pk, reason="升级完成", actor=city.supervisor, at=ACCEPTED
        )
        assert {"accept", "refuse_acceptance"} <= offered(case, city.case)
        assert accept(city, case).state == "PROVIDER_REVIEW"

    def test_a_switch_for_one_state_leaves_the_others_alone(self, city: City) -> None:
        right = "applications.pass_security_review"
        switch_off(city, right, of_state="DECISION_PENDING")
        case = build.secured(city)
        assert case.state == "COMMITTEE_REVIEW"
        assert "renew_assessment" in offered(case, city.security)
        case = build.concluded(city, scenario_name="另一场景")
        assert case.state == "DECISION_PENDING"
        assert "renew_assessment" not in offered(case, city.security)
        assert case not in policy.visible(city.security, right, Application)

    def test_a_switch_for_one_role_takes_it_from_that_role_only(self, city: City) -> None:
        case = build.submitted(city)
        right = "applications.accept_application"
        policy.grant_person(right, person=city.supervisor, subject=case)
        switch_off(city, right, role="AUTHORITY_CASE", of_state="SUBMITTED")
        assert "accept" not in offered(case, city.case)
        assert "accept" in offered(case, city.supervisor)
        refuses(case, SwitchedOff, lambda: accept(city, case))

    def test_many_at_once_are_refused_like_one(self, city: City) -> None:
        case = build.submitted(city)
        switch_off(city)
        with pytest.raises(SwitchedOff), transaction.atomic():
            perform_all([case], "accept", actor=city.case, at=ACCEPTED, handler=city.case)
        case.refresh_from_db()
        assert case.state == "SUBMITTED"

    def test_what_clocks_do_goes_on(self, city: City) -> None:
        case = build.submitted(city)
        actions.request_correction(
            application_id=case.pk,
            defects=[
                {"section": "usage", "item": "期限", "problem": "未说明", "required": "补充说明"}
            ],
            actor=city.case,
            at=ACCEPTED,
        )
        switch_off(city, "applications.submit_application", of_state="CORRECTION_REQUESTED")
        refuses(
            case,
            SwitchedOff,
            lambda: actions.resubmit_application(
                application_id=case.pk, answers={"1": "已补充"}, actor=city.agent, at=ACCEPTED
            ),
        )
        with transaction.atomic():
            transitions.perform(case, "lapse", actor=parties.system_actor(), at=day("2026-10-30"))
        assert case.state == "LAPSED"

    def test_a_page_that_gathers_all_rights_at_once_leaves_out_what_is_off(
        self, city: City
    ) -> None:
        case = build.submitted(city)
        switch_off(city, role="AUTHORITY_CASE", of_state="SUBMITTED")
        switch_off(city, "applications.request_correction", of_state="SUBMITTED")
        with glance.glancing():
            assert policy.holds(city.case, "applications.hold_application", case)
            assert not policy.holds(city.case, ACCEPT, case)
            assert not policy.holds(city.case, "applications.request_correction", case)
            assert transitions.offers(case, actor=city.case) == ()

    def test_asking_costs_no_statement_more(self, city: City, queries_of: Any) -> None:
        first, second = build.submitted(city), build.submitted(city, scenario_name="另一场景")

        def move(case: Application) -> int:
            def step() -> None:
                with transaction.atomic():
                    transitions.perform(
                        case, "request_correction", actor=city.case, at=ACCEPTED, defects=1
                    )

            return int(queries_of(step))

        before = move(first)
        switch_off(city)
        assert move(second) == before


class TestTwoPersons:
    def test_nothing_is_off_before_another_person_approves(self, city: City) -> None:
        case = build.submitted(city)
        row = propose(city)
        assert "accept" in offered(case, city.case)
        with pytest.raises(Forbidden):
            oversight.settle_switch(
                switch_id=row.pk, approve=True, actor=city.supervisor, at=ACCEPTED
            )
        row.refresh_from_db()
        assert row.state == "PROPOSED"
        oversight.settle_switch(switch_id=row.pk, approve=False, actor=city.decider, at=ACCEPTED)
        assert "accept" in offered(case, city.case)
        with pytest.raises(NotAllowedNow):
            oversight.settle_switch(
                switch_id=row.pk, approve=True, actor=city.decider, at=ACCEPTED
            )

    def test_proposal_approval_and_end_are_on_record(self, city: City) -> None:
        row = switch_off(city)
        oversight.end_switch(switch_id=row.pk, reason="完成", actor=city.decider, at=ACCEPTED)
        entries = AuditEntry.objects.filter(subject_id=str(row.pk)).order_by("sequence")
        assert [e.action for e in entries] == ["create", "approve", "end"]
        assert entries[0].facts["legal_basis"] == BASIS

    @pytest.mark.parametrize("name", ["agent", "ops", "secretary", "security"])
    def test_nobody_else_proposes_and_strangers_see_none(self, city: City, name: str) -> None:
        with pytest.raises(Forbidden):
            propose(city, actor=getattr(city, name))
        assert not VerbSwitch.objects.exists()
        row = propose(city)
        with pytest.raises(NotFound):
            oversight.settle_switch(
                switch_id=row.pk, approve=True, actor=city.stranger, at=ACCEPTED
            )
        assert supervision.verb_switches(actor=city.stranger) == ()

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"permission": "applications.withdraw_application"}, NotSwitchable),
            ({"permission": "applications.object_application"}, NotSwitchable),
            ({"permission": "applications.advance_application"}, NotSwitchable),
            ({"permission": "applications.see_application"}, NotSwitchable),
            ({"permission": "nonsense"}, NotSwitchable),
            ({"of_state": "GRANTED"}, NotSwitchable),
            ({"role": "AUDITOR"}, NotSwitchable),
            ({"legal_basis": " "}, ReasonNeeded),
            ({"reason": " "}, ReasonNeeded),
            ({"until_on": date(2026, 9, 15)}, InvalidInput),
            ({"permission": "applications.draft_opinion"}, NoWayOut),
        ],
    )
    def test_what_may_not_be_switched_off_is_refused_and_writes_nothing(
        self, city: City, changes: dict[str, Any], error: type[Exception]
    ) -> None:
        written = AuditEntry.objects.count(), Event.objects.count()
        with pytest.raises(error):
            propose(city, **{"permission": ACCEPT, **changes})
        assert not VerbSwitch.objects.exists()
        assert (AuditEntry.objects.count(), Event.objects.count()) == written

    def test_the_same_is_not_proposed_twice(self, city: City) -> None:
        switch_off(city)
        with pytest.raises(SwitchedAlready):
            propose(city, actor=city.decider)
        assert VerbSwitch.objects.count() == 1

    def test_it_ends_by_itself_after_its_last_day_and_not_before(self, city: City) -> None:
        row = switch_off(city, until_on=date(2026, 9, 18))
        assert oversight.end_due_switches(at=day("2026-09-18", 23)) == 0
        assert oversight.end_due_switches(at=day("2026-09-19")) == 1
        assert oversight.end_due_switches(at=day("2026-09-19")) == 0
        row.refresh_from_db()
        assert (row.state, row.ended_by) == ("ENDED", None)

    def test_a_proposal_whose_last_day_passed_is_not_approved(self, city: City) -> None:
        row = propose(city, until_on=date(2026, 9, 18))
        with pytest.raises(InvalidInput):
            oversight.settle_switch(
                switch_id=row.pk, approve=True, actor=city.decider, at=day("2026-09-19")
            )
        row.refresh_from_db()
        assert row.state == "PROPOSED"


def test_every_way_that_can_be_switched_off_leaves_persons_a_way_out() -> None:
    for act in supervision.switchable_acts():
        assert act.states, act
        assert act.verbs, act
        assert policy.rule_of(act.permission).switchable
        assert not policy.rule_of(act.permission).system


EXITS = (
    switches.Exit("A", "go", ("CLERK",)),
    switches.Exit("A", "leave", ("OWNER",)),
    switches.Exit("B", "go", ("CLERK", "HEAD")),
    switches.Exit("C", "seat", ()),
)
OFFS = st.lists(
    st.builds(
        switches.Off,
        st.sampled_from(["go", "leave", "seat"]),
        st.sampled_from(["", "A", "B", "C"]),
        st.sampled_from(["", "CLERK", "HEAD", "OWNER"]),
    ),
    max_size=6,
)


class TestTrapped:
    def test_one_remaining_way_is_enough(self) -> None:
        assert switches.trapped(EXITS, [switches.Off("leave")]) == ()
        assert switches.trapped(EXITS, [switches.Off("go")]) == ("B",)
        assert switches.trapped(EXITS, [switches.Off("go", "", "CLERK")]) == ()
        both = [switches.Off("go", "B", "CLERK"), switches.Off("go", "B", "HEAD")]
        assert switches.trapped(EXITS, both) == ("B",)
        assert switches.trapped(EXITS, [switches.Off("seat", "", "CLERK")]) == ()

    @given(OFFS, OFFS)
    def test_more_switches_never_open_a_way(
        self, some: list[switches.Off], more: list[switches.Off]
    ) -> None:
        fewer = set(switches.trapped(EXITS, some))
        assert fewer <= set(switches.trapped(EXITS, [*some, *more]))
