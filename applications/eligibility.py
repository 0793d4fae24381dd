"""
The automatic checks of an application: what they look at, what they find. Pure.

A check never decides in silence: its result, reason and evidence are stored and shown. Only the
blocking ones keep an application from being submitted or accepted.
Source: domain §3.12, docs/sources.md#eligibility.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

RULE_VERSION = "2026-1"
CREDIT_DAYS_MAX = 30
HIGH_LEVELS = ("L3", "L4", "IMPORTANT", "CORE")
CLOSED_ENVIRONMENTS = ("SANDBOX", "VERIFY_ONLY")
FREE_PURPOSES = ("PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT")

RESULTS = PASS, FAIL, ABSTAIN = "PASS", "FAIL", "ABSTAIN"


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """One requested dataset as the checks see it."""

    code: str
    title: str
    state: str
    openness: str
    level: str
    requires_consent: bool
    fields_known: tuple[str, ...]
    fields_asked: tuple[str, ...]
    justification: str
    delivery_modes: tuple[str, ...]
    provider_id: str


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the checks look at, read once.

    ``violations`` and ``licenses`` are None when no source of such records is connected.
    """

    on: date
    applicant_id: str
    uscc: str
    uscc_valid: bool
    applicant_state: str
    applicant_kind: str
    parent_kind: str
    bar_reason: str
    credit_checked_on: date | None
    environment: str
    delivery_mode: str
    purpose_class: str
    protection_level: int | None
    protection_certificate: str
    onward_supply: bool
    cross_border: bool
    datasets: tuple[DatasetFacts, ...] = ()
    violations: tuple[str, ...] | None = None
    licenses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """
    The result of one check.

    ``message`` is an English msgid, filled with ``evidence`` when it is shown, so that the reader's
    language holds.
    """

    code: str
    result: str
    blocking: bool
    message: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """
    What the checks say together: PASS, ABSTAIN or FAIL, and the checks that say so.

    ``unknown`` are checks or results that the rules do not know. It informs people; no step reads
    it.
    """

    result: str
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


Verdict = tuple[str, str, dict[str, Any]]

CHECK_NAMES: dict[str, str | Promise] = {
    "uscc": _("Unified social credit code"),
    "party": _("Verified and not barred"),
    "datasets": _("Datasets open under conditions"),
    "environment": _("Level of the data and environment"),
    "affiliation": _("Operators and their affiliates"),
    "cross_border": _("No transfer abroad"),
    "delivery": _("Delivery offered by the provider"),
    "credit": _("Business status and credit record"),
    "violations": _("Earlier violations"),
    "protection": _("Classified protection of systems"),
    "consent": _("Consent of the persons concerned"),
    "minimality": _("Fields asked for and fields needed"),
    "purpose_fee": _("Purpose and fees"),
    "overlap": _("Existing licenses"),
    "onward": _("Onward transfer"),
}


def run_checks(*, facts: Facts) -> tuple[Finding, ...]:
    """Return the finding of every check, in the order reviewers read them."""
    findings = []
    for code, blocking, check in _CHECKS:
        result, message, evidence = check(facts)
        findings.append(Finding(code, result, blocking, message, evidence))
    return tuple(findings)


def conclude(results: Iterable[tuple[str, str]]) -> Conclusion:
    """
    Return what (check, result) pairs say together.

    PASS only if every check passes. Where one of the others cannot tell, nobody can, and a person
    looks: ABSTAIN. Otherwise FAIL; also when something is in it that the rules do not know.
    """
    found = tuple(results)
    unknown = tuple(
        code for code, result in found if code not in CHECK_NAMES or result not in RESULTS
    )
    if unknown or not found:
        return Conclusion(FAIL, unknown, unknown)
    not_passed = tuple(code for code, result in found if result != PASS)
    if not not_passed:
        return Conclusion(PASS)
    abstained = any(result == ABSTAIN for _code, result in found)
    return Conclusion(ABSTAIN if abstained else FAIL, not_passed)


