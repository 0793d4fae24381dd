"""A statement goes to the buyer, who confirms it, by a word or by silence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import hashing
from core.calendars import working_calendar
from parties import queries as parties
from settlement import papers
from settlement.actions.locks import ask, lock_statement
from settlement.models import Statement, StatementDocument
from settlement.rules import CONFIRMATION, PAYMENT
from workflow import deadlines, policy, transitions
from workflow.models import DeadlineRule

CONFIRMED_BY_SILENCE = "silence"


@transitions.action
def issue_statement(*, statement_id: UUID, actor: Any, at: datetime) -> Statement:
    """
    Issue a drafted statement: three documents, and the clock of the buyer.

    :raises NotAllowedNow: it is no draft.
    :raises InconsistentFacts: its parts do not make its totals.
    :raises MissingGlyph: a name cannot be printed with the embedded fonts.
    Source: domain §3.3, T21.
    """
    subject = lock_statement(statement_id, actor=actor)
    return issue(subject, actor=actor, at=at)


def issue(subject: Statement, *, actor: Any, at: datetime) -> Statement:
    """Issue a locked draft in the open transaction."""
    ask(subject, "issue", actor=actor, at=at, content_hash="")
    confirm_by = deadlines.start(subject, CONFIRMATION, at=at).due_on
    subject.issued_at = at
    files = papers.render(subject, confirm_by=confirm_by, pay_by=_pay_by(confirm_by))
    hashes = {kind: hashing.digest(file) for kind, file in files.items()}
    transitions.perform(
        subject, "issue", actor=actor, at=at, content_hash=hashes[StatementDocument.Kind.JSON]
    )
    policy.grant(subject, licensee=subject.licensee)
    StatementDocument.objects.bulk_create(
        StatementDocument(
            statement=subject, kind=kind, content_hash=hashes[kind], file=file, created_at=at
        )
        for kind, file in files.items()
    )
    return subject


@transitions.action
def confirm_statement(*, statement_id: UUID, actor: Any, at: datetime) -> Statement:
    """
    Confirm an issued statement for the buyer and start the clock of payment.

    :raises NotAllowedNow: it is not waiting for the buyer.
    Source: domain §3.3, T21.
    """
    subject = lock_statement(statement_id, actor=actor)
    return _confirm(subject, actor=actor, at=at, how="word")


@transitions.action
def confirm_overdue(*, at: datetime) -> int:
    """
    Confirm the statements whose time for objections has passed in silence.

    Returns how many. Source: domain §3.4 (statement confirmation).
    """
    system, done = parties.system_actor(), 0
    for deadline in deadlines.overdue(at=at, kinds=[CONFIRMATION]):
        subject = lock_statement(UUID(deadline.subject_id), actor=system)
        if subject.state == Statement.State.ISSUED:
            _confirm(subject, actor=system, at=at, how=CONFIRMED_BY_SILENCE)
            done += 1
    return done


def _confirm(subject: Statement, *, actor: Any, at: datetime, how: str) -> Statement:
    transitions.perform(subject, "confirm", actor=actor, at=at, by=actor, how=how)
    deadlines.close(subject, CONFIRMATION, at=at)
    deadlines.start(subject, PAYMENT, at=at)
    return subject


def _pay_by(confirm_by: date) -> date:
    """Return the last day of payment when the buyer confirms on the last day for that."""
    rule = (
        DeadlineRule.objects.filter(kind=PAYMENT, effective_on__lte=confirm_by)
        .order_by("-version")
        .first()
    )
    assert rule is not None, "the baseline installs the rule of payment"
    return working_calendar().due(start=confirm_by, working_days=rule.working_days).on
