"""
The filters of lists of applications: what an address asks for, and the rows that fit.

An address may be old, typed by hand or sent by somebody else: what makes no sense in it is named
and left out, and the rest still works. Filters narrow what the reader may see; they never widen it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from applications.models import Application
from applications.states import ApplicationState
from core import clock
from parties import queries as parties

WORDS_MAX = 6
WORD_CHARACTERS_MIN = 2
ORGANIZATIONS_MAX = 200
NAMES = ("q", "state", "dataset", "purpose", "from", "to")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by; ``ignored`` names the entries that made no sense."""

    words: tuple[str, ...] = ()
    state: str = ""
    dataset: str = ""
    purpose: str = ""
    submitted_from: date | None = None
    submitted_to: date | None = None
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return self != Filters()


def read_filters(*, values: Mapping[str, str]) -> Filters:
    """
    Return the filters of an address: ``q``, ``state``, ``dataset``, ``purpose``, ``from``, ``to``.

    ``q`` is words; each must be found, as part of number or scenario or as company or its code.
    """
    ignored: list[str] = []
    words = str(values.get("q", "")).split()
    usable = tuple(w for w in words if len(w) >= WORD_CHARACTERS_MIN and "\x00" not in w)
    if len(usable) != len(words) or len(usable) > WORDS_MAX:
        ignored.append("q")

    def one_of(name: str, known: Any) -> str:
        value = str(values.get(name, ""))
        if value and value not in known:
            ignored.append(name)
            return ""
        return value

    def day(name: str) -> date | None:
        value = str(values.get(name, ""))
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            ignored.append(name)
            return None

    code = str(values.get("dataset", "")).strip().upper()
    if not code.isascii() or (not code.isalnum() and code):
        ignored.append("dataset")
        code = ""
    return Filters(
        words=usable[:WORDS_MAX],
        state=one_of("state", ApplicationState.values),
        dataset=code,
        purpose=one_of("purpose", Application.PurposeClass.values),
        submitted_from=day("from"),
        submitted_to=day("to"),
        ignored=tuple(ignored),
    )


def narrowed(rows: QuerySet[Application], filters: Filters) -> QuerySet[Application]:
    """Return the rows that fit; days are whole days in Asia/Shanghai, both inclusive."""
    fits = Q()
    if filters.state:
        fits &= Q(state=filters.state)
    if filters.dataset:
        fits &= Q(items__dataset__code=filters.dataset)
    if filters.purpose:
        fits &= Q(purpose_class=filters.purpose)
    if filters.submitted_from:
        fits &= Q(submitted_at__gte=clock.start_of_day(filters.submitted_from))
    if filters.submitted_to:
        after = filters.submitted_to + timedelta(days=1)
        fits &= Q(submitted_at__lt=clock.start_of_day(after))
    for word in filters.words:
        fits &= Q(pk__in=_found(word))
    return rows.filter(fits)


def _found(word: str) -> RawSQL:
    """
    Return the ids of the cases a word is found in.

    Pairs of characters are indexed, so any part of a number or of a Chinese name is found without
    reading all cases; the pairs may stand apart, so the text itself is asked as well.
    """
    companies = parties.find_organizations(text=word, most=ORGANIZATIONS_MAX)
    text = "(coalesce(number, '') || ' ' || scenario_name)"
    query = f"""
        SELECT id FROM applications_application
        WHERE applications_pairs({text}) @> applications_pairs(%s)
            AND strpos(lower({text}), %s) > 0
        UNION SELECT id FROM applications_application WHERE applicant_id = ANY(%s)
    """  # noqa: S608 - names of columns
    return RawSQL(query, [word, word.lower(), companies])  # noqa: S611 - the word is a parameter
