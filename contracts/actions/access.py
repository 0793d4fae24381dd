"""What every action does first: lock the agreement, and know for whom the actor speaks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from contracts.errors import ReasonMissing
from contracts.models import Agreement, AgreementParty, Signature
from contracts.terms import Terms, parse
from contracts.wording import TextFacts
from core.errors import Forbidden, NotFound
from parties.queries import desks_of
from workflow import policy, transitions

REASON_CHARACTERS_MAX = 2_000


def lock_agreement(*, agreement_id: UUID, actor: Any) -> Agreement:
    """
    Lock one agreement for the rest of the transaction.

    :raises NotFound: there is none, or the actor may not see it.
    """
    found = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .filter(id=agreement_id)
        .first()
    )
    if found is None or not policy.holds(actor, "contracts.see_agreement", found):
        raise NotFound
    return found


def ask(subject: models.Model, name: str, *, actor: Any, at: datetime) -> None:
    """
    Ask authority and legality of a step before its guards are looked at.

    ``perform`` itself refuses, before it touches anything, so that the attempt is on record.

    :raises Forbidden: the actor may not do this to this subject, in any state.
    :raises NotAllowedNow: the subject's present state does not lead there.
    """
    step = transitions.declared(type(subject), name)
    state = str(getattr(subject, "state", ""))
    if state not in step.sources or not policy.may(actor, step.permission, subject):
        transitions.perform(subject, name, actor=actor, at=at)


def party_of(
    *,
    agreement: Agreement,
    actor: Any,
    roles: Iterable[str],
    among: Collection[Any] | None = None,
) -> AgreementParty:
    """
    Return the party an actor speaks for in one of the roles, the first in the order of parties.

    ``among`` names the organizations that count; without it every party does.

    :raises Forbidden: the actor holds none of the roles at a party of this agreement.
    """
    wanted = set(roles)
    own = {desk.organization_id for desk in desks_of(actor) if desk.role in wanted}
    if among is not None:
        own &= set(among)
    found = agreement.parties.filter(organization_id__in=own).select_related("organization").first()
    if found is None:
        raise Forbidden
    return found


def organizations_of(agreement: Agreement) -> dict[str, list[Any]]:
    """Return the parties of an agreement by the side they are on, as ``create`` takes holders."""
    side = AgreementParty.Side
    parties = list(agreement.parties.select_related("organization"))
    return {
        "licensee": [one.organization for one in parties if one.side == side.LICENSEE],
        "provider": [one.organization for one in parties if one.side == side.PROVIDER],
    }


def ask_reason(reason: str) -> str:
    """
    Return a reason without blanks around it.

    :raises ReasonMissing: there is none, or it is too long to be read.
    """
    stated = reason.strip()
    if not stated or len(stated) > REASON_CHARACTERS_MAX:
        raise ReasonMissing(fields={"reason": ReasonMissing.default_message})
    return stated


def terms_of(agreement: Agreement) -> Terms:
    """Return the terms that hold now."""
    return parse(agreement.terms)


def facts_of(agreement: Agreement) -> TextFacts:
    """Return the facts the text was drafted with."""
    return TextFacts.load(agreement.facts)


def void_signatures(agreement: Agreement, *, reason: str, at: datetime) -> int:
    """Void every signature that stands, and return how many there were."""
    return Signature.objects.filter(agreement=agreement, voided_at=None).update(
        voided_at=at, void_reason=reason
    )
