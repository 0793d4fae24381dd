"""Calendar files as the tests hand them in: the official ones and a made-up one of 2027."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from applications import actions
from applications.models import CalendarImport
from tests.builders import applications as build
from tests.builders.applications import day

HEAD = "date,day_type,name_zh,source_notice"
NOTICE = "https://www.gov.cn/example.htm"
# 245 working days: 261 weekdays less sixteen that are off.
OFF_2027 = (
    ("元旦", ["01-01"]),
    ("春节", ["02-08", "02-09", "02-10", "02-11", "02-12"]),
    ("清明节", ["04-05"]),
    ("劳动节", ["05-03", "05-04", "05-05"]),
    ("端午节", ["06-09"]),
    ("国庆节", ["10-01", "10-04", "10-05", "10-06", "10-07"]),
)
AT = day("2026-12-30", 15)


def lines_2027() -> list[str]:
    return [f"2027-{on},OFF,{name},{NOTICE}" for name, days in OFF_2027 for on in days]


def written(folder: Path, lines: list[str] | None = None, name: str = "2027.csv") -> Path:
    """Write a calendar file; by default that of 2027."""
    path = folder / name
    rows = lines_2027() if lines is None else lines
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8-sig")
    return path


def handed_in(folder: Path, actor: Any, at: datetime = AT, **options: Any) -> CalendarImport:
    path = written(folder, **options)
    return actions.propose_calendar(path=path, filename=path.name, actor=actor, at=at)


def approve(found: CalendarImport, actor: Any, at: datetime = AT) -> CalendarImport:
    return actions.settle_calendar(import_id=found.pk, approve=True, actor=actor, at=at)


def worked_off(found: CalendarImport, at: datetime = AT) -> CalendarImport:
    """Let a worker do all there is to do."""
    actions.apply_calendars(now=lambda: at)
    found.refresh_from_db()
    return found


def late_case(city: Any, **changes: Any) -> Any:
    """Return a case whose acceptance is due on 4 January 2027, provisionally."""
    return build.submitted(city, at=day("2026-12-30"), **changes)