def blocking_failures(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that keep the application from going on."""
    return tuple(f for f in findings if f.blocking and f.result == FAIL)


def _uscc(facts: Facts) -> Verdict:
    evidence = {"uscc": facts.uscc}
    if facts.uscc_valid:
        return PASS, "", evidence
    return FAIL, gettext_noop("The code %(uscc)s has a wrong check character."), evidence


def _party(facts: Facts) -> Verdict:
    evidence = {"state": facts.applicant_state, "reason": facts.bar_reason}
    match facts.applicant_state:
        case "VERIFIED":
            return PASS, "", evidence
        case "BARRED":
            return FAIL, gettext_noop("The applicant is barred from new data: %(reason)s"), evidence
        case _:
            return FAIL, gettext_noop("Have your organization verified first."), evidence


def _datasets(facts: Facts) -> Verdict:
    # What was open when it was chosen may be suspended by now: reviewers weigh that. A license
    # for it stays without effect until the dataset is open again.
    closed = [
        d
        for d in facts.datasets
        if d.state not in ("PUBLISHED", "SUSPENDED") or d.openness != "CONDITIONAL"
    ]
    suspended = [d for d in facts.datasets if d.state == "SUSPENDED"]
    named = closed or suspended or facts.datasets
    evidence = {"datasets": "、".join(f"{d.code} {d.title}" for d in named)}
    if not facts.datasets:
        return FAIL, gettext_noop("Choose at least one dataset."), evidence
    if closed:
        return (
            FAIL,
            gettext_noop("These are not open under conditions at present: %(datasets)s"),
            evidence,
        )
    if suspended:
        return (
            ABSTAIN,
            gettext_noop("Suspended since they were chosen, not to be used yet: %(datasets)s"),
            evidence,
        )
    return PASS, "", evidence


def _environment(facts: Facts) -> Verdict:
    high = [d.code for d in facts.datasets if d.level in HIGH_LEVELS]
    evidence = {"datasets": "、".join(high), "environment": facts.environment}
    if high and facts.environment not in CLOSED_ENVIRONMENTS:
        return (
            FAIL,
            gettext_noop(
                "Data of level 3 and above (%(datasets)s) are used in the sandbox or for"
                " verification only."
            ),
            evidence,
        )
    return PASS, "", evidence


def _affiliation(facts: Facts) -> Verdict:
    evidence = {"kind": facts.applicant_kind, "parent": facts.parent_kind}
    if facts.parent_kind == "OPERATOR":
        return (
            FAIL,
            gettext_noop("An affiliate of the authorized operator may not develop its data again."),
            evidence,
        )
    if any(d.provider_id == facts.applicant_id for d in facts.datasets):
        return FAIL, gettext_noop("A provider cannot apply for its own data."), evidence
    if facts.applicant_kind == "OPERATOR":
        return (
            ABSTAIN,
            gettext_noop("The applicant is an authorized operator: look at re-development."),
            evidence,
        )
    return PASS, "", evidence


def _cross_border(facts: Facts) -> Verdict:
    if facts.cross_border:
        return FAIL, gettext_noop("Conditional public data may not leave the mainland."), {}
    return PASS, "", {}


def _delivery(facts: Facts) -> Verdict:
    other = [
        d.code
        for d in facts.datasets
        if d.delivery_modes
        and facts.delivery_mode not in d.delivery_modes
        and facts.environment not in d.delivery_modes
    ]
    evidence = {"datasets": "、".join(other), "mode": facts.delivery_mode}
    if other:
        return FAIL, gettext_noop("%(datasets)s: the provider delivers in another way."), evidence
    return PASS, "", evidence


def _credit(facts: Facts) -> Verdict:
    checked = facts.credit_checked_on
    if checked is None:
        return ABSTAIN, gettext_noop("No credit check of the applicant is on file."), {}
    evidence = {"checked_on": checked.isoformat()}
    if (facts.on - checked).days > CREDIT_DAYS_MAX:
        return (
            FAIL,
            gettext_noop("The credit check of %(checked_on)s is older than 30 days: repeat it."),
            evidence,
        )
    return PASS, "", evidence


def _violations(facts: Facts) -> Verdict:
    if facts.violations is None:
        return ABSTAIN, gettext_noop("No register of violations is connected."), {}
    evidence = {"records": "；".join(facts.violations)}
    if facts.violations:
        return FAIL, gettext_noop("Earlier violations are on record: %(records)s"), evidence
    return PASS, "", evidence


def _protection(facts: Facts) -> Verdict:
    evidence = {"level": facts.protection_level, "certificate": facts.protection_certificate}
    if not any(d.level in HIGH_LEVELS for d in facts.datasets):
        return PASS, "", evidence
    if (facts.protection_level or 0) < 3:
        message = gettext_noop("Data of level 3 ask for classified protection level 3.")
        return FAIL, message, evidence
    if not facts.protection_certificate:
        return ABSTAIN, gettext_noop("Hand in the number of the filing certificate."), evidence
    return PASS, "", evidence


def _consent(facts: Facts) -> Verdict:
    needed = "、".join(d.code for d in facts.datasets if d.requires_consent)
    if needed:
        return (
            ABSTAIN,
            gettext_noop("%(datasets)s: consent is proved record by record at each call."),
            {"datasets": needed},
        )
    return PASS, "", {}


def _minimality(facts: Facts) -> Verdict:
    unknown = [
        f"{d.code}.{name}"
        for d in facts.datasets
        for name in d.fields_asked
        if name not in d.fields_known
    ]
    if unknown:
        evidence = {"fields": "、".join(unknown)}
        return FAIL, gettext_noop("The current version has no such fields: %(fields)s"), evidence
    everything = [
        d.code
        for d in facts.datasets
        if d.fields_asked and not set(d.fields_known) - set(d.fields_asked)
    ]
    evidence = {"datasets": "、".join(everything)}
    if everything:
        return (
            ABSTAIN,
            gettext_noop("Every field of %(datasets)s is asked for: look at each justification."),
            evidence,
        )
    return PASS, "", evidence


def _purpose_fee(facts: Facts) -> Verdict:
    free = facts.purpose_class in FREE_PURPOSES
    return PASS, "", {"purpose_class": facts.purpose_class, "free": free}


def _overlap(facts: Facts) -> Verdict:
    if facts.licenses is None:
        return ABSTAIN, gettext_noop("No register of licenses is connected."), {}
    evidence = {"licenses": "、".join(facts.licenses)}
    if facts.licenses:
        return (
            ABSTAIN,
            gettext_noop("Licenses for the same data exist (%(licenses)s): amend them instead?"),
            evidence,
        )
    return PASS, "", evidence


def _onward(facts: Facts) -> Verdict:
    if facts.onward_supply:
        return ABSTAIN, gettext_noop("Onward transfer is declared: consent of the provider."), {}
    return PASS, "", {}


_CHECKS: tuple[tuple[str, bool, Callable[[Facts], Verdict]], ...] = (
    ("uscc", True, _uscc),
    ("party", True, _party),
    ("datasets", True, _datasets),
    ("environment", True, _environment),
    ("affiliation", True, _affiliation),
    ("cross_border", True, _cross_border),
    ("delivery", False, _delivery),
    ("credit", False, _credit),
    ("violations", False, _violations),
    ("protection", False, _protection),
    ("consent", False, _consent),
    ("minimality", False, _minimality),
    ("purpose_fee", False, _purpose_fee),
    ("overlap", False, _overlap),
    ("onward", False, _onward),
)
