"""The automatic checks: the facts they look at, what they found at each submission."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext, pgettext_lazy

from applications import eligibility, registers
from applications.eligibility_verdict import ABSTAIN, APPROVE, DENY, overall
from applications.eligibility_words import CHECK_FIXES, CHECK_NAMES, evidence_lines, shown
from applications.models import Application, EligibilityCheck
from applications.queries.access import visible_application
from applications.queries.rulebook import rules_on
from core import clock, ids

RESULT_TONES = {"PASS": "green", "FAIL": "red", "ABSTAIN": "yellow"}
RESULT_NAMES = {str(result.value): result.label for result in EligibilityCheck.Result}
VERDICT_NAMES = {
    APPROVE: pgettext_lazy("verdict", "All rules approve"),
    ABSTAIN: pgettext_lazy("verdict", "A person has to look"),
    DENY: pgettext_lazy("verdict", "Not eligible as it stands"),
}
VERDICT_TONES = {APPROVE: "green", ABSTAIN: "yellow", DENY: "red"}
# The entries whose codes the rules read, each with the list it comes from.
VOCABULARY = (
    ("environment", Application.Environment),
    ("delivery_mode", Application.DeliveryMode),
    ("purpose_class", Application.PurposeClass),
)


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
    evidence: tuple[tuple[str, str], ...]
    fix: str
    section: str


@dataclass(frozen=True, slots=True)
class CheckList:
    """
    The findings of one run with what they come to; ``reasons`` are those behind the verdict.

    The verdict informs and moves nothing. ``rule_version`` is empty when nothing has run.
    """

    rows: tuple[CheckRow, ...]
    verdict: str
    verdict_name: str
    tone: str
    reasons: tuple[CheckRow, ...]
    rule_version: str

    @property
    def blocked(self) -> bool:
        """Whether something that must pass has failed."""
        return any(row.blocking and row.result == "FAIL" for row in self.rows)

    def without_evidence(self) -> CheckList:
        """Return the same for who does not read the whole case: evidence repeats its entries."""
        bare = {row.code: replace(row, evidence=()) for row in self.rows}
        return replace(
            self,
            rows=tuple(bare.values()),
            reasons=tuple(bare[row.code] for row in self.reasons),
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
        unknown_terms=_unknown_terms(application),
    )


def preview_checks(*, application_id: UUID, actor: Any, at: datetime) -> CheckList:
    """
    Return what the checks would find now; nothing is stored.

    :raises NotFound: there is no such application for this actor.
    """
    application = visible_application(application_id=application_id, actor=actor)
    rules = rules_on(on=clock.local_date(at))
    facts = collect_facts(application=application, at=at)
    findings = eligibility.run_checks(facts=facts, rules=rules)
    rows = (_row(f.code, f.result, f.blocking, f.message, f.evidence) for f in findings)
    return check_list(tuple(rows), rule_version=rules.version)


def checks_of(application: Application) -> CheckList:
    """Return the stored findings of the last run, in the order of the checks."""
    rows = EligibilityCheck.objects.filter(application=application)
    last = rows.aggregate(last=Max("sequence"))["last"] or 0
    found = tuple(rows.filter(sequence=last).order_by("id"))
    return check_list(
        tuple(_row(r.code, r.result, r.blocking, r.reason, r.evidence) for r in found),
        rule_version=found[0].rule_version if found else "",
    )


def check_list(rows: tuple[CheckRow, ...], *, rule_version: str) -> CheckList:
    """Return findings with what they come to."""
    whole = overall(rows)
    by_code = {row.code: row for row in rows}
    return CheckList(
        rows=rows,
        verdict=whole.verdict,
        verdict_name=str(VERDICT_NAMES[whole.verdict]),
        tone=VERDICT_TONES[whole.verdict],
        reasons=tuple(by_code[code] for code in whole.reasons),
        rule_version=rule_version,
    )


def _row(
    code: str, result: str, blocking: bool, message: str, evidence: dict[str, Any]
) -> CheckRow:
    # A check of other rules may not be among those of today.
    fix, section = CHECK_FIXES.get(code, ("", ""))
    return CheckRow(
        code=code,
        name=str(CHECK_NAMES.get(code, code)),
        result=result,
        result_name=str(RESULT_NAMES[result]),
        tone=RESULT_TONES[result],
        blocking=blocking,
        reason=gettext(message) % shown(evidence) if message else "",
        evidence=evidence_lines(evidence),
        fix="" if result == eligibility.PASS else str(fix),
        section=section,
    )


def _unknown_terms(application: Application) -> tuple[str, ...]:
    given = ((getattr(application, name), known) for name, known in VOCABULARY)
    return tuple(code for code, known in given if code and code not in known.values)


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
