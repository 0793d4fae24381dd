"""Proposed changes as pages show them: what they do to the text, whom they ask, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from contracts import labels, wording
from contracts.models import Agreement, ChangeProposal, ProposalAsk
from contracts.overrides import applied
from contracts.places import differ_in, term_of
from contracts.queries.rows import AskRow, ChangeRow, ProposalRow
from contracts.queries.termrows import change_rows
from contracts.queries.turns import OPEN_TO_CHANGE
from contracts.redline import RedlinedClause, changed_clauses
from contracts.reviewed import negotiated_terms
from contracts.terms import Terms, parse
from core.errors import DomainError
from parties.queries import desks_of
from workflow import policy

ANSWER, WITHDRAW = "contracts.answer_changeproposal", "contracts.withdraw_changeproposal"
CHAIN_MAX = 50
_OPEN = ChangeProposal.State.OPEN


@dataclass(frozen=True, slots=True)
class _Reader:
    """What one reader may do about the open proposals of an agreement."""

    actor: Any
    own: frozenset[UUID]
    answers: frozenset[UUID]
    withdraws: frozenset[UUID]


def with_asks(rows: QuerySet[ChangeProposal]) -> QuerySet[ChangeProposal]:
    """Return proposals with everything a row of them shows."""
    asks = ProposalAsk.objects.select_related("organization")
    return rows.select_related("party", "proposed_by", "answered_by").prefetch_related(
        Prefetch("asks", asks)
    )


def proposal_rows(
    agreement: Agreement, rows: Sequence[ChangeProposal], *, actor: Any
) -> tuple[ProposalRow, ...]:
    """Return proposals of one agreement as one reader sees them; a fixed number of queries."""
    reader = _reader(rows, actor)
    numbers = {one.text_version for one in rows} - {agreement.text_version}
    stored = agreement.versions.filter(number__in=numbers).values_list("number", "terms")
    bases = {number: parse(terms) for number, terms in stored}
    bases[agreement.text_version] = parse(agreement.terms)
    return tuple(_row(one, agreement, bases, reader) for one in rows)


def chain_of(agreement: Agreement, proposal_id: UUID) -> list[ChangeProposal]:
    """Return a proposal with those it answers and those that answer it, the first one first."""
    pairs = agreement.proposals.values_list("id", "answers_id")
    former = dict(pairs)
    later = {old: new for new, old in former.items() if old}
    ids = [proposal_id]
    while (before := former.get(ids[0])) and len(ids) < CHAIN_MAX:
        ids.insert(0, before)
    while (after := later.get(ids[-1])) and len(ids) < CHAIN_MAX:
        ids.append(after)
    found = {one.pk: one for one in with_asks(agreement.proposals.filter(id__in=ids))}
    return [found[one] for one in ids]


def _reader(rows: Sequence[ChangeProposal], actor: Any) -> _Reader:
    open_ids = [one.pk for one in rows if one.state == _OPEN]
    held = {
        permission: frozenset(
            policy.visible(actor, permission, ChangeProposal)
            .filter(pk__in=open_ids)
            .values_list("pk", flat=True)
        )
        if open_ids
        else frozenset[UUID]()
        for permission in (ANSWER, WITHDRAW)
    }
    own = frozenset(desk.organization_id for desk in desks_of(actor))
    return _Reader(actor, own, held[ANSWER], held[WITHDRAW])


def _row(
    one: ChangeProposal, agreement: Agreement, bases: dict[int, Terms], reader: _Reader
) -> ProposalRow:
    is_open = one.state == _OPEN and agreement.state in OPEN_TO_CHANGE
    present = bases[agreement.text_version]
    stale = is_open and _is_stale(one, bases, present)
    wanted = None if stale or not is_open else _wanted(one, agreement, present)
    answers = is_open and one.pk in reader.answers
    barred = policy.refusal(reader.actor, ANSWER, one) if answers else None
    withdraws = is_open and one.pk in reader.withdraws
    consented = any(a.consented_at and a.organization_id in reader.own for a in one.asks.all())
    return ProposalRow(
        id=one.pk,
        agreement_id=agreement.pk,
        agreement_number=agreement.number,
        party_name=one.party.name,
        proposed_by=one.proposed_by.full_name,
        reason=one.reason,
        terms=tuple(dict.fromkeys(map(term_of, one.places))),
        places=tuple(one.places),
        places_text=labels.places_text(one.places),
        changes=_changes(one, bases),
        redline=_redline(agreement, present, wanted),
        asks=_asks(one),
        state=one.state,
        state_name=str(one.get_state_display()),
        created_at=one.created_at,
        text_version=one.text_version,
        present_version=agreement.text_version,
        answers_id=one.answers_id,
        answered_by=one.answered_by.full_name if one.answered_by else "",
        answered_at=one.answered_at,
        answer_reason=one.answer_reason,
        may_answer=answers and not barred,
        may_withdraw=withdraws and policy.refusal(reader.actor, WITHDRAW, one) is None,
        has_consented=consented,
        barred=str(barred or ""),
        stale=stale or (is_open and wanted is None),
    )


def _is_stale(one: ChangeProposal, bases: dict[int, Terms], present: Terms) -> bool:
    base = bases.get(one.text_version)
    return base is None or differ_in(places=one.places, before=base, after=present)


def _wanted(one: ChangeProposal, agreement: Agreement, present: Terms) -> Terms | None:
    try:
        return negotiated_terms(
            current=present,
            floor=parse(agreement.floor),
            changes=one.changes,
            locked=agreement.base_template.locked,
        )
    except DomainError:
        return None


def _changes(one: ChangeProposal, bases: dict[int, Terms]) -> tuple[ChangeRow, ...]:
    """Return what was asked, beside what the text said when it was asked."""
    base = bases.get(one.text_version)
    if base is None:
        return ()
    return change_rows(before=base, after=applied(current=base, changes=one.changes))


def _redline(
    agreement: Agreement, present: Terms, wanted: Terms | None
) -> tuple[RedlinedClause, ...]:
    if wanted is None:
        return ()
    facts = wording.TextFacts.load(agreement.facts)
    return changed_clauses(
        old=wording.render_text(terms=present, facts=facts),
        new=wording.render_text(terms=wanted, facts=facts),
    )


def _asks(one: ChangeProposal) -> tuple[AskRow, ...]:
    groups: dict[int, list[ProposalAsk]] = {}
    for row in one.asks.all():
        groups.setdefault(row.group, []).append(row)
    found = []
    for group in groups.values():
        given = next((row for row in group if row.consented_at), None)
        found.append(
            AskRow(
                names=tuple(row.organization.name for row in group),
                consented=given.organization.name if given else "",
                consented_at=given.consented_at if given else None,
            )
        )
    return tuple(found)
