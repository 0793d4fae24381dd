"""What happens to a dataset after its opening, and the way back from "not open"."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from catalog import scanner, storage
from catalog.actions.common import (
    fields_of,
    in_record_language,
    latest_version,
    lock,
    require_step,
    require_text,
)
from catalog.actions.gates import check_closing_reason
from catalog.actions.versions import describe_findings, store_scan, uncovered
from catalog.choices import EvidenceKindChoice
from catalog.models import Dataset, ReclassificationEvidence, SensitiveScan
from core import clock, hashing
from core.errors import InvalidInput, NotFound
from parties import queries as parties
from workflow import transitions

EVIDENCE_BYTES_MAX = 20 * 1024 * 1024


@transitions.action
def suspend_dataset(*, dataset_id: UUID, reason: str, actor: Any, at: datetime) -> Dataset:
    """
    Stop every use of an open dataset until it is resumed.

    :raises InvalidInput: no reason.
    :raises NotAllowedNow: it is not published.
    Source: domain §3.3, suspension propagates from dataset to license to credential.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "suspend", actor=actor, at=at)
    require_text(reason=reason)
    return transitions.perform(
        dataset, "suspend", actor=actor, at=at, by=actor, reason=reason.strip()
    )


@transitions.action
def resume_dataset(*, dataset_id: UUID, reason: str, actor: Any, at: datetime) -> Dataset:
    """
    Let a suspended dataset be used again.

    :raises Forbidden: the authority suspended it and the actor is not of the authority.
    :raises InvalidInput: no reason.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "resume", actor=actor, at=at)
    require_text(reason=reason)
    return transitions.perform(dataset, "resume", actor=actor, at=at, reason=reason.strip())


@transitions.action
def withdraw_dataset(*, dataset_id: UUID, reason: str, actor: Any, at: datetime) -> Dataset:
    """
    Take an open dataset back for good.

    :raises InvalidInput: no reason.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "withdraw", actor=actor, at=at)
    require_text(reason=reason)
    return transitions.perform(dataset, "withdraw", actor=actor, at=at, reason=reason.strip())


@transitions.action
def tighten_dataset(
    *, dataset_id: UUID, reason_code: str, reason: str, actor: Any, at: datetime
) -> Dataset:
    """
    Close an open dataset as not open, which is the authority's to decide.

    :raises InvalidInput: no reason, or a code of another class.
    :raises Forbidden: the actor is not the authority's supervisor.
    Source: domain §2 (tightening needs the authority), §3.3.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "tighten", actor=actor, at=at)
    check_closing_reason(reason_code, reason)
    return transitions.perform(
        dataset, "tighten", actor=actor, at=at, reason_code=reason_code, reason=reason.strip()
    )


@transitions.action
def begin_reclassification(
    *,
    dataset_id: UUID,
    kind: str,
    title: str,
    summary: str,
    content: bytes,
    valid_until: date | None,
    actor: Any,
    at: datetime,
) -> ReclassificationEvidence:
    """
    Begin the way back from "not open", on a desensitization report or the right-holders' consent.

    ``content`` is the evidence itself; its hash is kept. A consent has a last day.

    :raises InvalidInput: the evidence is empty or of an unknown kind, or a consent has no future.
    :raises Forbidden: the actor is not a data officer of the provider.
    Source: clause A24.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "begin_reclassification", actor=actor, at=at)
    require_text(title=title, summary=summary)
    _check_evidence_input(kind, content, valid_until, at)
    evidence = ReclassificationEvidence.objects.create(
        dataset=dataset,
        version=latest_version(dataset),
        recorded_by=actor,
        recorded_at=at,
        kind=kind,
        title=title.strip(),
        summary=summary.strip(),
        content_hash=hashing.digest(content),
        valid_until=valid_until,
    )
    transitions.perform(dataset, "begin_reclassification", actor=actor, at=at, evidence=evidence)
    return evidence


@transitions.action
def rescan_published(*, dataset_id: UUID, at: datetime) -> SensitiveScan:
    """
    Scan an open dataset again, as the schedule asks; on a hit the system suspends it at once.

    :raises NotFound: it is not published.
    Source: clause B28, story S6.
    """
    dataset = lock(dataset_id)
    version = dataset.current_version
    if dataset.state != Dataset.State.PUBLISHED or version is None:
        raise NotFound
    actor, fields = parties.system_actor(), fields_of(version)
    result = scanner.scan_file(
        path=storage.locate(storage_path=version.storage_path),
        fields=[(one.name, one.data_type) for one in fields],
    )
    scan = store_scan(dataset, version, result, actor=actor, at=at)
    if uncovered(dataset, result, fields):
        found = describe_findings(result)
        reason = in_record_language(_("The scan found sensitive content: %(found)s"), found=found)
        transitions.perform(dataset, "suspend", actor=actor, at=at, by=actor, reason=reason)
    return scan


def _check_evidence_input(
    kind: str, content: bytes, valid_until: date | None, at: datetime
) -> None:
    wrong: dict[str, Any] = {}
    if kind not in EvidenceKindChoice.values:
        wrong["kind"] = _("Choose the kind of evidence.")
    if not 0 < len(content) <= EVIDENCE_BYTES_MAX:
        wrong["content"] = _("Attach the evidence, at most 20 MB.")
    if kind == EvidenceKindChoice.CONSENT and valid_until is None:
        wrong["valid_until"] = _("A consent has a last day.")
    if valid_until is not None and valid_until <= clock.local_date(at):
        wrong["valid_until"] = _("The last day must lie ahead.")
    if wrong:
        raise InvalidInput(fields=wrong)
