"""When a case has ended or is decided, nobody is waited for any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from applications.actions.clarification import recall_clarification
from applications.actions.consultation import recall_consultation
from applications.models import Clarification, Consultation
from parties import queries as parties
from workflow import outbox

ENDING = (
    "approve",
    "approve_with_conditions",
    "reject",
    "withdraw",
    "refuse_acceptance",
    "lapse",
    "uphold",
    "overturn",
)


def end_talks(event: Any, *, at: datetime) -> None:
    """Recall the questions and requests that are open on a case that needs no answer any more."""
    actor, key = parties.system_actor(), UUID(event.subject_id)
    for asked in Clarification.objects.filter(application_id=key, state="ASKED").order_by("pk"):
        recall_clarification(clarification_id=asked.pk, actor=actor, at=at)
    for opinion in Consultation.objects.filter(application_id=key, state="WAITING").order_by("pk"):
        recall_consultation(consultation_id=opinion.pk, actor=actor, at=at)


for _step in ENDING:
    outbox.subscribe(
        f"applications.application.{_step}",
        name=f"applications.end_talks.{_step}",
        handler=end_talks,
    )
