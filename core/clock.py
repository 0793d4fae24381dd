"""
The one clock.

Views, tasks and commands read it once and pass the time on as ``at=``; nothing below them
asks for the time. A demonstration may run on a shifted or a standing clock: then a small JSON
file, named by ``DATADEED_CLOCK_FILE``, says so to every process of the product, the gate included.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# How old the reading of the clock file may be; the file is tiny and local.
FILE_AGE_SECONDS_MAX = 0.02

_fixed: ContextVar[datetime | None] = ContextVar("clock_fixed", default=None)
_cached: tuple[float, datetime | timedelta] = (0.0, timedelta(0))


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    fixed = _fixed.get()
    if fixed is not None:
        return fixed
    path = os.environ.get("DATADEED_CLOCK_FILE")
    if not path:
        return datetime.now(UTC)
    setting = _read(path)
    return setting if isinstance(setting, datetime) else datetime.now(UTC) + setting


def local_date(at: datetime) -> date:
    """Return the calendar day of ``at`` in Asia/Shanghai, where people live."""
    return at.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day in Asia/Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the moment a day ends in Asia/Shanghai (24:00, exclusive), in UTC."""
    return start_of_day(day + timedelta(days=1))


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock of this context at one aware moment."""
    if at.tzinfo is None:
        raise ValueError("the clock takes aware times only")
    token = _fixed.set(at)
    try:
        yield
    finally:
        _fixed.reset(token)


def write_file(path: Path, *, at: datetime | None = None, shift: timedelta | None = None) -> None:
    """
    Write the clock file: a standing time ``at``, or a shift against the system clock.

    The file is replaced in one step, so that a reader never sees half of it.
    """
    if (at is None) == (shift is None):
        raise ValueError("give exactly one of at= and shift=")
    setting = {"at": at.isoformat()} if at else {"shift_seconds": shift.total_seconds()}  # type: ignore[union-attr]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(setting), encoding="utf-8")
    draft.replace(path)


def _read(path: str) -> datetime | timedelta:
    global _cached
    read_at, setting = _cached
    if time.monotonic() - read_at < FILE_AGE_SECONDS_MAX:
        return setting
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        # No file yet means the demonstration has not begun: real time holds.
        return timedelta(0)
    setting = (
        datetime.fromisoformat(found["at"])
        if "at" in found
        else timedelta(seconds=found["shift_seconds"])
    )
    _cached = (time.monotonic(), setting)
    return setting
