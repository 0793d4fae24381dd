"""Who is told what when an agreement moves; the work list says the same without a message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.models import (
    Agreement,
    AgreementParty,
    Amendment,
    ChangeProposal,
    SigningMandate,
    Termination,
)
from contracts.queries.signing import turn_of
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


def tell_end_proposed(termination: Termination, *, at: datetime) -> None:
    """Tell every party that an end by consent waits for its answer."""
    _tell_end(
        termination,
        "proposed",
        _("The end of an agreement by mutual consent waits for your answer"),
        at=at,
    )


def tell_end_served(termination: Termination, *, at: datetime) -> None:
    """Tell everybody concerned of the notice, its cause and the last day."""
    _tell_end(termination, "served", _("Notice was given of the end of an agreement"), at=at)


def tell_end_dropped(termination: Termination, *, at: datetime) -> None:
    """Tell everybody concerned that the agreement goes on."""
    _tell_end(
        termination,
        "dropped",
        _("The end of an agreement was refused or withdrawn; it goes on"),
        at=at,
    )


def tell_ended(termination: Termination, *, at: datetime) -> None:
    """Tell everybody concerned that the agreement has ended; access is closed already."""
    _tell_end(
        termination,
        "ended",
        _("An agreement has ended; keys and licenses are revoked"),
        at=at,
    )


def _tell_end(
    termination: Termination, occasion: str, subject: Promise, *, at: datetime
) -> None:
    agreement = termination.agreement
    lines = [
        f"{termination.get_cause_display()}：{termination.reason}",
        f"依据：{termination.legal_basis}",
    ]
    if termination.ends_on:
        lines.append(f"可使用至{termination.ends_on.isoformat()}")
    if termination.note:
        lines.append(termination.note)
    said = "\n".join(lines)
    key = f"ending:{termination.pk}:{occasion}"
    for roles in (SIGNERS, NEGOTIATORS):
        _tell(agreement, roles, f"{key}:{roles[_SIDE.LICENSEE]}", subject, at=at, body=said)
    _tell_office(agreement, key, subject, at=at, body=said)


def tell_amendment(amendment: Amendment, *, at: datetime) -> None:
    """Tell every signer that the next version waits for a signature."""
    _tell(
        amendment.agreement,
        SIGNERS,
        f"amendment:{amendment.pk}",
        _("The next version of an agreement waits for your signature"),
        at=at,
        body=amendment.reason,
    )


def tell_amendment_dropped(amendment: Amendment, *, at: datetime) -> None:
    """Tell every party that the version in force stays."""
    _tell(
        amendment.agreement,
        NEGOTIATORS,
        f"amendment:{amendment.pk}:dropped",
        _("An amendment was declined or withdrawn; the agreement stays as it is"),
        at=at,
        body=amendment.note,
    )


def tell_amended(amendment: Amendment, *, at: datetime) -> None:
    """Tell everybody concerned that the next version is in force."""
    subject = _("The next version of an agreement is in force; its licenses were reissued")
    said = f"第{amendment.version}版\n{amendment.reason}"
    key = f"amendment:{amendment.pk}:in_force"
    for roles in (SIGNERS, NEGOTIATORS):
        occasion = f"{key}:{roles[_SIDE.LICENSEE]}"
        _tell(amendment.agreement, roles, occasion, subject, at=at, body=said)
    _tell_office(amendment.agreement, key, subject, at=at, body=said)


def tell_expiring(agreement: Agreement, *, days: int, window: Any, at: datetime) -> None:
    """Remind every party of the last day, and the data user of the window for a renewal."""
    assert agreement.valid_to is not None
    said = f"有效期至{agreement.valid_to.isoformat()}，还有{days}日。"
    if window is not None:
        said += (
            f"续期申请窗口：{window.opens_on.isoformat()}至{window.closes_on.isoformat()}，"
            "须先完成到期的使用报告和评估。"
        )
    occasion = f"expiring:{agreement.valid_to.isoformat()}:{days}"
    subject = _("An agreement comes to its end")
    for roles in (SIGNERS, NEGOTIATORS):
        _tell(agreement, roles, f"{occasion}:{roles[_SIDE.LICENSEE]}", subject, at=at, body=said)


def _tell_office(
    agreement: Agreement, occasion: str, subject: Promise, *, at: datetime, body: str
) -> None:
    notify.tell_desk(
        organization=agreement.authority,
        role="AUTHORITY_CASE",
        subject=subject,
        body=f"{agreement.number}\n{body}",
        topic=AGREEMENT,
        key=f"contracts:{agreement.pk}:{occasion}",
        link=f"/agreements/{agreement.pk}/",
        at=at,
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
