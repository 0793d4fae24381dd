"""
The work list: what waits for a person, derived from states and rights, never stored.

A subject waits for you when one of its transitions is open in its present state and you hold the
permission for it. The list and the buttons on the case page come from the same two facts, so they
cannot disagree. An app registers which of its transitions are duties and how to name the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise

from workflow import deadlines, policy
from workflow.transitions import declared

Describe = Callable[[models.Model], tuple[str, str]]
Narrow = Callable[[QuerySet[Any], Any], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of work: the transitions that do it, its name, and the page where it is done."""

    name: str
    title: str | Promise
    model: type[models.Model]
    transitions: tuple[str, ...]
    route: str
    describe: Describe
    related: tuple[str, ...] = ()
    narrow: Narrow | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One row of the work list."""

    duty: str
    title: str
    number: str
    subject: str
    subject_id: str
    route: str
    state: str
    due_on: date | None
    due_status: str
    provisional: bool


_duties: dict[str, Duty] = {}


def register(
    name: str,
    *,
    title: str | Promise,
    model: type[models.Model],
    transitions: Sequence[str],
    route: str,
    describe: Describe,
    related: Sequence[str] = (),
    narrow: Narrow | None = None,
) -> None:
    """
    Register a duty; in ``AppConfig.ready``.

    ``route`` is a URL name that takes the subject's primary key; ``describe`` returns (number,
    text); ``related`` is what it needs by ``select_related``; ``narrow`` drops subjects on which
    this actor has done the duty already (a ballot cast, a branch answered).
    """
    duty = Duty(name, title, model, tuple(transitions), route, describe, tuple(related), narrow)
    if name in _duties:
        raise ValueError(f"duty {name} is registered twice")
    _duties[name] = duty


def duties() -> tuple[Duty, ...]:
    """Return every registered duty, by name."""
    return tuple(_duties[name] for name in sorted(_duties))


def waiting_for(actor: Any, *, at: datetime, name: str | None = None) -> tuple[WorkItem, ...]:
    """
    Return what waits for an actor, the nearest deadline first.

    At most PAGE_ROWS_MAX rows a duty.
    """
    chosen = duties() if name is None else (_duties[name],)
    items = [item for duty in chosen for item in _items(duty, actor, at)]
    return tuple(sorted(items, key=lambda i: (i.due_on or date.max, i.number, i.subject_id)))


def _items(duty: Duty, actor: Any, at: datetime) -> list[WorkItem]:
    subjects: dict[Any, models.Model] = {}
    for transition in duty.transitions:
        step = declared(duty.model, transition)
        rows = policy.visible(actor, step.permission, duty.model).filter(state__in=step.sources)
        if duty.narrow is not None:
            rows = duty.narrow(rows, actor)
        rows = rows.select_related(*duty.related) if duty.related else rows
        for subject in rows.order_by("pk")[: settings.PAGE_ROWS_MAX]:
            if subject.pk in subjects or policy.refusal(actor, step.permission, subject):
                continue
            subjects[subject.pk] = subject
    clocks = deadlines.of_subjects(subjects.values(), at=at)
    return [_item(duty, s, clocks.get(str(s.pk), ())) for s in subjects.values()]


def _item(duty: Duty, subject: models.Model, clocks: tuple[deadlines.ClockView, ...]) -> WorkItem:
    number, text = duty.describe(subject)
    nearest = clocks[0] if clocks else None
    return WorkItem(
        duty=duty.name,
        title=str(duty.title),
        number=number,
        subject=text,
        subject_id=str(subject.pk),
        route=duty.route,
        state=str(getattr(subject, "state", "")),
        due_on=nearest.due_on if nearest else None,
        due_status=nearest.status if nearest else "",
        provisional=bool(nearest and nearest.provisional),
    )
