"""
Who may sign for a party: its legal representative or leader, or somebody with their letter.

A power of attorney is one document for one person and one agreement, reviewed by the authority's
case handler, good until a day, and revocable. Nobody signs for both sides.
Source: domain T12, docs/sources.md#signing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contracts.actions import messages
from contracts.actions.access import ask, ask_reason, lock_agreement
from contracts.errors import MandateUnfit
from contracts.models import Agreement, AgreementParty, SigningMandate
from contracts.queries.mandates import DELEGATES, FILERS, UNSIGNED
from contracts.queries.signing_rules import rule_in_force
from contracts.signing_rules import MANDATE_DAYS
from core import clock, uploads
from core.errors import Forbidden, NotAllowedNow, NotFound
from parties.queries import desks_of, people_of, system_actor
from workflow import policy, transitions

USER_SIGNER, PROVIDER_SIGNER = "APPLICANT_LEGAL_REP", "PROVIDER_LEADER"
SIGNERS = (USER_SIGNER, PROVIDER_SIGNER)
LETTER_BYTES_MAX = 5 * uploads.MEGABYTE
# Content of the record, read by Chinese officials.
EXPIRED_REASON = "授权期限届满"


@dataclass(frozen=True, slots=True)
class Authority:
    """For which party an actor signs, in which role, and by which letter if by one."""

    party: AgreementParty
    role: str
    mandate: SigningMandate | None

    @property
    def verb(self) -> str:
        """Return the step of the engine that records this signature."""
        user = self.party.side == AgreementParty.Side.LICENSEE
        return "sign_as_user" if user else "sign_as_provider"


def authority_of(*, agreement: Agreement, actor: Any, at: datetime) -> Authority:
    """
    Return the authority by which an actor signs a locked agreement.

    Who may sign for several parties signs for the first that has not signed yet.

    :raises Forbidden: the actor signs for no party of this agreement.
    """
    found = _authorities(agreement, actor, at)
    if not found:
        raise Forbidden
    signed = set(agreement.signatures.filter(voided_at=None).values_list("party_id", flat=True))
    return next((one for one in found if one.party.organization_id not in signed), found[0])


@transitions.action
def file_mandate(
    *,
    agreement_id: UUID,
    delegate_id: UUID,
    valid_until: date,
    name: str,
    content: bytes,
    actor: Any,
    at: datetime,
) -> SigningMandate:
    """
    File the letter by which a colleague may sign this agreement for the own party.

    :raises Forbidden: the actor does not work for a party in a role that files it.
    :raises NotAllowedNow: the agreement is signed by all or has ended.
    :raises MandateUnfit: the person or the day does not fit; ``fields`` says which.
    :raises InvalidInput: the file is not one that may be kept.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    party = _filing_party(agreement, actor)
    if agreement.state not in UNSIGNED:
        raise NotAllowedNow
    delegate = _delegate(agreement, party, delegate_id)
    _ask_day(valid_until, at=at)
    file = uploads.read(name=name, content=content, bytes_max=LETTER_BYTES_MAX, entry="letter")
    mandate = SigningMandate(
        agreement=agreement,
        party=party.organization,
        side=party.side,
        delegate=delegate,
        valid_until=valid_until,
        name=file.name,
        media_type=file.media_type,
        content=file.content,
        content_hash=file.content_hash,
        filed_by=actor,
        filed_at=at,
    )
    facts = {
        "agreement": agreement.number, "party": str(party.organization_id),
        "delegate": str(delegate.pk), "valid_until": valid_until.isoformat(),
        "sha256": file.content_hash,
    }  # fmt: skip
    holder = "licensee" if party.side == AgreementParty.Side.LICENSEE else "provider"
    transitions.create(
        mandate, actor=actor, at=at, facts=facts,
        **{holder: party.organization, "authority": agreement.authority},
    )  # fmt: skip
    return mandate


@transitions.action
def accept_mandate(*, mandate_id: UUID, actor: Any, at: datetime) -> SigningMandate:
    """
    Accept a letter: its delegate may sign this agreement until the day it names.

    :raises Forbidden: the actor does not review letters, or has a part in this one.
    :raises NotAllowedNow: it was reviewed or revoked.
    :raises MandateUnfit: its last day has passed.
    """
    _agreement, mandate = _locked(mandate_id, actor)
    ask(mandate, "accept", actor=actor, at=at)
    if mandate.valid_until < clock.local_date(at):
        raise MandateUnfit(fields={"valid_until": _("The last day of this letter has passed.")})
    transitions.perform(mandate, "accept", actor=actor, at=at, reviewer=actor)
    policy.grant_person(_permission(mandate), person=mandate.delegate, subject=mandate.agreement)
    messages.tell_mandate(mandate, at=at)
    return mandate


@transitions.action
def refuse_mandate(
    *, mandate_id: UUID, reason: str, actor: Any, at: datetime
) -> SigningMandate:
    """
    Refuse a letter with the reason; nobody may sign by it.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: it was reviewed or revoked.
    """
    _agreement, mandate = _locked(mandate_id, actor)
    ask(mandate, "refuse", actor=actor, at=at)
    transitions.perform(
        mandate, "refuse", actor=actor, at=at, reviewer=actor, reason=ask_reason(reason)
    )
    messages.tell_mandate(mandate, at=at)
    return mandate


