"""Publication, objection, repair. Source: A15, T19, domain §3.4."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.calendar import add_months
from core import clock
from oversight import ladder, masking, rules, topics
from oversight.actions import bars, execution, papers
from oversight.actions.access import ask, lock_case, numbered, one_of, stated
from oversight.actions.decisions import measure_lines, publication_period
from oversight.actions.hearing import keep_statement, tell_deciders
from oversight.actions.messages import PARTY_ROLES, tell
from oversight.errors import DutiesOpen, MilderMeasureNeeded, ObjectionLate, RepairTooEarly
from oversight.models import (
    CaseState,
    ExitCase,
    Measure,
    MeasureKind,
    PartyStatement,
    PublicNotice,
    ViolationCase,
)
from parties import queries as parties
from parties.roles import Kind
from workflow import deadlines, transitions

NOTICE_SERIES = "锡数公示"
SWEEP_ROWS = 200
EXIT_DONE = (
    ExitCase.State.VERIFIED,
    ExitCase.State.FINAL_SETTLEMENT,
    ExitCase.State.ARCHIVED,
)


@transitions.action
def publish_notice(
    *, case_id: UUID, actor: Any, at: datetime, persons: Iterable[str] = ()
) -> PublicNotice:
    """
    Show the act and the measure to the public, for one year from the decision.

    ``persons`` are natural persons named in the texts; of them only the surname is shown. The
    address of the notice stays, also when the notice is taken off.

    :raises NotAllowedNow: the case is not decided, or published. :raises Forbidden: no publisher.
    Source: clause A15; docs/sources.md#a15.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "publish", actor=actor, at=at)
    named = tuple(persons)
    final = case.measures.get(interim=False)
    licenses = list(case.licenses.select_related("dataset").order_by("number"))
    first, last = publication_period(clock.local_date(case.decided_at or at))
    notice = PublicNotice(
        number=numbered(NOTICE_SERIES, at=at),
        case=case,
        authority=case.authority,
        party_name=masking.mask_text(case.party.name, persons=named),
        party_uscc=case.party.uscc,
        license_numbers=[row.number for row in licenses],
        datasets=[f"{row.dataset.title}（{row.dataset.code}）" for row in licenses],
        code=case.code,
        act=masking.mask_text(case.facts, persons=named),
        rule_article=case.rule_article,
        measures=[masking.mask_text(line, persons=named) for line in final.terms["lines"]],
        decision_number=case.decision_number,
        published_at=at,
        publish_from=first,
        publish_to=last,
    )
    transitions.create(
        notice, actor=actor, at=at, facts={"number": notice.number},
        authority=case.authority, platform=one_of(Kind.PLATFORM),
    )  # fmt: skip
    transitions.perform(case, "publish", actor=actor, at=at, notice=notice)
    papers.public_notice(notice, at=at)
    deadlines.start(case, rules.VIOLATION_OBJECTION, at=at)
    tell(
        case,
        organization=case.party,
        roles=PARTY_ROLES,
        topic=topics.VIOLATION,
        text=_("The decision is published: %(number)s") % {"number": notice.number},
        route="case",
        occasion="published",
        at=at,
    )
    return notice


@transitions.action
def object_to_case(*, case_id: UUID, text: str, actor: Any, at: datetime) -> PartyStatement:
    """
    Take the party's objection to a published decision; the measure holds on.

    :raises ObjectionLate: the time is over. :raises ReasonNeeded: it says nothing.
    :raises NotAllowedNow: the decision is not published, or was objected to before.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "object", actor=actor, at=at)
    running = {c.kind: c for c in deadlines.of_subject(case, at=at) if c.status != "closed"}
    limit = running.get(rules.VIOLATION_OBJECTION)
    if limit is None or limit.status == "overdue":
        raise ObjectionLate
    objection = keep_statement(
        case, kind=PartyStatement.Kind.OBJECTION, text=text, actor=actor, at=at
    )
    transitions.perform(case, "object", actor=actor, at=at, content_hash=objection.content_hash)
    deadlines.close(case, rules.VIOLATION_OBJECTION, at=at)
    deadlines.start(case, rules.VIOLATION_ANSWER, at=at)
    tell_deciders(case, occasion="objection", at=at)
    return objection


@transitions.action
def answer_case_objection(
    *, case_id: UUID, upheld: bool, reason: str, actor: Any, at: datetime, measure: str = ""
) -> ViolationCase:
    """
    Leave a decision as it is, or replace its measure by a milder one.

    A changed decision takes its notice off and lifts a bar that goes with CLOSE; a license that was
    revoked stays revoked, the party may apply again.

    :raises MilderMeasureNeeded: the new measure is not milder. :raises ReasonNeeded: no reason.
    :raises Forbidden: the actor decided or investigated the case.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "uphold", actor=actor, at=at)
    why = stated(reason)
    if upheld:
        transitions.perform(case, "uphold", actor=actor, at=at, reason=why)
    else:
        _change(case, measure, why, actor=actor, at=at)
    objection = case.statements.get(kind=PartyStatement.Kind.OBJECTION)
    objection.answer, objection.answered_by, objection.answered_at = why, actor, at
    objection.save(update_fields=["answer", "answered_by", "answered_at"])
    deadlines.close(case, rules.VIOLATION_ANSWER, at=at)
    tell(
        case,
        organization=case.party,
        roles=PARTY_ROLES,
        topic=topics.VIOLATION,
        text=_("Answer to your objection: %(number)s") % {"number": case.decision_number},
        body=why,
        route="case",
        occasion="objection-answer",
        at=at,
    )
    return case


