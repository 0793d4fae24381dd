"""
The buyer disputes a line; the rest stays payable; the exchange answers.

The disputed statement is not changed: its next revision, without the frozen lines, is issued in the
same transaction. A line that stands after the answer is carried to the next statement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts import terms as contract_terms
from core.errors import InvalidInput, NotAllowedNow, NotFound
from parties import queries as parties
from settlement import charges as pure
from settlement.actions.drafting import owes_sandbox, store
from settlement.actions.issuing import issue
from settlement.actions.locks import ask, lock_agreement, lock_statement
from settlement.actions.rating import InForce, copy_of
from settlement.books import advance_available
from settlement.errors import ObjectionPeriodOver
from settlement.models import Dispute, Statement, TaxRate
from settlement.rules import CONFIRMATION
from workflow import deadlines, transitions

WORDS_CHARACTERS_MAX = 2_000


@transitions.action
def dispute_line(
    *, statement_id: UUID, line_id: int, reason: str, actor: Any, at: datetime
) -> Dispute:
    """
    Freeze a line for the buyer and issue the rest as the next revision.

    :raises NotFound: the statement has no such line.
    :raises NotAllowedNow: the statement is not waiting for the buyer.
    :raises ObjectionPeriodOver: the last day for objections has passed.
    :raises InvalidInput: no reason is stated.
    Source: domain §3.7 (Disputes).
    """
    lock_agreement(_agreement_of(statement_id))
    subject = lock_statement(statement_id, actor=actor)
    ask(subject, "dispute", actor=actor, at=at)
    stated = _words(reason, "reason", _("State what is wrong with this line."))
    clocks = deadlines.of_subject(subject, at=at)
    if any(one.kind == CONFIRMATION and one.status == "overdue" for one in clocks):
        raise ObjectionPeriodOver
    line = subject.lines.filter(id=line_id).first()
    if line is None:
        raise NotFound
    transitions.perform(subject, "dispute", actor=actor, at=at, line=line.position, reason=stated)
    deadlines.close(subject, CONFIRMATION, at=at)
    dispute = Dispute.objects.create(line=line, reason=stated, raised_by=actor, raised_at=at)
    _issue_the_rest(subject, without=line_id, at=at)
    return dispute


@transitions.action
def answer_dispute(
    *, dispute_id: int, outcome: str, answer: str, actor: Any, at: datetime
) -> Dispute:
    """
    Answer a dispute: the line stands and is carried over, or it is dropped.

    :raises NotFound: there is no such dispute, or the actor may not see its statement.
    :raises NotAllowedNow: it is answered already.
    :raises InvalidInput: no outcome or no answer is stated.
    Source: domain §3.7 (Disputes).
    """
    found = Dispute.objects.filter(id=dispute_id).values_list("line__statement_id").first()
    if found is None:
        raise NotFound
    subject = lock_statement(found[0], actor=actor)
    ask(subject, "resolve", actor=actor, at=at)
    dispute = Dispute.objects.select_for_update(of=("self",)).get(id=dispute_id)
    if dispute.answered_at is not None:
        raise NotAllowedNow
    if outcome not in Dispute.Outcome.values:
        raise InvalidInput(fields={"outcome": _("Choose whether the line stands.")})
    dispute.answer = _words(answer, "answer", _("State the grounds of the answer."))
    dispute.outcome, dispute.answered_by, dispute.answered_at = outcome, actor, at
    dispute.save(update_fields=["answer", "outcome", "answered_by", "answered_at"])
    transitions.perform(subject, "resolve", actor=actor, at=at, outcome=outcome)
    return dispute


def _issue_the_rest(disputed: Statement, *, without: int, at: datetime) -> Statement:
    system = parties.system_actor()
    lines = [
        copy_of(line) for line in disputed.lines.exclude(id=without).order_by("position")
    ]
    for position, line in enumerate(lines, start=1):
        line.position = position
    in_force = InForce(
        disputed.split_policy,
        disputed.fee_schedule,
        TaxRate.objects.filter(effective_on__lte=disputed.period_from).latest("effective_on"),
    )
    terms = contract_terms.parse(disputed.agreement.terms)
    amounts = pure.charges(
        lines_fen=[line.gross_fen for line in lines],
        rules=in_force.rules(sandbox=owes_sandbox(terms)),
        advance_fen=advance_available(disputed.agreement),
    )
    base = disputed.number.split("-R")[0]
    rest = Statement(
        number=f"{base}-R{disputed.revision + 1}",
        revision=disputed.revision + 1,
        replaces=disputed,
        agreement=disputed.agreement,
        licensee=disputed.licensee,
        exchange=disputed.exchange,
        period_from=disputed.period_from,
        period_to=disputed.period_to,
        purpose_class=disputed.purpose_class,
        drafted_by=system,
        drafted_at=at,
    )
    store(rest, lines, amounts, in_force, actor=system, at=at)
    return issue(rest, actor=system, at=at)


def _agreement_of(statement_id: UUID) -> UUID:
    found = Statement.objects.filter(id=statement_id).values_list("agreement_id", flat=True)
    agreement_id: UUID | None = found.first()
    if agreement_id is None:
        raise NotFound
    return agreement_id


def _words(text: str, field: str, missing: Any) -> str:
    stated = text.strip()
    if not stated or len(stated) > WORDS_CHARACTERS_MAX:
        raise InvalidInput(fields={field: missing})
    return stated
