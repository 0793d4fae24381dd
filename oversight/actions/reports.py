"""What the licensee reports for an evaluation, and its verification. Source: domain §3.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock, hashing
from core.calendars import working_calendar
from oversight import rules
from oversight.actions.access import ask, lock_evaluation, stated
from oversight.errors import ReportIncomplete
from oversight.models import Evaluation, SelfReport
from oversight.queries.evaluations import REPORT_TOPICS
from workflow import deadlines, transitions


@transitions.action
def submit_self_report(
    *, evaluation_id: UUID, content: Mapping[str, str], actor: Any, at: datetime
) -> SelfReport:
    """
    Take the licensee's self-report; a late one is taken and marked as late.

    ``content`` says something under every one of REPORT_TOPICS.

    :raises ReportIncomplete: a topic is missing.
    :raises NotAllowedNow: no self-report is due.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    ask(subject, "report", actor=actor, at=at)
    report = _store_report(
        subject, SelfReport.Kind.USAGE, _read_topics(content, REPORT_TOPICS), actor, at,
        clock_kind=rules.SELF_REPORT,
    )  # fmt: skip
    transitions.perform(subject, "report", actor=actor, at=at, content_hash=report.content_hash)
    deadlines.close(subject, rules.SELF_REPORT, at=at)
    deadlines.start(subject, rules.EVALUATION, at=at)
    return report


@transitions.action
def verify_self_report(
    *, evaluation_id: UUID, actor: Any, at: datetime, note: str = ""
) -> Evaluation:
    """
    Confirm that a self-report agrees with the meter and the records.

    :raises NotAllowedNow: no self-report waits to be verified.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    return transitions.perform(
        subject, "verify_report", actor=actor, at=at, verifier=actor, note=note.strip()
    )


@transitions.action
def return_self_report(
    *, evaluation_id: UUID, reason: str, actor: Any, at: datetime
) -> Evaluation:
    """
    Give a self-report back; the licensee has its working days again.

    :raises ReasonNeeded: no reason is stated.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    ask(subject, "return_report", actor=actor, at=at)
    transitions.perform(subject, "return_report", actor=actor, at=at, reason=stated(reason))
    deadlines.close(subject, rules.EVALUATION, at=at)
    deadlines.start(subject, rules.SELF_REPORT, at=at)
    return subject


@transitions.action
def submit_rectification(
    *, evaluation_id: UUID, content: Mapping[str, str], actor: Any, at: datetime
) -> SelfReport:
    """
    Take the licensee's report on what it put right.

    ``content`` answers under ``rectified`` what was listed.

    :raises ReportIncomplete: nothing is said. :raises NotAllowedNow: nothing is to be rectified.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    ask(subject, "report_rectification", actor=actor, at=at)
    report = _store_report(
        subject, SelfReport.Kind.RECTIFICATION, _read_topics(content, ("rectified",)), actor, at,
        clock_kind=rules.RECTIFICATION,
    )  # fmt: skip
    transitions.perform(
        subject, "report_rectification", actor=actor, at=at, content_hash=report.content_hash
    )
    deadlines.close(subject, rules.RECTIFICATION, at=at)
    deadlines.start(subject, rules.EVALUATION, at=at)
    return report


def _store_report(
    subject: Evaluation,
    kind: str,
    content: dict[str, str],
    actor: Any,
    at: datetime,
    *,
    clock_kind: str,
) -> SelfReport:
    running = [c for c in deadlines.of_subject(subject, at=at) if c.kind == clock_kind]
    due_on = next((c.due_on for c in running if c.status != "closed"), None)
    late = 0
    if due_on is not None:
        late = max(0, working_calendar().between(after=due_on, until=clock.local_date(at)))
    return SelfReport.objects.create(
        evaluation=subject,
        kind=kind,
        version=SelfReport.objects.filter(evaluation=subject, kind=kind).count() + 1,
        content=content,
        content_hash=hashing.digest_of(content),
        late_working_days=late,
        submitted_by=actor,
        submitted_at=at,
    )


def _read_topics(content: Mapping[str, str], topics: Iterable[str]) -> dict[str, str]:
    said = {topic: str(content.get(topic, "")).strip() for topic in topics}
    missing: dict[str, str | Promise] = {
        topic: _("Say something here.") for topic, text in said.items() if not text
    }
    if missing:
        raise ReportIncomplete(fields=missing)
    return said
