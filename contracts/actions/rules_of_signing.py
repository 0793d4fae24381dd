"""The authority sets a rule about signing: a new version with its legal basis, never a change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts import signing_order, signing_rules
from contracts.errors import RuleUnknown
from contracts.models import SigningRule
from core import clock
from parties.models import Organization
from parties.queries import organization_for
from parties.roles import Role
from workflow import audit, transitions

BASIS_CHARACTERS_MAX = 300
MANDATE_DAYS_MAX = 1_095


@transitions.action
def set_signing_rule(
    *, kind: str, value: str, legal_basis: str, effective_on: date, actor: Any, at: datetime
) -> SigningRule:
    """
    Set the next version of a rule about signing; texts closed before its day keep theirs.

    ``value`` is an order of signing, or a number of calendar days.

    :raises Forbidden: the actor is not a decider of the authority.
    :raises RuleUnknown: no such rule, a value it cannot have, no legal basis, or a day that has
        passed; ``fields`` says which.
    """
    authority = organization_for(actor, Role.AUTHORITY_DECIDER)
    cleaned = _clean(kind, value, legal_basis, effective_on, at=at)
    # Two deciders at once: the row of the authority is the lock of the rules.
    Organization.objects.select_for_update(no_key=True).get(pk=authority.pk)
    last = SigningRule.objects.filter(kind=kind).order_by("-version").first()
    rule = SigningRule.objects.create(
        kind=kind,
        version=last.version + 1 if last else 1,
        value=cleaned,
        legal_basis=legal_basis.strip(),
        effective_on=effective_on,
    )
    facts = {"kind": kind, "value": cleaned, "effective_on": effective_on.isoformat()}
    audit.record(rule, "set_rule", actor=actor, at=at, facts=facts)
    return rule


def _clean(
    kind: str, value: str, legal_basis: str, effective_on: date, *, at: datetime
) -> str | int:
    wrong: dict[str, Any] = {}
    known: str | int = value
    if kind == signing_rules.ORDER:
        if value not in signing_order.ORDERS:
            wrong["value"] = _("Choose one of the orders.")
    elif kind == signing_rules.MANDATE_DAYS:
        plain = value.strip()
        if plain.isascii() and plain.isdigit() and 1 <= int(plain[:6]) <= MANDATE_DAYS_MAX:
            known = int(plain)
        else:
            wrong["value"] = _("Enter a number of days from 1 to %(most)s.") % {
                "most": MANDATE_DAYS_MAX
            }
    else:
        wrong["kind"] = _("There is no such rule.")
    if not 0 < len(legal_basis.strip()) <= BASIS_CHARACTERS_MAX:
        wrong["legal_basis"] = _("State the legal basis, in at most 300 characters.")
    if effective_on < clock.local_date(at):
        wrong["effective_on"] = _("Choose today or a later day.")
    if wrong:
        raise RuleUnknown(fields=wrong)
    return known
