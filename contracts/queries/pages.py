"""The page of one agreement, and the papers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from applications.errors import ObjectionOpen
from contracts import wording
from contracts.models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    Signature,
)
from contracts.queries.agreements import SEE
from contracts.queries.mandates import mandates_of, may_file_mandate
from contracts.queries.proposals import proposal_rows, with_asks
from contracts.queries.rows import (
    AgreementPage,
    DocumentRow,
    SignatureRow,
    VoidedRow,
)
from contracts.queries.signing import turn_of as signing_turn
from contracts.queries.termrows import term_rows
from contracts.queries.turns import OPEN_TO_CHANGE, turn_of
from contracts.terms import parse
from core import clock
from core.errors import NotAllowedNow, NotFound
from parties.queries import desks_of
from workflow import deadlines, history, policy, transitions

_S = Agreement.State
PROPOSALS_MAX = 20
SIGN_USER, SIGN_PROVIDER = "contracts.sign_as_user", "contracts.sign_as_provider"
SIGNERS = {
    AgreementParty.Side.LICENSEE: "APPLICANT_LEGAL_REP",
    AgreementParty.Side.PROVIDER: "PROVIDER_LEADER",
}


def agreement_page(*, agreement_id: UUID, actor: Any, at: datetime) -> AgreementPage:
    """
    Return everything the page of an agreement shows to this actor.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = visible_agreement(agreement_id, actor)
    terms, facts = parse(row.terms), wording.TextFacts.load(row.facts)
    template = parse(row.base_template.terms)
    rows = term_rows(
        terms=terms, template=template, sources=row.sources, locked=row.base_template.locked
    )
    signatures = _signatures(row)
    signer = _signs_for(row, signatures, actor, at)
    proposals = list(with_asks(row.proposals.all())[:PROPOSALS_MAX])
    return AgreementPage(
        id=row.pk,
        number=row.number,
        state=row.state,
        state_name=str(row.get_state_display()),
        application_id=row.application_id,
        application_number=facts.application_number,
        decision_number=facts.decision_number,
        applicant_name=row.applicant.name,
        provider_names=tuple(party.name for party in facts.providers),
        authority_name=facts.authority,
        scenario=row.terms.get("purpose", {}).get("scenario_name", ""),
        template=facts.template,
        text_version=row.text_version,
        text_hash=row.text_hash,
        drafted_at=row.drafted_at,
        finalized_at=row.finalized_at,
        effective_at=row.effective_at,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ended_at=row.ended_at,
        end_text=" · ".join(filter(None, (_cause(row), row.end_reason))),
        suspension_reason=row.suspension_reason,
        parties=wording.parties(facts=facts),
        recitals=wording.recitals(facts=facts),
        clauses=wording.render_text(terms=terms, facts=facts),
        changed_terms=frozenset(term.name for term in rows if term.changed),
        terms=rows,
        signatures=signatures,
        voided=_voided(row),
        documents=_documents(row),
        proposals=proposal_rows(row, proposals, actor=actor),
        offers=transitions.offers(row, actor=actor),
        may_propose=_may_propose(row, actor),
        turn=turn_of(row, actor=actor, at=at),
        signing_order_name=str(row.get_signing_order_display()),
        signs_for=signer,
        mandates=mandates_of(row, actor=actor),
        may_file_mandate=may_file_mandate(row, actor=actor),
        signing_barred=_signing_barred(row, signer, actor),
        clocks=deadlines.of_subject(row.application, at=at)
        + deadlines.of_subject(row, at=at),
        timeline=history.timeline(row, also=proposals),
    )


def agreement_document(*, document_id: int, actor: Any) -> tuple[str, bytes]:
    """
    Return the file name and the bytes of one stored paper.

    :raises NotFound: there is none, or the actor may not see its agreement.
    """
    paper = AgreementDocument.objects.filter(id=document_id).first()
    if paper is None:
        raise NotFound
    row = visible_agreement(paper.agreement_id, actor)
    return f"{row.number}-{paper.kind.lower()}-v{paper.text_version}.pdf", bytes(paper.file)


