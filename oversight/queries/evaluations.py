"""Evaluations as the licensee, the assessor and the authority read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import NotFound
from oversight import scoring
from oversight.models import Evaluation, SelfReport
from oversight.queries.indicators import indicators_of
from oversight.queries.strips import Stage, Step, strip, tone
from workflow import deadlines, history, policy, transitions

S = Evaluation.State
STAGES = (
    Stage(_("Scheduled"), (S.SCHEDULED,), _("System")),
    Stage(_("Self-report"), (S.SELF_REPORT_DUE,), _("Data user")),
    Stage(_("Verification"), (S.SUBMITTED,), _("Platform")),
    Stage(_("Scoring"), (S.VERIFIED, S.SCORED), _("Assessor")),
    Stage(_("Rectification"), (S.RECTIFICATION, S.RECTIFIED, S.RECHECKED), _("Data user")),
    Stage(_("Result"), (S.PASSED, S.FAILED)),
)
INDICATOR_NAMES: dict[str, str | Promise] = {
    "compliance": _("Compliance"),
    "security": _("Security in practice"),
    "utilization": _("Utilization"),
    "benefit": _("Benefit achieved"),
    "reporting": _("Duties of reporting"),
}
FIGURE_NAMES: dict[str, str | Promise] = {
    "calls": _("All calls"),
    "billable": _("Successful calls"),
    "rows": _("Rows delivered"),
    "refused": _("Refused calls"),
    "refused_permille": _("Refused calls per thousand"),
    "server_errors": _("Server errors"),
    "quota": _("Quota of the period"),
    "quota_percent": _("Use of the quota, percent"),
    "alerts": _("Alerts in the period"),
    "violations": _("Violations decided"),
    "late_reports": _("Late reports"),
}


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One evaluation in a list."""

    id: UUID
    number: str
    licensee_name: str
    agreement_id: UUID
    agreement_number: str
    period_from: date
    period_to: date
    due_on: date
    state: str
    state_name: str
    tone: str
    total: int | None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One indicator with its limit and the points of each round."""

    indicator: str
    name: str
    points_max: int
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report of the licensee."""

    kind: str
    kind_name: str
    version: int
    lines: tuple[tuple[str, str], ...]
    submitted_by: str
    submitted_at: datetime
    late_working_days: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """The page of one evaluation; ``figures`` come from the meter, frozen once it is scored."""

    row: EvaluationRow
    assessor_name: str
    strip: tuple[Step, ...]
    figures: tuple[tuple[str, int], ...]
    scores: tuple[ScoreLine, ...]
    pass_score: int
    fail_score: int
    veto: str
    remarks: str
    rectifications: tuple[str, ...]
    reports: tuple[ReportRow, ...]
    case_id: UUID | None
    case_number: str
    clocks: tuple[deadlines.ClockView, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]


# What a self-report has to speak of. Source: domain §3.2 UsageReport.
REPORT_TOPICS = ("purposes", "products", "benefits", "incidents", "staff")
TOPIC_NAMES: dict[str, str | Promise] = {
    "purposes": _("Purposes and scenario in practice"),
    "products": _("Products and services made"),
    "benefits": _("Economic and social benefit"),
    "incidents": _("Security incidents and how they were handled"),
    "staff": _("Changes of staff with access"),
    "rectified": _("What was put right"),
}


def my_evaluations(
    *, actor: Any, open_only: bool = False, limit: int | None = None
) -> tuple[EvaluationRow, ...]:
    """Return the evaluations an actor may see, the nearest due first."""
    rows = _with_names(policy.visible(actor, "oversight.see_evaluation", Evaluation))
    if open_only:
        rows = rows.exclude(state__in=[S.PASSED, S.FAILED])
    size = min(limit or settings.PAGE_ROWS_MAX, settings.PAGE_ROWS_MAX)
    return tuple(_row(row) for row in rows.order_by("due_on", "number", "id")[:size])


def evaluation_page(*, evaluation_id: UUID, actor: Any, at: datetime) -> EvaluationPage:
    """
    Return one evaluation.

    :raises NotFound: there is none, or the actor may not see it.
    """
    visible = policy.visible(actor, "oversight.see_evaluation", Evaluation)
    found = _with_names(visible).select_related("assessor").filter(id=evaluation_id).first()
    if found is None:
        raise NotFound
    scale = scoring.Scale.of_terms(found.terms)
    figures = found.indicators or indicators_of(found)
    case = getattr(found, "violation_case", None)
    if case is not None and not policy.holds(actor, "oversight.see_violationcase", case):
        # The party learns of a case by the hearing notice, not by its own evaluation.
        case = None
    return EvaluationPage(
        row=_row(found),
        assessor_name=found.assessor.name if found.assessor else "",
        strip=strip(STAGES, state=found.state, ended=(S.PASSED, S.FAILED)),
        figures=tuple((str(FIGURE_NAMES[k]), figures.get(k, 0)) for k in FIGURE_NAMES),
        scores=_scores(found, scale),
        pass_score=scale.pass_score,
        fail_score=scale.fail_score,
        veto=found.veto,
        remarks=found.remarks,
        rectifications=tuple(found.rectifications),
        reports=_reports(found),
        case_id=case.pk if case else None,
        case_number=(case.number or case.reference) if case else "",
        clocks=deadlines.of_subject(found, at=at),
        timeline=history.timeline(found),
        offers=transitions.offers(found, actor=actor),
    )


def _scores(found: Evaluation, scale: scoring.Scale) -> tuple[ScoreLine, ...]:
    points = {(s.round, s.indicator): s.points for s in found.scores.all()}
    return tuple(
        ScoreLine(
            indicator=name,
            name=str(INDICATOR_NAMES.get(name, name)),
            points_max=limit,
            first=points.get((1, name)),
            second=points.get((2, name)),
        )
        for name, limit in scale.weights.items()
    )


def _reports(found: Evaluation) -> tuple[ReportRow, ...]:
    rows = found.reports.select_related("submitted_by").order_by("-submitted_at", "-id")[:20]
    return tuple(
        ReportRow(
            kind=row.kind,
            kind_name=str(SelfReport.Kind(row.kind).label),
            version=row.version,
            lines=tuple(
                (str(TOPIC_NAMES.get(topic, topic)), text) for topic, text in row.content.items()
            ),
            submitted_by=row.submitted_by.full_name,
            submitted_at=row.submitted_at,
            late_working_days=row.late_working_days,
            content_hash=row.content_hash,
        )
        for row in rows
    )


def _with_names(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    return rows.select_related("licensee", "agreement")


def _row(row: Evaluation) -> EvaluationRow:
    return EvaluationRow(
        id=row.id,
        number=row.number,
        licensee_name=row.licensee.name,
        agreement_id=row.agreement_id,
        agreement_number=row.agreement.number,
        period_from=row.period_from,
        period_to=row.period_to,
        due_on=row.due_on,
        state=row.state,
        state_name=str(row.get_state_display()),
        tone=tone(row.state),
        total=row.total,
    )
