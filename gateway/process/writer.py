"""
Group commit: every call waits until its usage is on disk, and calls that wait share one commit.

A batch is what came while the batch before was being written, so that the delay grows with load
and never with a timer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from datetime import datetime

from psycopg import AsyncConnection, Error

from core import clock
from gateway.metering import Usage
from gateway.recording import Rows, recording

logger = logging.getLogger(__name__)
BATCH_EVENTS_MAX = 500
WAITING_EVENTS_MAX = 20_000
WRITE_SECONDS_MAX = 5.0


class MeterUnavailable(Exception):
    """The usage could not be written; nothing may leave."""


class Writer:
    """The one task of this process that writes usage."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._waiting: deque[tuple[Usage, asyncio.Future[str]]] = deque()
        self._arrived = asyncio.Event()
        self._connection: AsyncConnection | None = None
        self._closing = False

    async def record(self, usage: Usage) -> str:
        """
        Return why a call is not billed ("" when it is), once it is stored.

        :raises MeterUnavailable: it could not be stored.
        """
        if len(self._waiting) >= WAITING_EVENTS_MAX:
            raise MeterUnavailable("too many calls wait for the meter")
        stored: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append((usage, stored))
        self._arrived.set()
        return await stored

    async def run(self) -> None:
        """Write batch after batch until told to close, and then what still waits."""
        while not self._closing:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._write(self._next_batch())
        await self._drop_connection()

    def close(self) -> None:
        """Let ``run`` end once everything that waits is written."""
        self._closing = True
        self._arrived.set()

    def _next_batch(self) -> list[tuple[Usage, asyncio.Future[str]]]:
        size = min(len(self._waiting), BATCH_EVENTS_MAX)
        return [self._waiting.popleft() for _ in range(size)]

    async def _write(self, batch: list[tuple[Usage, asyncio.Future[str]]]) -> None:
        try:
            usages = [usage for usage, _ in batch]
            async with asyncio.timeout(WRITE_SECONDS_MAX):
                excluded = await self._store(usages, stored_at=clock.now())
        except (Error, OSError, TimeoutError) as error:
            logger.warning("usage_not_written: %s", error)
            await self._drop_connection()
            for _, stored in batch:
                if not stored.done():
                    stored.set_exception(MeterUnavailable(str(error)))
            return
        for (_, stored), reason in zip(batch, excluded, strict=True):
            if not stored.done():
                stored.set_result(reason)

    async def _store(self, usages: list[Usage], *, stored_at: datetime) -> tuple[str, ...]:
        connection = await self._connected()
        plan = recording(usages, stored_at=stored_at)
        async with connection.transaction(), connection.cursor() as cursor:
            step = next(plan)
            while True:
                await cursor.execute(step[0], step[1])
                rows: Rows = await cursor.fetchall() if cursor.description else []
                try:
                    step = plan.send(rows)
                except StopIteration as end:
                    excluded: tuple[str, ...] = end.value.excluded
                    break
        return excluded

    async def _connected(self) -> AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await AsyncConnection.connect(self._conninfo, autocommit=True)
        return self._connection

    async def _drop_connection(self) -> None:
        broken, self._connection = self._connection, None
        if broken is not None:
            with contextlib.suppress(Error, OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await broken.close()
