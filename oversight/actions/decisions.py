"""The decision on a violation, carried out in the same transaction. Source: T18, §3.10, §3.11."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts.calendar import add_months
from contracts.models import Agreement
from core import clock
from core.calendars import working_calendar
from core.errors import InvalidInput
from core.money import format_yuan
from oversight import ladder, rules, topics, words
from oversight.actions import bars, execution, papers
from oversight.actions.access import ask, lock_case, numbered, stated
from oversight.actions.messages import PARTY_ROLES, tell
from oversight.errors import DamagesTooHigh, MeasureNotAgreed, MeasureOutsideLadder
from oversight.models import Measure, MeasureKind, ViolationCase
from oversight.queries.records import prior_count
from workflow import deadlines, transitions

DECISION_SERIES = "锡数处"


@transitions.action
def decide_case(
    *,
    case_id: UUID,
    measure: str,
    reasons: str,
    actor: Any,
    at: datetime,
    damages_fen: int = 0,
    answer: str = "",
    departure_reason: str = "",
) -> ViolationCase:
    """
    Decide a violation case and carry the measure out, all or nothing.

    CLOSE revokes the licenses concerned, and with them the credentials, in this very transaction;
    V2 closes every license of the party. A bar on new applications comes with CLOSE. The decision
    is stored as PDF. ``damages_fen`` are whole fen, at most what the agreements provide.

    :raises MeasureOutsideLadder: the ladder does not provide it and no departure is explained.
    :raises MeasureNotAgreed: an agreement does not provide it (V2 and V3 excepted).
    :raises DamagesTooHigh: more than the agreements provide.
    :raises ReasonNeeded: no reasons are stated.
    :raises Forbidden: the actor investigated the case, or is no decider.
    :raises NotAllowedNow: the party has not been heard, or the case is decided.
    Source: T18; clauses A12-A14.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "decide", actor=actor, at=at)
    reasons = stated(reasons, field="reasons")
    prior = prior_count(case, at=at)
    _check_measure(case, measure, departure_reason, repeated=prior > 0)
    _check_damages(case, damages_fen)
    bar = ladder.bar_of(code=case.code, measure=measure, repeated=prior > 0)
    lines, terms = measure_lines(case, measure, damages_fen=damages_fen, bar=bar, at=at)
    transitions.perform(
        case,
        "decide",
        actor=actor,
        at=at,
        number=numbered(DECISION_SERIES, at=at),
        measure=measure,
        reasons=reasons,
        answer=answer.strip(),
        departure_reason=departure_reason.strip(),
        damages_fen=damages_fen,
        prior_count=prior,
        decider=actor,
    )
    _enforce(case, measure, terms, lines, bar=bar, actor=actor, at=at)
    papers.decision(
        case,
        lines=lines,
        destruction_due_on=_destruction_due_on(measure, at=at),
        publish=publication_period(clock.local_date(at)),
        at=at,
    )
    deadlines.close_all(case, at=at)
    _tell_party(case, at=at)
    return case


