"""
The end of an agreement before its term: by consent, for breach, force majeure, or by law.

Whoever may names cause, reason and legal basis; the terms say how much notice is given. When the
last day is over the agreement ends, and with it, in the same commit, keys and licenses.
Source: domain §3.3 (Agreement), §3.5, §3.8; docs/sources.md#ending-an-agreement.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from contracts import endings
from contracts.actions import messages
from contracts.actions.access import (
    ask,
    ask_reason,
    lock_agreement,
    organizations_of,
    party_of,
)
from contracts.actions.amending import drop_open_amendment
from contracts.errors import (
    BasisMissing,
    CauseNotYours,
    CauseUnknown,
    EndsTooEarly,
    TerminationOpen,
)
from contracts.models import Agreement, Termination, TerminationConsent
from core import clock
from core.calendars import working_calendar
from core.errors import DomainError, NotFound
from parties.queries import desks_of, system_actor
from workflow import deadlines, transitions

logger = logging.getLogger(__name__)

BASIS_CHARACTERS_MAX = 300
SIGNERS = (endings.LEGAL_REP, endings.LEADER)
# Content of the record, read by Chinese officials.
TERM_OVER = "协议期限届满"


@transitions.action
def begin_termination(
    *,
    agreement_id: UUID,
    cause: str,
    reason: str,
    legal_basis: str,
    actor: Any,
    at: datetime,
    ends_on: date | None = None,
) -> Termination:
    """
    Propose the end of an agreement by consent, or give notice of it for another cause.

    ``cause`` is one of MUTUAL, BREACH, FORCE_MAJEURE, REGULATORY. ``ends_on`` is the last day of
    use: by consent any day from today on, today when nothing is said; otherwise no earlier than
    the notice of the terms allows, which is also what holds when nothing is said. A change of law
    holds at once.

    :raises CauseUnknown: it is none of these.
    :raises CauseNotYours: the actor may not end the agreement for this cause.
    :raises ReasonMissing: no reason is given.
    :raises BasisMissing: no legal basis is given.
    :raises EndsTooEarly: the last day lies before what notice and today allow.
    :raises TerminationOpen: an end is proposed or served already.
    :raises NotAllowedNow: the agreement is not in force.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "terminate", actor=actor, at=at)
    if cause not in Termination.Cause.values:
        raise CauseUnknown(fields={"cause": CauseUnknown.default_message})
    organization = _speaks_for(agreement, cause, actor)
    stated, basis = ask_reason(reason), _ask_basis(legal_basis)
    notice = endings.notice_working_days(cause, terms=agreement.terms)
    earliest = _earliest(notice, at=at)
    if ends_on is not None and (ends_on < earliest or cause == endings.REGULATORY):
        too_early = EndsTooEarly(day=earliest.isoformat())
        raise EndsTooEarly(fields={"ends_on": str(too_early)}, day=earliest.isoformat())
    if agreement.terminations.filter(state__in=Termination.AT_WORK).exists():
        raise TerminationOpen
    termination = Termination(
        agreement=agreement,
        cause=cause,
        reason=stated,
        legal_basis=basis,
        notice_working_days=notice,
        party=organization,
        begun_by=actor,
        begun_at=at,
        ends_on=ends_on,
    )
    facts = {"agreement": agreement.number, "cause": cause, "legal_basis": basis}
    around = {**organizations_of(agreement), "authority": agreement.authority}
    transitions.create(termination, actor=actor, at=at, facts=facts, **around)
    if cause == endings.MUTUAL:
        _note_consent(termination, organization, actor=actor, at=at)
        messages.tell_end_proposed(termination, at=at)
        return termination
    _serve(termination, ends_on=ends_on or earliest, actor=actor, at=at)
    return termination


@transitions.action
def consent_to_termination(*, termination_id: UUID, actor: Any, at: datetime) -> Termination:
    """
    Consent to the end of an agreement, for a party that has not; the last consent settles it.

    :raises AlreadySigned: the party has consented.
    :raises Forbidden: the actor signs for no party of the agreement.
    :raises NotAllowedNow: it is no longer proposed.
    """
    agreement, termination = _lock(termination_id, actor)
    ask(termination, "consent", actor=actor, at=at)
    party = party_of(agreement=agreement, actor=actor, roles=SIGNERS).organization
    transitions.perform(termination, "consent", actor=actor, at=at, party=party)
    _note_consent(termination, party, actor=actor, at=at)
    given = termination.consents.values("party_id")
    if not agreement.parties.exclude(organization_id__in=given).exists():
        today = clock.local_date(at)
        _serve(
            termination, ends_on=max(termination.ends_on or today, today), actor=system_actor(),
            at=at,
        )  # fmt: skip
    return termination


@transitions.action
def refuse_termination(
    *, termination_id: UUID, reason: str, actor: Any, at: datetime
) -> Termination:
    """
    Refuse the end of an agreement by consent; the agreement goes on.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: the actor's own party proposed it.
    :raises NotAllowedNow: it is no longer proposed.
    """
    _agreement, termination = _lock(termination_id, actor)
    ask(termination, "refuse", actor=actor, at=at)
    stated = ask_reason(reason)
    transitions.perform(termination, "refuse", actor=actor, at=at, by=actor, reason=stated)
    messages.tell_end_dropped(termination, at=at)
    return termination