@transitions.action
def repair_case(*, case_id: UUID, reason: str, actor: Any, at: datetime) -> ViolationCase:
    """
    Repair the public record of a violation: notice off, bar lifted, file kept.

    :raises RepairTooEarly: the notice has not stood REPAIR_MONTHS_MIN months.
    :raises DutiesOpen: the data of a closed license is not destroyed as far as anybody verified.
    :raises ReasonNeeded: the proof of rectification is not named.
    Source: T19; docs/sources.md#record-repair.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "repair", actor=actor, at=at)
    why = stated(reason)
    notice = _lock_notice(case)
    earliest = add_months(notice.publish_from, months=rules.REPAIR_MONTHS_MIN)
    if clock.local_date(at) < earliest:
        raise RepairTooEarly(day=earliest.isoformat())
    if ExitCase.objects.filter(license__violation_cases=case).exclude(
        state__in=EXIT_DONE
    ).exists():  # fmt: skip
        raise DutiesOpen
    transitions.perform(case, "repair", actor=actor, at=at, reason=why)
    if notice.state == PublicNotice.State.PUBLISHED:
        transitions.perform(notice, "withdraw", actor=actor, at=at, reason=why)
    bars.lift_for_case(case, reason=why, actor=actor, at=at)
    deadlines.close_all(case, at=at)
    return case


@transitions.action
def close_case(*, case_id: UUID, reason: str, actor: Any, at: datetime) -> ViolationCase:
    """
    Put the file of a repaired or run out case away.

    :raises NotAllowedNow: its notice is still published, or the case is not that far.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "close", actor=actor, at=at)
    notice = _lock_notice(case)
    if notice.state == PublicNotice.State.PUBLISHED:
        raise RepairTooEarly(day=(notice.publish_to + timedelta(days=1)).isoformat())
    transitions.perform(case, "close", actor=actor, at=at, reason=stated(reason))
    deadlines.close_all(case, at=at)
    return case


def expire_notices(*, at: datetime) -> int:
    """
    Take notices off whose time is over, and close their cases.

    One transaction each; returns how many.
    """
    system = parties.system_actor()
    ids = list(
        PublicNotice.objects.filter(
            state=PublicNotice.State.PUBLISHED, publish_to__lt=clock.local_date(at)
        )
        .order_by("publish_to", "id")
        .values_list("case_id", flat=True)[:SWEEP_ROWS]
    )
    for case_id in ids:
        with transaction.atomic():
            case = lock_case(case_id, actor=system)
            notice = _lock_notice(case)
            if notice.state != PublicNotice.State.PUBLISHED:
                continue
            transitions.perform(notice, "expire", actor=system, at=at)
            if case.state in (CaseState.PUBLISHED, CaseState.UPHELD, CaseState.CHANGED):
                transitions.perform(case, "close", actor=system, at=at, reason="公示期满")
    return len(ids)


def _change(
    case: ViolationCase, measure: str, reason: str, *, actor: Any, at: datetime
) -> None:
    before = case.measure
    if measure not in MeasureKind.values or not ladder.is_milder(measure, before):
        raise MilderMeasureNeeded(fields={"measure": MilderMeasureNeeded.default_message})
    transitions.perform(case, "change", actor=actor, at=at, measure=measure, reason=reason)
    final = case.measures.get(interim=False)
    final.ended_at = at
    final.save(update_fields=["ended_at"])
    lines, terms = measure_lines(case, measure, damages_fen=case.damages_fen, bar=None, at=at)
    execution.relax(case, before=before, reason=reason, at=at)
    effects = execution.apply(
        case, measure, terms=terms, reason=reason, until=None, actor=actor, at=at
    )
    Measure.objects.create(
        case=case,
        kind=measure,
        interim=False,
        terms=terms | {"lines": lines},
        effects=effects,
        reason=reason,
        ordered_by=actor,
        ordered_at=at,
    )
    notice = _lock_notice(case)
    if notice.state == PublicNotice.State.PUBLISHED:
        transitions.perform(notice, "withdraw", actor=actor, at=at, reason=reason)
    bars.lift_for_case(case, reason=reason, actor=actor, at=at)


def _lock_notice(case: ViolationCase) -> PublicNotice:
    return PublicNotice.objects.select_for_update(of=("self",), no_key=True).get(case=case)
