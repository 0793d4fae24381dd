"""The security review. Source: domain T07."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.actions import papers
from applications.actions.access import ask, lock_application
from applications.eligibility import CLOSED_ENVIRONMENTS, HIGH_LEVELS
from applications.errors import EnvironmentUnfit, EvidenceOutdated
from applications.models import Application, SecurityAssessment
from core import clock
from core.errors import InvalidInput
from workflow import deadlines, policy, transitions


@transitions.action
def pass_security_review(
    *, application_id: UUID, assessment: Mapping[str, Any], actor: Any, at: datetime
) -> Application:
    """
    Record the security assessment and hand the case to the committee.

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
    SecurityAssessment.objects.create(
        application=application, assessed_by=actor, assessed_at=at, **found
    )
    deadlines.close(application, "security_review", at=at)
    deadlines.start(application, "committee", at=at)
    policy.grant(application, committee=application.committee)
    return application


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


def _ask_evidence(application: Application, *, today: date) -> None:
    outdated, unfit = [], []
    rows = application.items.select_related("dataset__risk_assessment")
    for item in rows.order_by("dataset__code", "id"):
        evidence = item.dataset.risk_assessment
        if evidence is None or evidence.valid_until < today:
            outdated.append(item.dataset.code)
        if (
            item.dataset.level in HIGH_LEVELS
            and application.environment not in CLOSED_ENVIRONMENTS
        ):
            unfit.append(item.dataset.code)
    if outdated:
        raise EvidenceOutdated(datasets="、".join(outdated))
    if unfit:
        raise EnvironmentUnfit(datasets="、".join(unfit))
