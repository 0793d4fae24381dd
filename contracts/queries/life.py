"""The end of an agreement and its next version, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from contracts import endings, labels, wording
from contracts.models import Agreement, AgreementParty, Amendment, Termination
from contracts.queries.rows import ChangeRow
from contracts.terms import parse
from contracts.wording import Clause
from core import clock
from core.calendars import working_calendar
from core.errors import NotFound
from parties.queries import desks_of
from workflow import policy

SEE = "contracts.see_agreement"
SIGNERS = {
    AgreementParty.Side.LICENSEE: "APPLICANT_LEGAL_REP",
    AgreementParty.Side.PROVIDER: "PROVIDER_LEADER",
}


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether one party has consented or signed, who did it and when."""

    party_name: str
    given_by: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class EndingRow:
    """The end of an agreement that is proposed, served or was settled last."""

    id: UUID
    agreement_id: UUID
    agreement_number: str
    cause_name: str
    state: str
    state_name: str
    reason: str
    legal_basis: str
    party_name: str
    begun_at: datetime
    ends_on: date | None
    notice_working_days: int
    note: str
    consents: tuple[Consent, ...]
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """One amendment in the list of an agreement."""

    id: UUID
    version: int
    state: str
    state_name: str
    reason: str
    party_name: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """The next version of an agreement: what changes, the whole text, who has signed."""

    row: AmendmentRow
    agreement_id: UUID
    agreement_number: str
    text_hash: str
    base_version: int
    changes: tuple[ChangeRow, ...]
    clauses: tuple[Clause, ...]
    changed_terms: frozenset[str]
    signatures: tuple[Consent, ...]
    note: str
    signs_for: str
    may_decline: bool
    may_withdraw: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class EndOffer:
    """The causes an actor may state, with the last day that notice allows."""

    causes: tuple[tuple[str, str], ...]
    earliest: Mapping[str, date]
    notice_working_days: int


def ending_of(*, agreement_id: UUID, actor: Any) -> EndingRow | None:
    """Return the end that is open, or the last one; None when there never was one."""
    agreement = _visible(agreement_id, actor)
    rows = agreement.terminations.select_related("party").order_by("-begun_at", "id")
    row = rows.filter(state__in=Termination.AT_WORK).first() or rows.first()
    return _ending(row, agreement, actor) if row is not None else None


def ending_page(*, termination_id: UUID, actor: Any) -> EndingRow:
    """
    Return one end of an agreement, proposed, served or settled.

    :raises NotFound: there is none, or the actor may not see its agreement.
    """
    row = Termination.objects.select_related("party").filter(pk=termination_id).first()
    if row is None:
        raise NotFound
    return _ending(row, _visible(row.agreement_id, actor), actor)


def _ending(row: Termination, agreement: Agreement, actor: Any) -> EndingRow:
    is_open = row.state in Termination.AT_WORK
    answer = row.state == Termination.State.PROPOSED and policy.may(
        actor, "contracts.answer_termination", row
    )
    return EndingRow(
        id=row.pk,
        agreement_id=agreement.pk,
        agreement_number=agreement.number,
        cause_name=str(row.get_cause_display()),
        state=row.state,
        state_name=str(row.get_state_display()),
        reason=row.reason,
        legal_basis=row.legal_basis,
        party_name=row.party.name,
        begun_at=row.begun_at,
        ends_on=row.ends_on,
        notice_working_days=row.notice_working_days,
        note=row.note,
        consents=_consents(row, agreement) if row.cause == Termination.Cause.MUTUAL else (),
        may_answer=answer,
        may_withdraw=is_open and policy.may(actor, "contracts.withdraw_termination", row),
    )


def _consents(row: Termination, agreement: Agreement) -> tuple[Consent, ...]:
    given = {
        one.party_id: (one.given_by.full_name, one.given_at)
        for one in row.consents.select_related("given_by")
    }
    parties = agreement.parties.select_related("organization")
    return tuple(
        Consent(one.organization.name, *given.get(one.organization_id, ("", None)))
        for one in parties
    )


