"""What a company is told of its profile. The text is content, so it is Chinese."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from notify.actions import tell_desk
from notify.topics import ACCOUNT
from parties.models import PartyProfile
from parties.roles import Role
from workflow import outbox

WORDS = {
    "approve": "贵单位的主体资料（第{version}版）已审核通过",
    "send_back": "贵单位的主体资料（第{version}版）已退回，请按退回意见修改后重新提交",
}


def tell_company(event: Any, *, at: datetime) -> None:
    """Tell those who stand for the company; told once per event."""
    profile = PartyProfile.objects.select_related("organization").get(id=UUID(event.subject_id))
    step = event.name.rpartition(".")[2]
    for role in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP):
        tell_desk(
            organization=profile.organization,
            role=role,
            subject=WORDS[step].format(version=profile.version),
            body=profile.return_reasons if step == "send_back" else "",
            link=reverse("portal:company"),
            topic=ACCOUNT,
            key=f"parties.event.{event.pk}",
            at=at,
        )


for _step in WORDS:
    outbox.subscribe(
        f"parties.partyprofile.{_step}",
        name=f"notify.tell_company.{_step}",
        handler=tell_company,
    )
