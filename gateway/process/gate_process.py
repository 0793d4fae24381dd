"""One running gate: decide, count, deliver, record, answer; in this order, for every call."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from core import clock
from core.ids import uuid7
from gateway.delivery import Delivered, Reader, UnfitFilter, UnnamedCase
from gateway.gate import Allowed, Refused, decide, quota_ceiling
from gateway.metering import RETRY, Usage
from gateway.process import requests
from gateway.process.listener import Listener
from gateway.process.quotas import TOTAL, Quotas, day_of, month_of
from gateway.process.rates import Rates
from gateway.process.writer import MeterUnavailable, Writer
from gateway.reasons import Reason, wording
from gateway.snapshot import Network

logger = logging.getLogger(__name__)
SOURCE = "gate"
READER_THREADS = 4
POOL_CONNECTIONS_MAX = 4
POOL_SECONDS_MAX = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out."""

    status: int
    headers: requests.Headers
    body: bytes


@dataclass(slots=True)
class _Outcome:
    """How a call ended, before it is written down."""

    reason: Reason | None = None
    detail: str = ""
    delivered: Delivered | None = None
    license_id: UUID | None = None
    credential_id: UUID | None = None
    # What the quota is counted on: a reissued license goes on with that of the first.
    account: UUID | None = None
    units: tuple[str, ...] = ()


