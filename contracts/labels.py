"""
How pages name terms, entries, values and sources, in the reader's language. Pure.

The agreement itself is Chinese and worded elsewhere (``contracts.vocabulary``); these words are for
the tables around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.money import format_yuan

Text = str | Promise

TERMS: dict[str, Text] = {
    "purpose": _("Purpose and scenario"),
    "scope": _("Scope of data"),
    "rights": _("Rights in the data"),
    "delivery": _("Delivery"),
    "quota": _("Call quota"),
    "environment": _("Environment"),
    "region": _("Region"),
    "onward_transfer": _("Limits of onward transfer"),
    "retention": _("Retention"),
    "desensitization": _("Desensitization"),
    "security": _("Security duties"),
    "audit": _("Audit and inspection"),
    "consent": _("Consent of right-holders"),
    "quality_sla": _("Data quality"),
    "fee": _("Fees"),
    "derived_ip": _("Derived works"),
    "reporting": _("Usage reports"),
    "evaluation": _("Periodic evaluation"),
    "breach": _("Breach"),
    "change": _("Change and termination"),
    "exit": _("Exit and destruction"),
    "dispute": _("Disputes"),
    "term": _("Term of the agreement"),
}
ENTRIES: dict[str, Text] = {
    "purpose_class": _("Purpose class"),
    "scenario_code": _("Scenario number"),
    "scenario_name": _("Scenario"),
    "purpose_text": _("Purpose in words"),
    "products": _("Expected products"),
    "dataset_id": _("Identifier"),
    "code": _("Code"),
    "title": _("Title"),
    "provider": _("Provider"),
    "level": _("Level of sensitivity"),
    "version": _("Version"),
    "labels": _("Names of fields"),
    "fields": _("Fields"),
    "filters": _("Rows limited to"),
    "transforms": _("Desensitized by"),
    "mode": _("Mode of delivery"),
    "history_months": _("History, months"),
    "group_size_min": _("Smallest group"),
    "holding": _("Right to hold"),
    "use": _("Right to use"),
    "operate": _("Right to operate"),
    "internal_only": _("Internal use only"),
    "formats": _("Formats"),
    "clients_max": _("Registered clients at most"),
    "reviewed_clients_only": _("Reviewed clients only"),
    "per_month": _("Calls a month"),
    "per_day": _("Calls a day"),
    "rate_per_second": _("Calls a second"),
    "rows_per_call": _("Rows a call"),
    "warn_percent": _("Warning at percent of the quota"),
    "protection_level": _("Classified protection, level"),
    "region": _("Storage and processing in"),
    "cross_border": _("Transfer abroad"),
    "declared": _("Place declared by the data user"),
    "allowed": _("May be passed on to"),
    "processors": _("Named processors"),
    "days": _("Days"),
    "backup_days": _("Days of backups"),
    "reidentification_ban": _("Ban on re-identification"),
    "output_check": _("Check of results before release"),
    "standards": _("Standards"),
    "controls": _("Security controls"),
    "log_retention_months": _("Logs kept, months"),
    "incident_notice_hours": _("Incidents told within hours"),
    "named_officer": _("Named security officer"),
    "inspection": _("Right to inspect"),
    "notice_working_days": _("Notice, working days"),
    "watermark": _("Watermarks and decoys"),
    "datasets": _("Datasets"),
    "evidence": _("Evidence kept"),
    "dimensions": _("Dimensions of quality"),
    "availability_permille": _("Availability, per mille"),
    "repair_working_days": _("Errors answered, working days"),
    "update_frequency": _("Update frequency"),
    "completeness_percent": _("Completeness, percent"),
    "accuracy_percent": _("Accuracy, percent"),
    "model": _("Price model"),
    "price_version": _("Version of the price list"),
    "base_fen": _("Base price"),
    "base_unit": _("Base price per"),
    "tiers": _("Unit prices"),
    "free_of_charge": _("Free of charge"),
    "tax_inclusive": _("Prices include tax"),
    "cycle": _("Settlement cycle"),
    "confirm_working_days": _("Statement confirmed, working days"),
    "payment_working_days": _("Payment, working days"),
    "deposit_fen": _("Deposit"),
    "cap_reference": _("Price cap"),
    "owner": _("Owner"),
    "source_citation": _("Source to be cited"),
    "excludes_source_content": _("Without content of the source data"),
    "every_months": _("Every so many months"),
    "due_working_days": _("Due, working days"),
    "contents": _("Contents of reports"),
    "cycle_months": _("Cycle, months"),
    "first_after_months": _("First after months"),
    "pass_score": _("Score to pass"),
    "fail_score": _("Score below which it fails"),
    "weights": _("Weights"),
    "measures": _("Measures"),
    "liquidated_damages_fen": _("Liquidated damages"),
    "cure_working_days": _("Time to cure, working days"),
    "demand_days": _("Demand for payment, days"),
    "unilateral_causes": _("Causes for the provider to end it"),
    "class_change_suspends": _("Reclassification suspends"),
    "new_scenario_needs_application": _("A new scenario needs an application"),
    "disposal": _("Data are to be"),
    "certificate": _("Certificate of destruction"),
    "secrecy_survives": _("Secrecy survives the end"),
    "method": _("Way of settlement"),
    "place": _("Place"),
    "copies": _("Paper copies"),
    "months": _("Months"),
    "renewal_window_days": _("Renewal asked for within days"),
    "period_field": _("Period told by the field"),
    "period_from": _("Period from"),
    "period_to": _("Period until"),
    "recipients": _("Recipients"),
    "endpoint": _("Endpoint"),
    "per_total": _("Calls in all"),
    "storage": _("Places of storage"),
    "processing": _("Places of processing"),
    "consents": _("Documents of consent"),
    "sub_delegation": _("May be delegated further"),
    "interfaces": _("Interfaces for others"),
    "k_min": _("Objects in a group at least"),
    "references": _("Evidence of consent"),
    "standardization_percent": _("Standardization, percent"),
    "consistency_percent": _("Consistency, percent"),
    "timeliness_percent": _("Timeliness, percent"),
    "accessibility_percent": _("Accessibility, percent"),
    "credit_percent": _("Credit for a breach, percent"),
    "cap_yuan": _("Cap of the unit price"),
    "cap_base_fen": _("Cap of the base price"),
    "commission_permille": _("Commission, per mille"),
    "exceptions": _("Except"),
    "shares_permille": _("Shares of the parties, per mille"),
    "template": _("Form of the report"),
    "law": _("Law that governs"),
}
VALUES: dict[str, Text] = {
    "PUBLIC_GOVERNANCE": _("Public governance"),
    "PUBLIC_BENEFIT": _("Public benefit"),
    "INDUSTRY": _("Industrial development"),
    "SECTOR": _("Sector development"),
    "RAW_EXPORT": _("Raw export"),
    "API": _("Data interface"),
    "SANDBOX": _("Secure sandbox"),
    "VERIFY_ONLY": _("Verification only"),
    "COUNTRY": _("Mainland of China"),
    "PROVINCE": _("Jiangsu Province"),
    "CITY": _("Wuxi City"),
    "NAMED_PROCESSORS": _("Named processors"),
    "NONE": _("Nobody"),
    "KEEP": _("Kept as it is"),
    "MASK": _("Mask a part"),
    "HASH": _("Replace by a keyed hash"),
    "GENERALIZE": _("Generalize to a band"),
    "SUPPRESS": _("Leave empty"),
    "DESTROY": pgettext_lazy("data are to be", "Destroyed"),
    "RETURN": pgettext_lazy("data are to be", "Returned"),
    "CN": _("Law of the People's Republic of China"),
    "COURT": _("Court"),
    "ARBITRATION": _("Arbitration"),
    "MONTH": _("Month"),
    "QUARTER": _("Quarter"),
    "YEAR": _("Year"),
    "PRODUCT": _("Product"),
    "USER": _("Data user"),
    "PROVIDER": _("Data provider"),
    "SHARED": _("Both sides"),
    "FREE": _("Free of charge"),
    "FIXED_PRODUCT": _("Fixed price per product"),
    "PER_CALL": _("Per call"),
    "TIERED_CALL": _("Per call, in tiers"),
    "PER_RECORD": _("Per record"),
    "SUBSCRIPTION_PERIOD": _("Subscription"),
    "HYBRID": _("Base price and calls"),
    "WARN": _("Warning"),
    "RESTRICT": _("Restriction"),
    "SUSPEND": _("Suspension"),
    "CLOSE": _("Closing"),
    "ACCESS_CONTROL": _("Access control"),
    "DEDICATED_NETWORK": _("Dedicated network"),
    "ENCRYPTED_STORAGE": _("Encrypted storage"),
    "ENCRYPTED_TRANSPORT": _("Encrypted transport"),
    "LOGGING": _("Logging"),
    "MULTI_FACTOR": _("Multi-factor authentication"),
    "SEPARATION_OF_DUTIES": _("Separation of duties"),
    "DATA_LEAK_PREVENTION": _("Data leak prevention"),
    "STANDARDIZATION": _("Standardization"),
    "COMPLETENESS": _("Completeness"),
    "ACCURACY": _("Accuracy"),
    "CONSISTENCY": _("Consistency"),
    "TIMELINESS": _("Timeliness"),
    "ACCESSIBILITY": _("Accessibility"),
    "BENEFITS": _("Benefits"),
    "CALLS": _("Calls and volume"),
    "INCIDENTS": _("Incidents"),
    "PRODUCTS": _("Products"),
    "PURPOSES": _("Purposes"),
    "STAFF": _("Staff"),
    "CLASS_CHANGE": _("Reclassification"),
    "EVALUATION_FAILED": _("Failed evaluation"),
    "FALSE_MATERIAL": _("False material"),
    "LEGAL_CHANGE": _("Change of law"),
    "NON_PAYMENT": _("Non-payment"),
    "SERIOUS_BREACH": _("Serious breach"),
    "compliance": _("Compliance"),
    "security": _("Security of the data"),
    "utilization": _("Utilization"),
    "benefit": _("Benefit of the use"),
    "reporting": _("Usage reports"),
    "REAL_TIME": _("Real time"),
    "MINUTE_1": _("Every minute"),
    "MINUTE_5": _("Every 5 minutes"),
    "MINUTE_10": _("Every 10 minutes"),
    "HOURLY": _("Hourly"),
    "DAILY": _("Daily"),
    "NEXT_DAY": _("On the next day (T+1)"),
    "WEEKLY": _("Weekly"),
    "MONTHLY": _("Monthly"),
    "QUARTERLY": _("Quarterly"),
    "YEARLY": _("Yearly"),
}
SOURCES: dict[str, Text] = {
    "template": _("Base template"),
    "request": _("Application"),
    "grant": _("Decision of the providers"),
    "condition": _("Condition of the decision"),
    "rule": _("General rule"),
    "negotiated": _("Negotiation"),
}
# Entries that describe, identify or repeat, and say nothing a reader would compare.
HIDDEN = frozenset({"dataset_id", "labels", "code", "price_version"})


def source_text(source: str) -> str:
    """Name who decided an entry."""
    kind, _colon, what = source.partition(":")
    if kind == "level":
        return now("Level of the data (%(level)s)") % {"level": what}
    if kind == "profile":
        return now("Term profile of %(code)s") % {"code": what}
    return str(SOURCES.get(source, source))


def entry_text(path: str) -> str:
    """Name one entry of a term, with the dataset it belongs to."""
    parts = path.split(".")[1:]
    codes = [part for part in parts if part not in ENTRIES and part != "every"]
    names = [str(ENTRIES[part]) for part in parts if part in ENTRIES and part != "datasets"]
    if not names:
        names = [str(ENTRIES["datasets"])]
    return " · ".join([*(word(code) for code in codes), *names])


def path_text(path: str) -> str:
    """Name one entry with its term in front."""
    return f"{TERMS[path.split('.', 1)[0]]} · {entry_text(path)}"


def places_text(places: Iterable[str]) -> str:
    """Name clauses, or the parts of clauses that speak of one dataset."""
    parts = [place.partition(".") for place in places]
    return now(", ").join(
        f"{TERMS[term]} ({code})" if code else str(TERMS[term]) for term, _dot, code in parts
    )


def value_text(path: str, value: Any) -> str:
    """Show one value: amounts with their sign, codes in words."""
    if isinstance(value, bool):
        return now("Yes") if value else now("No")
    if isinstance(value, int):
        return format_yuan(value) if path.endswith("_fen") else f"{value:,}"
    if isinstance(value, dict):
        return now(", ").join(f"{word(name)} {value[name]}" for name in sorted(value))
    if isinstance(value, list):
        if path.endswith(".tiers"):
            return now(", ").join(_tier(tier) for tier in value)
        return now(", ").join(word(item) for item in value) if value else "—"
    return word(value)


def _tier(tier: dict[str, Any]) -> str:
    if tier.get("up_to") is None:
        return now("¥%(yuan)s a call") % {"yuan": tier["yuan"]}
    return now("¥%(yuan)s a call up to %(up_to)s") % {
        "yuan": tier["yuan"],
        "up_to": f"{tier['up_to']:,}",
    }


def tier_text(number: int, part: str) -> str:
    """Name one part of one tier of prices."""
    if part == "up_to":
        return now("Tier %(number)s: up to so many calls a month") % {"number": number}
    return now("Tier %(number)s: price of a call, yuan") % {"number": number}


def word(code: Any) -> str:
    """Name a code."""
    return str(VALUES.get(str(code), code))
