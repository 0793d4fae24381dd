"""Scores and results of evaluations. Source: domain §3.10, docs/sources.md#b19."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core import clock
from oversight import rules, scoring, topics
from oversight.actions.access import ask, lock_evaluation
from oversight.actions.cases import report_failed_evaluation
from oversight.actions.messages import PARTY_ROLES, tell
from oversight.actions.schedule import schedule_next_evaluation
from oversight.errors import RectificationUnsaid
from oversight.models import Evaluation, Score, ViolationCase
from oversight.queries.indicators import indicators_of
from workflow import deadlines, transitions

State = Evaluation.State


@transitions.action
def score_evaluation(
    *,
    evaluation_id: UUID,
    points: Mapping[str, int],
    remarks: str,
    actor: Any,
    at: datetime,
    rectifications: Iterable[str] = (),
    veto: str = "",
) -> Evaluation:
    """
    Score an evaluation, or score it again after rectification, and conclude.

    Points are whole. A violation V2 or V3 decided in the period vetoes whatever the points. A pass
    schedules the next evaluation, a failure reports a violation.

    :raises PointsInvalid: points are missing or do not fit.
    :raises RectificationUnsaid: the score asks for rectification and nothing is listed.
    :raises NotAllowedNow: there is nothing verified to score.
    Source: domain §3.10, docs/sources.md#b19.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    again = subject.state == State.RECTIFIED
    name = "recheck" if again else "score"
    ask(subject, name, actor=actor, at=at)
    scale = scoring.Scale.of_terms(subject.terms)
    found = scoring.judge(
        points=points, scale=scale, veto=veto or _decided_veto(subject), second_round=again
    )
    listed = [line.strip() for line in rectifications if line.strip()]
    if found.result == scoring.RECTIFY and not listed:
        raise RectificationUnsaid(fields={"rectifications": RectificationUnsaid.default_message})
    Score.objects.bulk_create(
        Score(
            evaluation=subject,
            round=2 if again else 1,
            indicator=indicator,
            points=points[indicator],
            points_max=limit,
        )
        for indicator, limit in scale.weights.items()
    )
    transitions.perform(
        subject,
        name,
        actor=actor,
        at=at,
        scorer=actor,
        total=found.total,
        veto=found.veto,
        remarks=remarks.strip(),
        indicators=indicators_of(subject),
    )
    _conclude(subject, found.result, listed, actor=actor, at=at)
    return subject


@transitions.action
def fail_unrectified(*, evaluation_id: UUID, actor: Any, at: datetime) -> Evaluation:
    """
    Fail an evaluation whose time for rectification is over.

    :raises NotAllowedNow: it is not under rectification, or its time is not over.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    ask(subject, "fail", actor=actor, at=at)
    _fail(subject, reason="逾期未完成整改", actor=actor, at=at)
    return subject


def _conclude(
    subject: Evaluation, result: str, listed: list[str], *, actor: Any, at: datetime
) -> None:
    deadlines.close(subject, rules.EVALUATION, at=at)
    if result == scoring.RECTIFY:
        transitions.perform(subject, "rectify", actor=actor, at=at, rectifications=listed)
        due = deadlines.start(subject, rules.RECTIFICATION, at=at)
        body = _("Put right what is listed and report by %(day)s.") % {
            "day": date_format(due.due_on)
        }
        _tell_result(subject, _("Rectification ordered: %(number)s"), "rectify", at, body=body)
    elif result == scoring.PASS:
        transitions.perform(subject, "pass_evaluation", actor=actor, at=at)
        _tell_result(subject, _("Evaluation passed: %(number)s"), "passed", at)
        schedule_next_evaluation(before=subject, actor=actor, at=at)
    else:
        reason = f"否决项：{subject.veto}" if subject.veto else f"得分{subject.total}分"
        _fail(subject, reason=reason, actor=actor, at=at)


def _fail(subject: Evaluation, *, reason: str, actor: Any, at: datetime) -> None:
    transitions.perform(subject, "fail", actor=actor, at=at, reason=reason)
    deadlines.close_all(subject, at=at)
    _tell_result(subject, _("Evaluation failed: %(number)s"), "failed", at)
    report_failed_evaluation(evaluation=subject, reason=reason, actor=actor, at=at)


def _tell_result(
    subject: Evaluation, text: Any, occasion: str, at: datetime, *, body: Any = ""
) -> None:
    tell(
        subject,
        organization=subject.licensee,
        roles=PARTY_ROLES,
        topic=topics.EVALUATION,
        text=text % {"number": subject.number},
        body=body,
        route="evaluation",
        occasion=occasion,
        at=at,
    )


def _decided_veto(subject: Evaluation) -> str:
    since = clock.start_of_day(subject.period_from)
    found = (
        ViolationCase.objects.filter(
            party_id=subject.licensee_id,
            code__in=sorted(scoring.VETO_CODES),
            decided_at__gte=since,
        )
        .exclude(state=ViolationCase.State.DISMISSED)
        .order_by("decided_at", "id")
        .first()
    )
    return found.code if found else ""
