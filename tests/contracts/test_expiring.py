"""Reminders of an end that comes near: by rule rows, each once, a missed day made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from contracts import actions
from contracts.errors import ExpiryRuleInvalid
from contracts.models import Agreement, ExpiryReminder, ExpiryRule
from notify.models import Message
from tests.builders.applications import City, day
from tests.builders.contracts import effective_agreement

pytestmark = pytest.mark.django_db

# Signed on 2026-10-20 for twelve months.
LAST = date(2027, 10, 19)


@pytest.fixture(scope="module")
def _signed(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, UUID]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city, agreement = effective_agreement()
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def city(_signed: tuple[City, UUID], db: None) -> City:
    return _signed[0]


@pytest.fixture
def agreement(_signed: tuple[City, UUID], db: None) -> Agreement:
    return Agreement.objects.get(pk=_signed[1])


def before(days: int, hour: int = 9) -> Any:
    """Return a moment so many calendar days before the last day."""
    return day((LAST - timedelta(days=days)).isoformat(), hour)


def remind(days: int, hour: int = 9) -> int:
    return actions.remind_expiring(at=before(days, hour))


def told(who: Any) -> int:
    return Message.objects.filter(recipient=who, key__contains=":expiring:").count()


def test_each_is_told_once_on_its_day_to_both_sides(city: City, agreement: Agreement) -> None:
    assert remind(91) == 0
    assert remind(90) == 1
    assert (remind(90, 15), remind(89), remind(46)) == (0, 0, 0)
    assert remind(45) == 1
    assert (remind(44), remind(0)) == (0, 0)
    for who in (city.agent, city.legal_rep, city.officer, city.leader, city.second_leader):
        assert told(who) == 2
    rows = ExpiryReminder.objects.filter(agreement=agreement)
    assert [(r.days_before, r.told, r.late_days) for r in rows] == [(90, True, 0), (45, True, 0)]
    message = Message.objects.filter(recipient=city.agent, key__contains=":expiring:").first()
    assert message is not None
    assert "2027-10-19" in message.body


def test_a_day_on_which_nothing_ran_is_made_up_by_the_next_run(
    city: City, agreement: Agreement
) -> None:
    assert remind(83) == 1
    assert ExpiryReminder.objects.get().late_days == 7
    assert told(city.agent) == 1


def test_two_that_were_missed_are_told_as_one(city: City, agreement: Agreement) -> None:
    assert remind(30) == 1
    assert told(city.agent) == 1
    rows = ExpiryReminder.objects.order_by("-days_before")
    assert [(r.days_before, r.told) for r in rows] == [(90, False), (45, True)]
    assert remind(29) == 0


def test_the_version_of_the_rule_in_force_on_the_day_counts(agreement: Agreement) -> None:
    actions.add_expiry_rule(
        days_before=[120, 10], legal_basis="市数据局通知", effective_on=before(60).date(),
        at=before(100),
    )  # fmt: skip
    assert remind(100) == 0
    assert remind(90) == 1
    assert remind(60) == 0, "an earlier day that a later rule adds is not told afterwards"
    assert remind(45) == 0
    assert remind(10) == 1
    assert ExpiryReminder.objects.latest("id").rule.version == 2


def test_a_new_end_is_reminded_of_anew(agreement: Agreement) -> None:
    assert remind(45) == 1
    Agreement.objects.filter(pk=agreement.pk).update(valid_to=LAST + timedelta(days=100))
    assert remind(44) == 0
    assert actions.remind_expiring(at=day((LAST + timedelta(days=20)).isoformat())) == 1


def test_an_agreement_that_does_not_hold_is_left_alone(
    city: City, agreement: Agreement
) -> None:
    actions.suspend_agreement(
        agreement_id=agreement.pk, reason="核查", actor=city.supervisor, at=before(100)
    )
    assert remind(90) == 0
    assert not ExpiryReminder.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days_before": [0]},
        {"days_before": [401]},
        {"days_before": [1, 2, 3, 4, 5, 6, 7]},
        {"legal_basis": " "},
        {"effective_on": date(2024, 12, 31)},
    ],
)
def test_a_rule_that_cannot_hold_is_refused(wrong: dict[str, Any]) -> None:
    said = {"days_before": [60], "legal_basis": "通知", "effective_on": LAST, "at": before(60)}
    with pytest.raises(ExpiryRuleInvalid):
        actions.add_expiry_rule(**{**said, **wrong})
    assert ExpiryRule.objects.count() == 1