def end_offer(*, agreement_id: UUID, actor: Any, at: datetime) -> EndOffer:
    """
    Return for which causes an actor may end an agreement, and how soon.

    :raises NotFound: there is no such agreement for this actor.
    """
    agreement = _visible(agreement_id, actor)
    around = set(agreement.parties.values_list("organization_id", flat=True))
    around.add(agreement.authority_id)
    roles = [desk.role for desk in desks_of(actor) if desk.organization_id in around]
    causes = endings.causes_open_to(roles=roles, terms=agreement.terms)
    today, calendar = clock.local_date(at), working_calendar()
    notices = {
        cause: endings.notice_working_days(cause, terms=agreement.terms) for cause in causes
    }
    return EndOffer(
        causes=tuple((c, str(Termination.Cause(c).label)) for c in causes),
        earliest={
            c: calendar.due(start=today, working_days=n).on if n else today
            for c, n in notices.items()
        },
        notice_working_days=max(notices.values(), default=0),
    )


def amendments_of(*, agreement_id: UUID, actor: Any) -> tuple[AmendmentRow, ...]:
    """Return the amendments of an agreement, the newest first, at most PAGE_ROWS_MAX."""
    agreement = _visible(agreement_id, actor)
    rows = agreement.amendments.select_related("party").order_by("-proposed_at", "id")
    return tuple(_row(one) for one in rows[: settings.PAGE_ROWS_MAX])


def may_amend(*, agreement_id: UUID, actor: Any) -> bool:
    """Return whether an actor may propose the next version of an agreement now."""
    agreement = _visible(agreement_id, actor)
    return (
        agreement.state == Agreement.State.EFFECTIVE
        and policy.may(actor, "contracts.propose_change", agreement)
        and not agreement.amendments.filter(state=Amendment.State.PROPOSED).exists()
    )


def amendment_page(*, amendment_id: UUID, actor: Any) -> AmendmentPage:
    """
    Return one amendment with its text and what it changes.

    :raises NotFound: there is none, or the actor may not see its agreement.
    """
    found = Amendment.objects.select_related("party").filter(pk=amendment_id).first()
    if found is None:
        raise NotFound
    agreement = _visible(found.agreement_id, actor)
    terms = parse(found.terms)
    given = {
        one.party_id: (one.signer.full_name, one.signed_at)
        for one in found.signatures.select_related("signer")
    }
    parties = list(agreement.parties.select_related("organization"))
    is_open = found.state == Amendment.State.PROPOSED
    own = {(desk.organization_id, desk.role) for desk in desks_of(actor)}
    mine = [
        party.organization.name
        for party in parties
        if party.organization_id not in given
        and (party.organization_id, SIGNERS[AgreementParty.Side(party.side)]) in own
    ]
    signs = is_open and agreement.state == Agreement.State.EFFECTIVE
    return AmendmentPage(
        row=_row(found),
        agreement_id=agreement.pk,
        agreement_number=agreement.number,
        text_hash=found.text_hash,
        base_version=found.version - 1,
        changes=tuple(_change(*one) for one in found.changes),
        clauses=wording.render_text(
            terms=terms, facts=wording.TextFacts.load(agreement.facts)
        ),
        changed_terms=frozenset(path.split(".")[0] for path, _old, _new in found.changes),
        signatures=tuple(
            Consent(one.organization.name, *given.get(one.organization_id, ("", None)))
            for one in parties
        ),
        note=found.note,
        signs_for=mine[0] if mine and signs else "",
        may_decline=is_open and policy.may(actor, "contracts.sign_amendment", found),
        may_withdraw=is_open and policy.may(actor, "contracts.withdraw_amendment", found),
        in_force=found.state == Amendment.State.IN_FORCE,
    )


def _visible(agreement_id: UUID, actor: Any) -> Agreement:
    row = policy.visible(actor, SEE, Agreement).filter(id=agreement_id).first()
    if row is None:
        raise NotFound
    return row


def _row(one: Amendment) -> AmendmentRow:
    return AmendmentRow(
        id=one.pk,
        version=one.version,
        state=one.state,
        state_name=str(one.get_state_display()),
        reason=one.reason,
        party_name=one.party.name,
        proposed_at=one.proposed_at,
    )


def _change(path: str, before: Any, after: Any) -> ChangeRow:
    title = labels.TERMS[path.split(".", 1)[0]]
    return ChangeRow(
        f"{title} · {labels.entry_text(path)}", _value(path, before), _value(path, after)
    )


def _value(path: str, value: Any) -> str:
    return "—" if value is None else labels.value_text(path, value)
