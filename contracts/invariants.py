"""
What must hold between the terms of one agreement, whoever stated them. Pure.

Each rule looks at whole terms and names the entry that breaks it. What a statement leaves unsaid
breaks nothing: a profile may be partial. Source: domain §3.5 (machine check), docs/terms.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts import labels
from contracts import vocabulary as words
from contracts.shapes import FREE_PURPOSES, MODES, DatasetScope
from contracts.terms import Terms
from core.errors import InvalidInput

MONTHS_MAX = {"P1": 12, "P2": 60, "P3": 12}
LOG_MONTHS_MIN = 6
# GB/T 2260: Jiangsu is 32, Wuxi is 3202.
REGION_PREFIX = {"COUNTRY": "", "PROVINCE": "32", "CITY": "3202"}
_CLOSED_MODES = MODES[MODES.index("SANDBOX") :]
_ARBITRATORS = ("仲裁委员会", "仲裁院", "仲裁中心")


@dataclass(frozen=True, slots=True)
class Broken:
    """One entry that breaks a rule, and what the rule demands."""

    path: str
    rule: str | Promise


class RuleBroken(InvalidInput):
    """Terms that cannot be agreed on, because they break a rule among themselves."""

    code = "rule_broken"
    default_message = _("These terms cannot be agreed on: %(rules)s")

    def __init__(self, broken: Iterable[Broken]) -> None:
        self.broken = tuple(broken)
        super().__init__(rules=" ".join(map(_sentence, self.broken)))


Found = Iterator[Broken]


def broken_rules(terms: Terms, *, procedure: str) -> tuple[Broken, ...]:
    """Return every entry that breaks a rule, in the order of the rules."""
    found = [one for rule in RULES for one in rule(terms)]
    return (*found, *term_within_procedure(terms, procedure=procedure))


def ask_rules(terms: Terms, *, procedure: str) -> None:
    """
    Ask that terms break no rule.

    :raises RuleBroken: they do; every entry is named.
    """
    broken = broken_rules(terms, procedure=procedure)
    if broken:
        raise RuleBroken(broken)


def level_needs_a_closed_mode(terms: Terms) -> Found:
    """From level 3 on, data stays in the sandbox or is only verified."""
    for item in _sensitive(terms):
        if item.mode is not None and item.mode not in _CLOSED_MODES:
            yield Broken(
                f"scope.datasets.{item.code}.mode",
                _("data of level 3 is used in the sandbox or only verified."),
            )


def level_bans_reidentification(terms: Terms) -> Found:
    """From level 3 on, re-identification is banned."""
    stated = terms.desensitization
    if stated is not None and stated.reidentification_ban is False and _sensitive(terms):
        yield Broken(
            "desensitization.reidentification_ban", _("data of level 3 needs this ban.")
        )


def no_interface_without_the_right(terms: Terms) -> Found:
    """Without the operating right nobody resells the data or serves it through an interface."""
    rights, onward = terms.rights, terms.onward_transfer
    if rights and onward and rights.operate is False and onward.interfaces:
        yield Broken(
            "onward_transfer.interfaces",
            _("without the right to operate, no interface may serve the data to others."),
        )


def processors_have_consent(terms: Terms) -> Found:
    """Nobody is named where nobody may be; each named processor has its document of consent."""
    stated = terms.onward_transfer
    if stated is None:
        return
    named = stated.processors or ()
    if stated.allowed == "NONE" and named:
        yield Broken(
            "onward_transfer.processors", _("nobody may be named where nothing is passed on.")
        )
    without = [name for name in named if not (stated.consents or {}).get(name)]
    if stated.allowed == "NAMED_PROCESSORS" and without:
        yield Broken(
            "onward_transfer.consents", _("state the document of consent for each processor.")
        )


def places_lie_in_the_region(terms: Terms) -> Found:
    """Places of storage and processing are codes of GB/T 2260 within the region."""
    stated = terms.region
    if stated is None:
        return
    prefix = REGION_PREFIX[stated.region or "COUNTRY"]
    for name, places in (("storage", stated.storage), ("processing", stated.processing)):
        if any(not _is_place(place) or not place.startswith(prefix) for place in places or ()):
            yield Broken(
                f"region.{name}", _("state places of the region by their six-digit codes.")
            )


def stays_in_the_country(terms: Terms) -> Found:
    """Conditional public data does not leave the mainland."""
    if terms.region is not None and terms.region.cross_border:
        yield Broken("region.cross_border", _("conditional public data stays in the mainland."))


def period_is_whole(terms: Terms) -> Found:
    """A period names the field it is told by, and does not end before it begins."""
    for item in _datasets(terms):
        bounds = (item.period_from, item.period_to)
        if any(bounds) and not item.period_field:
            yield Broken(
                f"scope.datasets.{item.code}.period_field",
                _("name the field whose date tells the period."),
            )
        if item.period_from and item.period_to and item.period_from > item.period_to:
            yield Broken(
                f"scope.datasets.{item.code}.period_to", _("the period ends before it begins.")
            )


def groups_are_large_enough(terms: Terms) -> Found:
    """No dataset is grouped into smaller groups than the terms allow."""
    k_min = terms.desensitization.k_min if terms.desensitization else None
    for item in _datasets(terms):
        if k_min and item.group_size_min is not None and item.group_size_min < k_min:
            yield Broken(
                f"scope.datasets.{item.code}.group_size_min",
                _("the groups are smaller than the terms allow."),
            )


def codes_are_known(terms: Terms) -> Found:
    """Codes are those of the vocabulary, so that text and machines know them."""
    security, quality, report = terms.security, terms.quality_sla, terms.reporting
    change, breach = terms.change, terms.breach
    stated: list[tuple[str, Iterable[str] | None, Iterable[str]]] = [
        ("security.controls", security.controls if security else None, words.CONTROLS),
        ("quality_sla.dimensions", quality.dimensions if quality else None, words.QUALITY),
        ("reporting.contents", report.contents if report else None, words.REPORT_CONTENTS),
        (
            "change.unilateral_causes",
            change.unilateral_causes if change else None,
            words.CAUSES,
        ),
        ("breach.measures", breach.measures if breach else None, words.MEASURES),
    ]
    for code, own in ((quality.datasets if quality else None) or {}).items():
        frequency = [own.update_frequency] if own.update_frequency else []
        stated.append((f"quality_sla.datasets.{code}.update_frequency", frequency,
                       words.FREQUENCIES))
    for path, codes, known in stated:
        if set(codes or ()) - set(known):
            yield Broken(path, _("choose among the codes of the vocabulary."))


def logs_are_kept(terms: Terms) -> Found:
    """Logs are kept six months at least. Source: Cybersecurity Law, art. 21 (3)."""
    months = terms.security.log_retention_months if terms.security else None
    if months is not None and months < LOG_MONTHS_MIN:
        yield Broken("security.log_retention_months", _("logs are kept for six months."))


def inspection_stands(terms: Terms) -> Found:
    """The provider's right to inspect is never waived."""
    if terms.audit is not None and terms.audit.inspection is False:
        yield Broken("audit.inspection", _("the right to inspect cannot be waived."))


