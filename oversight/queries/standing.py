"""What a licensee still owes before a license can be renewed. Source: domain T16."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock
from licensing.models import License
from oversight.models import Evaluation
from workflow import policy

S = Evaluation.State
BEFORE_RESULT = (S.SUBMITTED, S.VERIFIED, S.SCORED, S.RECTIFICATION, S.RECTIFIED, S.RECHECKED)


@dataclass(frozen=True, slots=True)
class RenewalCondition:
    """One condition of a renewal: met or not, what is missing, until when, and where to do it."""

    name: str | Promise
    met: bool
    text: str | Promise
    due_on: date | None = None
    evaluation_id: UUID | None = None


def renewal_conditions(
    *, license_id: UUID, actor: Any, at: datetime
) -> tuple[RenewalCondition, ...]:
    """
    Return the conditions of a renewal of a license: reports, evaluation, no measure.

    Empty for a license the actor may not see. ``at`` decides which report is due.
    """
    row = (
        policy.visible(actor, "licensing.see_license", License)
        .filter(id=license_id)
        .first()
    )
    if row is None:
        return ()
    evaluations = list(
        Evaluation.objects.filter(agreement_id=row.agreement_id).order_by("sequence")
    )
    today = clock.local_date(at)
    return (
        _report(evaluations, today),
        _result(evaluations),
        _measure(row),
    )


def _report(evaluations: list[Evaluation], today: date) -> RenewalCondition:
    name = _("Usage reports")
    for one in evaluations:
        if one.state == S.SELF_REPORT_DUE:
            late = one.due_on < today
            text = _("A report is overdue.") if late else _("A report is to be filed.")
            return RenewalCondition(name, False, text, one.due_on, one.pk)
    return RenewalCondition(name, True, _("Nothing is owed."))


def _result(evaluations: list[Evaluation]) -> RenewalCondition:
    name = _("Periodic evaluation")
    for one in reversed(evaluations):
        if one.state == S.PASSED:
            return RenewalCondition(name, True, _("The last one was passed."), None, one.pk)
        if one.state == S.FAILED:
            return RenewalCondition(name, False, _("The last one was failed."), None, one.pk)
        if one.state in BEFORE_RESULT:
            text = _("The result is still open.")
            return RenewalCondition(name, False, text, None, one.pk)
    due = evaluations[0].due_on if evaluations else None
    return RenewalCondition(name, False, _("None was passed yet."), due)


def _measure(row: License) -> RenewalCondition:
    name = _("Measures")
    held = (row.suspension or {}).get("source") == "measure"
    if held or row.restriction is not None:
        return RenewalCondition(name, False, _("A measure stands on this license."))
    return RenewalCondition(name, True, _("No measure stands on this license."))
