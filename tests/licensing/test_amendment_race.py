"""A gate reads and decides without a pause while the last party signs the next version."""

from __future__ import annotations

import ipaddress
import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, connections

from contracts import actions as contracts
from core import hashing
from gateway.gate import Allowed, Call, decide
from gateway.snapshot import SNAPSHOT_SQL, build
from licensing.models import License
from tests.builders import licensing as builders
from tests.builders.applications import day
from tests.builders.signing import proof_of

AT = day("2026-11-05")
VERSIONS = 3
# The license is bound to the secure sandbox, and the calls come from there.
SANDBOX = (ipaddress.ip_network("10.0.0.0/24"),)


class Caller(Thread):
    """Asks for a dataset over and over, each time from a fresh reading of the database."""

    def __init__(self, calls: list[Call]) -> None:
        super().__init__()
        self.calls, self.stopped = calls, Event()
        self.decided: list[object] = []
        self.versions: set[object] = set()

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                with connection.cursor() as cursor:
                    cursor.execute(SNAPSHOT_SQL)
                    reading = build(cursor.fetchone(), sandbox=SANDBOX)
                for call in self.calls:
                    answer = decide(reading, call, at=AT)
                    self.decided.append(answer)
                    if isinstance(answer, Allowed):
                        self.versions.add(answer.grant.license_id)
        finally:
            connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_call_passes_at_every_moment_across_the_change() -> None:
    stage = builders.licensed()
    key = builders.key_of(stage)
    scenario = stage.license("D01").scenario_code
    calls = [
        Call(
            key_hash=hashing.digest(key.key.encode()), dataset=code, scenario=scenario,
            fields=None, filters=(), limit=None, cursor=None, address="10.0.0.1",
        )
        for code in ("D01",)
    ]  # fmt: skip
    callers = [Caller(calls) for _ in range(2)]
    for caller in callers:
        caller.start()
    try:
        for version in range(VERSIONS):
            # A code of the signers holds for a moment only.
            at = AT + timedelta(minutes=5 * version)
            amendment = contracts.propose_amendment(
                agreement_id=stage.agreement.pk,
                changes={"retention": {"days": 6 - version}},
                reason="缩短留存期限",
                actor=stage.city.agent,
                at=at,
            )
            for who in (stage.city.legal_rep, stage.city.leader, stage.city.second_leader):
                contracts.sign_amendment(
                    amendment_id=amendment.pk,
                    text_hash=amendment.text_hash,
                    proof=proof_of(who, at=at),
                    actor=who,
                    at=at,
                )
            time.sleep(0.2)
    finally:
        for caller in callers:
            caller.stopped.set()
            caller.join(timeout=30)
    assert License.objects.count() == 2 * (VERSIONS + 1)
    for caller in callers:
        refused = [one for one in caller.decided if not isinstance(one, Allowed)]
        assert not refused, refused[0]
        assert len(caller.versions) > 1, "the change was never seen"
