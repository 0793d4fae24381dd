"""
Which function checks each term, stated in the schema itself. Pure.

A term that no machine looks at is a promise on paper. Each ``Check`` names the function that reads
an entry and what it does about it; ``docs/terms.md`` is written from this, and a test opens every
function named here and looks for the entry in it. Source: domain §3.5.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of a term, the function (``module:name``) that reads it, and what that does."""

    entry: str
    function: str
    reads: str
    effect: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The checks of one term, in the metadata of its field."""

    checks: tuple[Check, ...]


def _of(*checks: tuple[str, str, str, str]) -> Checked:
    return Checked(tuple(Check(*one) for one in checks))


_RULES = "contracts.invariants:"
_GATE = "gateway.gate:"
_COUNT = "gateway.process.gate_process:GateProcess._count"
_DECISIONS = "oversight.actions.decisions:"

PURPOSE = _of(
    ("scenario_code", f"{_GATE}_reason_against_use", "scenario", "a call without it is refused"),
    ("purpose_class", "contracts.terms:settle", "purpose_class", "a free purpose costs nothing"),
    ("purpose_class", "settlement.pricing:rate", "purpose_class", "a free purpose is not billed"),
)
SCOPE = _of(
    ("datasets.fields", f"{_GATE}_narrow", "fields", "one field too many refuses the call"),
    ("datasets.filters", f"{_GATE}_filter_refusal", "rows", "other values are refused"),
    ("datasets.period_from", "gateway.delivery:build_query", "period", "other records stay away"),
    ("datasets.period_to", f"{_RULES}period_is_whole", "period_to", "needs its field and order"),
    ("datasets.mode", f"{_GATE}_narrow", "mode", "verification answers yes or no only"),
)
RIGHTS = _of(
    ("operate", f"{_RULES}no_interface_without_the_right", "operate", "forbids onward APIs"),
)
DELIVERY = _of(
    ("clients_max", "licensing.actions.clients:_clean", "clients_max", "no further program"),
    ("recipients", "licensing.actions.clients:_clean", "recipients", "no other recipient"),
)
QUOTA = _of(
    ("every.per_total", _COUNT, "per_total", "calls stop for good"),
    ("every.per_month", _COUNT, "per_month", "calls stop until next month"),
    ("every.per_day", _COUNT, "per_day", "calls stop until the next day"),
    ("every.rate_per_second", _COUNT, "rate_per_second", "faster calls are refused"),
    ("every.rows_per_call", f"{_GATE}_limit", "rows_per_call", "larger pages are refused"),
)
ENVIRONMENT = _of(
    ("mode", f"{_RULES}level_needs_a_closed_mode", "mode", "level 3: sandbox or verification"),
    ("mode", f"{_GATE}_reason_against_use", "mode", "sandbox data only from the sandbox"),
    ("mode", "contracts.terms:settle", "mode", "no dataset is delivered more loosely"),
)
REGION = _of(
    ("region", f"{_RULES}places_lie_in_the_region", "region", "bounds the places of storage"),
    ("storage", f"{_RULES}places_lie_in_the_region", "storage", "no place outside the region"),
    ("processing", f"{_RULES}places_lie_in_the_region", "processing", "likewise"),
    ("cross_border", f"{_RULES}stays_in_the_country", "cross_border", "may not be allowed"),
)
ONWARD_TRANSFER = _of(
    ("allowed", f"{_RULES}processors_have_consent", "allowed", "nobody, or named processors"),
    ("consents", f"{_RULES}processors_have_consent", "consents", "a document for each of them"),
    ("interfaces", f"{_RULES}no_interface_without_the_right", "interfaces", "needs the right"),
)
RETENTION = _of(
    ("days", "contracts.terms:settle", "retention", "no copy outlives the agreement"),
)
DESENSITIZATION = _of(
    ("reidentification_ban", f"{_RULES}level_bans_reidentification", "reidentification_ban",
     "level 3 needs the ban"),
    ("scope.datasets.transforms", "gateway.delivery:Reader._change", "transforms",
     "applied to every value delivered"),
    ("k_min", f"{_RULES}groups_are_large_enough", "k_min", "no dataset with smaller groups"),
)
SECURITY = _of(
    ("controls", f"{_RULES}codes_are_known", "controls", "an unknown control is refused"),
    ("log_retention_months", f"{_RULES}logs_are_kept", "log_retention_months",
     "six months at least (Cybersecurity Law, art. 21)"),
)
AUDIT = _of(
    ("inspection", f"{_RULES}inspection_stands", "inspection", "the right cannot be waived"),
)
CONSENT = _of(
    ("datasets", f"{_RULES}consent_is_evidenced", "datasets", "only datasets of the scope"),
    ("evidence", f"{_RULES}consent_is_evidenced", "evidence", "no consent without evidence"),
)
QUALITY_SLA = _of(
    ("dimensions", f"{_RULES}codes_are_known", "dimensions", "one of the six"),
    ("datasets.update_frequency", f"{_RULES}codes_are_known", "update_frequency",
     "a frequency of the catalog"),
)
FEE = _of(
    ("datasets.cap_yuan", f"{_RULES}price_within_cap", "cap_yuan", "no unit price above it"),
    ("datasets.cap_base_fen", f"{_RULES}price_within_cap", "cap_base_fen", "nor a base price"),
    ("free_of_charge", "contracts.terms:Terms.is_free", "free_of_charge", "is not billed"),
    ("free_of_charge", f"{_RULES}free_purpose_is_free", "free_of_charge", "free purposes are"),
)
DERIVED_IP = _of(
    ("shares_permille", f"{_RULES}shares_are_whole", "shares_permille", "they make up the whole"),
)
REPORTING = _of(
    ("contents", f"{_RULES}codes_are_known", "contents", "an unknown content is refused"),
    ("every_months", f"{_RULES}reports_fall_in_the_term", "every_months", "at least one falls due"),
)
EVALUATION = _of(
    ("first_after_months", "oversight.actions.schedule:schedule_first_evaluation",
     "first_after_months", "the first evaluation is scheduled at signing"),
    ("cycle_months", "oversight.actions.schedule:schedule_next_evaluation", "cycle_months",
     "the next one is scheduled"),
    ("pass_score", f"{_RULES}scores_are_in_order", "pass_score", "above the score that fails"),
    ("weights", f"{_RULES}scores_are_in_order", "weights", "they make up one hundred"),
)
BREACH = _of(
    ("measures", f"{_DECISIONS}_check_measure", "measures", "no other measure but for V2 and V3"),
    ("liquidated_damages_fen", f"{_DECISIONS}_check_damages", "liquidated_damages_fen",
     "no higher damages"),
    ("cure_working_days", f"{_DECISIONS}_cure_days", "cure_working_days", "the time to cure"),
)
CHANGE = _of(
    ("unilateral_causes", f"{_RULES}codes_are_known", "unilateral_causes", "a known cause"),
)
EXIT = _of(
    ("disposal", "oversight.actions.exits:open_exit", "disposal", "what the exit demands"),
)
DISPUTE = _of(
    ("method", f"{_RULES}exactly_one_forum", "method", "court or arbitration, exactly one"),
    ("place", f"{_RULES}exactly_one_forum", "place", "an arbitration names its commission"),
)
TERM = _of(
    ("months", f"{_RULES}term_within_procedure", "months", "P1 one year, P2 five years at most"),
    ("months", "contracts.actions.signing:_validity", "months", "the last day of the agreement"),
)
