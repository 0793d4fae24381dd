"""
The automatic checks of an application: what they look at, what they find. Pure.

A check never decides in silence: its result, reason and evidence are stored and shown. Only the
blocking ones keep an application from being submitted or accepted. Which run, which block and by
which numbers is a version of the rules (``eligibility_rules``).
Source: domain §3.12, docs/sources.md#eligibility.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from applications.eligibility_rules import BLOCKS, OFF, Rules

PASS, FAIL, ABSTAIN = "PASS", "FAIL", "ABSTAIN"


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

    ``violations`` and ``licenses`` are None when no source of such records is connected;
    ``unknown_terms`` are entries whose code no list of the product has.
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
    unknown_terms: tuple[str, ...] = ()


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


Verdict = tuple[str, str, dict[str, Any]]


def run_checks(*, facts: Facts, rules: Rules) -> tuple[Finding, ...]:
    """Return the finding of every check that is not off, in the order reviewers read them."""
    findings = []
    for code, check in _CHECKS:
        mode = rules.mode(code)
        if mode != OFF:
            result, message, evidence = check(facts, rules)
            findings.append(Finding(code, result, mode == BLOCKS, message, evidence))
    return tuple(findings)


def blocking_failures(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that keep the application from going on."""
    return tuple(f for f in findings if f.blocking and f.result == FAIL)


def _uscc(facts: Facts, rules: Rules) -> Verdict:
    evidence = {"uscc": facts.uscc}
    if facts.uscc_valid:
        return PASS, "", evidence
    return FAIL, gettext_noop("The code %(uscc)s has a wrong check character."), evidence


def _party(facts: Facts, rules: Rules) -> Verdict:
    evidence = {"state": facts.applicant_state, "reason": facts.bar_reason}
    match facts.applicant_state:
        case "VERIFIED":
            return PASS, "", evidence
        case "BARRED":
            return FAIL, gettext_noop("The applicant is barred from new data: %(reason)s"), evidence
        case _:
            return FAIL, gettext_noop("Have your organization verified first."), evidence


def _datasets(facts: Facts, rules: Rules) -> Verdict:
    if not facts.datasets:
        return FAIL, gettext_noop("Choose at least one dataset."), {}
    closed = [d for d in facts.datasets if not _is_conditional(d)]
    if closed:
        return (
            FAIL,
            gettext_noop("These are not open under conditions at present: %(datasets)s"),
            _named(closed),
        )
    # Who asks for a dataset chose it while it was open: a closed one cannot be chosen.
    suspended = [d for d in facts.datasets if d.state == "SUSPENDED"]
    if suspended:
        return (
            ABSTAIN,
            gettext_noop(
                "Suspended since they were chosen: %(datasets)s. The application goes on; no key"
                " opens them before they are open again."
            ),
            _named(suspended),
        )
    return PASS, "", _named(facts.datasets)


def _is_conditional(dataset: DatasetFacts) -> bool:
    return dataset.state in ("PUBLISHED", "SUSPENDED") and dataset.openness == "CONDITIONAL"


def _named(datasets: Iterable[DatasetFacts]) -> dict[str, Any]:
    return {"datasets": "、".join(f"{d.code} {d.title}" for d in datasets)}


def _environment(facts: Facts, rules: Rules) -> Verdict:
    high = [d.code for d in facts.datasets if d.level in rules.high_levels]
    evidence = {
        "datasets": "、".join(high),
        "environment": facts.environment,
        "allowed": list(rules.closed_environments),
    }
    if high and facts.environment not in rules.closed_environments:
        return (
            FAIL,
            gettext_noop(
                "Data of a high level (%(datasets)s) are used in a closed environment only:"
                " %(allowed)s."
            ),
            evidence,
        )
    return PASS, "", evidence


def _affiliation(facts: Facts, rules: Rules) -> Verdict:
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


