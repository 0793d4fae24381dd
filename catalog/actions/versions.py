"""Add rows to a dataset: one Parquet file is one version, written once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.utils.functional import Promise, lazy

from catalog import errors, scanner, storage
from catalog.actions.common import fields_of, latest_version, lock, require_permission
from catalog.choices import EvidenceKindChoice, ScanRuleChoice
from catalog.models import Dataset, DatasetField, DatasetVersion, SensitiveScan
from core.errors import NotAllowedNow
from workflow import audit, outbox, transitions

_State = Dataset.State
# Between the scan and the publication the rows must stay those that were looked at.
TAKES_ROWS = (
    _State.DRAFT,
    _State.CLASSIFIED,
    _State.RECLASSIFYING,
    _State.PUBLISHED,
    _State.SUSPENDED,
)


@transitions.action
def add_version(*, dataset_id: UUID, source_path: Path, actor: Any, at: datetime) -> DatasetVersion:
    """
    Take a Parquet file as the rows of the dataset's declared version, or as its next version.

    The columns must be the declared fields in their order. For a dataset that is open, all rows
    are scanned first and a file with sensitive content is not taken.

    :raises storage.FileDoesNotFit: not a Parquet file, or its columns are not the fields.
    :raises SensitiveFieldsFound: the dataset is open and the scan struck.
    :raises NotAllowedNow: the dataset is between its gates, held or withdrawn.
    :raises Forbidden: the actor may not edit the dataset.
    Source: clauses A26, B28.
    """
    dataset = lock(dataset_id)
    require_permission(dataset, "catalog.edit_dataset", actor=actor)
    if dataset.state not in TAKES_ROWS:
        raise NotAllowedNow
    declared = latest_version(dataset)
    fields = fields_of(declared)
    columns = [(one.name, one.data_type) for one in fields]
    row_count = storage.check(source=source_path, fields=columns)
    scan = None
    if dataset.state in (_State.PUBLISHED, _State.SUSPENDED):
        scan = scanner.scan_file(path=source_path, fields=columns)
        if uncovered(dataset, scan, fields):
            raise errors.SensitiveFieldsFound(findings=describe_findings(scan))
    version = _next(dataset, declared, fields, at)
    stored = storage.put(
        source=source_path, code=dataset.code, number=version.number, row_count=row_count
    )
    version.storage_path, version.row_count = stored.storage_path, stored.row_count
    version.bytes, version.sha256, version.filled_at = stored.bytes, stored.sha256, at
    version.save()
    if scan is not None:
        dataset.scan = store_scan(dataset, version, scan, actor=actor, at=at)
    dataset.current_version = version
    dataset.save()
    facts = {"version": version.number, "rows": row_count, "sha256": stored.sha256}
    audit.record(dataset, "add_version", actor=actor, at=at, facts=facts)
    outbox.emit("catalog.dataset.add_version", subject=dataset, at=at, facts=facts)
    return version


def store_scan(
    dataset: Dataset,
    version: DatasetVersion,
    result: scanner.ScanResult,
    *,
    actor: Any,
    at: datetime,
) -> SensitiveScan:
    """Keep what a scan found as evidence."""
    return SensitiveScan.objects.create(
        dataset=dataset,
        version=version,
        recorded_by=actor,
        recorded_at=at,
        rows_scanned=result.rows_scanned,
        hits=result.hits,
        findings=[
            {"field": one.field, "rule": one.rule, "hits": one.hits} for one in result.findings
        ],
    )


def uncovered(
    dataset: Dataset, result: scanner.ScanResult, fields: Sequence[DatasetField]
) -> tuple[scanner.Finding, ...]:
    """
    Return the findings that must not be there.

    Where the right-holders consented, a field declared as personal may hold what it says it holds.
    """
    evidence = dataset.reclassification
    if evidence is None or evidence.kind != EvidenceKindChoice.CONSENT:
        return result.findings
    personal = {one.name for one in fields if one.sensitivity != "NONE"}
    return tuple(one for one in result.findings if one.field not in personal)


def describe_findings(result: scanner.ScanResult) -> Promise:
    """Return findings in one line, in the reader's language: field, rule, rows; never a value."""
    rows = tuple((one.field, ScanRuleChoice(one.rule).label, one.hits) for one in result.findings)
    return cast(Promise, lazy(_line, str)(rows))


def _line(findings: tuple[tuple[str, str | Promise, int], ...]) -> str:
    return "; ".join(f"{name}: {rule} × {hits}" for name, rule, hits in findings)


def _next(
    dataset: Dataset, declared: DatasetVersion, fields: tuple[DatasetField, ...], at: datetime
) -> DatasetVersion:
    if not declared.storage_path:
        return declared
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=declared.number + 1,
        schema_hash=declared.schema_hash,
        created_at=at,
    )
    for one in fields:
        one.pk, one.version = None, version
    DatasetField.objects.bulk_create(fields)
    return version
