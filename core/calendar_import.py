"""The official working calendar, brought in from the published table. Source: domain §3.4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import tabular
from core.hashing import digest_of
from core.models import CalendarDay, CalendarYear
from core.working_days import DayType

SATURDAY = 5
COLUMNS = (
    tabular.Column("date", tabular.iso_date),
    tabular.Column("day_type", tabular.one_of(DayType)),
    tabular.Column("name_zh", tabular.text(length_max=40)),
    tabular.Column("source_notice", tabular.text(length_max=300, pattern=r"https://\S+")),
)


@dataclass(frozen=True, slots=True)
class YearChange:
    """What an import changes in one year, as lines a person can read."""

    year: int
    is_new: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def read_days(*, path: Path) -> tuple[CalendarDay, ...]:
    """
    Return the departures from weekdays that a file states.

    :raises tabular.TableRefused: a cell does not fit, or a make-up day is no weekend day.
    """
    table = tabular.read(path=path, columns=COLUMNS, key=("date",), rows_max=2_000)
    errors = [
        tabular.RowError(row.number, "day_type", "WORK", _("this day is a working day anyway"))
        for row in table.rows
        if row["day_type"] == DayType.WORK and row["date"].weekday() < SATURDAY
    ]
    if errors:
        raise tabular.TableRefused(errors=errors)
    return tuple(
        CalendarDay(
            day=row["date"],
            day_type=row["day_type"],
            name=row["name_zh"],
            source_notice=row["source_notice"],
        )
        for row in table.rows
    )


def store_days(*, days: Iterable[CalendarDay], at: datetime) -> tuple[YearChange, ...]:
    """
    Make the calendar of every year in ``days`` say what they say; return what that changed.

    A year stated the same way as before is left alone.
    """
    by_year: dict[int, list[CalendarDay]] = {}
    for day in sorted(days, key=lambda d: d.day):
        by_year.setdefault(day.day.year, []).append(day)
    with transaction.atomic():
        changes = [_store_year(year, stated, at) for year, stated in by_year.items()]
    return tuple(change for change in changes if change is not None)


def _store_year(year: int, stated: list[CalendarDay], at: datetime) -> YearChange | None:
    content_hash = digest_of({"days": [_text(day) for day in stated]})
    known = CalendarYear.objects.select_for_update().filter(year=year).first()
    if known is not None and known.content_hash == content_hash:
        return None
    before = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    after = {row.day: row for row in stated}
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(stated)
    CalendarYear.objects.update_or_create(
        year=year, defaults={"imported_at": at, "content_hash": content_hash}
    )
    return YearChange(
        year=year,
        is_new=known is None,
        added=_lines(after, set(after) - set(before)),
        removed=_lines(before, set(before) - set(after)),
        changed=tuple(
            f"{_text(before[day])} -> {_text(after[day])}"
            for day in sorted(set(before) & set(after))
            if _text(before[day]) != _text(after[day])
        ),
    )


def _lines(rows: dict[date, CalendarDay], days: set[date]) -> tuple[str, ...]:
    return tuple(_text(rows[day]) for day in sorted(days))


def _text(day: CalendarDay) -> str:
    return f"{day.day.isoformat()} {day.day_type} {day.name} {day.source_notice}"
