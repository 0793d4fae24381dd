"""The roster, the rules and the meetings: who is in office, by what rule, on which agenda."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, panel, queries
from applications.errors import CannotBeSeated
from applications.models import (
    Application,
    CommitteeTerm,
    PanelRule,
    Roster,
)
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.roles import Role
from tests.applications.panels import AT, declare, page_of, seat
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import add_desk, person
from workflow.models import AuditEntry, ReviewSeat
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db


def appointment(who: Any, **changes: Any) -> actions.Appointment:
    facts = {"role": "MEMBER", "basis": "聘任文件", "from_on": date(2026, 9, 1), **changes}
    return actions.Appointment(member_id=who.pk, **facts)


def appoint(city: City, who: Any, *, at: Any = AT, actor: Any = None, **changes: Any) -> Roster:
    return actions.appoint_members(
        roster_id=Roster.objects.get().pk,
        appointments=[appointment(who, **changes)],
        actor=actor or city.secretary,
        at=at,
    )


def newcomer(city: City) -> Any:
    return person(city.committee, Role.COMMITTEE_MEMBER, full_name="新委员")


def standing(city: City) -> Application:
    """Return a case on which the whole roster sits."""
    case = build.secured(city)
    return actions.seat_roster(
        application_id=case.pk, roster_id=Roster.objects.get().pk, actor=city.secretary, at=AT
    )


@pytest.mark.scenario(36)
class TestOpenCases:
    def test_who_joins_the_roster_votes_on_open_cases_at_once(self, city: City) -> None:
        case, who = standing(city), newcomer(city)
        with pytest.raises(NotFound):
            declare(case, who)
        rows = ReviewSeat.objects.count()
        appoint(city, who)
        assert ReviewSeat.objects.count() == rows
        assert page_of(case, who).own_status == "waiting"
        assert page_of(case, city.secretary).eligible == 9
        declare(case, who)
        build.vote(case, who)

    def test_who_leaves_the_roster_loses_open_cases_at_once(self, city: City) -> None:
        case, who = standing(city), city.members[0]
        declare(case, who)
        build.vote(case, who)
        actions.end_term(
            term_id=who.committee_terms.get().pk, reason="辞任", actor=city.secretary, at=AT
        )
        with pytest.raises(NotFound):
            page_of(case, who)
        with pytest.raises(NotFound):
            queries.case_page(application_id=case.pk, actor=who, at=AT)
        assert page_of(case, city.secretary).voted == 0
        appoint(city, who)
        assert page_of(case, who).own_status == "declared"

    def test_a_standing_member_too_near_is_recused_by_the_count(self, city: City) -> None:
        case = standing(city)
        add_desk(city.members[5], city.applicant, "APPLICANT_SECURITY")
        for who in (city.chair, *city.members[:5]):
            declare(case, who)
            build.vote(case, who)
        found = build.sign_off(city, case).committee_conclusion
        assert (found["seats"], found["recused"], found["present"]) == (8, 1, 6)
        assert found["passed"] is True

    def test_terms_begin_and_end_on_their_days(self, city: City) -> None:
        case, who = standing(city), newcomer(city)
        today = clock.local_date(AT)
        appoint(city, who, from_on=today + timedelta(days=2), until_on=today + timedelta(days=3))
        with pytest.raises(NotFound):
            page_of(case, who)
        assert actions.turn_terms(at=AT + timedelta(days=2)) == 1
        assert actions.turn_terms(at=AT + timedelta(days=2)) == 0
        assert page_of(case, who).own_status == "waiting"
        # A day that the sweep missed opens nothing: the act itself asks for the term.
        with pytest.raises(Forbidden):
            actions.declare_interest(
                application_id=case.pk, conflict="", actor=who, at=AT + timedelta(days=4)
            )
        assert actions.turn_terms(at=AT + timedelta(days=4)) == 1
        with pytest.raises(NotFound):
            page_of(case, who)


class TestRoster:
    def test_only_people_in_office_on_the_day_are_seated(self, city: City) -> None:
        case, who = build.secured(city), newcomer(city)
        refuses(case, CannotBeSeated, lambda: seat(city, case, [*city.panel, who]))
        appoint(city, who, until_on=clock.local_date(AT) - timedelta(days=1))
        refuses(case, CannotBeSeated, lambda: seat(city, case, [*city.panel, who]))
        CommitteeTerm.objects.filter(member=who).update(until_on=clock.local_date(AT))
        seat(city, case, [*city.panel, who])
        assert ReviewSeat.objects.filter(member=who).exists()

    @pytest.mark.parametrize(
        "changes",
        [{"role": "KING"}, {"basis": " "}, {"until_on": date(2026, 8, 31)}],
    )
    def test_an_appointment_needs_role_paper_and_days(
        self, city: City, changes: dict[str, Any]
    ) -> None:
        who = newcomer(city)
        with pytest.raises(InvalidInput):
            appoint(city, who, **changes)
        assert not CommitteeTerm.objects.filter(member=who).exists()

    def test_nobody_appoints_himself_or_an_outsider_or_one_twice(self, city: City) -> None:
        add_desk(city.secretary, city.committee, Role.EXPERT)
        before = CommitteeTerm.objects.count()
        for who in (city.secretary, city.stranger, city.members[0]):
            with pytest.raises(InvalidInput):
                appoint(city, who)
        for actor, error in ((city.chair, Forbidden), (city.stranger, NotFound)):
            with pytest.raises(error):
                appoint(city, newcomer(city), actor=actor)
        assert CommitteeTerm.objects.count() == before

    def test_a_dissolved_roster_seats_nobody(self, city: City) -> None:
        case = build.secured(city)
        actions.dissolve_roster(
            roster_id=Roster.objects.get().pk, reason="换届", actor=city.secretary, at=AT
        )
        refuses(case, CannotBeSeated, lambda: seat(city, case))
        assert not CommitteeTerm.objects.filter(ended_at=None).exists()
        with pytest.raises(NotAllowedNow):
            appoint(city, newcomer(city))

    def test_is_dissolved_on_a_page_that_counts_first_what_ends(self, city: City) -> None:
        case = build.seated(city)
        build.vote(case, city.members[0])
        roster = Roster.objects.get()
        effect = queries.dissolution(roster_id=roster.pk, actor=city.secretary, at=AT)
        assert (effect.terms, effect.seats, effect.panels, effect.ballots) == (8, 5, 1, 1)
        address = reverse("portal:committee_roster_dissolve", args=[roster.pk])
        client = Client(raise_request_exception=False)
        with clock.fixed(AT):
            for who in (city.chair, city.stranger):
                client.force_login(who)
                assert client.get(address).status_code == 404
                assert client.post(address, {"reason": "换届", "confirm": "on"}).status_code >= 403
            client.force_login(city.secretary)
            assert "立即终止的任期：8 个" in client.get(address).content.decode()
            for data in ({"reason": "换届"}, {"confirm": "on", "reason": "  "}):
                assert client.post(address, data).status_code == 422
            roster.refresh_from_db()
            assert roster.state == Roster.State.IN_OFFICE
            assert not CommitteeTerm.objects.exclude(ended_at=None).exists()
            sent = client.post(address, {"reason": "换届", "confirm": "on"})
        assert sent.status_code == 302
        roster.refresh_from_db()
        assert roster.state == Roster.State.DISSOLVED
        assert CommitteeTerm.objects.filter(ended_at=None).count() == 0
        assert ReviewSeat.objects.exclude(left_at=None).count() == effect.seats
        entry = AuditEntry.objects.get(
            subject_id=str(roster.pk), action="dissolve", outcome="DONE"
        )
        assert entry.facts["reason"] == "换届"
        with pytest.raises(NotFound):
            queries.dissolution(roster_id=roster.pk, actor=city.secretary, at=AT)


def proposal(**changes: Any) -> dict[str, Any]:
    base = panel.BASELINE["REVIEW"]
    return {
        **base,
        "kind": "REVIEW",
        "mean_score_min": Decimal("80.00"),
        "legal_basis": "审查委员会议事规则（2026年修订）第五条",
        "effective_on": date(2026, 10, 20),
        **changes,
    }


class TestRules:
    def propose(self, city: City, **changes: Any) -> PanelRule:
        return actions.propose_panel_rule(actor=city.secretary, at=AT, **proposal(**changes))

    def settle(self, rule: PanelRule, who: Any, at: Any = AT) -> PanelRule:
        return actions.settle_panel_rule(rule_id=rule.pk, approve=True, actor=who, at=at)

    def test_a_version_needs_two_persons_and_its_day(self, city: City) -> None:
        rule = self.propose(city)
        with pytest.raises(Forbidden):
            self.settle(rule, city.secretary)
        assert self.settle(rule, city.chair).state == "IN_FORCE"
        with pytest.raises(NotAllowedNow):
            self.settle(rule, city.decider)
        case = build.secured(city)
        seat(city, case)
        assert page_of(case, city.secretary).rules.version == 1
        later = build.secured(city, scenario_name="另一场景")
        actions.seat_panel(
            application_id=later.pk,
            members=city.panel,
            chair=city.chair,
            actor=city.secretary,
            at=day("2026-10-20"),
        )
        found = page_of(later, city.secretary).rules
        assert (found.version, found.mean_score_min) == (2, "80.00")

    def test_who_proposed_it_never_approves_it_whatever_the_desk(self, city: City) -> None:
        add_desk(city.secretary, city.committee, Role.COMMITTEE_CHAIR)
        rule = self.propose(city)
        with pytest.raises(Forbidden):
            self.settle(rule, city.secretary)
        rule.refresh_from_db()
        assert rule.state == "PROPOSED"

    def test_a_version_is_not_approved_for_a_day_that_has_passed(self, city: City) -> None:
        rule = self.propose(city)
        with pytest.raises(InvalidInput):
            self.settle(rule, city.chair, at=day("2026-10-21"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"legal_basis": " "},
            {"pass_ratio": "2/0"},
            {"pass_ratio": "two thirds"},
            {"criteria": [{"key": "a", "title": "甲", "most": 90, "reason_below": 0}]},
            {"tie_rule": "COIN"},
            {"veto_criterion": "luck"},
        ],
    )
    def test_unsound_rules_are_not_even_proposed(
        self, city: City, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(InvalidInput):
            self.propose(city, **changes)
        assert PanelRule.objects.filter(kind="REVIEW").count() == 1


def test_a_quorum_of_the_roster_is_asked_when_it_is_seated(city: City) -> None:
    case = build.secured(city)
    for who in city.members[:4]:
        actions.end_term(
            term_id=who.committee_terms.get().pk, reason="辞任", actor=city.secretary, at=AT
        )
    refuses(
        case,
        PanelError,
        lambda: actions.seat_roster(
            application_id=case.pk, roster_id=Roster.objects.get().pk, actor=city.secretary, at=AT
        ),
    )
