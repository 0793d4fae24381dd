"""
When an amendment or a renewal takes the place of what was licensed before.

The licenses of the parent case go on until the first key of the new agreement is issued, so that a
renewal never interrupts the use; then the new one of each dataset supersedes the old one.
Source: domain T13, T16; docs/sources.md#amendment-and-renewal.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.models import Agreement
from licensing.actions.licenses import supersede_license
from licensing.actions.locks import lock_agreement
from licensing.actions.propagation import end_credentials_without_license
from licensing.models import License
from parties import queries as parties
from workflow import transitions


@transitions.action
def succeed(*, agreement_id: UUID, at: datetime) -> int:
    """
    Supersede the parent's license of every dataset that the agreement licenses; for the system.

    What the parent grants beyond that goes on to its own end. Returns how many were superseded;
    repeatable. Keys of the parent with nothing left to open are revoked.
    """
    agreement = Agreement.objects.select_related("application").get(id=agreement_id)
    before = Agreement.objects.filter(application_id=agreement.application.parent_id).first()
    if before is None:
        return 0
    lock_agreement(before.pk)
    new = License.objects.filter(agreement=agreement, state=License.State.ACTIVE)
    taken = {row.dataset_id: row.number for row in new}
    old = License.objects.filter(
        agreement=before, state__in=License.LIVE, dataset_id__in=taken
    ).order_by("id")
    reasons = [(row.pk, f"由许可{taken[row.dataset_id]}接续") for row in old]
    for license_id, reason in reasons:
        supersede_license(
            license_id=license_id, reason=reason, actor=parties.system_actor(), at=at
        )
    if reasons:
        end_credentials_without_license(before.pk, reason=reasons[-1][1], at=at)
    return len(reasons)