def _cross_border(facts: Facts, rules: Rules) -> Verdict:
    if facts.cross_border:
        return FAIL, gettext_noop("Conditional public data may not leave the mainland."), {}
    return PASS, "", {}


def _terms(facts: Facts, rules: Rules) -> Verdict:
    evidence = {"terms": "、".join(facts.unknown_terms)}
    if facts.unknown_terms:
        return FAIL, gettext_noop("No rule knows the term %(terms)s."), evidence
    return PASS, "", evidence


def _delivery(facts: Facts, rules: Rules) -> Verdict:
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


def _credit(facts: Facts, rules: Rules) -> Verdict:
    checked = facts.credit_checked_on
    if checked is None:
        return ABSTAIN, gettext_noop("No credit check of the applicant is on file."), {}
    evidence = {"checked_on": checked.isoformat(), "days": rules.credit_days_max}
    if (facts.on - checked).days > rules.credit_days_max:
        return (
            FAIL,
            gettext_noop(
                "The credit check of %(checked_on)s is older than %(days)d days: repeat it."
            ),
            evidence,
        )
    return PASS, "", evidence


def _violations(facts: Facts, rules: Rules) -> Verdict:
    if facts.violations is None:
        return ABSTAIN, gettext_noop("No register of violations is connected."), {}
    evidence = {"records": "；".join(facts.violations)}
    if facts.violations:
        return FAIL, gettext_noop("Earlier violations are on record: %(records)s"), evidence
    return PASS, "", evidence


def _protection(facts: Facts, rules: Rules) -> Verdict:
    evidence = {
        "level": facts.protection_level,
        "certificate": facts.protection_certificate,
        "least": rules.protection_level_min,
    }
    if not any(d.level in rules.high_levels for d in facts.datasets):
        return PASS, "", evidence
    if (facts.protection_level or 0) < rules.protection_level_min:
        message = gettext_noop(
            "Data of a high level ask for classified protection level %(least)d."
        )
        return FAIL, message, evidence
    if not facts.protection_certificate:
        return ABSTAIN, gettext_noop("Hand in the number of the filing certificate."), evidence
    return PASS, "", evidence


def _consent(facts: Facts, rules: Rules) -> Verdict:
    needed = "、".join(d.code for d in facts.datasets if d.requires_consent)
    if needed:
        return (
            ABSTAIN,
            gettext_noop("%(datasets)s: consent is proved record by record at each call."),
            {"datasets": needed},
        )
    return PASS, "", {}


def _minimality(facts: Facts, rules: Rules) -> Verdict:
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


def _purpose_fee(facts: Facts, rules: Rules) -> Verdict:
    free = facts.purpose_class in rules.free_purposes
    return PASS, "", {"purpose_class": facts.purpose_class, "free": free}


def _overlap(facts: Facts, rules: Rules) -> Verdict:
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


def _onward(facts: Facts, rules: Rules) -> Verdict:
    if facts.onward_supply:
        return ABSTAIN, gettext_noop("Onward transfer is declared: consent of the provider."), {}
    return PASS, "", {}


_CHECKS: tuple[tuple[str, Callable[[Facts, Rules], Verdict]], ...] = (
    ("uscc", _uscc),
    ("party", _party),
    ("datasets", _datasets),
    ("environment", _environment),
    ("affiliation", _affiliation),
    ("cross_border", _cross_border),
    ("terms", _terms),
    ("delivery", _delivery),
    ("credit", _credit),
    ("violations", _violations),
    ("protection", _protection),
    ("consent", _consent),
    ("minimality", _minimality),
    ("purpose_fee", _purpose_fee),
    ("overlap", _overlap),
    ("onward", _onward),
)
# Sentences of earlier releases, stored with findings that are still read.
RETIRED = (
    gettext_noop(
        "Data of level 3 and above (%(datasets)s) are used in the sandbox or for verification only."
    ),
    gettext_noop("The credit check of %(checked_on)s is older than 30 days: repeat it."),
    gettext_noop("Data of level 3 ask for classified protection level 3."),
)
