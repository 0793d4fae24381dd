"""
A measure takes hold: on licenses, and through them on credentials, in the open transaction.

Licenses are taken in one order, so that two cases about the same party do not wait for each other
in a circle. What has ended already stays ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from licensing import actions as licensing
from licensing.models import License
from oversight.models import MeasureKind, ViolationCase
from parties import queries as parties

MEASURE = "measure"


def concerned(case: ViolationCase, *, every: bool = False) -> list[License]:
    """Return the licenses a measure reaches; ``every`` means all the party holds."""
    if every:
        rows = License.objects.filter(licensee_id=case.party_id, state__in=License.LIVE)
        wanted = set(rows.values_list("id", flat=True))
        wanted |= set(case.licenses.values_list("id", flat=True))
        chosen = License.objects.filter(id__in=wanted)
    else:
        chosen = case.licenses.all()
    return list(chosen.order_by("agreement_id", "dataset_id", "id"))


def apply(
    case: ViolationCase,
    kind: str,
    *,
    terms: Mapping[str, Any],
    reason: str,
    until: datetime | None,
    actor: Any,
    at: datetime,
    licenses: Iterable[License] | None = None,
) -> list[dict[str, str]]:
    """
    Carry out one kind of measure on the licenses of a case.

    Returns what was done to which license: {license, number, effect}. ``terms`` of a restriction
    hold the quota factor.
    """
    effects = []
    for subject in concerned(case) if licenses is None else licenses:
        if subject.state not in License.LIVE:
            continue
        done = _one(subject, kind, terms=terms, reason=reason, until=until, actor=actor, at=at)
        effects.append({"license": str(subject.pk), "number": subject.number, "effect": done})
    return effects


def lift_interim(case: ViolationCase, *, reason: str, at: datetime) -> None:
    """
    Take back what held only until the decision.

    The system acts: what falls away with its cause needs no right on the license.
    """
    standing = list(case.measures.filter(interim=True, ended_at=None))
    kinds = {measure.kind for measure in standing}
    system = parties.system_actor()
    for subject in concerned(case):
        held = (subject.suspension or {}).get("source")
        if MeasureKind.SUSPEND in kinds and held == MEASURE:
            licensing.resume_license(license_id=subject.pk, reason=reason, actor=system, at=at)
        now = License.objects.get(pk=subject.pk)
        restricted = now.state == License.State.ACTIVE and now.restriction is not None
        if MeasureKind.RESTRICT in kinds and restricted:
            licensing.lift_restriction(license_id=subject.pk, reason=reason, actor=system, at=at)
    end_interim(case, at=at)


def end_interim(case: ViolationCase, *, at: datetime) -> None:
    """Mark interim measures as replaced by the decision."""
    for measure in case.measures.filter(interim=True, ended_at=None):
        measure.ended_at = at
        measure.save(update_fields=["ended_at"])


def _one(
    subject: License,
    kind: str,
    *,
    terms: Mapping[str, Any],
    reason: str,
    until: datetime | None,
    actor: Any,
    at: datetime,
) -> str:
    common: dict[str, Any] = {
        "license_id": subject.pk, "reason": reason, "actor": actor, "at": at
    }  # fmt: skip
    if kind == MeasureKind.CLOSE:
        licensing.revoke_license(**common)
        return "REVOKED"
    held = (subject.suspension or {}).get("source") == MEASURE
    if kind == MeasureKind.SUSPEND:
        if held or subject.state == License.State.ISSUED:
            return "SUSPENDED_BEFORE" if held else "NOT_ACTIVE"
        licensing.suspend_license(**common)
        return "SUSPENDED"
    if kind == MeasureKind.RESTRICT:
        if subject.state != License.State.ACTIVE:
            return "NOT_ACTIVE"
        licensing.restrict_license(
            **common,
            quota_factor=terms.get("quota_factor", "0.5"),
            until=until,
            blocked_fields=terms.get("blocked_fields", ()),
        )
        return "RESTRICTED"
    return "WARNED"


def relax(case: ViolationCase, *, before: str, reason: str, at: datetime) -> None:
    """
    Take back a suspension or restriction that a changed decision replaces.

    What was revoked stays revoked.
    """
    system = parties.system_actor()
    for subject in concerned(case):
        held = (subject.suspension or {}).get("source") == MEASURE
        common: dict[str, Any] = {
            "license_id": subject.pk, "reason": reason, "actor": system, "at": at
        }  # fmt: skip
        if before == MeasureKind.SUSPEND and held:
            licensing.resume_license(**common)
        elif (
            before == MeasureKind.RESTRICT
            and subject.state == License.State.ACTIVE
            and subject.restriction is not None
        ):
            licensing.lift_restriction(**common)
