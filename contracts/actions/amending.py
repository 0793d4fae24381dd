"""
The next version of an agreement in force.

Version n holds, and the data is used under it, until every party has signed version n+1; then text,
terms and licenses change in one commit. Nothing here widens scope or purpose: that is another
application. Source: domain T13; docs/sources.md#amendment-and-renewal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts import wording
from contracts.actions import messages, papers
from contracts.actions.access import (
    ask,
    ask_reason,
    facts_of,
    lock_agreement,
    organizations_of,
    party_of,
    terms_of,
    void_signatures,
)
from contracts.actions.nesting import ask_nested
from contracts.actions.versions import record_version
from contracts.calendar import add_months
from contracts.errors import AlreadySigned, AmendmentOpen, TextChanged, WidensGrant
from contracts.lattice import leaves, looser_paths
from contracts.models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    Amendment,
    AmendmentSignature,
    Signature,
    TextVersion,
)
from contracts.overrides import changed_paths, changed_terms
from contracts.statements import CHANGE
from contracts.terms import Terms, dump, parse
from core import clock
from core.errors import DomainError, Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties import actions as parties
from parties.queries import system_actor
from workflow import policy, transitions

NEGOTIATORS = ("APPLICANT_AGENT", "APPLICANT_LEGAL_REP", "PROVIDER_OFFICER", "PROVIDER_LEADER")
SIGNERS = ("APPLICANT_LEGAL_REP", "PROVIDER_LEADER")
# What is wider in one of these needs an application, a review and a decision of its own (T01).
GRANTED = ("purpose", "scope", "rights", "onward_transfer", "region")


@transitions.action
def propose_amendment(
    *, agreement_id: UUID, changes: Mapping[str, Any], reason: str, actor: Any, at: datetime
) -> Amendment:
    """
    Put the next version of an agreement in force before its parties, to be signed.

    ``changes`` is a partial ``Terms`` as plain JSON; datasets are named by their code.

    :raises WidensGrant: purpose, scope, rights, onward transfer or region would be wider.
    :raises TooLoose: a locked entry would fall below template, profiles and decision.
    :raises NothingChanged: the terms would stay what they are.
    :raises TermOutlastsDataset: the new term reaches beyond a dataset's.
    :raises AmendmentOpen: another amendment waits for signatures.
    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: the agreement is not in force.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    if not policy.may(actor, "contracts.propose_change", agreement):
        raise Forbidden
    if agreement.state != Agreement.State.EFFECTIVE:
        raise NotAllowedNow
    stated = ask_reason(reason)
    if agreement.amendments.filter(state=Amendment.State.PROPOSED).exists():
        raise AmendmentOpen
    before = terms_of(agreement)
    wanted = changed_terms(
        current=before,
        floor=parse(agreement.floor),
        changes=changes,
        locked=agreement.base_template.locked,
    )
    _ask_not_wider(before, wanted)
    valid_to = _last_day(agreement, wanted, at=at)
    ask_nested(agreement, valid_from=_first_day(agreement), valid_to=valid_to)
    party = party_of(agreement=agreement, actor=actor, roles=NEGOTIATORS)
    amendment = Amendment(
        agreement=agreement,
        version=agreement.text_version + 1,
        base_hash=agreement.text_hash,
        terms=dump(wanted),
        text_hash=wording.text_hash(terms=wanted, facts=facts_of(agreement)),
        changes=_difference(before, wanted),
        reason=stated,
        party=party.organization,
        proposed_by=actor,
        proposed_at=at,
    )
    facts = {
        "agreement": agreement.number,
        "version": amendment.version,
        "changes": amendment.changes,
    }
    transitions.create(
        amendment, actor=actor, at=at, facts=facts, **organizations_of(agreement)
    )
    messages.tell_amendment(amendment, at=at)
    return amendment


@parties.proven
def sign_amendment(
    *, amendment_id: UUID, text_hash: str, proof: parties.Proof, actor: Any, at: datetime
) -> Amendment | DomainError:
    """
    Sign the next version for the party the actor speaks for; the last signature puts it in force.

    Parties sign in any order. Text, terms and licenses change in the commit of the last signature.
    ``proof`` is password and one-time code of the signer at this moment.

    :raises SecondFactorMissing, ProofWrong, CodeUsed, TooManyAttempts: the proof is refused.
    :raises TextChanged: the text is not the one that was read, or version n has changed since.
    :raises AlreadySigned: the party has signed it.
    :raises NotAllowedNow: it is settled, or the agreement is not in force.
    :raises Forbidden: the actor signs for no party of this agreement.
    """
    agreement, amendment = _lock(amendment_id, actor)
    party = party_of(agreement=agreement, actor=actor, roles=SIGNERS)
    if amendment.signatures.filter(party=party.organization).exists():
        raise AlreadySigned
    ask(amendment, "sign", actor=actor, at=at)
    if agreement.state != Agreement.State.EFFECTIVE:
        raise NotAllowedNow
    _ask_text(agreement, amendment, text_hash)
    answer = parties.prove(person=actor, proof=proof, at=at)
    if isinstance(answer, DomainError):
        return answer
    transitions.perform(
        amendment, "sign", actor=actor, at=at, party=party.organization, text_hash=text_hash
    )
    licensee = party.side == AgreementParty.Side.LICENSEE
    AmendmentSignature.objects.create(
        amendment=amendment,
        party=party.organization,
        signer=actor,
        role=SIGNERS[0] if licensee else SIGNERS[1],
        proof=answer.method,
        text_hash=text_hash,
        signed_at=at,
    )
    signed = amendment.signatures.values("party_id")
    if not agreement.parties.exclude(organization_id__in=signed).exists():
        _take_effect(agreement, amendment, at=at)
    return amendment


