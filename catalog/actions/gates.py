"""
The gates before opening, from the classification to the publication.

Each leaves evidence of one version; none can be passed twice or out of order.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from catalog import errors, levels, scanner, storage
from catalog.actions.common import (
    REASON_CHARACTERS_MAX,
    fields_of,
    in_record_language,
    latest_version,
    lock,
    require_step,
    require_text,
)
from catalog.actions.versions import describe_findings, store_scan, uncovered
from catalog.choices import LevelChoice, OpennessChoice
from catalog.models import (
    Dataset,
    DatasetVersion,
    RiskAssessment,
    SecrecyReview,
    SensitiveScan,
)
from catalog.queries import data_officer_exists
from core import clock
from core.errors import InvalidInput
from parties.models import Organization
from workflow import transitions

SCALE = range(1, 6)


@transitions.action
def classify_dataset(
    *, dataset_id: UUID, openness: str, reason_code: str, actor: Any, at: datetime
) -> Dataset:
    """
    Fix level and opening class: the level is the highest of the fields, the class what it allows.

    A dataset classified as not open is held at once.

    :raises OpennessTooWide: level or persons do not allow this class.
    :raises ReasonDoesNotFit: the reason belongs to another class.
    :raises ConsentExpired: the consent that would clear personal fields has ended.
    Source: clauses A22-A24, domain §3.9.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "classify", actor=actor, at=at)
    if reason_code not in levels.REASONS.get(openness, ()):
        raise errors.ReasonDoesNotFit(
            fields={"reason_code": _("Choose a reason of this opening class.")}
        )
    fields = fields_of(latest_version(dataset))
    level = levels.highest(one.level for one in fields)
    cleared = _is_cleared(dataset, at)
    widest = levels.widest_openness(
        level=level, sensitivities=[one.sensitivity for one in fields], cleared=cleared
    )
    if levels.is_wider(openness, widest):
        raise errors.OpennessTooWide(level=level, widest=OpennessChoice(widest).label)
    transitions.perform(
        dataset,
        "classify",
        actor=actor,
        at=at,
        by=actor,
        level=str(level),
        openness=openness,
        reason_code=reason_code,
    )
    if openness == levels.Openness.NON_OPEN:
        reason = in_record_language(_("Classified as not open."))
        _hold(dataset, reason_code=reason_code, reason=reason, actor=actor, at=at)
    return dataset


@transitions.action
def scan_dataset(*, dataset_id: UUID, actor: Any, at: datetime) -> SensitiveScan:
    """
    Scan all rows for sensitive content: a clean dataset passes the gate, any other is held.

    The scan is stored either way.

    :raises NoRows: no data file was added yet.
    Source: clause B28.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "pass_scan", actor=actor, at=at)
    version = _filled_version(dataset)
    fields = fields_of(version)
    result = scanner.scan_file(
        path=storage.locate(storage_path=version.storage_path),
        fields=[(one.name, one.data_type) for one in fields],
    )
    scan = store_scan(dataset, version, result, actor=actor, at=at)
    if uncovered(dataset, result, fields):
        found = describe_findings(result)
        reason = in_record_language(_("The scan found sensitive content: %(found)s"), found=found)
        _hold(dataset, reason_code="PRIVACY", reason=reason, actor=actor, at=at)
    else:
        transitions.perform(dataset, "pass_scan", actor=actor, at=at, scan=scan)
    return scan


@transitions.action
def assess_risk(
    *,
    dataset_id: UUID,
    threats: str,
    aggregation_risk: str,
    likelihood: int,
    impact: int,
    controls: str,
    residual_level: str,
    assessor: str,
    valid_until: date,
    actor: Any,
    at: datetime,
) -> RiskAssessment:
    """
    Record the risk assessment; a residual risk above the level of the fields raises the level.

    ``likelihood`` and ``impact`` run from 1 to 5.

    :raises InvalidInput: an empty entry, a number off the scale, or an end that has passed.
    :raises ResidualRiskTooHigh: the opening class does not bear the residual risk.
    Source: clauses A09 and A27, domain §3.2 RiskAssessment.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "assess_risk", actor=actor, at=at)
    require_text(
        threats=threats, aggregation_risk=aggregation_risk, controls=controls, assessor=assessor
    )
    _check_scale(likelihood, impact, residual_level, valid_until, at)
    level = levels.highest([dataset.level, residual_level])
    if levels.is_wider(dataset.openness, levels.widest_openness(level=level, sensitivities=())):
        raise errors.ResidualRiskTooHigh(
            level=level, openness=OpennessChoice(dataset.openness).label
        )
    assessment = RiskAssessment.objects.create(
        dataset=dataset,
        version=_filled_version(dataset),
        recorded_by=actor,
        recorded_at=at,
        threats=threats.strip(),
        aggregation_risk=aggregation_risk.strip(),
        likelihood=likelihood,
        impact=impact,
        controls=controls.strip(),
        residual_level=residual_level,
        assessor=assessor.strip(),
        valid_until=valid_until,
    )
    transitions.perform(
        dataset, "assess_risk", actor=actor, at=at, assessment=assessment, level=str(level)
    )
    return assessment