class GateProcess:
    """The gate of this process."""

    def __init__(
        self, *, conninfo: str, data_dir: Path, secret: str, sandbox: tuple[Network, ...]
    ) -> None:
        self.node = f"{socket.gethostname()[:60]}:{os.getpid()}"
        self._listener = Listener(conninfo, node=self.node, sandbox=sandbox)
        self._writer = Writer(conninfo)
        self._rates = Rates()
        self._reader = Reader(data_dir=data_dir, secret=secret)
        self._threads = ThreadPoolExecutor(READER_THREADS, thread_name_prefix="reader")
        self._pool: AsyncConnectionPool[AsyncConnection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=POOL_CONNECTIONS_MAX,
            timeout=POOL_SECONDS_MAX,
            kwargs={"autocommit": True},
            open=False,
        )
        self._quotas = Quotas(self._pool)
        self._hearing: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen and to write."""
        await self._pool.open(wait=False)
        self._hearing = asyncio.create_task(self._listener.run())
        self._writing = asyncio.create_task(self._writer.run())

    async def stop(self) -> None:
        """Write what waits, give units back, and let go."""
        self._writer.close()
        if self._writing is not None:
            await self._writing
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, OSError, TimeoutError):
            await self._quotas.close()
        await self._pool.close()
        self._threads.shutdown(wait=False)

    def health(self) -> Answer:
        """Answer whether this gate would say yes to anybody."""
        fresh = self._listener.is_fresh()
        body = {"fresh": fresh, "version": self._listener.snapshot.version, "node": self.node}
        headers = requests.common_headers(b"application/json", call_id="")
        return Answer(200 if fresh else 503, headers, json.dumps(body).encode())

    async def handle(self, scope: dict[str, Any]) -> Answer:
        """Answer one request under the data path."""
        at = clock.now()
        call_id = str(uuid7(at=at))
        if not self._listener.is_fresh():
            # A gate that cannot hear cannot write either: this refusal is told, not recorded.
            return _refusal(Reason.GATE_STALE, detail="", call_id=call_id)
        try:
            request = requests.read(scope)
        except requests.Unreadable as error:
            request = requests.unreadable(scope)
            outcome = _Outcome(reason=error.reason)
        else:
            outcome = await self._outcome(request, at)
        return await self._record_and_answer(request, outcome, at, call_id)

    async def _outcome(self, request: requests.Request, at: datetime) -> _Outcome:
        snapshot = self._listener.snapshot
        decision = decide(snapshot, request.call, at=at)
        if isinstance(decision, Refused):
            return _refused(decision)
        grant = decision.grant
        outcome = _Outcome(
            license_id=grant.license_id,
            credential_id=decision.holder.credential_id,
            account=grant.account or grant.license_id,
        )
        outcome.reason = await self._count(decision, outcome, at)
        if outcome.reason is None:
            await self._deliver(decision, outcome)
        if outcome.reason is None and self._listener.snapshot is not snapshot:
            # Something changed while the rows were read: what holds now decides.
            again = decide(self._listener.snapshot, request.call, at=at)
            if isinstance(again, Refused):
                self._give_back(outcome)
                return _refused(again)
        return outcome

    async def _count(self, allowed: Allowed, outcome: _Outcome, at: datetime) -> Reason | None:
        grant, account = allowed.grant, outcome.account
        assert account is not None, "an allowed call has its license"
        if grant.rate_per_second is not None and not self._rates.take(
            (allowed.holder.credential_id, grant.license_id),
            per_second=grant.rate_per_second,
            now=time.monotonic(),
        ):
            return Reason.RATE_EXCEEDED
        limits = (
            (grant.per_day, day_of(at), Reason.DAILY_QUOTA_EXCEEDED),
            (grant.per_month, month_of(at), Reason.MONTHLY_QUOTA_EXCEEDED),
            (grant.per_total, TOTAL, Reason.TOTAL_QUOTA_EXCEEDED),
        )
        for quota, period, reason in limits:
            if quota is None:
                continue
            # A measure takes a part of what comes in a time, never of what is left in all.
            ceiling = quota if period == TOTAL else quota_ceiling(quota, grant, at=at)
            try:
                taken = await self._quotas.take(account, period, ceiling=ceiling)
            except (psycopg.Error, OSError, TimeoutError):
                logger.warning("quota_unavailable", exc_info=True)
                return Reason.METER_UNAVAILABLE
            if not taken:
                self._give_back(outcome)
                return reason
            outcome.units += (period,)
        return None

    async def _deliver(self, allowed: Allowed, outcome: _Outcome) -> None:
        loop = asyncio.get_running_loop()
        try:
            outcome.delivered = await loop.run_in_executor(
                self._threads, self._reader.fetch, allowed
            )
        except UnfitFilter as error:
            outcome.reason, outcome.detail = Reason.FILTER_INVALID, str(error.args[0])
        except UnnamedCase:
            outcome.reason = Reason.CASE_NOT_NAMED
        except (duckdb.Error, OSError):
            logger.exception("delivery_failed")
            outcome.reason = Reason.DELIVERY_FAILED
        if outcome.reason is not None:
            self._give_back(outcome)

    async def _record_and_answer(
        self, request: requests.Request, outcome: _Outcome, at: datetime, call_id: str
    ) -> Answer:
        answer = _answer(request, outcome, call_id)
        usage = Usage(
            source=SOURCE,
            event_id=call_id,
            license_id=outcome.license_id,
            credential_id=outcome.credential_id,
            dataset_code=request.call.dataset,
            scenario_code=request.call.scenario,
            fields_hash=request.fields_hash,
            query_hash=request.query_hash,
            rows=len(outcome.delivered.rows) if outcome.delivered else 0,
            bytes=len(answer.body),
            status=answer.status,
            occurred_at=at,
            reason=str(outcome.reason or ""),
            detail=outcome.detail,
            request_id=request.request_id,
            retry_of=request.retry_of,
            client_address=request.call.address,
        )
        try:
            excluded = await self._writer.record(usage)
        except MeterUnavailable:
            self._give_back(outcome)
            return _refusal(Reason.METER_UNAVAILABLE, detail="", call_id=call_id)
        if excluded == RETRY:
            self._give_back(outcome)
        return answer

    def _give_back(self, outcome: _Outcome) -> None:
        if outcome.account is not None:
            for period in outcome.units:
                self._quotas.give(outcome.account, period)
        outcome.units = ()


def _refused(decision: Refused) -> _Outcome:
    return _Outcome(
        reason=decision.reason,
        detail=decision.detail[:200],
        license_id=decision.grant.license_id if decision.grant else None,
        credential_id=decision.holder.credential_id if decision.holder else None,
    )


def _answer(request: requests.Request, outcome: _Outcome, call_id: str) -> Answer:
    if outcome.reason is not None or outcome.delivered is None:
        return _refusal(
            outcome.reason or Reason.DELIVERY_FAILED, detail=outcome.detail, call_id=call_id
        )
    body = {
        "dataset": request.call.dataset,
        "rows": outcome.delivered.rows,
        "next_cursor": outcome.delivered.next_cursor,
        "call": call_id,
    }
    headers = requests.common_headers(b"application/json", call_id=call_id)
    return Answer(200, headers, json.dumps(body, ensure_ascii=False).encode())


def _refusal(reason: Reason, *, detail: str, call_id: str) -> Answer:
    return Answer(
        wording(reason).status,
        requests.problem_headers(reason, call_id=call_id),
        requests.problem(reason, detail=detail, call_id=call_id),
    )