def consent_is_evidenced(terms: Terms) -> Found:
    """Consent is demanded of datasets in the scope only, and with evidence."""
    stated, known = terms.consent, {item.code for item in _datasets(terms)}
    if stated is None or not stated.datasets:
        return
    if known and set(stated.datasets) - known:
        yield Broken("consent.datasets", _("consent is stated for a dataset outside the scope."))
    if stated.evidence is False:
        yield Broken("consent.evidence", _("consent is kept as evidence."))


def free_purpose_is_free(terms: Terms) -> Found:
    """Public governance and public benefit cost nothing."""
    purpose = terms.purpose.purpose_class if terms.purpose else None
    if purpose in FREE_PURPOSES and terms.fee and terms.fee.free_of_charge is False:
        yield Broken("fee.free_of_charge", _("this purpose is free of charge."))


def price_within_cap(terms: Terms) -> Found:
    """No price lies above the cap of the authorizing body."""
    for code, own in ((terms.fee.datasets if terms.fee else None) or {}).items():
        highest = max((tier.yuan for tier in own.tiers or ()), default=Decimal(0))
        if own.cap_yuan is not None and highest > own.cap_yuan:
            yield Broken(f"fee.datasets.{code}.tiers", _("a unit price lies above the cap."))
        base = own.base_fen or 0
        if own.cap_base_fen is not None and base > own.cap_base_fen:
            yield Broken(f"fee.datasets.{code}.base_fen", _("the base price lies above the cap."))