@transitions.action
def withdraw_termination(
    *, termination_id: UUID, reason: str, actor: Any, at: datetime
) -> Termination:
    """
    Take back an end that one's own office proposed or served; the agreement goes on.

    :raises ReasonMissing: no reason is given.
    :raises Forbidden: another office began it.
    :raises NotAllowedNow: it is settled.
    """
    _agreement, termination = _lock(termination_id, actor)
    ask(termination, "withdraw", actor=actor, at=at)
    stated = ask_reason(reason)
    transitions.perform(termination, "withdraw", actor=actor, at=at, by=actor, reason=stated)
    messages.tell_end_dropped(termination, at=at)
    return termination


def carry_out_terminations(*, at: datetime) -> int:
    """
    End every agreement whose last day by a served notice is over; return how many.

    Each is one transaction, at most PAGE_ROWS_MAX a call. A day on which nothing ran is made up.
    """
    due = Termination.objects.filter(
        state=Termination.State.SERVED, ends_on__lt=clock.local_date(at)
    ).order_by("ends_on", "id")
    done = 0
    for termination_id in list(due.values_list("id", flat=True)[: settings.PAGE_ROWS_MAX]):
        try:
            done += _carry_out_due(termination_id=termination_id, at=at)
        except DomainError:
            # One agreement that cannot be ended must not keep the others back.
            logger.exception("termination_failed", extra={"termination": str(termination_id)})
    return done


def drop_open_termination(agreement: Agreement, *, reason: str, at: datetime) -> None:
    """Withdraw what is proposed or served for an agreement that has ended another way."""
    system = system_actor()
    for one in agreement.terminations.select_for_update(of=("self",), no_key=True).filter(
        state__in=Termination.AT_WORK
    ):
        transitions.perform(one, "withdraw", actor=system, at=at, by=system, reason=reason)


@transitions.action
def _carry_out_due(*, termination_id: UUID, at: datetime) -> bool:
    _agreement, termination = _lock(termination_id, system_actor())
    # Somebody may have withdrawn it between the list and the lock.
    if termination.state != Termination.State.SERVED:
        return False
    _carry_out(termination, at=at)
    return True


def _serve(termination: Termination, *, ends_on: date, actor: Any, at: datetime) -> None:
    transitions.perform(termination, "serve", actor=actor, at=at, ends_on=ends_on)
    at_once = termination.notice_working_days == 0 and ends_on <= clock.local_date(at)
    if at_once:
        _carry_out(termination, at=at)
    else:
        messages.tell_end_served(termination, at=at)


def _carry_out(termination: Termination, *, at: datetime) -> None:
    system = system_actor()
    agreement = lock_agreement(agreement_id=termination.agreement_id, actor=system)
    transitions.perform(
        agreement,
        "terminate",
        actor=system,
        at=at,
        cause=termination.cause,
        reason=f"{termination.reason}（依据：{termination.legal_basis}）",
    )
    deadlines.close_all(agreement, at=at)
    drop_open_amendment(agreement, reason="协议解除", at=at)
    transitions.perform(termination, "carry_out", actor=system, at=at, by=system)
    messages.tell_ended(termination, at=at)


def _speaks_for(agreement: Agreement, cause: str, actor: Any) -> Any:
    """Return the office for which the actor ends the agreement."""
    own = {(desk.organization_id, desk.role) for desk in desks_of(actor)}
    around = {
        (party.organization_id, endings.LEGAL_REP if party.side == "LICENSEE" else endings.LEADER)
        for party in agreement.parties.all()
    }
    held = own & (around | {(agreement.authority_id, endings.DECIDER)})
    for organization_id, role in sorted(held, key=str):
        if endings.may_end(cause, roles=[role], terms=agreement.terms):
            if organization_id == agreement.authority_id and role == endings.DECIDER:
                return agreement.authority
            return agreement.parties.get(organization_id=organization_id).organization
    raise CauseNotYours(fields={"cause": CauseNotYours.default_message})


def _ask_basis(legal_basis: str) -> str:
    stated = legal_basis.strip()
    if not stated or len(stated) > BASIS_CHARACTERS_MAX:
        raise BasisMissing(fields={"legal_basis": BasisMissing.default_message})
    return stated


def _earliest(notice: int, *, at: datetime) -> date:
    today = clock.local_date(at)
    return working_calendar().due(start=today, working_days=notice).on if notice else today


def _note_consent(termination: Termination, party: Any, *, actor: Any, at: datetime) -> None:
    TerminationConsent.objects.create(
        termination=termination, party=party, given_by=actor, given_at=at
    )


def _lock(termination_id: UUID, actor: Any) -> tuple[Agreement, Termination]:
    """Lock an ending, its agreement first: everybody takes the two in this order."""
    known = Termination.objects.filter(id=termination_id).values_list("agreement_id").first()
    if known is None:
        raise NotFound
    agreement = lock_agreement(agreement_id=known[0], actor=actor)
    termination = Termination.objects.select_for_update(of=("self",), no_key=True).get(
        id=termination_id
    )
    return agreement, termination
