"""The official working calendar, brought in from the published table. Source: domain §3.4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import tabular
from core.calendars import working_calendar
from core.hashing import digest_of
from core.models import CalendarDay, CalendarYear
from core.working_days import DayType, WorkingCalendar

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
    with transaction.atomic():
        changes = [_store_year(year, stated, at) for year, stated in _by_year(days).items()]
    return tuple(change for change in changes if change is not None)


def compare(*, days: Iterable[CalendarDay]) -> tuple[YearChange, ...]:
    """Return what ``store_days`` would change, and change nothing."""
    found = [_change(year, stated) for year, stated in _by_year(days).items()]
    return tuple(change for change in found if change is not None)


def span_of(*, days: Iterable[CalendarDay]) -> tuple[date, date] | None:
    """
    Return the first and last day on which ``days`` and the stored calendar differ; None: nowhere.

    A year that was not published before differs as a whole, because its days stop being
    provisional.
    """
    touched: list[date] = []
    for year, stated in _by_year(days).items():
        if not CalendarYear.objects.filter(year=year).exists():
            touched += [date(year, 1, 1), date(year, 12, 31)]
            continue
        before = {row.day: row.day_type for row in CalendarDay.objects.filter(day__year=year)}
        after = {row.day: row.day_type for row in stated}
        touched += [d for d in {*before, *after} if before.get(d) != after.get(d)]
    return (min(touched), max(touched)) if touched else None


def as_if(*, days: Iterable[CalendarDay]) -> WorkingCalendar:
    """Return the working calendar as it would be with ``days`` stored."""
    known, by_year = working_calendar(), _by_year(days)
    kept = {day: kind for day, kind in known.days.items() if day.year not in by_year}
    stated = [day for several in by_year.values() for day in several]
    return WorkingCalendar(
        days={**kept, **{day.day: DayType(day.day_type) for day in stated}},
        published_years=known.published_years | set(by_year),
        names={**known.names, **{day.day: day.name for day in stated}},
    )


def working_days_of(*, days: Iterable[CalendarDay], year: int) -> int:
    """Return how many working days a year has by ``days``."""
    calendar = as_if(days=days)
    return calendar.between(after=date(year - 1, 12, 31), until=date(year, 12, 31))


def _by_year(days: Iterable[CalendarDay]) -> dict[int, list[CalendarDay]]:
    found: dict[int, list[CalendarDay]] = {}
    for day in sorted(days, key=lambda d: d.day):
        found.setdefault(day.day.year, []).append(day)
    return found


def _store_year(year: int, stated: list[CalendarDay], at: datetime) -> YearChange | None:
    CalendarYear.objects.select_for_update().filter(year=year).first()
    change = _change(year, stated)
    if change is None:
        return None
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(stated)
    CalendarYear.objects.update_or_create(
        year=year, defaults={"imported_at": at, "content_hash": _hash(stated)}
    )
    return change


def _change(year: int, stated: list[CalendarDay]) -> YearChange | None:
    known = CalendarYear.objects.filter(year=year).first()
    if known is not None and known.content_hash == _hash(stated):
        return None
    before = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    after = {row.day: row for row in stated}
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


def _hash(stated: list[CalendarDay]) -> str:
    return digest_of({"days": [_text(day) for day in stated]})


def _lines(rows: dict[date, CalendarDay], days: set[date]) -> tuple[str, ...]:
    return tuple(_text(rows[day]) for day in sorted(days))


def _text(day: CalendarDay) -> str:
    return f"{day.day.isoformat()} {day.day_type} {day.name} {day.source_notice}"