@transitions.action
def clear_case(*, case_id: UUID, reason: str, actor: Any, at: datetime) -> ViolationCase:
    """
    End a case in the party's favor after it was heard.

    :raises ReasonNeeded: no reason is stated. :raises Forbidden: as ``decide_case``.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "clear", actor=actor, at=at)
    transitions.perform(case, "clear", actor=actor, at=at, reason=stated(reason))
    execution.lift_interim(case, reason=reason, at=at)
    deadlines.close_all(case, at=at)
    tell(
        case,
        organization=case.party,
        roles=PARTY_ROLES,
        topic=topics.VIOLATION,
        text=_("The case was dismissed: %(number)s") % {"number": case.number},
        body=reason,
        route="case",
        occasion="cleared",
        at=at,
    )
    return case


def measure_lines(
    case: ViolationCase, measure: str, *, damages_fen: int, bar: ladder.Bar | None, at: datetime
) -> tuple[list[str], dict[str, Any]]:
    """Return what a measure says in the papers, and its terms."""
    terms = papers.restriction_terms(measure)
    if measure == ladder.WARN:
        terms = {"cure_working_days": _cure_days(case)}
    phrase = ""
    if bar is not None:
        until = bars.bar_until(bar, on=clock.local_date(at))
        phrase = (
            f"至{until.year}年{until.month}月{until.day}日不受理其新的数据使用申请。"
            if until
            else "不再受理其数据使用申请。"
        )
    damages = papers.damages_phrase(damages_fen)
    return words.measure_lines(measure, terms=terms, damages=damages, bar=phrase), terms


def publication_period(on: date) -> tuple[date, date]:
    """Return the first and the last day of a notice that begins on a day."""
    return on, add_months(on, months=rules.PUBLICATION_MONTHS) - timedelta(days=1)


def _enforce(
    case: ViolationCase,
    measure: str,
    terms: dict[str, Any],
    lines: list[str],
    *,
    bar: ladder.Bar | None,
    actor: Any,
    at: datetime,
) -> None:
    suspended = case.measures.filter(
        interim=True, ended_at=None, kind=MeasureKind.SUSPEND
    ).exists()
    if measure == ladder.CLOSE or (measure == ladder.SUSPEND and suspended):
        execution.end_interim(case, at=at)
    else:
        execution.lift_interim(case, reason=case.decision_number, at=at)
    until = None
    if measure == ladder.RESTRICT:
        last_day = clock.local_date(at) + timedelta(days=rules.RESTRICTION_DAYS)
        until = clock.end_of_day(last_day)
    effects = execution.apply(
        case,
        measure,
        terms=terms,
        reason=f"{case.decision_number} {lines[0]}",
        until=until,
        actor=actor,
        at=at,
        licenses=execution.concerned(
            case, every=case.code == "V2" and measure == ladder.CLOSE
        ),
    )
    Measure.objects.create(
        case=case,
        kind=measure,
        interim=False,
        terms=terms | {"lines": lines},
        effects=effects,
        reason=case.reasons,
        ordered_by=actor,
        ordered_at=at,
        until=until,
    )
    if bar is not None:
        bars.bar(case, bar, actor=actor, at=at)
    done = [f"{one['number']} {one['effect']}" for one in effects]
    transitions.perform(case, "enforce", actor=actor, at=at, effects=done)


def _check_measure(
    case: ViolationCase, measure: str, departure_reason: str, *, repeated: bool
) -> None:
    if measure not in MeasureKind.values:
        raise InvalidInput(fields={"measure": _("Choose a measure.")})
    provided = ladder.allowed(code=case.code, severity=case.severity, repeated=repeated)
    if measure not in provided and not departure_reason.strip():
        names = "、".join(str(MeasureKind(one).label) for one in provided)
        text = MeasureOutsideLadder.default_message % {"allowed": names}
        raise MeasureOutsideLadder(text, fields={"measure": text})
    if case.code in ladder.BEYOND_AGREEMENT:
        return
    for agreement in _agreements(case):
        agreed = (agreement.terms.get("breach") or {}).get("measures") or list(ladder.ORDER)
        if measure not in agreed:
            raise MeasureNotAgreed(number=agreement.number)


def _check_damages(case: ViolationCase, damages_fen: int) -> None:
    limit = sum(
        int((row.terms.get("breach") or {}).get("liquidated_damages_fen") or 0)
        for row in _agreements(case)
    )
    if not 0 <= damages_fen <= limit:
        text = DamagesTooHigh.default_message % {"limit": format_yuan(limit)}
        raise DamagesTooHigh(text, fields={"damages_fen": text})


def _agreements(case: ViolationCase) -> list[Agreement]:
    return list(Agreement.objects.filter(licenses__violation_cases=case).distinct().order_by("id"))


def _cure_days(case: ViolationCase) -> int:
    days = [
        int((row.terms.get("breach") or {}).get("cure_working_days") or 10)
        for row in _agreements(case)
    ]
    return min(days, default=10)


def _destruction_due_on(measure: str, *, at: datetime) -> date | None:
    if measure != ladder.CLOSE:
        return None
    days = papers.days_of(rules.DESTRUCTION, at=at)
    return working_calendar().due(start=clock.local_date(at), working_days=days).on


def _tell_party(case: ViolationCase, *, at: datetime) -> None:
    tell(
        case,
        organization=case.party,
        roles=PARTY_ROLES,
        topic=topics.VIOLATION,
        text=_("Decision on a violation: %(number)s") % {"number": case.decision_number},
        body=_("The measure takes hold at once. Read the decision and the way to object."),
        route="case",
        occasion="decided",
        at=at,
    )
