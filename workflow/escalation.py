"""
Overdue clocks come before a desk that can act: by dated rule rows, once each.

A clock keeps the rule that was in force when it started. Source: docs/sources.md#deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.calendars import working_calendar
from workflow.deadlines import SWEEP_ROWS, ClockError
from workflow.models import Deadline, EscalationRule


@dataclass(frozen=True, slots=True)
class Rule:
    """The default of one kind of clock, as an app declares it."""

    kind: str
    after_working_days: int
    role: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Late:
    """A clock to be escalated now, by which rule; ``working_days`` since its last day."""

    deadline_id: int
    subject_id: str
    rule: EscalationRule
    working_days: int


def install_rules(rules: Iterable[Rule], *, effective_on: date) -> None:
    """Install the first version of rules that are not there yet."""
    for rule in rules:
        EscalationRule.objects.get_or_create(
            kind=rule.kind,
            version=1,
            defaults={
                "after_working_days": rule.after_working_days,
                "role": rule.role,
                "legal_basis": rule.legal_basis,
                "effective_on": effective_on,
            },
        )


def add_version(
    kind: str, *, after_working_days: int, role: str, legal_basis: str, effective_on: date
) -> EscalationRule:
    """
    Add the next version of a rule; clocks that started before its day keep the version of theirs.

    :raises ClockError: there is no such rule, or the last version begins later than this one.
    """
    if not EscalationRule.objects.select_for_update().filter(kind=kind, version=1).exists():
        raise ClockError(_("There is no rule of kind %(kind)s."), kind=kind)
    last = EscalationRule.objects.filter(kind=kind).latest("version")
    if effective_on < last.effective_on:
        raise ClockError(_("An approved version begins later. Choose its day or a later one."))
    return EscalationRule.objects.create(
        kind=kind,
        version=last.version + 1,
        after_working_days=after_working_days,
        role=role,
        legal_basis=legal_basis,
        effective_on=effective_on,
    )


def due(*, subject_type: str, at: datetime) -> tuple[Late, ...]:
    """Return the clocks of a class that are to be escalated now, at most SWEEP_ROWS."""
    rules = list(EscalationRule.objects.order_by("version"))
    rows = _late(at).filter(subject_type=subject_type, kind__in={r.kind for r in rules})
    calendar, day = working_calendar(), clock.local_date(at)
    found: list[Late] = []
    for row in rows.order_by("due_on", "id").iterator():
        rule = _rule_of(row, rules)
        late = calendar.between(after=row.due_on, until=day)
        if rule is not None and late >= rule.after_working_days:
            found.append(Late(row.pk, row.subject_id, rule, late))
        if len(found) == SWEEP_ROWS:
            break
    return tuple(found)


def mark(*, deadline_id: int, at: datetime) -> Deadline | None:
    """Mark a clock as escalated; None when it no longer is late or somebody was faster."""
    deadline = _late(at).select_for_update(of=("self",)).filter(pk=deadline_id).first()
    if deadline is None:
        return None
    deadline.escalated_at = at
    deadline.save(update_fields=["escalated_at"])
    return deadline


def _late(at: datetime) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(
        closed_on=None, escalated_at=None, due_on__lt=clock.local_date(at)
    )
    return rows.exclude(stops__isnull=False, stops__until_on=None)


def _rule_of(deadline: Deadline, rules: Iterable[EscalationRule]) -> EscalationRule | None:
    """Return the newest version in force on the day the clock started."""
    found = None
    for rule in rules:
        if rule.kind == deadline.kind and rule.effective_on <= deadline.started_on:
            found = rule
    return found
