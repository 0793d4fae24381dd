"""The security review. Source: domain T07."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions import papers
from applications.actions.access import ask, lock_application
from applications.actions.fastlane import take_fast_lane
from applications.errors import AssessmentExpired, EnvironmentUnfit, EvidenceOutdated
from applications.models import Application, SecurityAssessment
from applications.queries.rulebook import rules_on
from core import clock
from core.errors import InvalidInput
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, deadlines, policy, transitions

SWEEP_ROWS = 500
# Where an assessment can still be renewed: after the review, before the decision.
RENEWABLE = (Application.State.COMMITTEE_REVIEW, Application.State.DECISION_PENDING)


@transitions.action
def pass_security_review(
    *, application_id: UUID, assessment: Mapping[str, Any], actor: Any, at: datetime
) -> Application:
    """
    Record the security assessment and hand the case to the committee, or past it by rule.

    ``assessment`` is {"findings", "conclusion", "conditions", "valid_until"}: lists of lines, a
    text, and an ISO date or ``date`` not before today.

    :raises InvalidInput: findings or conclusion are missing, or the date has passed.
    :raises EvidenceOutdated: the risk assessment of a dataset is not valid today.
    :raises EnvironmentUnfit: the environment does not fit the level of the data.
    Source: domain T07.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "pass_security_review", actor=actor, at=at)
    today = clock.local_date(at)
    found = _clean(assessment, today=today)
    _ask_evidence(application, today=today)
    transitions.perform(application, "pass_security_review", actor=actor, at=at)
    _store(application, found, actor=actor, at=at)
    deadlines.close(application, "security_review", at=at)
    policy.grant(application, committee=application.committee)
    if not take_fast_lane(application, at=at):
        deadlines.start(application, "committee", at=at)
    return application


@transitions.action
def renew_assessment(
    *, application_id: UUID, assessment: Mapping[str, Any], actor: Any, at: datetime
) -> Application:
    """
    Record the next version of the security assessment; the earlier ones are kept.

    ``assessment`` is what ``pass_security_review`` takes; its date lies after today.

    :raises InvalidInput: findings or conclusion are missing, or it would end today.
    :raises EvidenceOutdated: the risk assessment of a dataset is not valid today.
    :raises EnvironmentUnfit: the environment does not fit the level of the data.
    :raises NotAllowedNow: the case is not between the security review and the decision.
    Source: domain T07, T09.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "renew_assessment", actor=actor, at=at)
    today = clock.local_date(at)
    found = _clean(assessment, today=today)
    if found["valid_until"] <= today:
        raise InvalidInput(
            fields={"valid_until": _("It must be valid beyond the day of the decision.")}
        )
    _ask_evidence(application, today=today)
    new = _store(application, found, actor=actor, at=at)
    return transitions.perform(
        application, "renew_assessment", actor=actor, at=at, version=new.version
    )


@transitions.action
def ask_renewal(*, application_id: UUID, at: datetime) -> None:
    """Ask the security officer once for the next version of an assessment; for the system."""
    system = parties.system_actor()
    application = lock_application(application_id=application_id, actor=system)
    latest = application.assessment
    if latest is None or latest.renewal_asked_at is not None:
        return
    latest.renewal_asked_at = at
    latest.save()
    audit.record(
        application, "ask_renewal", actor=system, at=at, facts={"version": latest.version}
    )
    notify.tell_desk(
        organization=application.platform,
        role=Role.SECURITY_OFFICER,
        subject=f"申请{application.number}的安全评估已到期，请重新评估",
        link=reverse("portal:application_security_renew", args=[application.pk]),
        topic=topics.CASEWORK,
        key=f"applications.renewal.{latest.pk}",
        at=at,
    )


def ask_renewals(*, at: datetime) -> int:
    """
    Ask for the next version of every assessment that has run out while its case is undecided.

    Each case is one transaction of its own, at most SWEEP_ROWS; returns how many were asked for.
    """
    newest = SecurityAssessment.objects.filter(application=OuterRef("pk")).order_by("-version")
    waiting = (
        Application.objects.filter(state__in=RENEWABLE)
        .annotate(
            until=Subquery(newest.values("valid_until")[:1]),
            asked=Subquery(newest.values("renewal_asked_at")[:1]),
        )
        .filter(until__lte=clock.local_date(at), asked=None)
        .order_by("id")
    )
    ids = list(waiting.values_list("pk", flat=True)[:SWEEP_ROWS])
    for application_id in ids:
        ask_renewal(application_id=application_id, at=at)
    return len(ids)


def ask_valid(application: Application, *, approved: Sequence[str], at: datetime) -> None:
    """
    Ask that what was assessed still holds on the day after a decision.

    :raises AssessmentExpired: the security assessment ends on the day of the decision or before.
    :raises EvidenceOutdated: the risk assessment of an approved dataset is not valid today.
    """
    today = clock.local_date(at)
    latest = application.assessment
    if latest is None or latest.valid_until <= today:
        raise AssessmentExpired(until=latest.valid_until.isoformat() if latest else "—")
    _ask_evidence(application, today=today, only=approved)


def _store(
    application: Application, found: dict[str, Any], *, actor: Any, at: datetime
) -> SecurityAssessment:
    return SecurityAssessment.objects.create(
        application=application,
        version=application.assessments.count() + 1,
        assessed_by=actor,
        assessed_at=at,
        **found,
    )


def _clean(assessment: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    problems: dict[str, str | Promise] = {}
    findings = papers.as_lines(assessment.get("findings"))
    conclusion = str(assessment.get("conclusion") or "").strip()
    valid_until = assessment.get("valid_until")
    if isinstance(valid_until, str):
        try:
            valid_until = date.fromisoformat(valid_until)
        except ValueError:
            valid_until = None
    if not findings:
        problems["findings"] = _("State what was looked at and found.")
    if not conclusion:
        problems["conclusion"] = _("State the conclusion.")
    if valid_until is None or valid_until < today:
        problems["valid_until"] = _("State until when the assessment is valid.")
    if problems:
        raise InvalidInput(fields=problems)
    return {
        "findings": findings,
        "conclusion": conclusion,
        "conditions": papers.as_lines(assessment.get("conditions")),
        "valid_until": valid_until,
    }


def _ask_evidence(
    application: Application, *, today: date, only: Sequence[str] | None = None
) -> None:
    outdated, unfit, rules = [], [], rules_on(on=today)
    rows = application.items.select_related("dataset__risk_assessment")
    if only is not None:
        rows = rows.filter(dataset__code__in=only)
    for item in rows.order_by("dataset__code", "id"):
        evidence = item.dataset.risk_assessment
        if evidence is None or evidence.valid_until < today:
            outdated.append(item.dataset.code)
        if (
            item.dataset.level in rules.high_levels
            and application.environment not in rules.closed_environments
        ):
            unfit.append(item.dataset.code)
    if outdated:
        raise EvidenceOutdated(datasets="、".join(outdated))
    if unfit:
        raise EnvironmentUnfit(datasets="、".join(unfit))