@transitions.action
def revoke_mandate(
    *, mandate_id: UUID, reason: str, actor: Any, at: datetime
) -> SigningMandate:
    """
    Revoke a letter; a signature given by it before stays.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: it has ended.
    """
    _agreement, mandate = _locked(mandate_id, actor)
    ask(mandate, "revoke", actor=actor, at=at)
    transitions.perform(mandate, "revoke", actor=actor, at=at, reason=ask_reason(reason))
    _withdraw(mandate)
    return mandate


def expire_mandates(*, at: datetime) -> int:
    """
    End every letter whose last day has passed; return how many.

    Each is a transaction of its own, at most PAGE_ROWS_MAX a call; the next sweep takes the rest.
    """
    system = system_actor()
    overdue = SigningMandate.objects.filter(
        state__in=["FILED", "ACCEPTED"], valid_until__lt=clock.local_date(at)
    ).order_by("valid_until", "id")
    ids = list(overdue.values_list("id", flat=True)[: settings.PAGE_ROWS_MAX])
    for mandate_id in ids:
        _expire(mandate_id=mandate_id, actor=system, at=at)
    return len(ids)


@transitions.action
def _expire(*, mandate_id: UUID, actor: Any, at: datetime) -> None:
    _agreement, mandate = _locked(mandate_id, actor)
    # Somebody may have ended it between the list and the lock.
    if mandate.state in (SigningMandate.State.FILED, SigningMandate.State.ACCEPTED):
        transitions.perform(mandate, "expire", actor=actor, at=at, reason=EXPIRED_REASON)
        _withdraw(mandate)


def _authorities(agreement: Agreement, actor: Any, at: datetime) -> list[Authority]:
    desks = desks_of(actor)
    own = {(desk.organization_id, desk.role) for desk in desks}
    # A letter is worth nothing once its holder has left the house.
    houses = [desk.organization_id for desk in desks]
    letters = {
        one.party_id: one
        for one in agreement.mandates.filter(
            delegate=actor, state=SigningMandate.State.ACCEPTED, party__in=houses,
            valid_until__gte=clock.local_date(at),
        )
    }  # fmt: skip
    found = []
    for party in agreement.parties.select_related("organization"):
        user = party.side == AgreementParty.Side.LICENSEE
        role = USER_SIGNER if user else PROVIDER_SIGNER
        if (party.organization_id, role) in own:
            found.append(Authority(party, role, None))
        elif party.organization_id in letters:
            found.append(Authority(party, role, letters[party.organization_id]))
    return found


def _filing_party(agreement: Agreement, actor: Any) -> AgreementParty:
    own = {desk.organization_id for desk in desks_of(actor) if desk.role in FILERS}
    found = agreement.parties.filter(organization_id__in=own).select_related("organization").first()
    if found is None:
        raise Forbidden
    return found


def _delegate(agreement: Agreement, party: AgreementParty, delegate_id: UUID) -> Any:
    """Return the person named: of the own house, of no other party, not empowered already."""
    house = people_of(organization_ids=[party.organization_id], roles=DELEGATES)
    people = {person.pk: person for person in house.get(party.organization_id, ())}
    person = people.get(delegate_id)
    problem = None
    if person is None:
        problem = _("Choose somebody who works for your organization here.")
    elif not policy.holds(person, "contracts.see_agreement", agreement):
        problem = _("Choose somebody who may read this agreement.")
    elif agreement.parties.exclude(organization=party.organization).filter(
        organization_id__in=[desk.organization_id for desk in desks_of(person)]
    ):
        problem = _("This person works for another party too and cannot sign for yours.")
    elif agreement.mandates.filter(delegate=person, state__in=["FILED", "ACCEPTED"]).exists():
        problem = _("This person has a letter for this agreement already.")
    if problem is not None:
        raise MandateUnfit(fields={"delegate": problem})
    return person


def _ask_day(valid_until: date, *, at: datetime) -> None:
    today = clock.local_date(at)
    most = int(rule_in_force(MANDATE_DAYS, at=at).value)
    if not today <= valid_until <= today + timedelta(days=most):
        said = _("Choose a day from today on, at most %(days)s days ahead.") % {"days": most}
        raise MandateUnfit(fields={"valid_until": said})


def _permission(mandate: SigningMandate) -> str:
    user = mandate.side == AgreementParty.Side.LICENSEE
    return f"contracts.sign_as_{'user' if user else 'provider'}"


def _withdraw(mandate: SigningMandate) -> None:
    policy.withdraw_person(
        _permission(mandate), person=mandate.delegate, subject=mandate.agreement
    )


def _locked(mandate_id: UUID, actor: Any) -> tuple[Agreement, SigningMandate]:
    """Lock a letter, its agreement first: everybody takes the two in this order."""
    known = SigningMandate.objects.filter(id=mandate_id).values_list("agreement_id").first()
    if known is None:
        raise NotFound
    agreement = Agreement.objects.select_for_update(of=("self",), no_key=True).get(id=known[0])
    mandate = SigningMandate.objects.select_for_update(of=("self",), no_key=True).get(
        id=mandate_id
    )
    if not policy.holds(actor, "contracts.see_signingmandate", mandate):
        raise NotFound
    mandate.agreement = agreement
    return agreement, mandate
