"""More time for a decision by a second person, and late clocks put before a desk above."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from applications import topics
from applications.actions.access import ask_right, lock_application
from applications.models import Application
from applications.rules import STEP_NAMES
from core.errors import DomainError
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, escalation, extensions, transitions
from workflow.models import ClockExtension

logger = logging.getLogger(__name__)
EXTENDED = "overall"


@transitions.action
def ask_extension(
    *, application_id: UUID, working_days: int, reason: str, actor: Any, at: datetime
) -> Application:
    """
    Ask for more time for the decision, at most ten working days; the deciders are told.

    :raises InvalidInput: too many days, or no reason.
    :raises ClockError: the clock does not run, was extended, or a request is open already.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.manage_clock", actor=actor)
    asked = extensions.ask(
        application, EXTENDED, working_days=working_days, reason=reason, actor=actor, at=at
    )
    others = [
        person
        for person in parties.people_at(application.authority, Role.AUTHORITY_DECIDER)
        if person.pk != actor.pk
    ]
    notify.tell(
        people=others,
        subject=f"申请{application.number}请求延长办理期限{working_days}个工作日，待批准",
        body=asked.reason,
        link=reverse("portal:application_extension", args=[application.pk]),
        topic=topics.DEADLINE,
        key=f"extension.{asked.pk}.asked",
        at=at,
    )
    return application


@transitions.action
def settle_extension(
    *, application_id: UUID, granted: bool, note: str, actor: Any, at: datetime
) -> Application:
    """
    Grant or refuse the extension another person asked for; a granted one is told the applicant.

    :raises Forbidden: the actor asked for it, or is not a decider of this case.
    :raises InvalidInput: a refusal without a reason.
    :raises ClockError: nothing is asked for, or it has been settled.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(
        application, "applications.approve_extension", actor=actor, act="extend_clock", at=at
    )
    asked = extensions.settle(
        application, EXTENDED, granted=granted, note=note, actor=actor, at=at
    )
    _tell_settled(application, asked, at=at)
    return application


def _tell_settled(application: Application, asked: ClockExtension, *, at: datetime) -> None:
    link = reverse("portal:application", args=[application.pk])
    result = "已批准" if asked.granted else "未获批准"
    notify.tell(
        people=[asked.asked_by],
        subject=f"申请{application.number}延长办理期限的请求{result}",
        body=asked.note,
        link=link,
        topic=topics.DEADLINE,
        key=f"extension.{asked.pk}.settled",
        at=at,
    )
    if not asked.granted:
        return
    due = asked.deadline.due_on
    for role in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP):
        notify.tell_desk(
            organization=application.applicant,
            role=role,
            subject=(
                f"申请{application.number}的办理期限延长{asked.working_days}个工作日，"
                f"至{due.year}年{due.month}月{due.day}日"
            ),
            body=asked.reason,
            link=link,
            topic=topics.DEADLINE,
            key=f"extension.{asked.pk}.granted",
            at=at,
        )


def escalate_overdue(*, at: datetime) -> int:
    """
    Put every clock that is late by its rule before the desk the rule names, once.

    Each clock is one transaction of its own; returns how many were escalated.
    """
    done = 0
    for late in escalation.due(subject_type=Application._meta.label_lower, at=at):
        try:
            done += _escalate(UUID(late.subject_id), late=late, at=at)
        except DomainError:
            # One case that cannot be told of must not keep the others back.
            logger.exception("escalation_failed", extra={"subject": late.subject_id})
    return done


@transitions.action
def _escalate(application_id: UUID, *, late: escalation.Late, at: datetime) -> bool:
    system = parties.system_actor()
    application = lock_application(application_id=application_id, actor=system)
    ask_right(application, "applications.escalate_clock", actor=system)
    deadline = escalation.mark(deadline_id=late.deadline_id, at=at)
    if deadline is None:
        return False
    told = notify.tell_desk(
        organization=application.authority,
        role=late.rule.role,
        subject=f"申请{application.number}“{STEP_NAMES[deadline.kind]}”已超期，请督办",
        body=f"期限至{deadline.due_on.isoformat()}，已超{late.working_days}个工作日。",
        link=reverse("portal:application", args=[application.pk]),
        topic=topics.DEADLINE,
        key=f"escalation.{deadline.pk}",
        at=at,
    )
    facts = {
        "kind": deadline.kind,
        "due_on": deadline.due_on.isoformat(),
        "working_days": late.working_days,
        "role": late.rule.role,
        "rule_version": late.rule.version,
        "people_told": told,
    }
    audit.record(application, "escalate_clock", actor=system, at=at, facts=facts)
    return True
