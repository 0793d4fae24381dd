"""Who is told what when an agreement moves; the work list says the same without a message."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.models import Agreement, AgreementParty, ChangeProposal, SigningMandate
from contracts.queries.signing import turn_of
from contracts.topics import AGREEMENT
from notify import actions as notify

_SIDE = AgreementParty.Side
SIGNERS = {_SIDE.LICENSEE: "APPLICANT_LEGAL_REP", _SIDE.PROVIDER: "PROVIDER_LEADER"}
NEGOTIATORS = {_SIDE.LICENSEE: "APPLICANT_AGENT", _SIDE.PROVIDER: "PROVIDER_OFFICER"}


def tell_opened(agreement: Agreement, *, at: datetime) -> None:
    """Tell the data user that the draft can be read and changed."""
    _tell(
        agreement,
        NEGOTIATORS,
        f"opened:{agreement.text_version}",
        _("The draft of your agreement can be read and discussed"),
        at=at,
        sides=(_SIDE.LICENSEE,),
    )


def tell_redrafted(agreement: Agreement, *, at: datetime) -> None:
    """Tell every party that a new decision gave the agreement a new draft."""
    _tell(
        agreement,
        NEGOTIATORS,
        f"redrafted:{agreement.text_version}",
        _("The decision was changed, so the agreement was drafted again"),
        at=at,
    )


def tell_proposed(proposal: ChangeProposal, *, at: datetime) -> None:
    """Tell the other side that a change waits for its answer."""
    others = tuple(side for side in _SIDE if side != proposal.side)
    _tell(
        proposal.agreement,
        NEGOTIATORS,
        f"proposed:{proposal.pk}",
        _("A proposed change of terms waits for your answer"),
        at=at,
        sides=others,
        body=proposal.reason,
    )


def tell_next_signers(agreement: Agreement, *, at: datetime) -> None:
    """Tell those whose turn it is to sign, and whoever holds a letter for them; once a text."""
    for party_id in turn_of(agreement):
        party = agreement.parties.select_related("organization").get(organization_id=party_id)
        key = f"contracts:{agreement.pk}:sign:{agreement.text_version}:{agreement.finalized_at}"
        notify.tell_desk(
            organization=party.organization,
            role=SIGNERS[_SIDE(party.side)],
            subject=_("An agreement waits for your signature"),
            body=agreement.number,
            topic=AGREEMENT,
            key=key,
            link=f"/agreements/{agreement.pk}/sign/",
            at=at,
        )
        letters = agreement.mandates.filter(state="ACCEPTED", party_id=party_id)
        notify.tell(
            people=[one.delegate for one in letters.select_related("delegate")],
            subject=_("An agreement waits for your signature"),
            body=agreement.number,
            topic=AGREEMENT,
            key=key,
            link=f"/agreements/{agreement.pk}/sign/",
            at=at,
        )


def tell_signed(agreement: Agreement, *, party: AgreementParty, at: datetime) -> None:
    """Tell the other parties that one has signed."""
    others = agreement.parties.exclude(pk=party.pk).select_related("organization")
    for other in others:
        notify.tell_desk(
            organization=other.organization,
            role=NEGOTIATORS[_SIDE(other.side)],
            subject=_("Another party has signed the agreement"),
            body=f"{agreement.number}\n{party.organization.name}",
            topic=AGREEMENT,
            key=f"contracts:{agreement.pk}:signed:{agreement.text_version}:{party.pk}:{at}",
            link=f"/agreements/{agreement.pk}/",
            at=at,
        )


def tell_mandate(mandate: SigningMandate, *, at: datetime) -> None:
    """Tell filer and delegate what became of a power of attorney."""
    accepted = mandate.state == SigningMandate.State.ACCEPTED
    notify.tell(
        people={mandate.filed_by, mandate.delegate},
        subject=_("The power of attorney is accepted")
        if accepted
        else _("The power of attorney is not accepted"),
        body=f"{mandate.agreement.number}\n{mandate.end_reason}".strip(),
        topic=AGREEMENT,
        key=f"contracts:mandate:{mandate.pk}:{mandate.state}",
        link=f"/agreements/{mandate.agreement_id}/",
        at=at,
    )


def tell_effective(agreement: Agreement, *, at: datetime) -> None:
    """Tell every party that the agreement is in force."""
    _tell(agreement, NEGOTIATORS, "effective", _("The agreement is in force"), at=at)


def tell_returned(agreement: Agreement, *, reason: str, at: datetime) -> None:
    """Tell every party that signatures are void and the text is open again."""
    _tell(
        agreement,
        NEGOTIATORS,
        f"returned:{at.isoformat()}",
        _("The agreement is back in negotiation; signatures given so far are void"),
        at=at,
        body=reason,
    )


def _tell(
    agreement: Agreement,
    roles: dict[_SIDE, str],
    occasion: str,
    subject: Promise,
    *,
    at: datetime,
    sides: tuple[str, ...] = (_SIDE.LICENSEE, _SIDE.PROVIDER),
    body: str = "",
) -> None:
    parties = agreement.parties.filter(side__in=sides).select_related("organization")
    for party in parties:
        notify.tell_desk(
            organization=party.organization,
            role=roles[_SIDE(party.side)],
            subject=subject,
            body=f"{agreement.number}\n{body}".strip(),
            topic=AGREEMENT,
            key=f"contracts:{agreement.pk}:{occasion}",
            link=f"/agreements/{agreement.pk}/",
            at=at,
        )
