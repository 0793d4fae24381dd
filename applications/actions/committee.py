"""The vote of a panel: sheets, ballots, the close. Source: domain T08, T10, §3.10."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from applications import panel
from applications.actions import minutes
from applications.actions.access import ask
from applications.actions.papers import as_lines
from applications.actions.seats import (
    ask_chair,
    ask_office,
    lock_for_panel,
    purpose_of,
    settle,
    verb_of,
)
from applications.errors import ObjectionPanelPending
from applications.models import Application, Minutes
from applications.queries.roster import rule_in_force
from core import clock
from workflow import ballots, rounds, transitions


@transitions.action
def save_sheet(
    *, application_id: UUID, content: Mapping[str, Any], actor: Any, at: datetime
) -> int:
    """
    Keep an unfinished score sheet; return the version it was kept as.

    Anything is kept, also what could not be cast yet. Nobody but the actor ever sees it.

    :raises PanelError: not declared, recused, or voted already.
    """
    application = lock_for_panel(application_id, actor)
    ask(application, verb_of(application, "vote"), actor=actor, at=at)
    ask_office(application, actor=actor, at=at)
    return ballots.save_draft(application, member=actor, content=content, at=at).version


@transitions.action
def cast_ballot(
    *,
    application_id: UUID,
    vote: str,
    scores: Mapping[str, int],
    reason: str,
    actor: Any,
    at: datetime,
    votes: Mapping[str, str] | None = None,
    criterion_reasons: Mapping[str, str] | None = None,
    dissent: str = "",
) -> Application:
    """
    Cast the actor's ballot: vote, whole points per criterion, written reasons.

    ``vote`` holds for every dataset that ``votes`` (code → vote) does not name. ``dissent`` goes
    into the minutes. What was voted stays hidden until the panel is closed.

    :raises PanelError: not declared, recused, voted already, scores out of range.
    :raises InvalidInput: a written reason is missing.
    :raises Forbidden: the actor has no seat, handles the case, or is too near to a party.
    """
    application = lock_for_panel(application_id, actor)
    verb = verb_of(application, "vote")
    ask(application, verb, actor=actor, at=at)
    ask_office(application, actor=actor, at=at)
    ballots.cast(
        application,
        member=actor,
        vote=vote,
        scores=scores,
        reason=reason,
        votes=votes,
        criterion_reasons=criterion_reasons,
        dissent=dissent,
        at=at,
    )
    return transitions.perform(application, verb, actor=actor, at=at)


@transitions.action
def close_panel(
    *, application_id: UUID, actor: Any, at: datetime, conditions: Iterable[str] = ()
) -> Application:
    """
    Close the vote, freeze its count and draft the minutes; all or nothing.

    ``conditions`` are what the panel proposes to attach. After a tie that the rules send to a
    second sitting, the same panel sits again and there are no minutes yet.

    :raises PanelError: no panel is sitting, or the quorum is not reached.
    :raises Forbidden: the actor does not preside.
    """
    application = lock_for_panel(application_id, actor)
    verb = verb_of(application, "close")
    ask(application, verb, actor=actor, at=at)
    ask_chair(application, actor=actor)
    sitting = rounds.sitting(application)
    settle(application, sitting, at=at)
    tally = rounds.conclude(application, actor=actor, at=at)
    transitions.perform(application, verb, actor=actor, at=at, outcome=tally.outcome)
    if tally.outcome == "REVOTE":
        rounds.sit_again(application, earlier=sitting, actor=actor, at=at)
    else:
        minutes.draft(
            application,
            purpose=purpose_of(application),
            tally=tally,
            conditions=as_lines(list(conditions)),
            at=at,
        )
    return application


def ask_objection_panel(application: Application) -> None:
    """
    Ask that the new panel has concluded on an objection, where the rules of its day want one.

    :raises ObjectionPanelPending: it is not seated, not closed, or its minutes are not signed.
    Source: domain T10.
    """
    filed_on = clock.local_date(application.objection.filed_at)
    if not rule_in_force(kind=panel.OBJECTION, on=filed_on).panel_needed:
        return
    found = Minutes.objects.filter(application=application, purpose=panel.OBJECTION)
    if not found.exclude(concluded_at=None).exists():
        raise ObjectionPanelPending