@transitions.action
def decline_amendment(
    *, amendment_id: UUID, reason: str, actor: Any, at: datetime
) -> Amendment:
    """
    Decline the next version; the one in force stays.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: it is settled.
    :raises Forbidden: the actor signs for no party of this agreement.
    """
    _agreement, amendment = _lock(amendment_id, actor)
    ask(amendment, "decline", actor=actor, at=at)
    stated = ask_reason(reason)
    transitions.perform(amendment, "decline", actor=actor, at=at, by=actor, reason=stated)
    messages.tell_amendment_dropped(amendment, at=at)
    return amendment


@transitions.action
def withdraw_amendment(
    *, amendment_id: UUID, reason: str, actor: Any, at: datetime
) -> Amendment:
    """
    Take back an amendment that one's own organization proposed.

    :raises ReasonMissing: no reason is given.
    :raises NotAllowedNow: it is settled.
    :raises Forbidden: another organization proposed it.
    """
    _agreement, amendment = _lock(amendment_id, actor)
    ask(amendment, "withdraw", actor=actor, at=at)
    stated = ask_reason(reason)
    transitions.perform(amendment, "withdraw", actor=actor, at=at, by=actor, reason=stated)
    messages.tell_amendment_dropped(amendment, at=at)
    return amendment


def drop_open_amendment(agreement: Agreement, *, reason: str, at: datetime) -> None:
    """Withdraw the amendment of an agreement that has ended."""
    system = system_actor()
    for one in agreement.amendments.select_for_update(of=("self",), no_key=True).filter(
        state=Amendment.State.PROPOSED
    ):
        transitions.perform(one, "withdraw", actor=system, at=at, by=system, reason=reason)


def _take_effect(agreement: Agreement, amendment: Amendment, *, at: datetime) -> None:
    system, wanted = system_actor(), parse(amendment.terms)
    before = terms_of(agreement)
    valid_to = _last_day(agreement, wanted, at=at)
    ask_nested(agreement, valid_from=_first_day(agreement), valid_to=valid_to)
    stated = leaves(wanted)
    kept = {path: name for path, name in agreement.sources.items() if path in stated}
    changed = [p for p in changed_paths(before=before, after=wanted) if p in stated]
    transitions.perform(
        agreement,
        "amend",
        actor=system,
        at=at,
        terms=amendment.terms,
        sources=kept | dict.fromkeys(changed, CHANGE),
        text_hash=amendment.text_hash,
        version=amendment.version,
        valid_to=valid_to,
    )
    record_version(
        agreement,
        cause=TextVersion.Cause.AMENDMENT,
        reason=amendment.reason,
        actor=amendment.proposed_by,
        at=at,
    )
    # The signatures of version n stay on record; those of n+1 take their place.
    void_signatures(agreement, reason=f"由第{amendment.version}版协议文本接续", at=at)
    Signature.objects.bulk_create(
        Signature(
            agreement=agreement,
            party_id=one.party_id,
            signer_id=one.signer_id,
            role=one.role,
            proof=one.proof,
            text_hash=one.text_hash,
            text_version=amendment.version,
            signed_at=one.signed_at,
        )
        for one in amendment.signatures.order_by("signed_at", "id")
    )
    transitions.perform(amendment, "take_effect", actor=system, at=at)
    papers.store(agreement, kind=AgreementDocument.Kind.SIGNED, at=at)
    messages.tell_amended(amendment, at=at)


def _ask_not_wider(before: Terms, wanted: Terms) -> None:
    wider = {
        path for path in looser_paths(wanted, before) if path.split(".")[0] in GRANTED
    }
    # The purpose is not made stricter either: another purpose is another application.
    moved = {p for p in changed_paths(before=before, after=wanted) if p.startswith("purpose.")}
    if wider | moved:
        raise WidensGrant(paths=", ".join(sorted(wider | moved)))


def _ask_text(agreement: Agreement, amendment: Amendment, text_hash: str) -> None:
    actual = wording.text_hash(terms=parse(amendment.terms), facts=facts_of(agreement))
    if not text_hash == amendment.text_hash == actual:
        raise TextChanged
    if amendment.base_hash != agreement.text_hash:
        raise TextChanged


def _first_day(agreement: Agreement) -> date:
    assert agreement.valid_from is not None, "an agreement in force has its days"
    return agreement.valid_from


def _last_day(agreement: Agreement, wanted: Terms, *, at: datetime) -> date:
    """Return the last day by the new terms; it changes only when the number of months does."""
    assert agreement.valid_to is not None
    before, months = terms_of(agreement).term, wanted.term.months if wanted.term else None
    assert months is not None, "terms of an agreement state its duration"
    if before is not None and before.months == months:
        return agreement.valid_to
    last = add_months(_first_day(agreement), months=months) - timedelta(days=1)
    if last < clock.local_date(at):
        raise InvalidInput(_("By the new term the agreement would have ended already."))
    return last


def _difference(before: Terms, after: Terms) -> list[list[Any]]:
    old, new = leaves(before), leaves(after)
    paths = changed_paths(before=before, after=after)
    return [[path, _plain(old.get(path)), _plain(new.get(path))] for path in paths]


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(str(one) for one in value)
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def _lock(amendment_id: UUID, actor: Any) -> tuple[Agreement, Amendment]:
    """Lock an amendment, its agreement first: everybody takes the two in this order."""
    known = Amendment.objects.filter(id=amendment_id).values_list("agreement_id").first()
    if known is None:
        raise NotFound
    agreement = lock_agreement(agreement_id=known[0], actor=actor)
    amendment = Amendment.objects.select_for_update(of=("self",), no_key=True).get(
        id=amendment_id
    )
    return agreement, amendment
