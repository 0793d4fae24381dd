"""Two people at the desk pressing at the same moment: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions
from applications.errors import CorrectionUsedUp, HeldByAnother
from applications.models import Application, Consultation, CorrectionNotice, Holding
from core.errors import NotAllowedNow
from tests.applications.desk_support import DEFECT, ask, colleague
from tests.builders import applications as build

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]


def test_of_two_who_take_a_case_over_one_has_it(together: Together) -> None:
    city = build.build_city()
    other = colleague(city)
    case = build.submitted(city)

    def take(who: Any) -> Callable[[], Any]:
        return lambda: actions.take_over(
            application_id=case.pk, from_person_id=None, actor=who, at=build.SUBMITTED
        )

    results = together(take(city.case), take(other))

    assert sum(isinstance(r, Application) for r in results) == 1
    assert sum(isinstance(r, HeldByAnother) for r in results) == 1
    case.refresh_from_db()
    assert case.holder == (city.case if isinstance(results[0], Application) else other)
    assert Holding.objects.get(application=case).person == case.holder


def test_an_answer_and_the_recall_of_a_request_leave_one_of_them(together: Together) -> None:
    city = build.build_city()
    case = build.accepted(city)
    [asked] = ask(case, city, city.members[0])

    results = together(
        lambda: actions.give_opinion(
            consultation_id=asked.pk, text="同意。", actor=city.members[0], at=build.REVIEWED
        ),
        lambda: actions.recall_consultation(
            consultation_id=asked.pk, actor=city.case, at=build.REVIEWED
        ),
    )

    assert sum(isinstance(r, Consultation) for r in results) == 1
    assert sum(isinstance(r, NotAllowedNow) for r in results) == 1
    asked.refresh_from_db()
    answered = isinstance(results[0], Consultation)
    assert (asked.state, asked.text) == (("GIVEN", "同意。") if answered else ("RECALLED", ""))


def test_of_two_correction_notices_one_is_issued(together: Together) -> None:
    city = build.build_city()
    other = colleague(city)
    case = build.submitted(city)

    def send(who: Any, problem: str) -> Callable[[], Any]:
        return lambda: actions.send_correction_list(
            application_id=case.pk,
            points=[{**DEFECT, "problem": problem}],
            actor=who,
            at=build.SUBMITTED,
        )

    results = together(send(city.case, "证书过期"), send(other, "地区不明"))

    assert sum(isinstance(r, Application) for r in results) == 1, results
    assert sum(isinstance(r, NotAllowedNow | CorrectionUsedUp) for r in results) == 1
    notice = CorrectionNotice.objects.get(application=case)
    first = isinstance(results[0], Application)
    assert [d["problem"] for d in notice.defects] == ["证书过期" if first else "地区不明"]
    assert case.documents.filter(kind="CORRECTION").count() == 1


def test_two_who_answer_one_question_answer_it_once(together: Together) -> None:
    city = build.build_city()
    case = build.accepted(city)
    asked = actions.ask_clarification(
        application_id=case.pk,
        question="请说明用途。",
        stop_kinds=["overall"],
        stop_reason="待说明",
        actor=city.case,
        at=build.ACCEPTED,
    )

    def answer(who: Any, text: str) -> Callable[[], Any]:
        return lambda: actions.answer_clarification(
            clarification_id=asked.pk, text=text, actor=who, at=build.REVIEWED
        )

    results = together(answer(city.agent, "甲"), answer(city.legal_rep, "乙"))

    assert sum(isinstance(r, NotAllowedNow) for r in results) == 1, results
    asked.refresh_from_db()
    assert asked.answer == ("乙" if isinstance(results[0], NotAllowedNow) else "甲")
