"""A gate that hears nothing says no: within its lease, to everybody, until it hears again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from gateway.models import UsageEvent
from gateway.process.listener import LEASE_SECONDS
from licensing import actions
from tests.gateway.conftest import Running
from tests.gateway.proxy import Proxy
from tests.gateway.running import Gate, database_url, reason, start_gate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _django_db_helper(running: Running, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def proxy(_django_db_helper: None) -> Iterator[Proxy]:
    parts = connection.settings_dict
    made = Proxy(host=parts["HOST"] or "127.0.0.1", port=int(parts["PORT"] or 5432))
    yield made
    made.close()


@pytest.fixture
def far_gate(running: Running, proxy: Proxy) -> Iterator[Gate]:
    """Return a second gate whose only way to the database is the proxy."""
    url = database_url(host="127.0.0.1", port=proxy.port)
    gate = start_gate(var_dir=running.var_dir, url=url)
    yield gate
    proxy.mend()
    gate.stop()


def test_refuses_within_its_lease_and_comes_back(
    running: Running, far_gate: Gate, proxy: Proxy
) -> None:
    ask = {"key": running.key, "scenario": running.scenario, "limit": 1}
    assert far_gate.get(**ask).status_code == 200
    recorded = UsageEvent.objects.count()

    proxy.cut()
    cut_at = time.monotonic()
    actions.suspend_license(
        license_id=running.stage.licenses["D01"].pk,
        reason="核查",
        actor=running.stage.city.supervisor,
        at=datetime.now(UTC),
    )
    while far_gate.is_fresh():
        assert time.monotonic() - cut_at <= LEASE_SECONDS + 0.3
    assert time.monotonic() - cut_at <= LEASE_SECONDS + 0.3
    answers = [far_gate.get(**ask) for _ in range(5)]
    assert {(a.status_code, reason(a)) for a in answers} == {(503, "GATE_STALE")}
    assert UsageEvent.objects.count() == recorded

    proxy.mend()
    limit = time.monotonic() + 10
    while not far_gate.is_fresh():
        assert time.monotonic() < limit, "the gate does not come back"
        time.sleep(0.05)
    assert reason(far_gate.get(**ask)) == "LICENSE_SUSPENDED"