def document_to_sign(*, agreement_id: UUID, actor: Any) -> tuple[str, bytes]:
    """
    Return the copy that the next party signs outside: the text with the signatures that stand.

    :raises NotFound: there is none, or the actor may not see the agreement.
    :raises NotAllowedNow: the text is not up for signature.
    """
    row = visible_agreement(agreement_id, actor)
    if row.state not in (_S.READY_TO_SIGN, _S.SIGNED_BY_USER):
        raise NotAllowedNow
    given = row.signatures.filter(voided_at=None, document__isnull=False)
    last = given.select_related("document").order_by("-document_id").first()
    paper = last.document if last is not None else None
    if paper is None:
        paper = row.documents.filter(
            kind=AgreementDocument.Kind.TEXT, text_version=row.text_version
        ).last()
    if paper is None:
        raise NotFound
    return f"{row.number}-v{row.text_version}-to-sign.pdf", bytes(paper.file)


def visible_agreement(agreement_id: UUID, actor: Any) -> Agreement:
    """
    Return an agreement with what its pages are about.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, SEE, Agreement)
        .select_related("applicant", "application", "base_template")
        .filter(id=agreement_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _cause(row: Agreement) -> str:
    return str(row.get_end_cause_display()) if row.end_cause else ""


def _signatures(row: Agreement) -> tuple[SignatureRow, ...]:
    given = {
        one.party_id: one
        for one in row.signatures.filter(voided_at=None).select_related("signer")
    }
    turn = signing_turn(row)
    parties = row.parties.select_related("organization")
    return tuple(_signature(party, given.get(party.organization_id), turn) for party in parties)


def _signature(
    party: AgreementParty, given: Signature | None, turn: Collection[Any]
) -> SignatureRow:
    status = "signed" if given else ("waiting" if party.organization_id in turn else "later")
    return SignatureRow(
        organization_id=party.organization_id,
        party_name=party.organization.name,
        side=party.side,
        side_name=str(party.get_side_display()),
        status=status,
        signer=given.signer.full_name if given else "",
        signed_at=given.signed_at if given else None,
        text_hash=given.text_hash if given else "",
        proof_name=str(given.get_proof_display()) if given else "",
        by_letter=given is not None and given.mandate_id is not None,
        place_name=party.organization.uscc,
    )


def _signs_for(
    row: Agreement, signatures: tuple[SignatureRow, ...], actor: Any, at: datetime
) -> SignatureRow | None:
    desks = desks_of(actor)
    own = {(desk.organization_id, desk.role) for desk in desks}
    letters = dict(
        row.mandates.filter(
            delegate=actor, state="ACCEPTED", valid_until__gte=clock.local_date(at),
            party__in=[desk.organization_id for desk in desks],
        ).values_list("party_id", "valid_until")
    )
    for one in signatures:
        by_office = (one.organization_id, SIGNERS[AgreementParty.Side(one.side)]) in own
        if one.status == "waiting" and by_office:
            return one
        if one.status == "waiting" and one.organization_id in letters:
            return replace(one, my_letter=letters[one.organization_id])
    return None


def _signing_barred(row: Agreement, signer: SignatureRow | None, actor: Any) -> str:
    if row.application.state == "OBJECTION":
        return str(ObjectionOpen.default_message)
    if signer is None:
        return ""
    user = signer.side == AgreementParty.Side.LICENSEE
    return str(policy.refusal(actor, SIGN_USER if user else SIGN_PROVIDER, row) or "")


def _voided(row: Agreement) -> tuple[VoidedRow, ...]:
    rows = row.signatures.exclude(voided_at=None).select_related("party", "signer")
    return tuple(
        VoidedRow(
            party_name=one.party.name,
            signer=one.signer.full_name,
            signed_at=one.signed_at,
            voided_at=one.voided_at or one.signed_at,
            reason=one.void_reason,
            text_version=one.text_version,
        )
        for one in rows.order_by("-voided_at", "id")[:PROPOSALS_MAX]
    )


def _documents(row: Agreement) -> tuple[DocumentRow, ...]:
    papers = row.documents.defer("file").order_by("-created_at", "-id")[:PROPOSALS_MAX]
    return tuple(
        DocumentRow(
            id=paper.pk,
            kind=paper.kind,
            kind_name=str(paper.get_kind_display()),
            text_version=paper.text_version,
            content_hash=paper.content_hash,
            created_at=paper.created_at,
        )
        for paper in papers
    )


def _may_propose(row: Agreement, actor: Any) -> bool:
    return row.state in OPEN_TO_CHANGE and policy.may(actor, "contracts.propose_change", row)
