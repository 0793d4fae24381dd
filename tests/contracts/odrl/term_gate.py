"""
The other road to the same decision: the terms themselves, looked at by plain comparisons.

It shares no line with the writer, the reader or the evaluator of policies.
"""

from __future__ import annotations

from contracts import shapes
from contracts.odrl.calls import CallFacts
from contracts.odrl.facts import party_iri
from contracts.terms import Terms
from core import clock
from tests.contracts.odrl import agreeing


def permits(terms: Terms, call: CallFacts, *, consent_refused: bool = False) -> bool:
    """Return whether terms permit a call; default deny."""
    codes = [one.code for one in (terms.scope.datasets if terms.scope else None) or ()]
    if call.dataset not in codes or call.licensee != agreeing.LICENSEE.uscc:
        return False
    if call.action == "odrl:read":
        return _may_read(terms, call) and not (
            consent_refused and call.dataset in ((terms.consent and terms.consent.datasets) or ())
        )
    if call.action == "datadeed:registerClient":
        return _may_register(terms, call)
    if not _lasting(call):
        return False
    rights = terms.rights
    match call.action:
        case "datadeed:hold":
            return bool(rights and rights.holding)
        case "datadeed:operate" | "odrl:sell":
            return bool(rights and rights.operate)
        case "datadeed:transferAbroad":
            return bool(terms.region and terms.region.cross_border)
        case "datadeed:subDelegate":
            onward = terms.onward_transfer
            return _may_act_on(terms, call, onward.sub_delegation if onward else None)
        case "datadeed:provideInterface":
            onward = terms.onward_transfer
            return _may_act_on(terms, call, onward.interfaces if onward else None)
        case "odrl:distribute":
            return _may_pass_on(terms, call)
        case "datadeed:provideExternally":
            inside = bool(rights and rights.internal_only)
            return not inside and _may_pass_on(terms, call)
        case _:
            return False


def _may_register(terms: Terms, call: CallFacts) -> bool:
    stated = terms.delivery
    if stated is None or (stated.clients_max is None and not stated.recipients):
        return False
    most = stated.clients_max
    if most is not None and (call.clients is None or call.clients > most):
        return False
    return not stated.recipients or call.recipient in stated.recipients


def _lasting(call: CallFacts) -> bool:
    start, end = clock.start_of_day(agreeing.FROM), clock.end_of_day(agreeing.TO)
    return call.agreement_state == "EFFECTIVE" and start <= call.at < end


def _may_act_on(terms: Terms, call: CallFacts, stated: bool | None) -> bool:
    # Passing on in a special way: allowed or not by its own word, and never where all passing on
    # is forbidden.
    onward = terms.onward_transfer
    if stated is False or onward is None:
        return False
    if onward.allowed == "NONE" or (onward.allowed and not onward.processors):
        return False
    if onward.allowed == "NAMED_PROCESSORS":
        return call.recipient in (onward.processors or ())
    return stated is True


def _may_pass_on(terms: Terms, call: CallFacts) -> bool:
    onward = terms.onward_transfer
    if onward is None or onward.allowed != "NAMED_PROCESSORS":
        return False
    return call.recipient in (onward.processors or ())


def _may_read(terms: Terms, call: CallFacts) -> bool:
    if terms.rights and terms.rights.use is False:
        return False
    if not _lasting(call):
        return False
    if (call.license_state, call.dataset_state) != ("ACTIVE", "PUBLISHED"):
        return False
    if call.recipient not in (None, party_iri(agreeing.LICENSEE.uscc)):
        return False
    return (
        _fits_purpose(terms, call)
        and _fits_scope(terms, call)
        and _fits_quota(terms, call)
        and _fits_place(terms, call)
        and _fits_delivery(terms, call)
    )


def _fits_purpose(terms: Terms, call: CallFacts) -> bool:
    purpose = terms.purpose
    if purpose is None:
        return True
    if purpose.scenario_code and call.scenario != purpose.scenario_code:
        return False
    return purpose.purpose_class in (None, call.purpose_class)


def _fits_scope(terms: Terms, call: CallFacts) -> bool:
    stated = terms.dataset(call.dataset)
    assert stated is not None
    granted = set(stated.fields or ())
    if not granted or not set(call.fields) <= granted:
        return False
    verifying = stated.mode == "VERIFY_ONLY"
    hidden = {name for name, rule in (stated.transforms or {}).items() if rule != "KEEP"}
    rows = stated.filters or {}
    for name, value in call.filters:
        free = name in agreeing.FILTERABLE and (verifying or name in granted)
        if name in rows and value not in rows[name]:
            return False
        if name not in rows and not (free and name not in hidden):
            return False
    if stated.mode == "SANDBOX" and not call.in_sandbox:
        return False
    return not verifying or (bool(call.filters) and call.rows <= 1 and not call.continuation)


def _fits_quota(terms: Terms, call: CallFacts) -> bool:
    limits = terms.quota_of(call.dataset)
    used = (
        (limits.per_total, call.calls_total),
        (limits.per_month, call.calls_month),
        (limits.per_day, call.calls_day),
        (limits.rate_per_second, call.calls_second),
        (limits.rows_per_call, call.rows),
    )
    return all(most is None or now <= most for most, now in used)


def _fits_place(terms: Terms, call: CallFacts) -> bool:
    level = terms.environment.protection_level if terms.environment else None
    if level is not None and (call.protection_level is None or call.protection_level < level):
        return False
    region = terms.region.region if terms.region else None
    if region is None:
        return True
    if call.place not in shapes.REGIONS:
        return False
    return shapes.REGIONS.index(call.place) >= shapes.REGIONS.index(region)


def _fits_delivery(terms: Terms, call: CallFacts) -> bool:
    stated = terms.dataset(call.dataset)
    if stated and stated.mode is not None:
        channels = ("API", "RAW_EXPORT") if stated.mode == "RAW_EXPORT" else ("API",)
        if call.channel not in channels:
            return False
    delivery = terms.delivery
    if delivery is None:
        return True
    if delivery.formats is not None and call.format not in delivery.formats:
        return False
    return not delivery.reviewed_clients_only or call.client_reviewed is True
