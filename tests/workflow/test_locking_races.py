"""Who has to wait for a row is asked about rights when the wait is over."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from core.errors import DomainError, Forbidden, NotAllowedNow
from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import audit, policy, transitions

pytestmark = pytest.mark.django_db(transaction=True)
SEE, ASSIGN = "harbor.see_request", "harbor.assign_request"
WAIT_SECONDS_MAX = 20


@transitions.action
def assign(*, pk, actor, berth: str = "A1"):
    subject = transitions.lock(BerthRequest, pk, actor=actor, see=SEE, step="assign")
    return transitions.perform(subject, "assign", actor=actor, at=NOON, berth=berth)


def await_a_waiter() -> None:
    """Return when another connection waits for a lock."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            # Within a transaction the server shows what it saw first, until it is told to look.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")


def test_a_right_taken_while_one_waited_for_the_row_is_gone(filed, stranger):
    for permission in (SEE, ASSIGN):
        policy.grant_person(permission, person=stranger, subject=filed)
    outcome: list[object] = []

    def late() -> None:
        try:
            outcome.append(assign(pk=filed.pk, actor=stranger))
        except DomainError as error:
            outcome.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        held = BerthRequest.objects.select_for_update().get(pk=filed.pk)
        waiter = threading.Thread(target=late)
        waiter.start()
        await_a_waiter()
        policy.withdraw_person(ASSIGN, person=stranger, subject=held)
    waiter.join(timeout=WAIT_SECONDS_MAX)

    assert [type(one) for one in outcome] == [Forbidden]
    filed.refresh_from_db()
    assert filed.state == "FILED"


def test_two_who_lock_together_assign_one_berth(filed, master, second_master, together):
    results = together(
        lambda: assign(pk=filed.pk, actor=master, berth="A1"),
        lambda: assign(pk=filed.pk, actor=second_master, berth="B2"),
    )
    late = [r for r in results if isinstance(r, DomainError)]
    assert [type(one) for one in late] == [NotAllowedNow]
    assert audit.verify().ok
