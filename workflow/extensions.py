"""
More time for a running clock, asked by one person and settled by another.

Source: domain §3.4, row "Decision from acceptance"; docs/sources.md#deadlines.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Forbidden, InvalidInput
from workflow import audit, deadlines
from workflow.deadlines import ClockError
from workflow.models import ClockExtension, Deadline

WORKING_DAYS_MAX = 10


def ask(
    subject: models.Model, kind: str, *, working_days: int, reason: str, actor: Any, at: datetime
) -> ClockExtension:
    """
    Ask for more time; the clock runs on as before until somebody else grants it.

    :raises InvalidInput: not between one and ten working days, or no reason.
    :raises ClockError: no such clock runs, it was extended before, or a request is open.
    """
    if not 1 <= working_days <= WORKING_DAYS_MAX:
        raise InvalidInput(fields={"working_days": _("At most ten working days can be added.")})
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    deadline = _running(subject, kind).select_for_update().first()
    if deadline is None or deadline.extension_days or open_of(subject, kind) is not None:
        raise ClockError
    facts = {"kind": kind, "working_days": working_days, "reason": reason.strip()}
    audit.record(subject, "ask_extension", actor=actor, at=at, facts=facts)
    return ClockExtension.objects.create(
        deadline=deadline,
        working_days=working_days,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=at,
    )


def settle(
    subject: models.Model, kind: str, *, granted: bool, note: str, actor: Any, at: datetime
) -> ClockExtension:
    """
    Grant or refuse the open request for more time; a granted one moves the clock at once.

    :raises ClockError: nothing is asked for, or somebody was faster.
    :raises Forbidden: the actor asked for it.
    :raises InvalidInput: a refusal without a reason.
    """
    deadline = _running(subject, kind).select_for_update().first()
    asked = open_of(subject, kind)
    if deadline is None or asked is None:
        raise ClockError
    if asked.asked_by_id == actor.pk:
        raise Forbidden(_("You asked for this extension, so somebody else settles it."))
    if not granted and not note.strip():
        raise InvalidInput(fields={"note": _("State the reason.")})
    asked.granted, asked.note = granted, note.strip()
    asked.settled_by, asked.settled_at = actor, at
    asked.save()
    if granted:
        asked.deadline = deadlines.extend(
            subject,
            kind,
            working_days=asked.working_days,
            reason=asked.reason,
            actor=actor,
            at=at,
        )
    else:
        facts = {"kind": kind, "reason": asked.note}
        audit.record(subject, "refuse_extension", actor=actor, at=at, facts=facts)
    return asked


def open_of(subject: models.Model, kind: str) -> ClockExtension | None:
    """Return the request for more time that nobody has settled yet, with who asked."""
    rows = ClockExtension.objects.filter(deadline__in=_running(subject, kind), granted=None)
    return rows.select_related("deadline", "asked_by").first()


def _running(subject: models.Model, kind: str) -> models.QuerySet[Deadline]:
    subject_type, subject_id = audit.subject_key(subject)
    return Deadline.objects.filter(
        subject_type=subject_type, subject_id=subject_id, kind=kind, closed_on=None
    )
