"""The new panel that hears an objection, and the chair who hands over."""

from __future__ import annotations

from typing import Any

import pytest

from applications import actions
from applications.errors import CannotBeSeated, ObjectionPanelPending
from applications.models import Application, Minutes, PanelRule
from core.errors import Forbidden
from tests.applications.panels import AT, declare, page_of, seat
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db


class TestObjectionPanel:
    def objected(self, city: City) -> Application:
        case = build.concluded(city)
        actions.decide(
            application_id=case.pk,
            result="REJECTED",
            reasons="用途不明确。",
            departure_reason="另有考虑",
            actor=city.decider,
            at=build.DECIDED,
        )
        return actions.object_to_decision(
            application_id=case.pk, grounds="有合同为证", actor=city.agent, at=day("2026-10-20")
        )

    def answer(self, city: City, case: Application) -> Any:
        return actions.answer_objection(
            application_id=case.pk,
            result="OVERTURNED",
            reasons="成立",
            actor=city.second_decider,
            at=day("2026-10-23"),
        )

    def test_nobody_of_the_first_panel_sits_again(self, city: City) -> None:
        case = self.objected(city)
        refuses(
            case,
            CannotBeSeated,
            lambda: actions.seat_panel(
                application_id=case.pk,
                members=[city.vice, city.members[4], city.members[0]],
                chair=city.vice,
                actor=city.secretary,
                at=day("2026-10-21"),
            ),
        )
        barred = {c.full_name for c in page_of(case, city.secretary).candidates if c.barred}
        assert barred == {p.full_name for p in city.panel}

    def test_the_second_decider_waits_for_the_signed_minutes(self, city: City) -> None:
        case = self.objected(city)
        refuses(case, ObjectionPanelPending, lambda: self.answer(city, case))
        build.heard(city, case, ballots=("FOR", "FOR", "AGAINST"), at=day("2026-10-21"))
        found = Minutes.objects.get(application=case, purpose="OBJECTION")
        assert found.conclusion["passed"] is True
        assert found.signatures.count() == 2
        case.refresh_from_db()
        assert case.committee_conclusion["present"] == 5
        with pytest.raises(PanelError):
            build.heard(city, case, at=day("2026-10-22"))
        assert self.answer(city, case).state == "OVERTURNED"

    def test_the_first_chair_does_nothing_on_the_new_panel(self, city: City) -> None:
        case = self.objected(city)
        actions.seat_panel(
            application_id=case.pk,
            members=[city.vice, *city.members[4:6]],
            chair=city.vice,
            actor=city.secretary,
            at=AT,
        )
        refuses(
            case,
            Forbidden,
            lambda: actions.close_panel(application_id=case.pk, actor=city.chair, at=AT),
        )
        refuses(case, Forbidden, lambda: build.vote(case, city.chair))

    def test_rules_may_do_without_a_panel(self, city: City) -> None:
        PanelRule.objects.filter(kind="OBJECTION").update(panel_needed=False)
        case = self.objected(city)
        assert self.answer(city, case).state == "OVERTURNED"


class TestChair:
    def test_a_recused_chair_hands_over_and_closes_nothing(self, city: City) -> None:
        case = build.secured(city)
        seat(city, case, [*city.panel, city.vice])
        declare(case, city.chair, "曾任申请单位顾问")
        for who in (*city.members[:4], city.vice):
            declare(case, who)
            build.vote(case, who)
        close = lambda who: actions.close_panel(  # noqa: E731 - said three times below
            application_id=case.pk, actor=who, at=AT
        )
        refuses(case, Forbidden, lambda: close(city.chair))
        refuses(case, Forbidden, lambda: close(city.vice))
        refuses(
            case,
            CannotBeSeated,
            lambda: actions.hand_over_chair(
                application_id=case.pk, member=city.members[0], actor=city.secretary, at=AT
            ),
        )
        actions.hand_over_chair(
            application_id=case.pk, member=city.vice, actor=city.secretary, at=AT
        )
        refuses(case, Forbidden, lambda: close(city.chair))
        close(city.vice)
        case = build.sign_both(city, case, chair=city.vice)
        assert case.state == "DECISION_PENDING"
