"""The rules of clocks with their versions, and what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from applications.clock_keeping import READERS, RULE_PROPOSERS
from applications.models import RuleProposal
from core import clock
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from workflow import policy, transitions
from workflow.models import Deadline, DeadlineRule, EscalationRule

Of = RuleProposal.Of


@dataclass(frozen=True, slots=True)
class VersionRow:
    """
    One version of a rule.

    ``status`` is present, future or past; ``running`` how many clocks run by it (of a time limit);
    names are empty of a version that came with the product.
    """

    version: int
    working_days: int
    role_name: str
    legal_basis: str
    effective_on: date
    status: str
    running: int
    proposed_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposed version that is not settled, or was refused."""

    id: UUID
    state: str
    state_name: str
    working_days: int
    role_name: str
    legal_basis: str
    effective_on: date
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    note: str
    offers: tuple[transitions.Offer, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule: what it is of, the version in force, the others, and the proposals."""

    of: str
    clock_kind: str
    present: VersionRow | None
    versions: tuple[VersionRow, ...]
    proposals: tuple[ProposalRow, ...]


def clock_rules(*, of: str, actor: Any, at: datetime) -> tuple[RulePage, ...]:
    """
    Return every rule of a sort with its versions, newest first, by the kind of its clock.

    The number of queries does not grow with the rules.

    :raises NotFound: the actor has no desk that reads them, or there is no such sort.
    """
    if of not in Of.values or not any(parties.has_role(actor, role) for role in READERS):
        raise NotFound
    today = clock.local_date(at)
    model: Any = DeadlineRule if of == Of.DEADLINE else EscalationRule
    proposals = _proposals(of, actor)
    approved = {(p.clock_kind, p.version): p for p in proposals if p.version is not None}
    running = _running() if of == Of.DEADLINE else {}
    by_kind: dict[str, list[VersionRow]] = {}
    for rule in model.objects.order_by("kind", "-version"):
        several = by_kind.setdefault(rule.kind, [])
        has_present = any(row.status == "present" for row in several)
        status = "future" if rule.effective_on > today else "past" if has_present else "present"
        several.append(
            _version(rule, status, running.get(rule.pk, 0), approved.get((rule.kind, rule.version)))
        )
    return tuple(
        RulePage(
            of=of,
            clock_kind=kind,
            present=next((row for row in versions if row.status == "present"), None),
            versions=tuple(versions),
            proposals=tuple(
                _proposal(p, actor)
                for p in proposals
                if p.clock_kind == kind and p.version is None
            ),
        )
        for kind, versions in by_kind.items()
    )


def may_propose_rules(*, actor: Any) -> bool:
    """Return whether the actor may propose a version of a rule."""
    return any(parties.has_role(actor, role) for role in RULE_PROPOSERS)


def _proposals(of: str, actor: Any) -> list[RuleProposal]:
    rows: QuerySet[RuleProposal] = policy.visible(
        actor, "applications.see_ruleproposal", RuleProposal
    )
    several = rows.filter(of=of).select_related("proposed_by", "settled_by")
    return list(several.order_by("-proposed_at", "id")[: settings.PAGE_ROWS_MAX])


def _running() -> dict[int, int]:
    rows = Deadline.objects.filter(closed_on=None).values("rule").order_by("rule")
    return {row["rule"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def _version(
    rule: Any, status: str, running: int, proposal: RuleProposal | None
) -> VersionRow:
    return VersionRow(
        version=rule.version,
        working_days=getattr(rule, "working_days", 0) or getattr(rule, "after_working_days", 0),
        role_name=_role_name(getattr(rule, "role", "")),
        legal_basis=rule.legal_basis,
        effective_on=rule.effective_on,
        status=status,
        running=running,
        proposed_by=proposal.proposed_by.full_name if proposal else "",
        approved_by=proposal.settled_by.full_name if proposal and proposal.settled_by else "",
    )


def _proposal(proposal: RuleProposal, actor: Any) -> ProposalRow:
    return ProposalRow(
        id=proposal.pk,
        state=proposal.state,
        state_name=str(proposal.get_state_display()),  # type: ignore[attr-defined]
        working_days=proposal.working_days,
        role_name=_role_name(proposal.role),
        legal_basis=proposal.legal_basis,
        effective_on=proposal.effective_on,
        proposed_by=proposal.proposed_by.full_name,
        proposed_at=proposal.proposed_at,
        settled_by=proposal.settled_by.full_name if proposal.settled_by else "",
        note=proposal.note,
        offers=transitions.offers(proposal, actor=actor)
        if proposal.state == RuleProposal.State.PROPOSED
        else (),
    )


def _role_name(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role
