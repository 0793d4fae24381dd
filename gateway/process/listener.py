"""
What the gate hears: the present version, at least four times a second, and every notice at once.

The lease: the gate says yes only while it has asked for the version within the last LEASE_SECONDS
and found it to be the one it knows. The age counts from the moment the question was sent, so a
commit that came after it is at most that old. A gate that is cut off, stopped or slow refuses.
Source: decision 7 of the architecture, docs/decisions/0005-gate.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from psycopg import AsyncConnection, Error

from core import clock
from gateway.snapshot import EMPTY, SNAPSHOT_SQL, VERSION_SQL, Network, Snapshot, build

logger = logging.getLogger(__name__)
LEASE_SECONDS = 1.0
POLL_SECONDS = 0.25
ANSWER_SECONDS_MAX = 0.8
RECONNECT_SECONDS = 0.1
ACK_SECONDS = 5.0
ACK_SQL = """
INSERT INTO gateway_gateack (node, version, at) VALUES (%s, %s, %s)
ON CONFLICT (node) DO UPDATE SET version = excluded.version, at = excluded.at
"""


class Listener:
    """Keeps the snapshot of this process fresh; ``snapshot`` is replaced as a whole."""

    def __init__(self, conninfo: str, *, node: str, sandbox: tuple[Network, ...]) -> None:
        self._conninfo = conninfo
        self._sandbox = sandbox
        self._node = node
        self._heard_at = float("-inf")
        self._acknowledged_at = float("-inf")
        self.snapshot: Snapshot = EMPTY

    def is_fresh(self) -> bool:
        """Return whether what this gate knows was the present version a moment ago."""
        return time.monotonic() - self._heard_at <= LEASE_SECONDS

    async def run(self) -> None:
        """Listen until cancelled; after a fault connect again."""
        while True:
            try:
                await self._listen()
            except (Error, OSError, TimeoutError) as error:
                logger.warning("gate_not_hearing: %s", error)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            connection = await AsyncConnection.connect(self._conninfo, autocommit=True)
        try:
            await connection.execute("LISTEN gateway")
            while True:
                async with asyncio.timeout(ANSWER_SECONDS_MAX):
                    await self._ask(connection)
                await self._acknowledge(connection)
                async for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass
        finally:
            with contextlib.suppress(Error, OSError, TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS_MAX):
                    await connection.close()

    async def _ask(self, connection: AsyncConnection) -> None:
        sent_at = time.monotonic()
        cursor = await connection.execute(VERSION_SQL)
        row = await cursor.fetchone()
        if row is not None and row[0] != self.snapshot.version:
            sent_at = time.monotonic()
            cursor = await connection.execute(SNAPSHOT_SQL)
            found = await cursor.fetchone()
            assert found is not None
            self.snapshot = build((found[0], found[1], found[2]), sandbox=self._sandbox)
            self._acknowledged_at = float("-inf")
        self._heard_at = sent_at

    async def _acknowledge(self, connection: AsyncConnection) -> None:
        if time.monotonic() - self._acknowledged_at < ACK_SECONDS:
            return
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            await connection.execute(ACK_SQL, [self._node, self.snapshot.version, clock.now()])
        self._acknowledged_at = time.monotonic()
