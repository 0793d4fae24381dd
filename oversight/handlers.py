"""What oversight does when agreements take effect and licenses end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from oversight import actions
from parties import queries as parties
from workflow import outbox
from workflow.models import Event


def schedule_first_evaluation(event: Event, *, at: datetime) -> None:
    """Schedule the first evaluation of an agreement that took effect."""
    actions.schedule_first_evaluation(
        agreement_id=UUID(event.subject_id), actor=parties.system_actor(), at=at
    )


def open_exit(event: Event, *, at: datetime) -> None:
    """Open the exit of a license that has ended."""
    actions.open_exit(license_id=UUID(event.subject_id), actor=parties.system_actor(), at=at)


outbox.subscribe(
    "contracts.agreement.take_effect",
    name="oversight.schedule_first_evaluation",
    handler=schedule_first_evaluation,
)
for _verb in ("revoke", "expire", "surrender"):
    outbox.subscribe(
        f"licensing.license.{_verb}", name="oversight.open_exit", handler=open_exit
    )
