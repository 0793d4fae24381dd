"""Powers of attorney for signing: on the page of an agreement, and one by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.models import Agreement, AgreementParty, SigningMandate
from contracts.queries.agreements import SEE
from contracts.queries.rows import MandateRow
from core.errors import NotFound
from parties.queries import desks_of, people_of
from workflow import policy, transitions

SEE_MANDATE = "contracts.see_signingmandate"
FILERS = (
    "APPLICANT_LEGAL_REP", "PROVIDER_LEADER", "APPLICANT_AGENT", "PROVIDER_OFFICER",
)  # fmt: skip
# Who may be empowered: those who read the agreement and do not sign it by their office.
DELEGATES = ("APPLICANT_AGENT", "APPLICANT_SECURITY", "PROVIDER_OFFICER")
UNSIGNED = (
    Agreement.State.DRAFTING,
    Agreement.State.NEGOTIATING,
    Agreement.State.READY_TO_SIGN,
    Agreement.State.SIGNED_BY_USER,
)
MANDATES_MAX = 20


def mandates_of(row: Agreement, *, actor: Any) -> tuple[MandateRow, ...]:
    """Return the letters of an agreement that this actor may see, the newest first."""
    rows = (
        policy.visible(actor, SEE_MANDATE, SigningMandate)
        .filter(agreement=row)
        .select_related("agreement", "party", "delegate", "filed_by", "reviewed_by")
        .defer("content")
        .order_by("-filed_at", "-id")[:MANDATES_MAX]
    )
    return tuple(_row(one) for one in rows)


def mandate_page(*, mandate_id: UUID, actor: Any) -> MandateRow:
    """
    Return one letter with what this actor can do to it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    one = _visible(mandate_id, actor)
    return _row(one, offers=transitions.offers(one, actor=actor))


def mandate_file(*, mandate_id: UUID, actor: Any) -> tuple[str, str, bytes]:
    """
    Return name, media type and bytes of a letter.

    :raises NotFound: there is none, or the actor may not see it.
    """
    one = _visible(mandate_id, actor)
    return one.name, one.media_type, bytes(one.content)


def may_file_mandate(row: Agreement, *, actor: Any) -> bool:
    """Return whether an actor may file a letter for a party of this agreement now."""
    return row.state in UNSIGNED and _own_party(row, actor) is not None


def delegates(*, agreement_id: UUID, actor: Any) -> tuple[tuple[str, str], ...]:
    """
    Return id and name of the colleagues who could be empowered, by user name.

    :raises NotFound: there is no such agreement for this actor, or none of a party of the actor's.
    """
    row = policy.visible(actor, SEE, Agreement).filter(id=agreement_id).first()
    party = _own_party(row, actor) if row is not None else None
    if party is None:
        raise NotFound
    house = people_of(organization_ids=[party.organization_id], roles=DELEGATES)
    return tuple(
        (str(person.pk), f"{person.full_name} ({person.username})")
        for person in house.get(party.organization_id, ())
    )


def _own_party(row: Agreement, actor: Any) -> AgreementParty | None:
    own = {desk.organization_id for desk in desks_of(actor) if desk.role in FILERS}
    return row.parties.filter(organization_id__in=own).first()


def _visible(mandate_id: UUID, actor: Any) -> SigningMandate:
    one = (
        policy.visible(actor, SEE_MANDATE, SigningMandate)
        .select_related("agreement", "party", "delegate", "filed_by", "reviewed_by")
        .filter(id=mandate_id)
        .first()
    )
    if one is None:
        raise NotFound
    return one


def _row(one: SigningMandate, *, offers: tuple[transitions.Offer, ...] = ()) -> MandateRow:
    return MandateRow(
        id=one.pk,
        agreement_id=one.agreement_id,
        agreement_number=one.agreement.number,
        party_name=one.party.name,
        delegate_name=one.delegate.full_name,
        valid_until=one.valid_until,
        file_name=one.name,
        content_hash=one.content_hash,
        filed_by=one.filed_by.full_name,
        filed_at=one.filed_at,
        state=one.state,
        state_name=str(one.get_state_display()),
        reviewed_by=one.reviewed_by.full_name if one.reviewed_by else "",
        end_reason=one.end_reason,
        offers=offers,
    )
