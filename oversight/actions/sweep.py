"""What happens by itself when time passes in oversight. Source: domain §3.4."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from oversight import rules
from oversight.actions.alerts import raise_alert
from oversight.actions.bars import lift_expired_bars
from oversight.actions.hearing import waive_statement
from oversight.actions.notices import expire_notices
from oversight.actions.schedule import open_due_evaluations
from oversight.actions.scores import fail_unrectified
from oversight.actions.switches import end_due_switches
from oversight.models import Alert, CaseState, Evaluation, ExitCase, Measure, ViolationCase
from parties import queries as parties
from workflow import deadlines
from workflow.models import Deadline


def sweep(*, at: datetime) -> int:
    """
    Do what is due by time: open evaluations, go on without statements, fail what
    was not rectified, warn of late reports and certificates, end notices, bars and switches.

    Each thing is a transaction of its own; returns how many were done.
    """
    system = parties.system_actor()
    done = open_due_evaluations(at=at, actor=system)
    done += _overdue(at=at, actor=system)
    done += _end_interim(at=at)
    done += expire_notices(at=at)
    done += lift_expired_bars(at=at)
    done += end_due_switches(at=at)
    return done


def _overdue(*, at: datetime, actor: Any) -> int:
    done = 0
    kinds = (
        rules.SELF_REPORT,
        rules.RECTIFICATION,
        rules.PARTY_STATEMENT,
        rules.VIOLATION_OBJECTION,
        rules.DESTRUCTION,
    )
    for row in deadlines.overdue(at=at, kinds=kinds):
        with transaction.atomic():
            done += _one(row, actor=actor, at=at)
    return done


def _one(row: Deadline, *, actor: Any, at: datetime) -> bool:
    subject_id = UUID(row.subject_id)
    match row.kind:
        case rules.RECTIFICATION:
            found = Evaluation.objects.filter(
                id=subject_id, state=Evaluation.State.RECTIFICATION
            ).exists()
            if found:
                fail_unrectified(evaluation_id=subject_id, actor=actor, at=at)
            return found
        case rules.PARTY_STATEMENT:
            found = ViolationCase.objects.filter(
                id=subject_id, state=CaseState.HEARING_NOTICE
            ).exists()
            if found:
                waive_statement(case_id=subject_id, actor=actor, at=at)
            return found
        case rules.VIOLATION_OBJECTION:
            # The party let its right lapse; nobody is late with anything.
            case = ViolationCase.objects.filter(id=subject_id).first()
            return case is not None and bool(deadlines.close(case, row.kind, at=at))
        case rules.SELF_REPORT:
            evaluation = Evaluation.objects.filter(id=subject_id).first()
            return evaluation is not None and _warn(
                Alert.Rule.REPORT_OVERDUE, "IV", evaluation.licensee_id, row,
                _("Self-report %(number)s is overdue since %(day)s"), evaluation.number,
                license_id=None, actor=actor, at=at,
            )  # fmt: skip
        case _:
            leaving = ExitCase.objects.filter(id=subject_id).first()
            return leaving is not None and _warn(
                Alert.Rule.DESTRUCTION_OVERDUE, "II", leaving.licensee_id, row,
                _("Certificate of destruction %(number)s is overdue since %(day)s"),
                leaving.number, license_id=leaving.license_id, actor=actor, at=at,
            )  # fmt: skip


def _warn(
    rule: str,
    grade: str,
    organization_id: UUID,
    row: Deadline,
    text: Any,
    number: str,
    *,
    license_id: UUID | None,
    actor: Any,
    at: datetime,
) -> bool:
    key = f"{rule}:{row.pk}"
    if Alert.objects.filter(key=key).exists():
        return False
    raise_alert(
        rule=rule,
        grade=grade,
        summary=str(text % {"number": number, "day": date_format(row.due_on)}),
        key=key,
        license_id=license_id,
        organization_id=organization_id,
        evidence={"due_on": row.due_on},
        actor=actor,
        at=at,
    )
    return True


def _end_interim(*, at: datetime) -> int:
    """Mark restrictions that no case followed as over; licensing has lifted them by their date."""
    done = 0
    with transaction.atomic():
        rows = Measure.objects.select_for_update(of=("self",)).filter(
            interim=True, case=None, ended_at=None, until__lte=at
        )
        for measure in rows.select_related("alert"):
            measure.ended_at = measure.until
            measure.save(update_fields=["ended_at"])
            if measure.alert is not None:
                deadlines.close(measure.alert, rules.INTERIM_MEASURE, at=at)
            done += 1
    return done
