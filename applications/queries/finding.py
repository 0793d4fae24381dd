"""
The search for cases: words, and what may be said beside them.

``state:SUBMITTED`` or ``state:已提交`` narrows to a state, ``applicant:"锡城 征信"`` to companies
whose name holds the text or whose code begins with it; everything else is words. What makes no
sense is left out and said so; no text is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from applications.models import Application
from applications.queries import rows
from applications.queries.filters import ORGANIZATIONS_MAX, Filters, read_filters
from applications.queries.lists import listed
from applications.queries.verdicts import state_name_of
from applications.states import ApplicationState
from parties import queries as parties
from workflow import policy

TEXT_CHARACTERS_MAX = 200
REFERENCE_CHARACTERS_MIN = 3
_PART = re.compile(r'(?:(?P<key>[a-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for; ``ignored`` is true when part of it made no sense."""

    filters: Filters
    applicant: str = ""
    words: str = ""
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class CaseHit:
    """One case that was found."""

    id: UUID
    number: str
    scenario_name: str
    applicant_name: str
    state: str
    state_name: str
    tone: str


@dataclass(frozen=True, slots=True)
class CaseHits:
    """One page of the cases that were found."""

    rows: tuple[CaseHit, ...]
    number: int
    pages: int
    total: int


def read_search(*, text: str) -> Asked:
    """Return what a text asks for; no text raises."""
    values: dict[str, str] = {}
    words: list[str] = []
    applicant, odd = "", False
    for part in _PART.finditer(text.replace("\x00", " ")[:TEXT_CHARACTERS_MAX]):
        key, said = part["key"], (part["quoted"] or part["plain"] or "").strip()
        if key == "state":
            values["state"] = _state(said)
            odd = odd or not values["state"]
        elif key == "applicant":
            applicant, odd = said, odd or not said
        else:
            words.append(said if key is None else f"{key}:{said}")
    plain = " ".join(word for word in words if word)
    filters = read_filters(values={**values, "q": plain})
    return Asked(replace(filters, ignored=()), applicant, plain, odd or bool(filters.ignored))


def find_cases(
    *, actor: Any, at: datetime, asked: Asked, page: int = 1, most: int | None = None
) -> CaseHits:
    """
    Return one page of the cases that fit, of all that the actor may see, the newest first.

    Nothing is found when nothing usable was asked for. ``most`` makes the page smaller.
    """
    found = found_cases(actor=actor, at=at, asked=asked)
    size = most or settings.PAGE_ROWS_MAX
    total = found.count()
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    several = found.select_related("applicant")[(number - 1) * size : number * size]
    return CaseHits(tuple(_hit(a) for a in several), number, pages, total)


def found_cases(*, actor: Any, at: datetime, asked: Asked) -> QuerySet[Application]:
    """Return the cases that fit: those of the list of that name, and by the office's reference."""
    if not asked.filters.any and not asked.applicant:
        return Application.objects.none()
    found = listed("search", actor=actor, at=at, filters=asked.filters)
    if asked.applicant:
        companies = parties.find_organizations(text=asked.applicant, most=ORGANIZATIONS_MAX)
        return found.filter(applicant_id__in=companies)
    if len(asked.words) < REFERENCE_CHARACTERS_MIN or asked.filters.state or found.exists():
        return found
    # Only those who give references find by them: they are the office's own.
    of_office = policy.visible(actor, "applications.assign_reference", Application)
    return of_office.filter(external_reference__startswith=asked.words).order_by(
        "-created_at", "id"
    )


def _state(said: str) -> str:
    wanted = said.strip().upper()
    return next(
        (s.value for s in ApplicationState if wanted in (s.value, str(s.label).upper())), ""
    )


def _hit(application: Application) -> CaseHit:
    return CaseHit(
        id=UUID(str(application.pk)),
        number=application.number or "",
        scenario_name=application.scenario_name,
        applicant_name=application.applicant.name,
        state=application.state,
        state_name=state_name_of(application),
        tone=rows.tone_of(application.state),
    )
