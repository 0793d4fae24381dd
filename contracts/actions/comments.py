"""
Conversations about clauses: open to both sides, or notes of one side only.

What is said is a row that never changes; its record on the audit chain names it by hash, so that a
note of one side is not told by the trail either.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.actions.access import ask, lock_agreement, party_of
from contracts.actions.negotiation import OPEN_TO_CHANGE
from contracts.actions.proposing import NEGOTIATORS
from contracts.errors import ClauseUnknown, CommentEmpty
from contracts.models import Agreement, AgreementParty, ClauseComment, ClauseThread
from contracts.wording import CLAUSE_KEYS
from core import hashing
from core.errors import Forbidden, NotAllowedNow, NotFound
from workflow import audit, policy, transitions

COMMENT_CHARACTERS_MAX = 2_000
SPEAKERS = (*NEGOTIATORS, "APPLICANT_SECURITY")
_Side = AgreementParty.Side


@transitions.action
def comment_on_clause(
    *, agreement_id: UUID, clause: str, text: str, internal: bool, actor: Any, at: datetime
) -> ClauseThread:
    """
    Begin a conversation about a clause; an internal one is for the actor's own side.

    ``clause`` is one of ``wording.CLAUSE_KEYS``.

    :raises ClauseUnknown: the text has no such clause.
    :raises CommentEmpty: nothing is said, or too much.
    :raises NotAllowedNow: the agreement is not open to change.
    :raises Forbidden: the actor speaks for no party.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    if not policy.may(actor, "contracts.comment_agreement", agreement):
        raise Forbidden
    if agreement.state not in OPEN_TO_CHANGE:
        raise NotAllowedNow
    if clause not in CLAUSE_KEYS:
        raise ClauseUnknown(fields={"clause": ClauseUnknown.default_message})
    said = _said(text)
    party = party_of(agreement=agreement, actor=actor, roles=SPEAKERS)
    thread = ClauseThread(
        agreement=agreement,
        clause=clause,
        side=party.side,
        party=party.organization,
        is_internal=internal,
        text_version=agreement.text_version,
        started_by=actor,
        started_at=at,
    )
    transitions.create(
        thread,
        actor=actor,
        at=at,
        facts={"agreement": agreement.number, "clause": clause, "internal": internal},
        **_readers(agreement, party, internal=internal),
    )
    _say(thread, party, said, actor=actor, at=at)
    return thread


@transitions.action
def answer_thread(*, thread_id: UUID, text: str, actor: Any, at: datetime) -> ClauseThread:
    """
    Say something in an open conversation.

    :raises NotFound: there is none, or it is the other side's own.
    :raises CommentEmpty: nothing is said, or too much.
    :raises NotAllowedNow: it is resolved; open it again first.
    """
    thread = _lock_thread(thread_id, actor)
    if not policy.may(actor, "contracts.join_clausethread", thread):
        raise Forbidden
    if thread.state != ClauseThread.State.OPEN:
        raise NotAllowedNow
    said = _said(text)
    party = party_of(agreement=thread.agreement, actor=actor, roles=SPEAKERS)
    _say(thread, party, said, actor=actor, at=at)
    return thread


@transitions.action
def resolve_thread(*, thread_id: UUID, actor: Any, at: datetime) -> ClauseThread:
    """
    Mark a conversation as settled.

    :raises NotFound: there is none, or it is the other side's own.
    :raises NotAllowedNow: it is settled already.
    """
    thread = _lock_thread(thread_id, actor)
    ask(thread, "settle_comment", actor=actor, at=at)
    return transitions.perform(thread, "settle_comment", actor=actor, at=at, resolver=actor)


@transitions.action
def reopen_thread(*, thread_id: UUID, actor: Any, at: datetime) -> ClauseThread:
    """
    Take a settled conversation up again.

    :raises NotFound: there is none, or it is the other side's own.
    :raises NotAllowedNow: it is open.
    """
    thread = _lock_thread(thread_id, actor)
    ask(thread, "take_up", actor=actor, at=at)
    return transitions.perform(thread, "take_up", actor=actor, at=at)


def _readers(
    agreement: Agreement, party: AgreementParty, *, internal: bool
) -> dict[str, list[Any]]:
    """Return the holders around a conversation: of an internal one nobody but its own side."""
    rows = list(agreement.parties.select_related("organization"))
    sides = {
        "licensee": [p.organization for p in rows if p.side == _Side.LICENSEE],
        "provider": [p.organization for p in rows if p.side == _Side.PROVIDER],
    }
    if internal:
        own = "licensee" if party.side == _Side.LICENSEE else "provider"
        return {own: sides[own]}
    return {**sides, "authority": [agreement.authority]}


def _lock_thread(thread_id: UUID, actor: Any) -> ClauseThread:
    found = (
        ClauseThread.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement")
        .filter(id=thread_id)
        .first()
    )
    if found is None or not policy.holds(actor, "contracts.see_clausethread", found):
        raise NotFound
    return found


def _said(text: str) -> str:
    said = text.strip()
    if not said or len(said) > COMMENT_CHARACTERS_MAX:
        raise CommentEmpty(fields={"text": CommentEmpty.default_message})
    return said


def _say(
    thread: ClauseThread, party: AgreementParty, text: str, *, actor: Any, at: datetime
) -> None:
    ClauseComment.objects.create(
        thread=thread, party=party.organization, author=actor, text=text, written_at=at
    )
    facts = {"clause": thread.clause, "text_hash": hashing.digest(text.encode())}
    audit.record(thread, "comment", actor=actor, at=at, facts=facts)
