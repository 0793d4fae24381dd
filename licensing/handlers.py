"""What licensing does when agreements and datasets change."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from licensing import actions
from licensing.models import Credential
from workflow import outbox
from workflow.models import Event


def queue_issue(event: Event, *, at: datetime) -> None:
    """Put the licenses of an agreement that is in force before the workers."""
    actions.queue_issue(agreement_id=UUID(event.subject_id), at=at)


def follow_agreement(event: Event, *, at: datetime) -> None:
    """Bring licenses in line with their agreement."""
    actions.follow_agreement(
        agreement_id=UUID(event.subject_id), reason=_reason(event), at=at
    )


def follow_dataset(event: Event, *, at: datetime) -> None:
    """Bring licenses in line with their dataset."""
    actions.follow_dataset(dataset_id=UUID(event.subject_id), reason=_reason(event), at=at)


def reissue_amended(event: Event, *, at: datetime) -> None:
    """Reissue the licenses of an agreement whose next version takes effect."""
    actions.reissue_amended(agreement_id=UUID(event.subject_id), at=at)


def succeed(event: Event, *, at: datetime) -> None:
    """Let the licenses of an amendment or a renewal take the place of the earlier ones."""
    key = Credential.objects.get(id=UUID(event.subject_id))
    actions.succeed(agreement_id=key.agreement_id, at=at)


def _reason(event: Event) -> str:
    return str(event.facts.get("reason") or event.name)


for _verb in ("take_effect", "resume"):
    outbox.subscribe(
        f"contracts.agreement.{_verb}", name="licensing.queue_issue", handler=queue_issue
    )
outbox.subscribe("licensing.credential.issue", name="licensing.succeed", handler=succeed)
# Terms and licenses change in one commit, so that no call is decided by one without the other.
outbox.subscribe(
    "contracts.agreement.amend",
    name="licensing.reissue_amended",
    handler=reissue_amended,
    inline=True,
)
# Access is closed in the commit of its cause, and opened again after it.
for _verb in ("suspend", "terminate", "expire"):
    outbox.subscribe(
        f"contracts.agreement.{_verb}",
        name="licensing.follow_agreement",
        handler=follow_agreement,
        inline=True,
    )
outbox.subscribe(
    "contracts.agreement.resume", name="licensing.follow_agreement", handler=follow_agreement
)
for _verb in ("suspend", "withdraw", "tighten"):
    outbox.subscribe(
        f"catalog.dataset.{_verb}",
        name="licensing.follow_dataset",
        handler=follow_dataset,
        inline=True,
    )
for _verb in ("publish", "resume"):
    outbox.subscribe(
        f"catalog.dataset.{_verb}", name="licensing.follow_dataset", handler=follow_dataset
    )
