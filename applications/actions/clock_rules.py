"""Later versions of the rules of clocks: one person proposes, another one approves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.actions.access import ask
from applications.clock_keeping import ESCALATION_ROLES, RULE_PROPOSERS
from applications.models import RuleProposal
from core import clock
from core.errors import Conflict, Forbidden, InvalidInput, NotFound
from core.working_days import WORKING_DAYS_MAX
from parties import queries as parties
from parties.roles import Kind
from workflow import deadlines, escalation, policy, transitions
from workflow.models import DeadlineRule, EscalationRule

BASIS_CHARACTERS_MAX = 300
_RULES = {RuleProposal.Of.DEADLINE: DeadlineRule, RuleProposal.Of.ESCALATION: EscalationRule}


class ProposalOpen(Conflict):
    """A version of this rule is proposed and not settled."""

    code = "rule_proposal_open"
    default_message = _("A version of this rule waits for approval. Have it settled first.")


@transitions.action
def propose_rule(
    *,
    of: str,
    clock_kind: str,
    working_days: int,
    legal_basis: str,
    effective_on: date,
    actor: Any,
    at: datetime,
    role: str = "",
) -> RuleProposal:
    """
    Propose the next version of a rule of clocks.

    ``working_days`` are those of the step, or of an escalation those after the last day; ``role``
    is before whom an escalated clock comes.

    :raises Forbidden: the actor has no desk at the authority.
    :raises InvalidInput: an unknown rule, a count out of bounds, no legal basis, a day too early.
    :raises ProposalOpen: a version of this rule waits already.
    """
    if not any(parties.has_role(actor, wanted) for wanted in RULE_PROPOSERS):
        raise Forbidden
    proposal = RuleProposal(
        of=of,
        clock_kind=clock_kind,
        working_days=working_days,
        role=role if of == RuleProposal.Of.ESCALATION else "",
        legal_basis=legal_basis.strip(),
        effective_on=effective_on,
        proposed_by=actor,
        proposed_at=at,
    )
    problems = _problems(proposal, on=clock.local_date(at))
    if problems:
        raise InvalidInput(fields=problems)
    # The first version is the lock: two may be proposed at once.
    rule = _RULES[RuleProposal.Of(of)]
    rule.objects.select_for_update().get(kind=clock_kind, version=1)  # type: ignore[attr-defined]
    if RuleProposal.objects.filter(
        of=of, clock_kind=clock_kind, state=RuleProposal.State.PROPOSED
    ).exists():
        raise ProposalOpen
    return transitions.create(
        proposal,
        actor=actor,
        at=at,
        authority=parties.the(Kind.AUTHORITY),
        platform=parties.the(Kind.PLATFORM),
    )


@transitions.action
def settle_rule(
    *, proposal_id: UUID, approve: bool, actor: Any, at: datetime, note: str = ""
) -> RuleProposal:
    """
    Approve or refuse a proposed version; clocks that run keep the version they started with.

    :raises Forbidden: the actor may not, or proposed it.
    :raises InvalidInput: it would come into force today or earlier; a refusal without a reason.
    :raises NotAllowedNow: it is settled already.
    """
    proposal = (
        RuleProposal.objects.select_for_update(of=("self",), no_key=True)
        .filter(id=proposal_id)
        .first()
    )
    if proposal is None or not policy.holds(actor, "applications.see_ruleproposal", proposal):
        raise NotFound
    verb = "approve" if approve else "refuse"
    ask(proposal, verb, actor=actor, at=at)
    if not approve:
        if not note.strip():
            raise InvalidInput(fields={"note": _("State the reason.")})
        return transitions.perform(
            proposal, verb, actor=actor, at=at, by=actor, note=note.strip()[:300]
        )
    _ask_day(proposal, on=clock.local_date(at))
    return transitions.perform(
        proposal, verb, actor=actor, at=at, by=actor, version=_put_in_force(proposal)
    )


def _put_in_force(proposal: RuleProposal) -> int:
    if proposal.of == RuleProposal.Of.DEADLINE:
        return deadlines.add_version(
            proposal.clock_kind,
            working_days=proposal.working_days,
            legal_basis=proposal.legal_basis,
            effective_on=proposal.effective_on,
        ).version
    return escalation.add_version(
        proposal.clock_kind,
        after_working_days=proposal.working_days,
        role=proposal.role,
        legal_basis=proposal.legal_basis,
        effective_on=proposal.effective_on,
    ).version


def _problems(proposal: RuleProposal, *, on: date) -> dict[str, str | Promise]:
    found: dict[str, str | Promise] = {}
    rule = _RULES.get(proposal.of)  # type: ignore[call-overload]
    if rule is None or not rule.objects.filter(kind=proposal.clock_kind).exists():
        found["clock_kind"] = _("There is no such rule.")
    if not 1 <= proposal.working_days <= WORKING_DAYS_MAX:
        found["working_days"] = _("Enter between 1 and 1,000 working days.")
    if proposal.of == RuleProposal.Of.ESCALATION and proposal.role not in ESCALATION_ROLES:
        found["role"] = _("Choose one of the offered values.")
    if not 1 <= len(proposal.legal_basis) <= BASIS_CHARACTERS_MAX:
        found["legal_basis"] = _("State the legal basis.")
    if proposal.effective_on <= on:
        found["effective_on"] = _("A version comes into force on the next day or later.")
    return found


def _ask_day(proposal: RuleProposal, *, on: date) -> None:
    # A clock that started this morning would otherwise be under another rule this afternoon.
    if proposal.effective_on <= on:
        raise InvalidInput(
            _("Its day has come before it was approved. Refuse it and propose a later day.")
        )
