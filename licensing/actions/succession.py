"""
When an amendment or a renewal takes the place of what was licensed before.

The licenses of the parent case go on until the first key of the new agreement is issued, so that a
renewal never interrupts the use; then the new one of each dataset supersedes the old one.
The next version of the same agreement takes the place of the present one in the commit of its last
signature: the keys open the new license with the first reading of the gate that knows it, and there
is no reading in which neither license is there.
Source: domain T13, T16; docs/sources.md#amendment-and-renewal.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts import actions as contracts
from contracts.models import Agreement
from licensing.actions import issuing
from licensing.actions.licenses import supersede_license
from licensing.actions.locks import lock_agreement
from licensing.actions.propagation import MEASURE, end_credentials_without_license
from licensing.errors import UnderMeasure
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
    if reasons and not before.licenses.filter(state__in=License.LIVE).exists():
        contracts.renew_agreement(
            agreement_id=before.pk, reason=f"由协议{agreement.number}接续", at=at
        )
    return len(reasons)


@transitions.action
def reissue_amended(*, agreement_id: UUID, at: datetime) -> int:
    """
    Put new licenses in the place of those of an agreement whose next version takes effect.

    Runs in the transaction of the amendment. What a license waits for, its dataset, the new one
    waits for as well. Returns how many were reissued.

    :raises UnderMeasure: a measure stands on one of them; then nothing takes effect.
    Source: domain T13.
    """
    agreement = lock_agreement(agreement_id)
    # Locks in the usual order: agreement, datasets, licenses.
    live = License.objects.filter(agreement=agreement, state__in=License.LIVE)
    datasets = issuing.lock_datasets(live.values_list("dataset_id", flat=True))
    old = list(
        live.select_for_update(of=("self",), no_key=True).order_by("dataset__code", "id")
    )
    for row in old:
        if row.restriction or (row.suspension or {}).get("source") == MEASURE:
            raise UnderMeasure(number=row.number)
    system, by_id = parties.system_actor(), {one.pk: one for one in datasets}
    prepared = [
        issuing.prepare(
            agreement,
            by_id[row.dataset_id],
            number=issuing.next_license_number(at=at),
            at=at,
        )
        for row in old
    ]
    for row, new in zip(old, prepared, strict=True):
        supersede_license(
            license_id=row.pk, reason=f"由许可{new.issue.number}接续", actor=system, at=at
        )
    issuing.store(
        agreement,
        datasets,
        prepared,
        actor=system,
        at=at,
        replaced={row.dataset_id: row for row in old},
    )
    return len(old)