@transitions.action
def review_secrecy(
    *, dataset_id: UUID, passes: bool, opinion: str, actor: Any, at: datetime
) -> Dataset:
    """
    Give the secrecy review: it passes, or the dataset is held as not open.

    :raises InvalidInput: no written opinion.
    :raises Forbidden: the actor classified the dataset, assessed its risks, or is no reviewer.
    Source: clause B31, domain §3.1.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "pass_secrecy_review", actor=actor, at=at)
    require_text(opinion=opinion)
    if not passes:
        _hold(
            dataset,
            reason_code="LAW",
            reason=opinion.strip()[:REASON_CHARACTERS_MAX],
            actor=actor,
            at=at,
        )
        return dataset
    review = SecrecyReview.objects.create(
        dataset=dataset,
        version=_filled_version(dataset),
        recorded_by=actor,
        recorded_at=at,
        opinion=opinion.strip(),
    )
    return transitions.perform(dataset, "pass_secrecy_review", actor=actor, at=at, review=review)


@transitions.action
def open_preview(*, dataset_id: UUID, actor: Any, at: datetime) -> Dataset:
    """Show the page as the public would see it to those around the dataset. Source: clause B15."""
    return transitions.perform(lock(dataset_id), "open_preview", actor=actor, at=at)


@transitions.action
def publish_dataset(*, dataset_id: UUID, actor: Any, at: datetime) -> Dataset:
    """
    Open a dataset: all evidence is there, valid on the day of ``at``, and of the present version.

    :raises EvidenceMissing: a scan, assessment or review speaks of another version.
    :raises AssessmentExpired: the risk assessment is no longer valid.
    :raises ConsentExpired: the consent it rests on has ended.
    :raises NoDataOfficer: the provider has nobody in charge.
    :raises ProviderNotVerified: the provider is not verified.
    Source: clauses A09, A16, A24, B31.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "publish", actor=actor, at=at)
    version = _filled_version(dataset)
    _check_evidence(dataset, version, at)
    if dataset.provider.state != Organization.State.VERIFIED:
        raise errors.ProviderNotVerified
    if not data_officer_exists(dataset.provider):
        raise errors.NoDataOfficer
    return transitions.perform(dataset, "publish", actor=actor, at=at)


@transitions.action
def hold_dataset(
    *, dataset_id: UUID, reason_code: str, reason: str, actor: Any, at: datetime
) -> Dataset:
    """
    Hold a dataset that is not open yet, as not open.

    :raises InvalidInput: no reason, or a code of another class.
    Source: clause A23.
    """
    dataset = lock(dataset_id)
    require_step(dataset, "hold", actor=actor, at=at)
    check_closing_reason(reason_code, reason)
    return _hold(dataset, reason_code=reason_code, reason=reason.strip(), actor=actor, at=at)


def check_closing_reason(reason_code: str, reason: str) -> None:
    """
    Refuse a closing without a reason the rules know.

    :raises InvalidInput: no reason, or a code of another class.
    """
    require_text(reason=reason)
    if reason_code not in levels.REASONS[levels.Openness.NON_OPEN]:
        raise errors.ReasonDoesNotFit(
            fields={"reason_code": _("Choose a reason of this opening class.")}
        )


def _hold(dataset: Dataset, *, reason_code: str, reason: str, actor: Any, at: datetime) -> Dataset:
    return transitions.perform(
        dataset, "hold", actor=actor, at=at, reason_code=reason_code, reason=reason
    )


def _filled_version(dataset: Dataset) -> DatasetVersion:
    version = latest_version(dataset)
    if not version.storage_path or dataset.current_version_id != version.id:
        raise errors.NoRows
    return version


def _is_cleared(dataset: Dataset, at: datetime) -> bool:
    """Return whether evidence answers for the fields that speak of persons."""
    evidence = dataset.reclassification
    if evidence is None or dataset.state != Dataset.State.RECLASSIFYING:
        return False
    _check_consent(dataset, at)
    return True


def _check_consent(dataset: Dataset, at: datetime) -> None:
    evidence = dataset.reclassification
    ends = evidence.valid_until if evidence is not None else None
    if ends is not None and ends < clock.local_date(at):
        raise errors.ConsentExpired(day=ends.isoformat())


def _check_evidence(dataset: Dataset, version: DatasetVersion, at: datetime) -> None:
    every = (
        (_("sensitive-field scan"), dataset.scan),
        (_("risk assessment"), dataset.risk_assessment),
        (_("secrecy review"), dataset.secrecy_review),
    )
    for what, evidence in every:
        if evidence is None or evidence.version_id != version.id:
            raise errors.EvidenceMissing(what=what)
    assert dataset.risk_assessment is not None
    valid_until = dataset.risk_assessment.valid_until
    if valid_until < clock.local_date(at):
        raise errors.AssessmentExpired(day=valid_until.isoformat())
    _check_consent(dataset, at)


def _check_scale(
    likelihood: int, impact: int, residual_level: str, valid_until: date, at: datetime
) -> None:
    wrong: dict[str, Any] = {
        name: _("From 1 to 5.")
        for name, value in (("likelihood", likelihood), ("impact", impact))
        if value not in SCALE
    }
    if residual_level not in LevelChoice.values:
        wrong["residual_level"] = _("Choose a level.")
    if valid_until <= clock.local_date(at):
        wrong["valid_until"] = _("The last day must lie ahead.")
    if wrong:
        raise InvalidInput(fields=wrong)
