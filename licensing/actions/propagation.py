"""
What follows by itself: from dataset and agreement to licenses, from licenses to credentials.

Closing access happens in the transaction of its cause; opening it again comes after, by the outbox.
Source: domain §3.3 (Credential), §3.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from catalog.models import Dataset
from contracts.models import Agreement
from core import clock
from core.errors import NotAllowedNow
from licensing.actions.locks import lock_license_with_surroundings
from licensing.models import Credential, License
from parties import queries as parties
from workflow import transitions
from workflow.bulk import perform_all

DATASET, AGREEMENT, MEASURE = "dataset", "agreement", "measure"
SWEEP_ROWS = 500


def follow_dataset(*, dataset_id: UUID, reason: str, at: datetime) -> int:
    """
    Bring every license of a dataset in line with the dataset's state.

    Published: what waits for it is activated or resumed. Withdrawn: licenses are revoked. In any
    other state active ones are suspended. Returns how many licenses changed; runs inside the
    transaction of the dataset's change when that closes access.
    """
    dataset = Dataset.objects.get(id=dataset_id)
    licenses = License.objects.filter(dataset=dataset)
    if dataset.state == Dataset.State.PUBLISHED:
        return _open_again(licenses.values_list("id", flat=True), source=DATASET, at=at)
    if dataset.state == Dataset.State.WITHDRAWN:
        return _revoke(_locked(Q(dataset=dataset)), reason=reason, at=at)
    return _suspend(_locked(Q(dataset=dataset)), source=DATASET, reason=reason, at=at)


def follow_agreement(*, agreement_id: UUID, reason: str, at: datetime) -> int:
    """
    Bring every license of an agreement in line with the agreement's state.

    In force: what stood still for it is resumed. Suspended: active ones are suspended. Terminated:
    keys first, then licenses are revoked. Expired: expired. Returns how many licenses changed.
    """
    agreement = Agreement.objects.get(id=agreement_id)
    mine = Q(agreement=agreement)
    match agreement.state:
        case Agreement.State.EFFECTIVE:
            ids = License.objects.filter(mine).values_list("id", flat=True)
            return _open_again(ids, source=AGREEMENT, at=at)
        case Agreement.State.SUSPENDED:
            return _suspend(_locked(mine), source=AGREEMENT, reason=reason, at=at)
        case Agreement.State.TERMINATED:
            _revoke_keys(agreement.pk, reason=reason, at=at)
            return _revoke(_locked(mine), reason=reason, at=at)
        case Agreement.State.EXPIRED:
            return _expire(_locked(mine), at=at)
    return 0


def end_credentials_without_license(agreement_id: UUID, *, reason: str, at: datetime) -> int:
    """
    Revoke the keys of an agreement when no license is left for them to open.

    The system acts: whoever ended the last license need not hold a right on every key.
    """
    if License.objects.filter(agreement_id=agreement_id, state__in=License.LIVE).exists():
        return 0
    return _revoke_keys(agreement_id, reason=reason, at=at)


def _revoke_keys(agreement_id: UUID, *, reason: str, at: datetime) -> int:
    rows = _live_credentials(agreement_id)
    for row in rows:
        transitions.perform(row, "revoke", actor=parties.system_actor(), at=at, reason=reason)
    return len(rows)


def lapse_expired(*, at: datetime) -> int:
    """
    End what has run out: licenses, keys, restrictions with an end.

    One transaction each, at most SWEEP_ROWS of a kind; the gate refuses by the dates anyway.
    Returns how many were ended.
    """
    today, done = clock.local_date(at), 0
    licenses = License.objects.filter(state__in=License.LIVE, valid_to__lt=today)
    done += _each(
        licenses.order_by("valid_to", "id").values_list("id", flat=True)[:SWEEP_ROWS],
        lambda one: bool(_expire(_locked(Q(id=one)), at=at)),
    )
    keys = Credential.objects.filter(state__in=Credential.LIVE, valid_to__lte=at)
    done += _each(
        keys.order_by("valid_to", "id").values_list("id", flat=True)[:SWEEP_ROWS],
        lambda one: _expire_credential(one, at=at),
    )
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    over = License.objects.filter(state=License.State.ACTIVE, restriction__until__lte=moment)
    done += _each(
        over.order_by("id").values_list("id", flat=True)[:SWEEP_ROWS],
        lambda one: _lift(one, at=at),
    )
    return done


def _each(ids: Iterable[UUID], work: Callable[[UUID], bool]) -> int:
    done = 0
    for one in list(ids):
        with transaction.atomic():
            done += work(one)
    return done


def _locked(mine: Q) -> list[License]:
    # A dataset may have thousands: what no step from here looks at is left unread.
    return list(
        License.objects.select_for_update(of=("self",), no_key=True)
        .filter(mine, state__in=License.LIVE)
        .only("id", "state", "suspension", "agreement_id", "ended_at", "end_reason", "restriction")
        .order_by("id")
    )


def _suspend(rows: list[License], *, source: str, reason: str, at: datetime) -> int:
    active = [row for row in rows if row.state == License.State.ACTIVE]
    perform_all(
        active, "suspend", actor=parties.system_actor(), at=at, source=source, reason=reason
    )
    return len(active)


def _revoke(rows: list[License], *, reason: str, at: datetime) -> int:
    perform_all(rows, "revoke", actor=parties.system_actor(), at=at, reason=reason)
    for agreement_id in sorted({row.agreement_id for row in rows}):
        end_credentials_without_license(agreement_id, reason=reason, at=at)
    return len(rows)


def _expire(rows: list[License], *, at: datetime) -> int:
    perform_all(rows, "expire", actor=parties.system_actor(), at=at)
    for agreement_id in sorted({row.agreement_id for row in rows}):
        if not License.objects.filter(
            agreement_id=agreement_id, state__in=License.LIVE
        ).exists():
            for key in _live_credentials(agreement_id):
                transitions.perform(key, "expire", actor=parties.system_actor(), at=at)
    return len(rows)


def _open_again(ids: Iterable[UUID], *, source: str, at: datetime) -> int:
    opened, system = 0, parties.system_actor()
    for one in sorted(ids):
        subject = lock_license_with_surroundings(one, actor=system)
        fit = (
            subject.agreement.state == Agreement.State.EFFECTIVE
            and subject.dataset.state == Dataset.State.PUBLISHED
            and subject.valid_to >= clock.local_date(at)
        )
        held_by = (subject.suspension or {}).get("source")
        if fit and subject.state == License.State.ISSUED:
            transitions.perform(subject, "activate", actor=system, at=at)
        elif fit and subject.state == License.State.SUSPENDED and held_by in (DATASET, AGREEMENT):
            transitions.perform(subject, "resume", actor=system, at=at, reason=source)
        else:
            continue
        opened += 1
    return opened


def _live_credentials(agreement_id: UUID) -> list[Credential]:
    return list(
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .filter(agreement_id=agreement_id, state__in=Credential.LIVE)
        .order_by("id")
    )


def _expire_credential(credential_id: UUID, *, at: datetime) -> bool:
    row = (
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .filter(id=credential_id, state__in=Credential.LIVE, valid_to__lte=at)
        .first()
    )
    if row is None:
        return False
    transitions.perform(row, "expire", actor=parties.system_actor(), at=at)
    return True


def _lift(license_id: UUID, *, at: datetime) -> bool:
    row = License.objects.select_for_update(of=("self",), no_key=True).get(id=license_id)
    if row.restriction is None:
        return False
    try:
        transitions.perform(
            row, "lift_restriction", actor=parties.system_actor(), at=at, reason="until"
        )
    except NotAllowedNow:
        # Suspended in between: it is lifted when the license comes back.
        return False
    return True
