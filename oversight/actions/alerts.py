"""Alerts: raised by rules and people, looked after, restricted for the time being. §3.11, T14."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from licensing import actions as licensing
from licensing.models import License
from oversight import detection, rules, topics
from oversight.actions.access import ask, lock_alert, one_of, stated
from oversight.actions.messages import tell
from oversight.models import Alert, Measure, MeasureKind
from oversight.policies import REPORTERS
from oversight.queries.volume import suspicious_hours
from parties import queries as parties
from parties.models import Organization
from parties.roles import Kind, Role
from workflow import audit, deadlines, transitions

SUMMARY_CHARACTERS_MAX = 300


@transitions.action
def raise_alert(
    *,
    rule: str,
    grade: str,
    summary: str,
    actor: Any,
    at: datetime,
    key: str = "",
    license_id: UUID | None = None,
    organization_id: UUID | None = None,
    evidence: dict[str, Any] | None = None,
) -> Alert:
    """
    Raise an alert; the same occasion (``key``) is raised once.

    Names a license or an organization; ``grade`` is I (gravest) to IV.

    :raises InvalidInput: unknown rule or grade, no summary, or nobody it is about.
    :raises Forbidden: the actor neither is the system nor works in supervision.
    """
    _require_reporter(actor)
    organization, subject_license = _about(license_id, organization_id)
    _check(rule=rule, grade=grade, summary=summary)
    key = key or f"{rule}:{organization.pk}:{license_id or ''}:{at.isoformat()}"
    known = Alert.objects.filter(key=key).first()
    if known is not None:
        return known
    alert = Alert(
        rule=rule,
        grade=grade,
        key=key,
        organization=organization,
        license=subject_license,
        summary=summary.strip(),
        evidence=audit.plain(evidence or {}),
        raised_at=at,
    )
    authority = one_of(Kind.AUTHORITY)
    transitions.create(
        alert,
        actor=actor,
        at=at,
        facts={"rule": rule, "grade": grade},
        authority=authority,
        platform=one_of(Kind.PLATFORM),
    )
    tell(
        alert,
        organization=authority,
        roles=(Role.AUTHORITY_SUPERVISOR,),
        topic=topics.ALERT,
        text=_("Alert of grade %(grade)s") % {"grade": grade},
        body=summary,
        route="alert",
        occasion="raised",
        at=at,
    )
    return alert


@transitions.action
def acknowledge_alert(*, alert_id: UUID, actor: Any, at: datetime) -> Alert:
    """
    Record who looks after an alert.

    :raises NotAllowedNow: somebody does already.
    """
    alert = lock_alert(alert_id, actor=actor)
    return transitions.perform(alert, "acknowledge", actor=actor, at=at, owner=actor)


@transitions.action
def close_alert(*, alert_id: UUID, outcome: str, note: str, actor: Any, at: datetime) -> Alert:
    """
    Close an alert with what came of it; a false one lifts its restriction.

    :raises InvalidInput: an unknown outcome. :raises ReasonNeeded: no note.
    :raises NotAllowedNow: it is closed.
    """
    alert = lock_alert(alert_id, actor=actor)
    ask(alert, "close", actor=actor, at=at)
    if outcome not in Alert.Outcome.values or outcome == Alert.Outcome.CASE:
        raise InvalidInput(fields={"outcome": _("Choose what came of it.")})
    transitions.perform(
        alert, "close", actor=actor, at=at, outcome=outcome, note=stated(note, field="note")
    )
    if outcome in (Alert.Outcome.FALSE_POSITIVE, Alert.Outcome.TICKET):
        _lift(alert, reason=note, at=at)
    return alert


@transitions.action
def restrict_for_alert(
    *,
    alert_id: UUID,
    quota_factor: Decimal | str | int,
    reason: str,
    actor: Any,
    at: datetime,
) -> Measure:
    """
    Restrict the license of an alert for the time being, 15 working days at most.

    ``quota_factor`` is the part of every quota that remains, from 0 to 1. A case that is filed on
    the alert keeps the restriction standing.

    :raises NotAllowedNow: the alert is closed, names no license, or it is restricted already.
    :raises InvalidRestriction: the factor is out of range.
    :raises Forbidden: the actor may not restrict licenses.
    Source: T14, domain §3.4.
    """
    alert = lock_alert(alert_id, actor=actor)
    if alert.state == Alert.State.CLOSED or alert.license_id is None:
        raise NotAllowedNow
    if alert.measures.filter(ended_at=None).exists():
        raise NotAllowedNow
    due = deadlines.start(alert, rules.INTERIM_MEASURE, at=at)
    until = clock.end_of_day(due.due_on)
    licensing.restrict_license(
        license_id=alert.license_id,
        quota_factor=quota_factor,
        until=until,
        blocked_fields=(),
        reason=stated(reason),
        actor=actor,
        at=at,
    )
    audit.record(alert, "restrict", actor=actor, at=at, facts={"until": until, "reason": reason})
    return Measure.objects.create(
        alert=alert,
        kind=MeasureKind.RESTRICT,
        interim=True,
        terms={"quota_factor": str(quota_factor)},
        effects=[{"license": str(alert.license_id), "effect": "RESTRICT"}],
        reason=reason.strip(),
        ordered_by=actor,
        ordered_at=at,
        until=until,
    )


def detect_volume(*, at: datetime) -> int:
    """
    Look at the last full hours of every license and raise what is suspicious.

    Returns how many alerts are new. Each alert is a transaction of its own.
    Source: domain §3.11, docs/sources.md#a10.
    """
    system, raised = parties.system_actor(), 0
    for found in suspicious_hours(at=at):
        key = f"{found.finding.rule}:{found.license_id}:{found.hour_from.isoformat()}"
        if Alert.objects.filter(key=key).exists():
            continue
        ratio = found.finding.ratio
        times = _("%(ratio)s times the mean") % {"ratio": ratio} if ratio else _("no calls before")
        summary = _("%(calls)s calls from %(hour)s o'clock, %(times)s") % {
            "calls": found.finding.calls,
            "hour": found.hour_from.astimezone(clock.SHANGHAI).hour,
            "times": times,
        }
        with transaction.atomic():
            raise_alert(
                rule=found.finding.rule,
                grade=found.finding.grade,
                summary=str(summary),
                key=key,
                license_id=found.license_id,
                evidence={
                    "calls": found.finding.calls,
                    "mean": found.finding.mean,
                    "ratio": ratio,
                    "hour_from": found.hour_from,
                    "baseline_days": detection.BASELINE_DAYS,
                },
                actor=system,
                at=at,
            )
        raised += 1
    return raised


def close_for_case(alert: Alert, *, case_reference: str, actor: Any, at: datetime) -> None:
    """Close an alert because a case was opened on it."""
    if alert.state != Alert.State.CLOSED:
        transitions.perform(
            alert, "close", actor=actor, at=at, outcome=Alert.Outcome.CASE, note=case_reference
        )


def _lift(alert: Alert, *, reason: str, at: datetime) -> None:
    deadlines.close(alert, rules.INTERIM_MEASURE, at=at)
    license_id = alert.license_id
    for measure in alert.measures.filter(ended_at=None):
        measure.ended_at = at
        measure.save(update_fields=["ended_at"])
        restricted = License.objects.filter(
            id=license_id, state=License.State.ACTIVE, restriction__isnull=False
        )
        if license_id is not None and restricted.exists():
            # Whoever closes a false alarm need not hold a right on the license: the alarm was all
            # that the restriction stood on.
            licensing.lift_restriction(
                license_id=license_id,
                reason=reason,
                actor=parties.system_actor(),
                at=at,
            )


def _about(
    license_id: UUID | None, organization_id: UUID | None
) -> tuple[Organization, License | None]:
    if license_id is not None:
        found = License.objects.select_related("licensee").filter(id=license_id).first()
        if found is None:
            raise NotFound
        return found.licensee, found
    organization = Organization.objects.filter(id=organization_id).first()
    if organization is None:
        raise InvalidInput(fields={"organization_id": _("Say whom the alert is about.")})
    return organization, None


def _check(*, rule: str, grade: str, summary: str) -> None:
    wrong: dict[str, Any] = {}
    if rule not in Alert.Rule.values:
        wrong["rule"] = _("There is no such rule.")
    if grade not in Alert.Grade.values:
        wrong["grade"] = _("Choose a grade from I to IV.")
    if not summary.strip() or len(summary.strip()) > SUMMARY_CHARACTERS_MAX:
        wrong["summary"] = _("Describe it in at most 300 characters.")
    if wrong:
        raise InvalidInput(fields=wrong)


def _require_reporter(actor: Any) -> None:
    if getattr(actor, "is_system", False):
        return
    if not any(parties.has_role(actor, role) for role in REPORTERS):
        raise Forbidden
