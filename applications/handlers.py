"""What the applicant is told when a case moves. The text is content, so it is Chinese."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from applications import topics
from applications.models import Application
from notify import actions as notify
from notify.topics import Topic
from parties.roles import Role
from workflow import outbox

# A step of the case → what the applicant's agents and legal representative read.
WORDS = {
    "submit": "申请{number}已提交，收件回执、下一步和预计日期见确认页",
    "resubmit": "申请{number}的补正材料已提交，受理期限重新起算",
    "request_correction": "申请{number}需补正，请在期限内一次性补正",
    "accept": "申请{number}已受理，现由各数据开放主体审查",
    "refuse_acceptance": "申请{number}不予受理，理由见通知书",
    "finish_provider_review": "申请{number}部门审查完成，进入安全评估",
    "pass_security_review": "申请{number}安全评估完成，提交审查委员会",
    "take_fast_lane": "申请{number}符合免评审条件，待作出决定",
    "conclude_committee": "申请{number}委员会审查完成，待作出决定",
    "approve": "申请{number}已获同意，请在期限内签订数据利用协议",
    "approve_with_conditions": "申请{number}附条件同意，请查看条件并签订数据利用协议",
    "reject": "申请{number}不予同意，理由和救济途径见决定书",
    "uphold": "申请{number}的异议已答复：维持原决定",
    "overturn": "申请{number}的异议成立，决定已变更",
    "lapse": "申请{number}逾期未补正，已终止办理",
    "lapse_unsigned": "申请{number}逾期未签订协议，已失效",
}
TOPICS = {
    topics.CORRECTION: {"request_correction", "lapse", "lapse_unsigned"},
    topics.DECISION: {
        "refuse_acceptance",
        "approve",
        "approve_with_conditions",
        "reject",
        "uphold",
        "overturn",
    },
}
# What was handed in is confirmed on a page of its own; everything else is read on the case.
CONFIRMED = {"submit", "resubmit"}


def tell_applicant(event: Any, *, at: datetime) -> None:
    """Tell the people of the applicant what has happened; told once per event."""
    case = Application.objects.select_related("applicant").get(id=UUID(event.subject_id))
    step = event.name.rpartition(".")[2]
    route = "portal:application_sent" if step in CONFIRMED else "portal:application"
    for role in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP):
        notify.tell_desk(
            organization=case.applicant,
            role=role,
            subject=WORDS[step].format(number=case.number),
            body=case.scenario_name,
            link=reverse(route, args=[case.pk]),
            topic=_topic_of(step),
            key=f"applications.event.{event.pk}",
            at=at,
        )


def _topic_of(step: str) -> Topic:
    return next((topic for topic, steps in TOPICS.items() if step in steps), topics.PROGRESS)


for _step in WORDS:
    outbox.subscribe(
        f"applications.application.{_step}",
        name=f"applications.tell_applicant.{_step}",
        handler=tell_applicant,
    )
