"""Approve and withdraw at the same moment, again and again: one of them, whole, each time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from applications import actions
from applications.models import Application, ApplicationItem, Decision, DecisionItem
from core.errors import NotAllowedNow
from tests.applications.conftest import running
from tests.builders import applications as build
from workflow.models import Deadline

pytestmark = pytest.mark.django_db(transaction=True)
REPEATS = 200


def put_back(case: Application) -> None:
    """Let the case wait for its decision again; a race may begin where the last one did."""
    DecisionItem.objects.all().delete()
    Decision.objects.all().delete()
    case.documents.filter(kind="DECISION").delete()
    ApplicationItem.objects.filter(application=case).update(result="")
    clocks = Deadline.objects.filter(
        subject_type=Application._meta.label_lower, subject_id=str(case.pk)
    )
    clocks.filter(kind__in=("signing", "objection")).delete()
    clocks.filter(kind="overall").update(closed_on=None)
    Application.objects.filter(pk=case.pk).update(
        state="DECISION_PENDING",
        decided_by=None,
        decided_at=None,
        decision_result="",
        decision_number=None,
        decision_text="",
        closed_at=None,
    )


def test_an_approval_and_a_withdrawal_leave_exactly_one_of_them(
    together: Callable[..., list[Any]],
) -> None:
    city = build.build_city()
    case = build.concluded(city)

    def approve(wait: float) -> Any:
        time.sleep(wait)
        return actions.decide(
            application_id=case.pk,
            result="APPROVED",
            reasons="同意",
            actor=city.decider,
            at=build.DECIDED,
        )

    def withdraw(wait: float) -> Any:
        time.sleep(wait)
        return actions.withdraw_application(
            application_id=case.pk, actor=city.agent, at=build.DECIDED
        )

    outcomes: Counter[str] = Counter()
    for number in range(REPEATS):
        if number:
            put_back(case)
        # A few milliseconds to either side, so that both get to win.
        first, second = divmod(number % 4, 2)
        results = together(
            lambda wait=first * 0.004: approve(wait), lambda wait=second * 0.004: withdraw(wait)
        )
        case.refresh_from_db()
        done = [r for r in results if isinstance(r, Application)]
        refused = [r for r in results if isinstance(r, NotAllowedNow)]
        assert (len(done), len(refused)) == (1, 1), results
        approved = case.state == "APPROVED"
        assert approved or case.state == "WITHDRAWN"
        # The one that lost left nothing behind.
        assert running(case) == ({"signing"} if approved else set())
        assert Decision.objects.count() == int(approved)
        assert case.documents.filter(kind="DECISION").count() == int(approved)
        outcomes[case.state] += 1
    assert set(outcomes) == {"APPROVED", "WITHDRAWN"}, outcomes


def test_two_deciders_who_decide_each_dataset_leave_one_set_of_rows(
    together: Callable[..., list[Any]],
) -> None:
    city = build.build_city()
    case = build.concluded(city)

    def decide(actor: Any, refused: str) -> Any:
        no = {"result": "REJECTED", "departure_reason": "范围过宽"}
        items = {code: no if code == refused else {"result": "APPROVED"} for code in ("D01", "D07")}
        return actions.decide(
            application_id=case.pk, items=items, reasons="理由", actor=actor, at=build.DECIDED
        )

    results = together(
        lambda: decide(city.decider, "D01"), lambda: decide(city.second_decider, "D07")
    )
    assert sum(isinstance(r, Application) for r in results) == 1
    assert sum(isinstance(r, NotAllowedNow) for r in results) == 1
    [decision] = Decision.objects.all()
    rows = dict(decision.items.values_list("dataset__code", "result"))
    assert sorted(rows.values()) == ["APPROVED", "REJECTED"]
    assert rows == dict(case.items.values_list("dataset__code", "result"))
