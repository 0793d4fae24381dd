"""
How each entry of the terms stands in a policy. Pure.

Every entry of the schema is named here: as a constraint, a permission, a prohibition or a duty with
the words that carry it, or as a clause that people keep. An entry that is missing stops the writer.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from contracts.terms import Terms

CONSTRAINT, PERMISSION, PROHIBITION = "constraint", "permission", "prohibition"
DUTY, OBLIGATION, CLAUSE = "duty", "obligation", "clause"
USER, PROVIDER = "assignee", "assigner"


class UnmappedEntry(Exception):
    """An entry of the terms that no part of a policy carries; add it to ``ENTRIES``."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """
    What carries an entry; ``word`` names its action or left operand.

    An obligation has ``who`` fulfills it and, unless the entry is a plain yes, the ``operand`` and
    ``operator`` its value is compared by. ``why`` says why a clause is no rule.
    """

    kind: str
    word: str = ""
    who: str = ""
    operand: str = ""
    operator: str = ""
    why: str = ""


def _limit(word: str) -> Carrier:
    return Carrier(CONSTRAINT, word)


def _does(action: str, operand: str = "", operator: str = "", who: str = USER) -> Carrier:
    return Carrier(OBLIGATION, action, who, operand, operator)


def _text(why: str) -> Carrier:
    return Carrier(CLAUSE, why=why)


_NAMES = _text("describes what is named elsewhere")
_PEOPLE = _text("a person judges it")
_PRICE = _does("odrl:compensate", "datadeed:price", "isAllOf")
_QUALITY = _does("datadeed:provideQuality", "datadeed:quality", "isAllOf", PROVIDER)
_PERIOD = _does("datadeed:limitRows", "datadeed:rowValue", "isAllOf", PROVIDER)
_LATE = "datadeed:workingDays"

ENTRIES: dict[str, Carrier] = {
    "purpose.purpose_class": _limit("datadeed:purposeClass"),
    "purpose.scenario_code": _limit("odrl:purpose"),
    "purpose.scenario_name": _NAMES,
    "purpose.purpose_text": _PEOPLE,
    "purpose.products": _PEOPLE,
    "scope.datasets.*.code": Carrier(PERMISSION, "odrl:target"),
    "scope.datasets.*.dataset_id": _NAMES,
    "scope.datasets.*.title": _NAMES,
    "scope.datasets.*.provider": _NAMES,
    "scope.datasets.*.level": _NAMES,
    "scope.datasets.*.version": _NAMES,
    "scope.datasets.*.labels": _NAMES,
    "scope.datasets.*.fields": _limit("datadeed:field"),
    "scope.datasets.*.filters.*": _limit("datadeed:filterValue"),
    "scope.datasets.*.transforms.*": _does(
        "datadeed:desensitize", "datadeed:transform", "isAllOf", PROVIDER
    ),
    "scope.datasets.*.mode": _limit("odrl:deliveryChannel, odrl:virtualLocation"),
    "scope.datasets.*.history_months": _does(
        "datadeed:limitHistory", "datadeed:months", "lteq", PROVIDER
    ),
    "scope.datasets.*.period_field": _PERIOD,
    "scope.datasets.*.period_from": _PERIOD,
    "scope.datasets.*.period_to": _PERIOD,
    "scope.datasets.*.group_size_min": _does(
        "datadeed:groupRecords", "datadeed:groupSize", "gteq", PROVIDER
    ),
    "rights.holding": Carrier(PROHIBITION, "datadeed:hold"),
    "rights.use": Carrier(PROHIBITION, "odrl:read"),
    "rights.operate": Carrier(PROHIBITION, "datadeed:operate, odrl:sell"),
    "rights.internal_only": Carrier(PROHIBITION, "datadeed:provideExternally"),
    "delivery.formats": _limit("odrl:fileFormat"),
    "delivery.clients_max": Carrier(PERMISSION, "datadeed:registerClient"),
    "delivery.recipients": Carrier(PERMISSION, "datadeed:registerClient"),
    "delivery.endpoint": _NAMES,
    "delivery.reviewed_clients_only": _limit("datadeed:clientReviewed"),
    "quota.every.per_total": _limit("datadeed:callsInAll"),
    "quota.every.per_month": _limit("datadeed:callsThisMonth"),
    "quota.every.per_day": _limit("datadeed:callsThisDay"),
    "quota.every.rate_per_second": _limit("datadeed:callsThisSecond"),
    "quota.every.rows_per_call": _limit("datadeed:rows"),
    "quota.datasets.*.per_total": _limit("datadeed:callsInAll"),
    "quota.datasets.*.per_month": _limit("datadeed:callsThisMonth"),
    "quota.datasets.*.per_day": _limit("datadeed:callsThisDay"),
    "quota.datasets.*.rate_per_second": _limit("datadeed:callsThisSecond"),
    "quota.datasets.*.rows_per_call": _limit("datadeed:rows"),
    "quota.warn_percent": _does(
        "datadeed:warnOfQuota", "datadeed:quotaPercent", "gteq", PROVIDER
    ),
    "environment.mode": _limit("odrl:deliveryChannel, odrl:virtualLocation"),
    "environment.protection_level": _limit("datadeed:protectionLevel"),
    "region.region": _limit("odrl:spatial"),
    "region.cross_border": Carrier(PROHIBITION, "datadeed:transferAbroad"),
    "region.declared": _NAMES,
    "region.storage": _does("datadeed:storeIn", "datadeed:place", "isAnyOf"),
    "region.processing": _does("datadeed:processIn", "datadeed:place", "isAnyOf"),
    "onward_transfer.allowed": Carrier(PROHIBITION, "odrl:distribute"),
    "onward_transfer.processors": Carrier(PERMISSION, "odrl:distribute"),
    "onward_transfer.consents.*": _text("names the document of a consent"),
    "onward_transfer.sub_delegation": Carrier(PROHIBITION, "datadeed:subDelegate"),
    "onward_transfer.interfaces": Carrier(PROHIBITION, "datadeed:provideInterface"),
    "retention.days": _does("odrl:delete", "datadeed:days", "lteq"),
    "retention.backup_days": _does("datadeed:deleteBackups", "datadeed:days", "lteq"),
    "desensitization.reidentification_ban": Carrier(PROHIBITION, "datadeed:reidentify"),
    "desensitization.output_check": _does("datadeed:checkOutput"),
    "desensitization.k_min": _does(
        "datadeed:groupRecords", "datadeed:groupSize", "gteq", PROVIDER
    ),
    "desensitization.standards": _does(
        "datadeed:followStandards", "datadeed:standard", "isAllOf", PROVIDER
    ),
    "security.controls": _does("datadeed:applyControls", "datadeed:control", "isAllOf"),
    "security.log_retention_months": _does("datadeed:keepLogs", "datadeed:months", "gteq"),
    "security.incident_notice_hours": _does("odrl:inform", "datadeed:hours", "lteq"),
    "security.named_officer": _does("datadeed:nameOfficer"),
    "audit.inspection": _does("datadeed:acceptInspection"),
    "audit.notice_working_days": _does("odrl:inform", _LATE, "gteq", PROVIDER),
    "audit.watermark": _does("odrl:acceptTracking"),
    "consent.datasets": Carrier(DUTY, "odrl:obtainConsent", USER),
    "consent.references.*": _text("names the evidence of a consent"),
    "consent.evidence": _does("datadeed:keepConsent"),
    "quality_sla.dimensions": _QUALITY,
    "quality_sla.availability_permille": _QUALITY,
    "quality_sla.repair_working_days": _QUALITY,
    "quality_sla.datasets.*.update_frequency": _QUALITY,
    "quality_sla.datasets.*.completeness_percent": _QUALITY,
    "quality_sla.datasets.*.accuracy_percent": _QUALITY,
    "quality_sla.datasets.*.standardization_percent": _QUALITY,
    "quality_sla.datasets.*.consistency_percent": _QUALITY,
    "quality_sla.datasets.*.timeliness_percent": _QUALITY,
    "quality_sla.datasets.*.accessibility_percent": _QUALITY,
    "quality_sla.credit_percent": _QUALITY,
    "fee.datasets.*.cap_yuan": _PRICE,
    "fee.datasets.*.cap_base_fen": _PRICE,
    "fee.datasets.*.model": _PRICE,
    "fee.datasets.*.price_version": _PRICE,
    "fee.datasets.*.base_fen": _PRICE,
    "fee.datasets.*.base_unit": _PRICE,
    "fee.datasets.*.tiers": _PRICE,
    "fee.datasets.*.free_of_charge": _text("nothing is to be paid"),
    "fee.free_of_charge": _text("nothing is to be paid"),
    "fee.tax_inclusive": _PRICE,
    "fee.cycle": _PRICE,
    "fee.confirm_working_days": _text("binds the settlement, not the use"),
    "fee.payment_working_days": _does("odrl:compensate", _LATE, "lteq"),
    "fee.commission_permille": _PRICE,
    "fee.deposit_fen": _PRICE,
    "fee.cap_reference": _NAMES,
    "derived_ip.owner": _text("says who owns results, not what may be done"),
    "derived_ip.exceptions": _text("says who owns results, not what may be done"),
    "derived_ip.shares_permille.*": _text("says how earnings are shared"),
    "derived_ip.source_citation": _does("odrl:attribute"),
    "derived_ip.excludes_source_content": _does("datadeed:excludeSourceContent"),
    "reporting.every_months": _does("datadeed:reportUse", "datadeed:months", "lteq"),
    "reporting.due_working_days": _does("datadeed:reportUse", _LATE, "lteq"),
    "reporting.contents": _does("datadeed:reportUse", "datadeed:content", "isAllOf"),
    "reporting.template": _NAMES,
    "evaluation.cycle_months": _does("datadeed:acceptEvaluation", "datadeed:months", "lteq"),
    "evaluation.first_after_months": _does(
        "datadeed:acceptEvaluation", "datadeed:months", "lteq"
    ),
    "evaluation.pass_score": _PEOPLE,
    "evaluation.fail_score": _PEOPLE,
    "evaluation.weights.*": _PEOPLE,
    "breach.measures": _text("a measure is decided after a hearing"),
    "breach.liquidated_damages_fen": _text("a breach is found by people"),
    "breach.cure_working_days": _text("a breach is found by people"),
    "change.notice_working_days": _text("binds the parties, not the use"),
    "change.demand_days": _text("binds the parties, not the use"),
    "change.unilateral_causes": _text("a termination is decided by people"),
    "change.class_change_suspends": _text("told by the state of the dataset"),
    "change.new_scenario_needs_application": _text("told by the one purpose that is permitted"),
    "exit.disposal": Carrier(OBLIGATION, "datadeed:destroy, datadeed:returnData", USER),
    "exit.certificate": _does("datadeed:certifyDisposal"),
    "exit.due_working_days": _does("datadeed:certifyDisposal", _LATE, "lteq"),
    "exit.secrecy_survives": _does("datadeed:keepSecret"),
    "dispute.method": _text("for the parties and a court"),
    "dispute.law": _text("for the parties and a court"),
    "dispute.place": _text("for the parties and a court"),
    "dispute.copies": _text("for the parties"),
    "term.months": _text("told by the first and the last day"),
    "term.renewal_window_days": _text("binds the parties, not the use"),
}


def entry_of(path: str) -> str:
    """
    Return the entry of the schema a stated path belongs to.

    :raises UnmappedEntry: no entry fits.
    """
    if path in ENTRIES:
        return path
    parts = path.split(".")
    for entry in ENTRIES:
        wanted = entry.split(".")
        if "*" in wanted and _fits(wanted, parts):
            return entry
    raise UnmappedEntry(f"no part of a policy carries {path}: add it to contracts/odrl/mapping.py")


def is_container(path: str) -> bool:
    """Return whether entries stand under a path and none is the path itself."""
    return path not in ENTRIES and any(entry.startswith(f"{path}.*") for entry in ENTRIES)


def _fits(wanted: list[str], parts: list[str]) -> bool:
    if wanted[-1] == "*" and len(parts) > len(wanted):
        # The name of a field may contain a dot.
        parts = [*parts[: len(wanted) - 1], ".".join(parts[len(wanted) - 1 :])]
    return len(wanted) == len(parts) and all(
        one in ("*", part) for one, part in zip(wanted, parts, strict=True)
    )


def schema_entries(model: type[BaseModel] = Terms, prefix: str = "") -> Iterator[str]:
    """Yield every entry of the schema; ``*`` stands for a dataset or a field."""
    for name, info in model.model_fields.items():
        yield from _entries(info.annotation, f"{prefix}{name}")


def _entries(annotation: Any, path: str) -> Iterator[str]:
    kinds = [one for one in _alternatives(annotation) if one is not type(None)]
    inner = kinds[0] if len(kinds) == 1 else None
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        yield from schema_entries(inner, f"{path}.")
        return
    origin, arguments = get_origin(inner), get_args(inner)
    if origin is dict:
        yield from _entries(arguments[1], f"{path}.*")
        return
    if origin is tuple:
        [item] = [one for one in _alternatives(arguments[0]) if one is not type(None)]
        if isinstance(item, type) and issubclass(item, BaseModel) and "code" in item.model_fields:
            yield from schema_entries(item, f"{path}.*.")
            return
    yield path


def _alternatives(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _alternatives(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [one for part in get_args(annotation) for one in _alternatives(part)]
    return [annotation]


def mapping_table() -> Iterator[str]:
    """Yield the table of docs/odrl.md: every entry of the terms and what carries it."""
    yield "| entry of the terms | carried as | by |"
    yield "|---|---|---|"
    for entry, one in ENTRIES.items():
        by = ", ".join(f"`{word}`" for word in one.word.split(", ") if word)
        if one.operand:
            by += f" with `{one.operand}` {one.operator}"
        kind = f"{one.kind} of the {one.who}" if one.kind == OBLIGATION else one.kind
        yield f"| `{entry}` | {kind} | {by or one.why} |"
