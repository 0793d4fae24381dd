"""The rules of the panels as versions: one person proposes, another one approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from applications.actions.access import ask
from applications.models import PanelRule
from applications.queries.roster import rules_of
from core import clock
from core.errors import InvalidInput, NotFound
from parties import queries as parties
from parties.roles import Kind, Role
from workflow import policy, transitions


@transitions.action
def propose_panel_rule(
    *,
    kind: str,
    criteria: Sequence[Mapping[str, Any]],
    quorum_seats_min: int,
    presence_ratio: str,
    pass_ratio: str,
    mean_score_min: Decimal | str,
    weights: Mapping[str, int],
    tie_rule: str,
    abstentions_count: bool,
    legal_basis: str,
    effective_on: date,
    actor: Any,
    at: datetime,
    veto_criterion: str = "",
    veto_below: int = 0,
    panel_needed: bool = True,
) -> PanelRule:
    """
    Propose the next version of the rules of a kind of panel.

    ``criteria`` are {"key", "title", "most", "reason_below"} in the order of the sheet, whole
    points, together 100. Ratios are fractions as text, e.g. "2/3".

    :raises Forbidden: the actor is not the secretary of the committee.
    :raises InvalidInput: rules under which no panel could conclude, or without a legal basis.
    """
    committee = parties.organization_for(actor, Role.COMMITTEE_SECRETARY)
    if kind not in PanelRule.Kind.values or tie_rule not in PanelRule.TieRule.values:
        raise InvalidInput(fields={"kind": _("Choose one of the offered values.")})
    if not legal_basis.strip():
        raise InvalidInput(fields={"legal_basis": _("State the legal basis.")})
    rule = PanelRule(
        kind=kind,
        version=_next_version(kind),
        criteria=[dict(c) for c in criteria],
        quorum_seats_min=quorum_seats_min,
        presence_ratio=presence_ratio.strip(),
        pass_ratio=pass_ratio.strip(),
        mean_score_min=Decimal(mean_score_min),
        weights=dict(weights),
        tie_rule=tie_rule,
        abstentions_count=abstentions_count,
        veto_criterion=veto_criterion,
        veto_below=veto_below,
        panel_needed=panel_needed,
        legal_basis=legal_basis.strip(),
        effective_on=effective_on,
        proposed_by=actor,
        proposed_at=at,
    )
    _ask_sound(rule)
    return transitions.create(
        rule, actor=actor, at=at, committee=committee, authority=parties.the(Kind.AUTHORITY)
    )


@transitions.action
def settle_panel_rule(
    *, rule_id: UUID, approve: bool, actor: Any, at: datetime
) -> PanelRule:
    """
    Approve or refuse a proposed version; panels that sit keep the version they opened with.

    :raises Forbidden: the actor may not, or proposed it.
    :raises InvalidInput: it would have come into force before it was approved.
    :raises NotAllowedNow: it is settled already.
    """
    rule = (
        PanelRule.objects.select_for_update(of=("self",), no_key=True).filter(id=rule_id).first()
    )
    if rule is None or not policy.holds(actor, "applications.see_panelrule", rule):
        raise NotFound
    verb = "approve" if approve else "refuse"
    ask(rule, verb, actor=actor, at=at)
    if approve and rule.effective_on < clock.local_date(at):
        raise InvalidInput(
            fields={"effective_on": _("A version comes into force on the day or later.")}
        )
    return transitions.perform(rule, verb, actor=actor, at=at, by=actor)


def _next_version(kind: str) -> int:
    # The first version is the lock of all: two may be proposed at once.
    PanelRule.objects.select_for_update(of=("self",)).filter(kind=kind, version=1).first()
    last: int | None = PanelRule.objects.filter(kind=kind).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def _ask_sound(rule: PanelRule) -> None:
    try:
        rules_of(rule)
    except (ValueError, KeyError, ArithmeticError) as error:
        raise InvalidInput(
            _("Under these rules no panel could conclude: %(problem)s"), problem=str(error)
        ) from error
