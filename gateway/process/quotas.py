"""
Calls in all, per month and per day, shared by all gates through one row per license and period.

A gate takes units in blocks by a conditional update, so that the last unit is given once. Units a
gate holds and does not use come back when it stops or when the limit changes; a gate that dies
keeps them, so a licensee may get less than its quota, never more.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from core import clock

BLOCK_UNITS_MAX = 50
# A block is at most this part of what is left when it is taken.
BLOCK_SHARE = 20
# The period of a license's whole life.
TOTAL = "total"

TAKE_SQL = """
INSERT INTO gateway_quota AS q (license_id, period, used) VALUES (%s, %s, %s)
ON CONFLICT (license_id, period) DO UPDATE SET used = q.used + excluded.used
WHERE q.used + excluded.used <= %s RETURNING used
"""
USED_SQL = "SELECT used FROM gateway_quota WHERE license_id = %s AND period = %s"
GIVE_SQL = """
UPDATE gateway_quota SET used = greatest(used - %s, 0) WHERE license_id = %s AND period = %s
"""


@dataclass(slots=True)
class _Block:
    ceiling: int
    left: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def month_of(at: datetime) -> str:
    """Return the period of a month in Asia/Shanghai, e.g. 2026-11."""
    return f"{clock.local_date(at):%Y-%m}"


def day_of(at: datetime) -> str:
    """Return the period of a day in Asia/Shanghai, e.g. 2026-11-03."""
    return f"{clock.local_date(at):%Y-%m-%d}"


class Quotas:
    """The units this gate holds."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection]) -> None:
        self._pool = pool
        self._blocks: dict[tuple[UUID, str], _Block] = {}

    async def take(self, license_id: UUID, period: str, *, ceiling: int) -> bool:
        """Take one unit; False when the period has none left."""
        block = self._blocks.setdefault((license_id, period), _Block(ceiling))
        if block.ceiling == ceiling and block.left > 0:
            block.left -= 1
            return True
        async with block.lock:
            if block.ceiling != ceiling:
                await self._give_back(license_id, period, block)
                block.ceiling = ceiling
            if block.left == 0:
                block.left = await self._lease(license_id, period, ceiling)
            if block.left == 0:
                return False
            block.left -= 1
            return True

    def give(self, license_id: UUID, period: str) -> None:
        """Put one unit back: the call was not billed."""
        block = self._blocks.get((license_id, period))
        if block is not None:
            block.left += 1

    async def close(self) -> None:
        """Give every unit held back; called when the gate stops."""
        for (license_id, period), block in list(self._blocks.items()):
            await self._give_back(license_id, period, block)

    async def _lease(self, license_id: UUID, period: str, ceiling: int) -> int:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(USED_SQL, [license_id, period])
            row = await cursor.fetchone()
            left = ceiling - (row[0] if row else 0)
            units = min(BLOCK_UNITS_MAX, max(left // BLOCK_SHARE, 1))
            while units > 0 and ceiling > 0:
                # Only the update decides: what was read above may be old.
                cursor = await connection.execute(
                    TAKE_SQL, [license_id, period, units, ceiling]
                )
                if await cursor.fetchone():
                    return int(units)
                units //= 2
        return 0

    async def _give_back(self, license_id: UUID, period: str, block: _Block) -> None:
        if block.left:
            units, block.left = block.left, 0
            async with self._pool.connection() as connection:
                await connection.execute(GIVE_SQL, [units, license_id, period])
