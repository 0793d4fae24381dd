"""What contracts do when something happens to an application."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from applications.queries import case_facts
from contracts import actions
from contracts.models import Agreement
from parties.queries import system_actor
from workflow import outbox
from workflow.models import Event

UNSIGNED = (
    Agreement.State.DRAFTING,
    Agreement.State.NEGOTIATING,
    Agreement.State.READY_TO_SIGN,
    Agreement.State.SIGNED_BY_USER,
)
# Content of the record, read by Chinese officials: the term of signature has passed.
LAPSE_REASON = "签订期限届满，未完成签署"
FALL_REASON = "协议文本已生效或者终止协商，未答复的修改建议不再适用"


def draft(event: Event, *, at: datetime) -> None:
    """Draft the agreement of an application that was approved, or whose approval stands."""
    application_id = UUID(event.subject_id)
    case = case_facts(application_id)
    # An objection filed before this was delivered: its answer is an event of its own.
    if case.decision_result != "REJECTED" and case.state != "OBJECTION":
        actions.draft_agreement(application_id=application_id, actor=system_actor(), at=at)


def lapse(event: Event, *, at: datetime) -> None:
    """Give up the agreement of an application whose time for signature has passed."""
    agreement = Agreement.objects.filter(
        application_id=event.subject_id, state__in=UNSIGNED
    ).first()
    if agreement is not None:
        actions.lapse_agreement(
            agreement_id=agreement.pk, reason=LAPSE_REASON, actor=system_actor(), at=at
        )


def lapse_changes(event: Event, *, at: datetime) -> None:
    """Let the proposals fall that were open when the text came into force or was given up."""
    actions.lapse_changes(
        agreement_id=UUID(event.subject_id), reason=FALL_REASON, actor=system_actor(), at=at
    )


for _verb in ("approve", "approve_with_conditions", "overturn", "uphold"):
    outbox.subscribe(
        f"applications.application.{_verb}", name="contracts.draft_agreement", handler=draft
    )
outbox.subscribe(
    "applications.application.lapse_unsigned", name="contracts.lapse_agreement", handler=lapse
)
for _verb in ("take_effect", "lapse"):
    outbox.subscribe(
        f"contracts.agreement.{_verb}", name="contracts.lapse_changes", handler=lapse_changes
    )
