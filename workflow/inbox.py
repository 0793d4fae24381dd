"""
The work list: what waits for a person, derived from states and rights, never stored.

A subject waits for you when one of its transitions is open in its present state and you hold the
permission for it. The list and the buttons on the case page come from the same two facts, so they
cannot disagree. An app registers which of its transitions are duties and how to name the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CharField, Exists, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise

from core.working_days import ONE_DAY, WorkingCalendar
from workflow import audit, deadlines, glance, history, policy
from workflow.models import ClockStop, Deadline
from workflow.transitions import declared

Describe = Callable[[models.Model], tuple[str, str]]
Narrow = Callable[[QuerySet[Any], Any], QuerySet[Any]]
Clocked = Callable[[models.Model], models.Model]
# The most a reminder looks at, a desk and kind of work; the nearest deadlines come first.
RUNNING_OUT_ROWS_MAX = 200


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
    prefetch: tuple[str, ...] = ()
    narrow: Narrow | None = None
    looks_back: bool = False
    clocked: Clocked | None = None
    clock: str = ""


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
    prefetch: Sequence[str] = (),
    narrow: Narrow | None = None,
    looks_back: bool = False,
    clocked: Clocked | None = None,
    clock: str = "",
) -> None:
    """
    Register a duty; in ``AppConfig.ready``.

    ``route`` is a URL name that takes the subject's primary key; ``describe`` returns (number,
    text); ``related`` and ``prefetch`` are what it and the barriers need by ``select_related`` and
    ``prefetch_related``; ``narrow`` drops subjects on which this actor has done the duty already (a
    ballot cast, a branch answered). ``looks_back`` says that the barriers ask what the actor did on
    the subject before. ``clocked`` returns what the time runs on where that is another thing, which
    ``related`` names too; of its clocks the one of kind ``clock`` counts.
    """
    duty = Duty(
        name=name,
        title=title,
        model=model,
        transitions=tuple(transitions),
        route=route,
        describe=describe,
        related=tuple(related),
        prefetch=tuple(prefetch),
        narrow=narrow,
        looks_back=looks_back,
        clocked=clocked,
        clock=clock,
    )
    if name in _duties:
        raise ValueError(f"duty {name} is registered twice")
    _duties[name] = duty


def duties() -> tuple[Duty, ...]:
    """Return every registered duty, by name."""
    return tuple(_duties[name] for name in sorted(_duties))


def waiting_for(actor: Any, *, at: datetime, name: str | None = None) -> tuple[WorkItem, ...]:
    """
    Return what waits for an actor, the nearest deadline first.

    At most PAGE_ROWS_MAX rows a duty. The number of queries does not grow with the duties that are
    registered nor with the subjects that wait: one for the permissions held, one for what is open,
    then a few per class that has something open.
    """
    chosen = duties() if name is None else (_duties[name],)
    with glance.glancing():
        found = _open(chosen, actor)
        clocks = deadlines.of_several([_clocked(duty, s) for duty, s in found], at=at)
        items = [_item(duty, subject, _clocks_of(duty, subject, clocks)) for duty, subject in found]
    return tuple(sorted(items, key=lambda i: (i.due_on or date.max, i.number, i.subject_id)))


def soon_until(day: date, *, calendar: WorkingCalendar) -> date:
    """Return the last day on which a deadline counts as due soon on ``day``."""
    beyond = calendar.due(start=day, working_days=deadlines.SOON_WORKING_DAYS + 1)
    return beyond.on - ONE_DAY


def anything_runs_out(*, horizon: date) -> bool:
    """Return whether any clock of any subject runs out by a day."""
    return _running_out(horizon).exists()


def running_out(
    actor: Any, *, horizon: date, at: datetime
) -> tuple[tuple[str, WorkItem], ...]:
    """
    Return what waits for an actor and is overdue or due by ``horizon``, the nearest first.

    Each comes with the name of the desk whose right it is ("organization:role"), "" for a right
    of the person's own. The same facts as the work list, at most RUNNING_OUT_ROWS_MAX a step; the
    number of queries does not grow with the subjects.
    """
    with glance.glancing():
        found = _allowed(_candidates(duties(), actor, horizon=horizon), actor)
        clocks = deadlines.of_several([subject for _, _, subject in found], at=at)
        desks = _desks_of(found, actor)
        rows = []
        for duty, permission, subject in found:
            key = str(subject.pk)
            item = _item(duty, subject, clocks.get((subject._meta.label_lower, key), ()))
            if item.due_status in {"soon", "overdue"}:
                rows.append((desks.get((permission, key), ""), item))
    return tuple(sorted(rows, key=lambda r: (r[1].due_on, r[1].number, r[1].subject_id, r[1].duty)))


def _running_out(horizon: date) -> QuerySet[Deadline]:
    standing = ClockStop.objects.filter(deadline=OuterRef("pk"), until_on=None)
    return Deadline.objects.filter(~Exists(standing), closed_on=None, due_on__lte=horizon)


def _desks_of(
    found: Iterable[tuple[Duty, str, models.Model]], actor: Any
) -> dict[tuple[str, str], str]:
    """Return by (permission, primary key) the desk that gives the right; a query per class."""
    by_model: dict[type[models.Model], tuple[set[str], set[Any]]] = {}
    for duty, permission, subject in found:
        permissions, keys = by_model.setdefault(duty.model, (set(), set()))
        permissions.add(permission)
        keys.add(subject.pk)
    desks: dict[tuple[str, str], str] = {}
    for model, (permissions, keys) in by_model.items():
        desks.update(policy.desks_giving(actor, permissions, model, keys))
    return desks


def _open(chosen: Iterable[Duty], actor: Any) -> list[tuple[Duty, models.Model]]:
    """Return every duty with a subject on which the actor may do it now."""
    allowed = _allowed(_candidates(chosen, actor), actor)
    return [(duty, subject) for duty, _, subject in allowed]


def _allowed(
    keys: list[tuple[Duty, str, str]], actor: Any
) -> list[tuple[Duty, str, models.Model]]:
    """Return each duty once with its subject and the right by which the actor may do it."""
    subjects = _fetch(keys)
    past = {(duty.model, key) for duty, _, key in keys if duty.looks_back}
    history.gather_acts(
        subjects[model][key] for model, key in sorted(past, key=str) if key in subjects[model]
    )
    found: dict[tuple[str, str], tuple[Duty, str, models.Model]] = {}
    for duty, permission, key in keys:
        subject = subjects[duty.model].get(key)
        if subject is None or (duty.name, key) in found:
            continue
        if not policy.refusal(actor, permission, subject):
            found[duty.name, key] = (duty, permission, subject)
    return list(found.values())


def _candidates(
    chosen: Iterable[Duty], actor: Any, *, horizon: date | None = None
) -> list[tuple[Duty, str, str]]:
    """Return (duty, permission, primary key) of what states and rights leave open: one union."""
    steps = [(duty, declared(duty.model, t)) for duty in chosen for t in duty.transitions]
    held = policy.held_anywhere(actor, [(duty.model, step.permission) for duty, step in steps])
    mine = [(duty, step) for duty, step in steps if step.permission in held]
    arms: list[Any] = []
    for position, (duty, step) in enumerate(mine):
        rows = policy.visible(actor, step.permission, duty.model, few=True)
        rows = rows.filter(state__in=step.sources)
        rows = duty.narrow(rows, actor) if duty.narrow else rows
        keyed = rows.annotate(inbox_step=Value(position), inbox_key=Cast("pk", CharField()))
        keyed, most = _bounded(keyed, duty.model, horizon=horizon)
        arms.append(keyed.values_list("inbox_step", "inbox_key")[:most])
    if not arms:
        return []
    rows = arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]
    return [(mine[step][0], mine[step][1].permission, key) for step, key in sorted(rows)]


def _bounded(
    rows: QuerySet[Any], model: type[models.Model], *, horizon: date | None
) -> tuple[QuerySet[Any], int]:
    """Order what is open, and keep what runs out by ``horizon`` when one is given."""
    if horizon is None:
        return rows.order_by("pk"), settings.PAGE_ROWS_MAX
    late = _running_out(horizon).filter(subject_type=model._meta.label_lower).order_by()
    # The few clocks that run out lead to their subjects, not the many subjects to their clocks.
    subjects = late.annotate(subject_key=Cast("subject_id", model._meta.pk.__class__()))
    nearest = late.filter(subject_id=Cast(OuterRef("pk"), CharField())).values("subject_id")
    rows = rows.filter(pk__in=subjects.values("subject_key")).annotate(
        inbox_due=Subquery(nearest.annotate(nearest=Min("due_on")).values("nearest"))
    )
    return rows.order_by("inbox_due", "pk"), RUNNING_OUT_ROWS_MAX


def _fetch(
    keys: list[tuple[Duty, str, str]],
) -> dict[type[models.Model], dict[str, models.Model]]:
    """Return the subjects of each class by primary key, with what their duties look at."""
    wanted: dict[type[models.Model], tuple[set[str], set[str], set[str]]] = {}
    for duty, _, key in keys:
        several, related, prefetch = wanted.setdefault(duty.model, (set(), set(), set()))
        several.add(key)
        related.update(duty.related)
        prefetch.update(duty.prefetch)
    found = {}
    for model, (several, related, prefetch) in wanted.items():
        rows = model._default_manager.filter(pk__in=several)
        rows = rows.select_related(*sorted(related)) if related else rows
        found[model] = {str(s.pk): s for s in rows.prefetch_related(*sorted(prefetch))}
    return found


def _clocked(duty: Duty, subject: models.Model) -> models.Model:
    return duty.clocked(subject) if duty.clocked else subject


def _clocks_of(
    duty: Duty,
    subject: models.Model,
    clocks: dict[tuple[str, str], tuple[deadlines.ClockView, ...]],
) -> tuple[deadlines.ClockView, ...]:
    found = clocks.get(audit.subject_key(_clocked(duty, subject)), ())
    return tuple(one for one in found if one.kind == duty.clock) if duty.clock else found


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
