"""What is done to a license that was issued: by the authority, by its holder, by the system."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from catalog.models import Dataset
from contracts.models import Agreement
from core import clock
from core.errors import NotAllowedNow
from licensing import scope
from licensing.actions.locks import (
    ask,
    lock_license,
    lock_license_with_surroundings,
    require_reason,
)
from licensing.actions.propagation import MEASURE, end_credentials_without_license
from licensing.errors import (
    AgreementNotInForce,
    DatasetNotPublished,
    LicenseTermOver,
    SuspendedByMeasure,
)
from licensing.models import License
from workflow import transitions


@transitions.action
def suspend_license(*, license_id: UUID, reason: str, actor: Any, at: datetime) -> License:
    """
    Stop the use of a license by a measure, at once and on every gate.

    A license that stands still because of its dataset or agreement may be suspended as well: then
    it does not come back with them.

    :raises ReasonMissing: no reason is stated.
    :raises SuspendedByMeasure: a measure holds it already.
    :raises NotAllowedNow: the license has ended or was never active.
    """
    subject = lock_license(license_id, actor=actor, step="suspend")
    ask(subject, "suspend", actor=actor, at=at)
    stated = require_reason(reason)
    if subject.suspension and subject.suspension["source"] == MEASURE:
        raise SuspendedByMeasure
    return transitions.perform(
        subject, "suspend", actor=actor, at=at, source=MEASURE, reason=stated
    )


@transitions.action
def resume_license(*, license_id: UUID, reason: str, actor: Any, at: datetime) -> License:
    """
    Allow the use of a suspended license again.

    :raises ReasonMissing: no reason is stated.
    :raises AgreementNotInForce: its agreement is not in force.
    :raises DatasetNotPublished: its dataset is not published.
    :raises LicenseTermOver: its term has ended.
    :raises NotAllowedNow: it is not suspended.
    """
    subject = lock_license_with_surroundings(license_id, actor=actor)
    ask(subject, "resume", actor=actor, at=at)
    stated = require_reason(reason)
    require_usable_surroundings(subject, at=at)
    return transitions.perform(subject, "resume", actor=actor, at=at, reason=stated)


@transitions.action
def restrict_license(
    *,
    license_id: UUID,
    quota_factor: Decimal | str | int | None,
    until: datetime | None,
    blocked_fields: Iterable[str],
    reason: str,
    actor: Any,
    at: datetime,
) -> License:
    """
    Narrow the use of an active license: part of its quota, fewer fields.

    ``quota_factor`` is the part of every quota that remains, from 0 to 1; ``until`` is aware, None
    for an open end. A second restriction takes the place of the first.

    :raises InvalidRestriction: it restricts nothing, or names what the license does not grant.
    :raises ReasonMissing: no reason is stated.
    :raises NotAllowedNow: the license is not active.
    Source: domain §3.11 (RESTRICT).
    """
    subject = lock_license(license_id, actor=actor, step="restrict")
    ask(subject, "restrict", actor=actor, at=at)
    stated = require_reason(reason)
    restriction = scope.restriction_of(
        scope=subject.scope,
        quota_factor=quota_factor,
        until=until,
        blocked_fields=blocked_fields,
        at=at,
    )
    return transitions.perform(
        subject, "restrict", actor=actor, at=at, restriction=restriction, reason=stated
    )


@transitions.action
def lift_restriction(*, license_id: UUID, reason: str, actor: Any, at: datetime) -> License:
    """
    Give a restricted license its full width again.

    :raises ReasonMissing: no reason is stated.
    :raises NotAllowedNow: the license is not active, or not restricted.
    """
    subject = lock_license(license_id, actor=actor)
    ask(subject, "lift_restriction", actor=actor, at=at)
    stated = require_reason(reason)
    if subject.restriction is None:
        raise NotAllowedNow
    return transitions.perform(subject, "lift_restriction", actor=actor, at=at, reason=stated)


@transitions.action
def revoke_license(*, license_id: UUID, reason: str, actor: Any, at: datetime) -> License:
    """
    End a license by decision, and with it the keys that open nothing else.

    :raises ReasonMissing: no reason is stated.
    :raises NotAllowedNow: it has ended already.
    Source: domain §3.8, §3.11 (CLOSE).
    """
    return _end(license_id, "revoke", reason=reason, actor=actor, at=at)


@transitions.action
def surrender_license(*, license_id: UUID, reason: str, actor: Any, at: datetime) -> License:
    """
    End a license on the wish of its holder.

    :raises ReasonMissing: no reason is stated.
    :raises NotAllowedNow: it has ended already.
    """
    return _end(license_id, "surrender", reason=reason, actor=actor, at=at)


@transitions.action
def supersede_license(*, license_id: UUID, reason: str, actor: Any, at: datetime) -> License:
    """
    End a license whose place another one takes.

    The keys stay: they open the license that follows.

    :raises ReasonMissing: no reason is stated.
    :raises NotAllowedNow: it has ended already.
    """
    subject = lock_license(license_id, actor=actor)
    ask(subject, "supersede", actor=actor, at=at)
    return transitions.perform(
        subject, "supersede", actor=actor, at=at, reason=require_reason(reason)
    )


def require_usable_surroundings(subject: License, *, at: datetime) -> None:
    """
    Refuse what would make a license active that may not be.

    :raises AgreementNotInForce: its agreement is not in force.
    :raises DatasetNotPublished: its dataset is not published.
    :raises LicenseTermOver: its term has ended.
    """
    if subject.agreement.state != Agreement.State.EFFECTIVE:
        raise AgreementNotInForce
    if subject.dataset.state != Dataset.State.PUBLISHED:
        raise DatasetNotPublished
    if subject.valid_to < clock.local_date(at):
        raise LicenseTermOver


def _end(license_id: UUID, name: str, *, reason: str, actor: Any, at: datetime) -> License:
    # The agreement is locked too: no key can be issued under it while its last license ends.
    subject = lock_license_with_surroundings(license_id, actor=actor)
    ask(subject, name, actor=actor, at=at)
    stated = require_reason(reason)
    transitions.perform(subject, name, actor=actor, at=at, reason=stated)
    end_credentials_without_license(subject.agreement_id, reason=stated, at=at)
    return subject