def shares_are_whole(terms: Terms) -> Found:
    """The shares of what is earned together make up the whole."""
    shares = (terms.derived_ip.shares_permille if terms.derived_ip else None) or {}
    if shares and (sum(shares.values()) != 1000 or min(shares.values()) < 0):
        yield Broken("derived_ip.shares_permille", _("the shares make up 1,000 per mille."))


def reports_fall_in_the_term(terms: Terms) -> Found:
    """At least one report falls due within the term."""
    every = terms.reporting.every_months if terms.reporting else None
    months = terms.term.months if terms.term else None
    if every is not None and (every < 1 or (months is not None and every > max(months, 3))):
        yield Broken("reporting.every_months", _("a report falls due within the term."))


def scores_are_in_order(terms: Terms) -> Found:
    """Passing needs more than failing, and the weights make up one hundred."""
    stated = terms.evaluation
    if stated is None:
        return
    passed, failed = stated.pass_score, stated.fail_score
    if passed is not None and failed is not None and failed > passed:
        yield Broken("evaluation.pass_score", _("it lies below the score that fails."))
    if stated.weights and sum(stated.weights.values()) != 100:
        yield Broken("evaluation.weights", _("the weights make up one hundred."))


def exactly_one_forum(terms: Terms) -> Found:
    """A dispute goes before a court or before a named commission, never both."""
    stated = terms.dispute
    if stated is None or not stated.place:
        return
    arbitrators = any(word in stated.place for word in _ARBITRATORS)
    if stated.method == "ARBITRATION" and not arbitrators:
        yield Broken("dispute.place", _("an arbitration names its commission."))
    if stated.method == "COURT" and "仲裁" in stated.place:
        yield Broken("dispute.place", _("a court and an arbitration exclude each other."))


def term_within_procedure(terms: Terms, *, procedure: str) -> Found:
    """A conditional opening lasts a year at most, an authorized operation five years."""
    months = terms.term.months if terms.term else None
    if months is not None and months > MONTHS_MAX[procedure]:
        yield Broken("term.months", _("the term is longer than this procedure allows."))


RULES: tuple[Callable[[Terms], Found], ...] = (
    level_needs_a_closed_mode,
    level_bans_reidentification,
    no_interface_without_the_right,
    processors_have_consent,
    places_lie_in_the_region,
    stays_in_the_country,
    period_is_whole,
    groups_are_large_enough,
    codes_are_known,
    logs_are_kept,
    inspection_stands,
    consent_is_evidenced,
    free_purpose_is_free,
    price_within_cap,
    shares_are_whole,
    reports_fall_in_the_term,
    scores_are_in_order,
    exactly_one_forum,
)


def _sentence(one: Broken) -> str:
    return f"{labels.path_text(one.path)} ({one.path}): {one.rule}"


def _datasets(terms: Terms) -> tuple[DatasetScope, ...]:
    return (terms.scope.datasets if terms.scope else None) or ()


def _sensitive(terms: Terms) -> list[DatasetScope]:
    return [item for item in _datasets(terms) if (item.level or "") >= "L3"]


def _is_place(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit()
