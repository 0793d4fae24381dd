"""The hearing of the party: told what is alleged, heard or silent. Source: T17, domain §3.4."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core import clock, hashing
from core.errors import InvalidInput, NotAllowedNow
from oversight import rules, topics
from oversight.actions import papers
from oversight.actions.access import ask, lock_case, numbered, stated
from oversight.actions.messages import PARTY_ROLES, tell
from oversight.errors import EvidenceMissing
from oversight.models import MeasureKind, PartyStatement, ViolationCase
from parties.roles import Role
from workflow import deadlines, policy, transitions

HEARING_SERIES = "锡数告"


@transitions.action
def send_hearing_notice(
    *, case_id: UUID, proposed_measure: str, actor: Any, at: datetime
) -> ViolationCase:
    """
    Tell the party what is alleged and proposed, and start its time to answer.

    From here on the party sees the case.

    :raises InvalidInput: no known measure is proposed. :raises EvidenceMissing: there is none.
    :raises NotAllowedNow: the case is not filed, or the party has been heard.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "send_hearing_notice", actor=actor, at=at)
    if proposed_measure not in MeasureKind.values:
        raise InvalidInput(fields={"proposed_measure": _("Choose the measure to be proposed.")})
    if not case.evidence.exists():
        raise EvidenceMissing
    due = deadlines.start(case, rules.PARTY_STATEMENT, at=at)
    number = numbered(HEARING_SERIES, at=at)
    transitions.perform(
        case, "send_hearing_notice", actor=actor, at=at, number=number,
        proposed=proposed_measure, due_on=due.due_on,
    )  # fmt: skip
    policy.grant(case, party=case.party)
    papers.hearing_notice(
        case, number=number, proposed=proposed_measure, due_on=due.due_on,
        provisional=due.provisional, at=at,
    )  # fmt: skip
    tell(
        case,
        organization=case.party,
        roles=PARTY_ROLES,
        topic=topics.VIOLATION,
        text=_("You are asked for your statement: %(number)s") % {"number": case.number},
        body=_("State your view and your evidence by %(day)s.") % {"day": date_format(due.due_on)},
        route="case",
        occasion="hearing",
        at=at,
    )
    return case


@transitions.action
def receive_statement(*, case_id: UUID, text: str, actor: Any, at: datetime) -> PartyStatement:
    """
    Take the statement of the party.

    :raises ReasonNeeded: it says nothing. :raises NotAllowedNow: none is asked for at present.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "receive_statement", actor=actor, at=at)
    statement = keep_statement(case, kind=PartyStatement.Kind.STATEMENT, text=text, actor=actor,
                               at=at)  # fmt: skip
    transitions.perform(
        case, "receive_statement", actor=actor, at=at, content_hash=statement.content_hash
    )
    deadlines.close(case, rules.PARTY_STATEMENT, at=at)
    tell_deciders(case, occasion="statement", at=at)
    return statement


@transitions.action
def waive_statement(*, case_id: UUID, actor: Any, at: datetime, reason: str = "") -> ViolationCase:
    """
    Go on without a statement: the party waives it, or its time is over.

    :raises NotAllowedNow: none is asked for, or the system acts before the time is over.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "waive", actor=actor, at=at)
    in_time = case.statement_due_on and clock.local_date(at) <= case.statement_due_on
    if actor.is_system and in_time:
        raise NotAllowedNow
    default = "逾期未提出" if actor.is_system else "当事人书面放弃"
    transitions.perform(case, "waive", actor=actor, at=at, reason=reason.strip() or default)
    deadlines.close(case, rules.PARTY_STATEMENT, at=at)
    tell_deciders(case, occasion="waived", at=at)
    return case


def keep_statement(
    case: ViolationCase, *, kind: str, text: str, actor: Any, at: datetime
) -> PartyStatement:
    """Keep the words of a party with their hash."""
    said = stated(text, field="text")
    return PartyStatement.objects.create(
        case=case,
        kind=kind,
        text=said,
        content_hash=hashing.digest(said.encode()),
        given_by=actor,
        given_at=at,
    )


def tell_deciders(case: ViolationCase, *, occasion: str, at: datetime) -> None:
    """Tell the deciders of the authority that a case waits for them."""
    tell(
        case,
        organization=case.authority,
        roles=(Role.AUTHORITY_DECIDER,),
        topic=topics.VIOLATION,
        text=_("A violation case waits for a decision: %(number)s") % {"number": case.number},
        route="case",
        occasion=occasion,
        at=at,
    )
