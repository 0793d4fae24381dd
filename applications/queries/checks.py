"""The automatic checks: the facts they look at, what they found at each submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext, gettext_lazy

from applications import eligibility, registers
from applications.models import Application, EligibilityCheck
from applications.queries.access import visible_application
from core import clock, ids

RESULT_TONES = {"PASS": "green", "FAIL": "red", "ABSTAIN": "yellow"}
CONCLUSIONS = {
    "PASS": gettext_lazy("Every check has passed"),
    "FAIL": gettext_lazy("The checks speak against it"),
    "ABSTAIN": gettext_lazy("The checks cannot tell: a person looks"),
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One finding as pages show it."""

    code: str
    name: str
    result: str
    result_name: str
    tone: str
    blocking: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """What the checks say together, as pages show it; ``names`` are the checks that say so."""

    result_name: str
    tone: str
    names: tuple[str, ...]
    unknown: tuple[str, ...]


def conclusion_of(checks: Sequence[CheckRow]) -> ConclusionRow:
    """Return what the shown findings say together."""
    found = eligibility.conclude((row.code, row.result) for row in checks)
    return ConclusionRow(
        result_name=str(CONCLUSIONS[found.result]),
        tone=RESULT_TONES[found.result],
        names=tuple(row.name for row in checks if row.code in found.because),
        unknown=found.unknown,
    )


def collect_facts(*, application: Application, at: datetime) -> eligibility.Facts:
    """Return what the checks look at, for the parties and datasets as they are now."""
    applicant = application.applicant
    rows = application.items.select_related("dataset__current_version").prefetch_related(
        "dataset__current_version__fields"
    )
    datasets = tuple(_dataset_facts(item) for item in rows.order_by("dataset__code", "id"))
    codes = {d.code for d in datasets}
    licenses = registers.look_up(registers.LICENSES, organization_id=applicant.pk, at=at)
    return eligibility.Facts(
        on=clock.local_date(at),
        applicant_id=str(applicant.pk),
        uscc=applicant.uscc,
        uscc_valid=ids.uscc_is_valid(applicant.uscc),
        applicant_state=applicant.state,
        applicant_kind=applicant.kind,
        parent_kind=applicant.parent.kind if applicant.parent else "",
        bar_reason=applicant.bar_reason,
        credit_checked_on=applicant.credit_checked_on,
        environment=application.environment,
        delivery_mode=application.delivery_mode,
        purpose_class=application.purpose_class,
        protection_level=application.protection_level,
        protection_certificate=application.protection_certificate,
        onward_supply=application.onward_supply,
        cross_border=application.cross_border,
        datasets=datasets,
        violations=registers.look_up(registers.VIOLATIONS, organization_id=applicant.pk, at=at),
        licenses=None
        if licenses is None
        else tuple(line for line in licenses if line.split(" ")[0] in codes),
    )


def preview_checks(*, application_id: UUID, actor: Any, at: datetime) -> tuple[CheckRow, ...]:
    """
    Return what the checks would find now; nothing is stored.

    :raises NotFound: there is no such application for this actor.
    """
    application = visible_application(application_id=application_id, actor=actor)
    findings = eligibility.run_checks(facts=collect_facts(application=application, at=at))
    return tuple(
        _row(f.code, f.result, f.blocking, gettext(f.message) % f.evidence if f.message else "")
        for f in findings
    )


def checks_of(application: Application) -> tuple[CheckRow, ...]:
    """Return the stored findings of the last run, in the order of the checks."""
    rows = EligibilityCheck.objects.filter(application=application)
    last = rows.aggregate(last=Max("sequence"))["last"] or 0
    return tuple(
        _row(
            row.code,
            row.result,
            row.blocking,
            gettext(row.reason) % row.evidence if row.reason else "",
        )
        for row in rows.filter(sequence=last).order_by("id")
    )


def _row(code: str, result: str, blocking: bool, reason: str) -> CheckRow:
    return CheckRow(
        code=code,
        # A check of earlier rules may not be among those of today.
        name=str(eligibility.CHECK_NAMES.get(code, code)),
        result=result,
        result_name=str(EligibilityCheck.Result(result).label),
        tone=RESULT_TONES[result],
        blocking=blocking,
        reason=reason,
    )


def _dataset_facts(item: Any) -> eligibility.DatasetFacts:
    dataset = item.dataset
    version = dataset.current_version
    return eligibility.DatasetFacts(
        code=dataset.code,
        title=dataset.title,
        state=dataset.state,
        openness=dataset.openness,
        level=dataset.level,
        requires_consent=dataset.requires_consent,
        fields_known=tuple(f.name for f in version.fields.all()) if version else (),
        fields_asked=tuple(item.fields),
        justification=item.justification,
        delivery_modes=tuple(dataset.delivery_modes),
        provider_id=str(dataset.provider_id),
    )
