"""Two workers remind at the same moment: everybody hears it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from notify import reminders
from notify.models import Message
from tests.builders import applications as build
from tests.builders.applications import day

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_reminding_at_once_tell_each_person_once(
    together: Callable[..., list[Any]],
) -> None:
    town = build.build_city()
    build.submitted(town)
    at = day("2026-10-12")

    results = together(*[lambda: reminders.remind(at=at)] * 2)

    assert not any(isinstance(result, Exception) for result in results)
    assert len(Message.objects.filter(topic="reminder", recipient=town.case)) == 1
    assert reminders.remind(at=at) == 0
