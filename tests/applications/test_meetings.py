"""Meetings, agendas and the pages of the committee by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, panel, queries
from applications.actions import minutes
from applications.documents import render_agenda
from applications.models import (
    AgendaItem,
    Application,
    CommitteeTerm,
    Meeting,
    PanelRule,
    Roster,
)
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from notify.models import Message
from parties.roles import Role
from tests.applications.panels import AT, declare, page_of, seat
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import person

pytestmark = pytest.mark.django_db


def newcomer(city: City) -> Any:
    return person(city.committee, Role.COMMITTEE_MEMBER, full_name="新委员")


class TestMeetings:
    def planned(self, city: City) -> Meeting:
        return actions.plan_meeting(
            planned_at=day("2026-10-13", 14),
            place="市民中心 3 号楼 512",
            online=False,
            actor=city.secretary,
            at=AT,
        )

    def put(self, city: City, meeting: Meeting, case: Application) -> AgendaItem:
        return actions.put_on_agenda(
            meeting_id=meeting.pk, application_id=case.pk, actor=city.secretary, at=AT
        )

    def called(self, city: City, *cases: Application) -> Meeting:
        meeting = self.planned(city)
        for case in cases:
            self.put(city, meeting, case)
        return actions.call_meeting(
            meeting_id=meeting.pk, members=city.panel, actor=city.secretary, at=AT
        )

    def test_the_agenda_keeps_its_order_and_each_case_once(self, city: City) -> None:
        meeting = self.planned(city)
        first = build.secured(city)
        second = build.secured(city, scenario_name="第二个场景")
        self.put(city, meeting, first)
        self.put(city, meeting, second)
        with pytest.raises(InvalidInput):
            self.put(city, meeting, first)
        with pytest.raises(InvalidInput):
            self.put(city, meeting, build.submitted(city, scenario_name="未到评审"))
        actions.order_agenda(
            meeting_id=meeting.pk,
            application_ids=[second.pk, first.pk],
            actor=city.secretary,
            at=AT,
        )
        page = queries.meeting_page(meeting_id=meeting.pk, actor=city.secretary, at=AT)
        assert [i.number for i in page.items] == [second.number, first.number]
        with pytest.raises(InvalidInput):
            actions.order_agenda(
                meeting_id=meeting.pk,
                application_ids=[first.pk, first.pk],
                actor=city.secretary,
                at=AT,
            )

    def test_who_is_invited_is_told_once_and_sees_the_agenda(self, city: City) -> None:
        case = build.secured(city)
        meeting = self.called(city, case)
        told = Message.objects.filter(key__startswith=f"applications.meeting.{meeting.pk}")
        assert told.count() == 5
        assert queries.meetings(actor=city.members[0])
        assert not queries.meetings(actor=city.members[5])
        with pytest.raises(NotFound):
            queries.meeting_page(meeting_id=meeting.pk, actor=city.members[5], at=AT)
        with pytest.raises(Forbidden):
            actions.close_meeting(meeting_id=meeting.pk, actor=city.members[0], at=AT)

    def test_the_pack_opens_a_case_to_who_has_declared_only(self, city: City) -> None:
        case = build.secured(city)
        seat(city, case)
        declare(case, city.members[0])
        meeting = self.called(city, case)

        def pack(who: Any) -> Any:
            return queries.agenda_pack(meeting_id=meeting.pk, actor=who, at=AT)

        assert pack(city.secretary).cases[0].purpose == build.SCENARIO["purpose_text"]
        assert pack(city.members[0]).cases[0].opened
        closed = pack(city.members[1]).cases[0]
        assert (closed.opened, closed.purpose, closed.security) == (False, "", "")
        assert render_agenda(pack(city.secretary)).startswith(b"%PDF")

    def test_a_held_meeting_is_closed_and_a_canceled_one_says_why(self, city: City) -> None:
        meeting = self.called(city, build.secured(city))
        actions.close_meeting(meeting_id=meeting.pk, actor=city.secretary, at=AT)
        with pytest.raises(NotAllowedNow):
            actions.cancel_meeting(
                meeting_id=meeting.pk, reason="改期", actor=city.secretary, at=AT
            )
        other = self.planned(city)
        with pytest.raises(InvalidInput):
            actions.cancel_meeting(meeting_id=other.pk, reason=" ", actor=city.secretary, at=AT)

    def test_the_minutes_name_the_room_of_the_meeting(self, city: City) -> None:
        case = build.seated(city)
        for who in city.panel:
            build.vote(case, who)
        self.called(city, case)
        actions.close_panel(application_id=case.pk, actor=city.chair, at=AT)
        found = case.minutes.get()
        assert minutes._facts(found.application, found).place == "市民中心 3 号楼 512"


class TestPages:
    def read(self, who: Any, name: str, *args: Any) -> str:
        client = Client()
        client.force_login(who)
        with clock.fixed(AT):
            answer = client.get(reverse(f"portal:{name}", args=args))
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    def send(self, who: Any, name: str, *args: Any, **data: Any) -> None:
        client = Client()
        client.force_login(who)
        with clock.fixed(AT):
            answer = client.post(reverse(f"portal:{name}", args=args), data)
        assert answer.status_code == 302, answer.content.decode()[-2000:]

    def test_a_meeting_is_planned_ordered_and_called_by_hand(self, city: City) -> None:
        case = build.secured(city)
        when = {"planned_at": "2026-10-13T14:00", "place": "512室"}
        self.send(city.secretary, "committee_meeting_new", **when)
        meeting = Meeting.objects.get()
        assert meeting.planned_at == day("2026-10-13", 14)
        self.send(city.secretary, "committee_agenda_put", meeting.pk, application=str(case.pk))
        page = self.read(city.secretary, "committee_meeting", meeting.pk)
        assert case.number in page
        self.send(city.secretary, "committee_agenda_order", meeting.pk, move=f"up:{case.pk}")
        members = [str(p.pk) for p in city.panel]
        self.send(city.secretary, "committee_meeting_call", meeting.pk, members=members)
        assert meeting.number in self.read(city.members[0], "committee_meetings")
        self.read(city.members[0], "committee_meeting", meeting.pk)
        self.send(city.secretary, "committee_meeting_move", meeting.pk, **when | {"place": "601"})
        self.send(city.secretary, "committee_meeting_close", meeting.pk)
        meeting.refresh_from_db()
        assert (meeting.state, meeting.place) == ("HELD", "601")

    def test_a_roster_and_its_rules_are_kept_by_hand(self, city: City) -> None:
        who = newcomer(city)
        roster = Roster.objects.get()
        self.send(
            city.secretary,
            "committee_appoint",
            roster.pk,
            member=str(who.pk),
            role="EXPERT",
            basis="聘书",
            from_on="2026-10-01",
        )
        assert "新委员" in self.read(city.chair, "committee_rosters")
        term = CommitteeTerm.objects.get(member=who)
        self.send(city.secretary, "committee_term_end", term.pk, reason="辞任")
        page = self.read(city.secretary, "committee_rule_new")
        assert "necessity, 必要性, 20, 12" in page
        sheet = "\n".join(f"{k}, {k}, {v}, 0" for k, v in panel.CRITERIA.items())
        self.send(
            city.secretary,
            "committee_rule_new",
            kind="REVIEW",
            criteria=sheet,
            quorum_seats_min="7",
            presence_ratio="2/3",
            pass_ratio="3/4",
            mean_score_min="80",
            weights="1, 1, 1, 0",
            tie_rule="REVOTE",
            legal_basis="议事规则",
            effective_on="2026-11-01",
        )
        rule = PanelRule.objects.get(version=2)
        assert (rule.weights["EXPERT"], rule.tie_rule) == (0, "REVOTE")
        assert "该版本由您提出" not in self.read(city.chair, "committee_rules")
        self.send(city.chair, "committee_rule_settle", rule.pk, answer="approve")
        rule.refresh_from_db()
        assert rule.state == "IN_FORCE"

    def test_the_sheet_comes_back_as_it_was_left(self, city: City) -> None:
        case = build.seated(city)
        who = city.members[0]
        entries = {"score_necessity": "17", "reason": "写到一半", "item_D07": "AGAINST"}
        self.send(who, "application_sheet", case.pk, **entries)
        page = self.read(who, "application_vote", case.pk)
        assert "写到一半" in page
        assert 'value="17"' in page
        assert "写到一半" not in self.read(city.chair, "application_vote", case.pk)
        self.read(who, "application_file_room", case.pk)

    def test_a_panel_is_seated_adjourned_and_handed_over_by_hand(self, city: City) -> None:
        case = build.secured(city)
        self.read(city.secretary, "application_panel", case.pk)
        self.send(
            city.secretary, "application_seat_roster", case.pk, roster=str(Roster.objects.get().pk)
        )
        assert "未达到法定人数" in self.read(city.chair, "application_panel", case.pk)
        self.send(
            city.secretary, "application_substitute", case.pk, **{"s-member": str(city.vice.pk)}
        )
        self.send(city.chair, "application_adjourn", case.pk, **{"a-reason": "人数不足"})
        assert "人数不足" in self.read(city.chair, "application_panel", case.pk)
        self.send(
            city.secretary, "application_preside", case.pk, **{"p-member": str(city.vice.pk)}
        )
        assert page_of(case, city.vice).presides

    def test_the_agenda_of_many_cases_takes_a_fixed_number_of_queries(
        self, city: City, queries_of: Any
    ) -> None:
        meeting = actions.plan_meeting(
            planned_at=day("2026-10-13"), place="512", online=False, actor=city.secretary, at=AT
        )

        def load() -> int:
            return queries_of(
                lambda: queries.meeting_page(meeting_id=meeting.pk, actor=city.members[0], at=AT)
            )

        counts = []
        first = build.secured(city)
        actions.put_on_agenda(
            meeting_id=meeting.pk, application_id=first.pk, actor=city.secretary, at=AT
        )
        actions.call_meeting(
            meeting_id=meeting.pk, members=city.panel, actor=city.secretary, at=AT
        )
        for number in range(3):
            counts.append(load())
            case = build.secured(city, scenario_name=f"场景{number}")
            seat(city, case)
            actions.put_on_agenda(
                meeting_id=meeting.pk, application_id=case.pk, actor=city.secretary, at=AT
            )
        # The second load has the first round to read; from then on nothing grows.
        assert counts[1] == counts[2], counts
