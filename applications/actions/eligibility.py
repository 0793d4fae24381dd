"""The rules of the checks as versions: one person proposes, another one approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from applications.actions.access import ask
from applications.eligibility_rules import problems
from applications.models import EligibilityRule
from applications.queries.eligibility import PROPOSERS
from applications.queries.rulebook import rules_of
from core import clock
from core.errors import Forbidden, InvalidInput, NotFound
from parties import queries as parties
from parties.models import Organization
from workflow import policy, transitions


@transitions.action
def propose_eligibility_rule(
    *,
    modes: Mapping[str, str],
    credit_days_max: int,
    high_levels: Sequence[str],
    closed_environments: Sequence[str],
    free_purposes: Sequence[str],
    protection_level_min: int,
    legal_basis: str,
    effective_on: date,
    actor: Any,
    at: datetime,
) -> EligibilityRule:
    """
    Propose the next version of the rules of the checks; nothing changes until it is approved.

    ``modes`` maps the code of a check to BLOCKS, INFORMS or OFF.

    :raises Forbidden: the actor is neither case handler nor decider of the authority.
    :raises InvalidInput: a check that blocks by law would not, a number is outside its limits, or
        there is no legal basis; ``fields`` names the entry.
    """
    authority = _authority_of(actor)
    if not legal_basis.strip():
        raise InvalidInput(fields={"legal_basis": _("State the legal basis.")})
    version = _next_version()
    rule = EligibilityRule(
        version=version,
        label=f"{effective_on.year}-{version}",
        modes=dict(modes),
        credit_days_max=credit_days_max,
        high_levels=list(high_levels),
        closed_environments=list(closed_environments),
        free_purposes=list(free_purposes),
        protection_level_min=protection_level_min,
        legal_basis=legal_basis.strip(),
        effective_on=effective_on,
        proposed_by=actor,
        proposed_at=at,
    )
    wrong = problems(rules_of(rule))
    if wrong:
        raise InvalidInput(fields=wrong)
    return transitions.create(rule, actor=actor, at=at, authority=authority)


@transitions.action
def settle_eligibility_rule(
    *, rule_id: UUID, approve: bool, actor: Any, at: datetime
) -> EligibilityRule:
    """
    Approve or refuse a proposed version; findings made before keep the version of their day.

    :raises Forbidden: the actor may not, or proposed it.
    :raises InvalidInput: it would have come into force before it was approved.
    :raises NotAllowedNow: it is settled already.
    """
    found = EligibilityRule.objects.select_for_update(of=("self",), no_key=True)
    rule = found.filter(id=rule_id).first()
    if rule is None or not policy.holds(actor, "applications.see_eligibilityrule", rule):
        raise NotFound
    verb = "approve" if approve else "refuse"
    ask(rule, verb, actor=actor, at=at)
    if approve and rule.effective_on < clock.local_date(at):
        raise InvalidInput(
            fields={"effective_on": _("A version comes into force on the day or later.")}
        )
    return transitions.perform(rule, verb, actor=actor, at=at, by=actor)


def _authority_of(actor: Any) -> Organization:
    for role in PROPOSERS:
        if parties.has_role(actor, role):
            return parties.organization_for(actor, role)
    raise Forbidden


def _next_version() -> int:
    # The first version is the lock of all: two may be proposed at once.
    EligibilityRule.objects.select_for_update(of=("self",)).filter(version=1).first()
    last: int | None = EligibilityRule.objects.aggregate(last=Max("version"))["last"]
    return (last or 0) + 1
