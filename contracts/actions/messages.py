"""Who is told what when an agreement moves; the work list says the same without a message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.models import Agreement, AgreementParty, ChangeProposal
from contracts.topics import AGREEMENT
from notify import actions as notify

_SIDE = AgreementParty.Side
SIGNERS = {_SIDE.LICENSEE: "APPLICANT_LEGAL_REP", _SIDE.PROVIDER: "PROVIDER_LEADER"}
NEGOTIATORS = {_SIDE.LICENSEE: "APPLICANT_AGENT", _SIDE.PROVIDER: "PROVIDER_OFFICER"}

# What is told of an answered proposal: of a counter, of what the proposer did itself, and of a
# new draft another message speaks.
ANSWERS = {
    ChangeProposal.State.ACCEPTED: _("Your proposed change was accepted"),
    ChangeProposal.State.DECLINED: _("Your proposed change was declined"),
}


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
    """Tell those who are asked that a change waits for their answer."""
    asked = proposal.asks.values_list("organization_id", flat=True)
    _tell(
        proposal.agreement,
        NEGOTIATORS,
        f"proposed:{proposal.pk}",
        _("A proposed change of terms waits for your answer"),
        at=at,
        only=set(asked),
        body=proposal.reason,
        page="negotiation/",
    )


def tell_answered(proposal: ChangeProposal, *, at: datetime) -> None:
    """Tell the organization that proposed a change what became of it, unless it did that itself."""
    subject = ANSWERS.get(proposal.state)
    if subject is not None:
        _tell(
            proposal.agreement,
            NEGOTIATORS,
            f"answered:{proposal.pk}",
            subject,
            at=at,
            only={proposal.party_id},
            body=proposal.answer_reason,
            page="negotiation/",
        )


def tell_next_signer(agreement: Agreement, *, side: str, at: datetime) -> None:
    """Tell those who sign next."""
    _tell(
        agreement,
        SIGNERS,
        f"sign:{agreement.text_version}:{side}:{at.isoformat()}",
        _("An agreement waits for your signature"),
        at=at,
        sides=(side,),
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
    only: Collection[Any] | None = None,
    body: str = "",
    page: str = "",
) -> None:
    parties = agreement.parties.filter(side__in=sides).select_related("organization")
    if only is not None:
        parties = parties.filter(organization_id__in=only)
    for party in parties:
        notify.tell_desk(
            organization=party.organization,
            role=roles[_SIDE(party.side)],
            subject=subject,
            body=f"{agreement.number}\n{body}".strip(),
            topic=AGREEMENT,
            key=f"contracts:{agreement.pk}:{occasion}",
            link=f"/agreements/{agreement.pk}/{page}",
            at=at,
        )
