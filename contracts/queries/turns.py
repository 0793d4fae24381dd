"""
Whose turn it is: the one place that says so.

A party is in turn when it is asked to answer a proposal, to close or open the text, or to sign it.
Work list, list of agreements and pages all read these rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from contracts.models import (
    Agreement,
    AgreementParty,
    ChangeProposal,
    ProposalAsk,
    Signature,
    SigningOrder,
    TextVersion,
)
from parties.queries import desks_of
from workflow import deadlines
from workflow.deadlines import ClockView

_S, _Side = Agreement.State, AgreementParty.Side
OPEN_TO_CHANGE = (_S.NEGOTIATING, _S.READY_TO_SIGN, _S.SIGNED_BY_USER)
NEGOTIATORS = ("APPLICANT_AGENT", "APPLICANT_LEGAL_REP", "PROVIDER_OFFICER", "PROVIDER_LEADER")
ANSWER, CLOSE, OPEN, SIGN = "answer", "close", "open", "sign"
# Which desks of a party do what is waited for.
ROLES = {
    ANSWER: NEGOTIATORS,
    CLOSE: ("PROVIDER_OFFICER",),
    OPEN: ("PROVIDER_OFFICER",),
    SIGN: ("APPLICANT_LEGAL_REP", "PROVIDER_LEADER"),
}
# The authority's case handler may open and close a text for the providers.
FOR_PROVIDERS = ("AUTHORITY_CASE", (CLOSE, OPEN))
SIGNING_CLOCK = "signing"


@dataclass(frozen=True, slots=True)
class PartyTurn:
    """One party in turn: what is waited for (answer, close, open, sign) and since when."""

    organization_id: UUID
    name: str
    side: str
    act: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """
    Whose turn it is with an agreement; ``mine`` when the reader's own desk is waited for.

    ``clock`` is the time in which it has to be signed, if it runs.
    """

    parties: tuple[PartyTurn, ...]
    clock: ClockView | None
    mine: bool


NOBODY = Turn((), None, False)


def unanswered() -> QuerySet[ProposalAsk]:
    """Return what is asked of parties and open: of a group that nobody has answered yet."""
    answered = ProposalAsk.objects.filter(
        proposal=OuterRef("proposal"), group=OuterRef("group"), consented_at__isnull=False
    )
    return ProposalAsk.objects.filter(
        ~Exists(answered),
        proposal__state=ChangeProposal.State.OPEN,
        proposal__agreement__state__in=OPEN_TO_CHANGE,
    )


def parties_in_turn(act: str) -> QuerySet[AgreementParty]:
    """Return the parties that one act waits for, of all agreements."""
    return _annotated().filter(**{f"does_{act}": True})


def turns_of(
    agreements: Collection[Agreement], *, actor: Any, at: datetime | None
) -> dict[UUID, Turn]:
    """
    Return whose turn it is with each of these agreements, as one reader sees it.

    The agreements come with their applications; the number of queries does not grow with them.
    """
    by_id = {row.pk: row for row in agreements}
    open_ones = [row for row in by_id.values() if row.state in (_S.DRAFTING, *OPEN_TO_CHANGE)]
    found: dict[UUID, list[PartyTurn]] = {}
    if open_ones:
        rows = _annotated().filter(agreement__in=[row.pk for row in open_ones])
        for party in rows.select_related("organization").order_by("agreement", "position", "id"):
            found.setdefault(party.agreement_id, []).extend(_turns(party))
    cases = [row.application for row in open_ones]
    clocks = deadlines.of_subjects(cases, at=at) if at is not None else {}
    own = {(desk.organization_id, desk.role) for desk in desks_of(actor)}
    return {
        row.pk: Turn(
            parties=tuple(found.get(row.pk, ())),
            clock=_signing(clocks.get(str(row.application_id), ())),
            mine=any(_is_mine(turn, row, own) for turn in found.get(row.pk, ())),
        )
        for row in open_ones
    }


def turn_of(agreement: Agreement, *, actor: Any, at: datetime) -> Turn:
    """Return whose turn it is with one agreement, as one reader sees it."""
    return turns_of([agreement], actor=actor, at=at).get(agreement.pk, NOBODY)


def _annotated() -> QuerySet[AgreementParty]:
    """Return parties with what each of them is waited for, and since when."""
    asked = unanswered().filter(
        proposal__agreement=OuterRef("agreement"), organization=OuterRef("organization")
    )
    proposals = ChangeProposal.objects.filter(agreement=OuterRef("agreement"))
    signed = Signature.objects.filter(
        agreement=OuterRef("agreement"), party=OuterRef("organization"), voided_at=None
    )
    licensee, provider = Q(side=_Side.LICENSEE), Q(side=_Side.PROVIDER)
    in_state = {state: Q(agreement__state=state) for state in _S}
    nothing_open = ~Exists(proposals.filter(state=ChangeProposal.State.OPEN))
    unsigned = ~Exists(signed)
    objected = Q(agreement__application__state="OBJECTION")
    oldest = asked.order_by().values("proposal__agreement")
    return AgreementParty.objects.annotate(
        does_answer=_flag(Exists(asked)),
        does_close=_flag(in_state[_S.NEGOTIATING] & provider & nothing_open),
        does_open=_flag(in_state[_S.DRAFTING] & provider),
        does_sign=_flag(
            (in_state[_S.READY_TO_SIGN] & licensee & ~objected)
            | (provider & unsigned & _provider_in_turn(signed))
        ),
        asked_since=Subquery(oldest.annotate(since=Min("proposal__created_at")).values("since")),
        text_since=Greatest(
            Coalesce(F("agreement__opened_at"), F("agreement__drafted_at")),
            _latest(proposals, "answered_at"),
            _latest(TextVersion.objects.filter(agreement=OuterRef("agreement")), "made_at"),
        ),
        closed_at=Coalesce(F("agreement__user_signed_at"), F("agreement__finalized_at")),
    )


def _provider_in_turn(signed: QuerySet[Signature]) -> Q:
    """Return when a provider may sign by the order of the agreement (contracts.signing_order)."""
    earlier = AgreementParty.objects.filter(
        ~Exists(signed),
        agreement=OuterRef("agreement"),
        side=_Side.PROVIDER,
        position__lt=OuterRef("position"),
    )
    any_order = Q(agreement__signing_order=SigningOrder.PARALLEL)
    one_by_one = Q(agreement__signing_order=SigningOrder.ONE_BY_ONE)
    state = Q(agreement__state=_S.SIGNED_BY_USER)
    return (state & (~one_by_one | ~Exists(earlier))) | (
        Q(agreement__state=_S.READY_TO_SIGN) & any_order
    )


def _flag(condition: Any) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _latest(rows: QuerySet[Any], name: str) -> Coalesce:
    newest = rows.order_by().values("agreement").annotate(newest=Max(name)).values("newest")
    return Coalesce(
        Subquery(newest), F("agreement__drafted_at"), output_field=DateTimeField()
    )


def _turns(party: Any) -> Iterable[PartyTurn]:
    since = {
        ANSWER: party.asked_since,
        CLOSE: party.text_since,
        OPEN: party.text_since,
        SIGN: party.closed_at,
    }
    for act in (ANSWER, CLOSE, OPEN, SIGN):
        if getattr(party, f"does_{act}"):
            yield PartyTurn(
                organization_id=party.organization_id,
                name=party.organization.name,
                side=party.side,
                act=act,
                since=since[act],
            )


def _is_mine(turn: PartyTurn, row: Agreement, own: set[tuple[UUID, str]]) -> bool:
    role, acts = FOR_PROVIDERS
    if turn.act in acts and (row.authority_id, role) in own:
        return True
    return any((turn.organization_id, role) in own for role in ROLES[turn.act])


def _signing(clocks: Iterable[ClockView]) -> ClockView | None:
    running = (one for one in clocks if one.kind == SIGNING_CLOCK and one.status != "closed")
    return next(running, None)
