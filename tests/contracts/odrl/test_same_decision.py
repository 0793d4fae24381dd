"""A gate that reads only the policy decides as the gate that reads the terms."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from contracts.odrl.calls import CallFacts, decide
from contracts.odrl.errors import Unreadable
from contracts.odrl.writer import policy_of
from contracts.terms import Terms, dump, parse
from core import clock
from gateway import gate
from gateway.reasons import Reason
from gateway.snapshot import Grant, Holder, Snapshot
from licensing.scope import Column, scope_of
from tests.contracts.odrl import agreeing, term_gate
from tests.contracts.odrl.agreeing import FACTS, NOON, calls, policy_from, random_terms

SANDBOX = ipaddress.ip_network("10.1.0.0/16")
# Reasons that are no part of the terms; docs/odrl.md says why, and a test compares the two lists.
OUTSIDE = frozenset(
    {
        Reason.NO_CREDENTIAL, Reason.UNKNOWN_CREDENTIAL, Reason.CREDENTIAL_SUSPENDED,
        Reason.CREDENTIAL_REVOKED, Reason.CREDENTIAL_EXPIRED, Reason.CREDENTIAL_NOT_YET_VALID,
        Reason.ADDRESS_NOT_ALLOWED, Reason.FIELD_BLOCKED, Reason.FILTER_INVALID,
        Reason.CURSOR_INVALID, Reason.QUERY_INVALID, Reason.NOT_FOUND, Reason.METHOD_NOT_ALLOWED,
        Reason.DELIVERY_FAILED, Reason.METER_UNAVAILABLE, Reason.GATE_STALE,
    }
)  # fmt: skip
INSIDE = frozenset(Reason) - OUTSIDE


def permits(terms: Terms, call: CallFacts, *, violated: Iterable[str] = ()) -> bool:
    """Return what the policy of terms, written and read again, says to a call."""
    try:
        policy = policy_from(terms)
    except Unreadable:
        # Terms that grant and forbid nothing make no policy, and without one nothing passes.
        assert not {"permission", "prohibition", "obligation"} & set(policy_of(terms, FACTS))
        return False
    return decide(policy, call, violated=violated).permitted


@settings(max_examples=600, deadline=None)
@given(random_terms, calls(), st.booleans())
def test_policy_and_terms_decide_alike(terms: Terms, call: CallFacts, refused: bool) -> None:
    duties = [f"{FACTS.policy_id}#consent-{code}" for code in ("D01", "D07")] if refused else []
    permitted = permits(terms, call, violated=duties)
    expected = term_gate.permits(terms, call, consent_refused=refused)
    event(f"{call.action.split(':')[1]} {'permitted' if expected else 'denied'}")
    assert permitted is expected


def complete(terms: Terms) -> Terms:
    """Return terms as a license needs them: a purpose, and the use granted."""
    purpose = {"scenario_code": agreeing.SCENARIOS[0]}
    stated = terms.model_dump(mode="json", exclude_none=True)
    stated["purpose"] = {**purpose, **stated.get("purpose", {})}
    stated["rights"] = {**stated.get("rights", {}), "use": True}
    stated.setdefault("delivery", {}).pop("formats", None)
    for one in stated.get("scope", {}).get("datasets", []):
        one.setdefault("fields", ["alpha", "beta"])
    return parse(stated)


def snapshot_of(terms: Terms, call: CallFacts) -> Snapshot:
    """Return what the gate knows of one license under terms, as issuing would store it."""
    assert terms.purpose is not None
    grants = {}
    for stated in (terms.scope.datasets if terms.scope else None) or ():
        scope = scope_of(
            stated.model_dump(mode="json", exclude_none=True),
            columns=[Column(name, name in agreeing.FILTERABLE) for name in agreeing.COLUMNS],
        )
        quota = terms.quota_of(stated.code)
        grants[stated.code] = Grant(
            license_id=UUID(int=1),
            dataset=stated.code,
            license_state=call.license_state,
            agreement_state=call.agreement_state,
            dataset_state=call.dataset_state,
            scenario=terms.purpose.scenario_code or "",
            fields=tuple(scope["fields"]),
            filters=frozenset(scope["filters"]),
            rows={name: frozenset(found) for name, found in scope["rows"].items()},
            transforms=scope["transforms"],
            mode=scope["mode"] or "",
            starts_at=clock.start_of_day(agreeing.FROM),
            ends_at=clock.end_of_day(agreeing.TO),
            per_total=quota.per_total,
            per_month=quota.per_month,
            per_day=quota.per_day,
            rate_per_second=quota.rate_per_second,
            rows_per_call=quota.rows_per_call,
            version=1,
            columns=dict.fromkeys((*agreeing.COLUMNS, "delta"), "STRING"),
        )
    year = timedelta(days=900)
    holder = Holder(UUID(int=2), "abcdefgh", "ACTIVE", NOON - year, NOON + year, (), grants)
    return Snapshot(1, {"k": holder}, (SANDBOX,))


def gate_reason(terms: Terms, call: CallFacts) -> Reason | None:
    """Return why the gate in use refuses a call; None where it lets it pass."""
    cursor = gate.write_cursor(version=1, row=4) if call.continuation else None
    asked = gate.Call(
        key_hash="k",
        dataset=call.dataset,
        scenario=call.scenario,
        fields=call.fields or None,
        filters=call.filters,
        limit=str(call.rows),
        cursor=cursor,
        address="10.1.2.3" if call.in_sandbox else "192.0.2.1",
    )
    found = gate.decide(snapshot_of(terms, call), asked, at=call.at)
    if isinstance(found, gate.Refused):
        # The gate names a cursor where verification allows no second page: a term after all.
        verifying = found.grant is not None and found.grant.mode == gate.VERIFY_ONLY
        if found.reason is Reason.CURSOR_INVALID and verifying:
            return Reason.CASE_NOT_NAMED
        if found.reason is Reason.FIELD_BLOCKED and found.grant and not found.grant.fields:
            # Nothing is blocked here: no field was granted to begin with.
            return Reason.FIELD_NOT_GRANTED
        return found.reason
    grant = found.grant
    if grant.rate_per_second is not None and call.calls_second > grant.rate_per_second:
        return Reason.RATE_EXCEEDED
    if grant.per_total is not None and call.calls_total > grant.per_total:
        return Reason.TOTAL_QUOTA_EXCEEDED
    for quota, used, reason in (
        (grant.per_day, call.calls_day, Reason.DAILY_QUOTA_EXCEEDED),
        (grant.per_month, call.calls_month, Reason.MONTHLY_QUOTA_EXCEEDED),
    ):
        if quota is not None and used > gate.quota_ceiling(quota, grant, at=call.at):
            return reason
    return None


def as_the_gate_knows(terms: Terms, call: CallFacts) -> CallFacts:
    """Return a call with everything that is settled before a call: client, place, recipient."""
    return replace(
        call,
        licensee=agreeing.LICENSEE.uscc,
        purpose_class=terms.purpose.purpose_class if terms.purpose else None,
        format="JSON", channel="API", client_reviewed=True, protection_level=4, place="CITY",
        recipient=None, action="odrl:read",
    )  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(random_terms, calls(action=st.just("odrl:read")))
def test_policy_and_the_gate_in_use_decide_alike(terms: Terms, call: CallFacts) -> None:
    terms = complete(terms)
    call = as_the_gate_knows(terms, call)
    reason = gate_reason(terms, call)
    permitted = permits(terms, call)
    event(str(reason))
    if reason in OUTSIDE:
        return
    assert permitted is (reason is None), reason


TERMS = parse(
    {
        "purpose": {"scenario_code": "CJ-2026-00001"},
        "rights": {"use": True},
        "scope": {
            "datasets": [
                {"code": "D01", "mode": "API", "fields": ["alpha", "beta"],
                 "filters": {"beta": ["beta"]}},
                {"code": "D07", "mode": "VERIFY_ONLY", "fields": ["alpha"]},
                {"code": "D08", "mode": "SANDBOX", "fields": ["alpha"]},
            ]
        },
        "quota": {"every": {"per_total": 9, "per_month": 5, "per_day": 3, "rate_per_second": 2,
                            "rows_per_call": 10}},
    }
)  # fmt: skip
CALL = CallFacts("D01", agreeing.LICENSEE.uscc, NOON, "CJ-2026-00001")


CASES: list[tuple[Reason | None, dict[str, object]]] = [
    (None, {}),
    (None, {"fields": ("alpha",), "filters": (("beta", "beta"),), "rows": 10}),
    (Reason.NOT_LICENSED, {"dataset": "D99"}),
    (Reason.DATASET_NOT_PUBLISHED, {"dataset_state": "WITHDRAWN"}),
    (Reason.AGREEMENT_NOT_IN_FORCE, {"agreement_state": "SUSPENDED"}),
    (Reason.LICENSE_NOT_ACTIVE, {"license_state": "ISSUED"}),
    (Reason.LICENSE_SUSPENDED, {"license_state": "SUSPENDED"}),
    (Reason.LICENSE_REVOKED, {"license_state": "REVOKED"}),
    (Reason.LICENSE_EXPIRED, {"at": clock.end_of_day(agreeing.TO)}),
    (Reason.SCENARIO_MISSING, {"scenario": ""}),
    (Reason.SCENARIO_MISMATCH, {"scenario": "CJ-2026-00002"}),
    (Reason.SANDBOX_ONLY, {"dataset": "D08"}),
    (Reason.FIELD_NOT_GRANTED, {"fields": ("alpha", "gamma")}),
    (Reason.FILTER_NOT_GRANTED, {"filters": (("gamma", "x"),)}),
    (Reason.FILTER_VALUE_NOT_GRANTED, {"filters": (("beta", "alpha"),)}),
    (Reason.CASE_NOT_NAMED, {"dataset": "D07"}),
    (Reason.LIMIT_INVALID, {"rows": 11}),
    (Reason.RATE_EXCEEDED, {"calls_second": 3}),
    (Reason.DAILY_QUOTA_EXCEEDED, {"calls_day": 4}),
    (Reason.TOTAL_QUOTA_EXCEEDED, {"calls_total": 10}),
    (Reason.MONTHLY_QUOTA_EXCEEDED, {"calls_month": 6}),
]


@pytest.mark.parametrize(("reason", "changes"), CASES)
def test_every_reason_that_lies_in_the_terms_is_in_the_policy(
    reason: Reason | None, changes: dict[str, object]
) -> None:
    call = as_the_gate_knows(TERMS, replace(CALL, **changes))
    assert gate_reason(TERMS, call) is reason
    assert decide(policy_from(TERMS), call).permitted is (reason is None)


@pytest.mark.parametrize(
    ("action", "changes", "expected"),
    [
        ("odrl:distribute", {"recipient": "alpha"}, True),
        ("odrl:distribute", {"recipient": "gamma"}, False),
        ("odrl:distribute", {}, False),
        ("datadeed:provideExternally", {"recipient": "alpha"}, False),
        ("odrl:sell", {}, True),
        ("datadeed:operate", {}, True),
        ("datadeed:hold", {}, False),
        ("datadeed:transferAbroad", {}, False),
        ("datadeed:reidentify", {}, False),
        ("datadeed:registerClient", {"clients": 2}, True),
        ("datadeed:registerClient", {"clients": 3}, False),
        ("odrl:use", {}, False),
        ("odrl:read", {}, True),
        ("odrl:read", {"place": "COUNTRY"}, False),
        ("odrl:read", {"place": "ABROAD"}, False),
        ("odrl:read", {"protection_level": 2}, False),
        ("odrl:read", {"format": "CSV"}, False),
        ("odrl:read", {"channel": "RAW_EXPORT"}, False),
        ("odrl:read", {"client_reviewed": False}, False),
        ("odrl:read", {"purpose_class": "SECTOR"}, False),
        ("odrl:read", {"recipient": "alpha"}, False),
        ("odrl:read", {"licensee": "913202000000DEM260"}, False),
    ],
)
def test_what_a_call_does_not_ask_is_in_the_policy_too(
    action: str, changes: dict[str, object], expected: bool
) -> None:
    terms = parse({
        **dump(TERMS),
        "purpose": {"scenario_code": "CJ-2026-00001", "purpose_class": "INDUSTRY"},
        "rights": {"use": True, "operate": True, "holding": False, "internal_only": True},
        "region": {"region": "PROVINCE", "cross_border": False},
        "environment": {"protection_level": 3},
        "desensitization": {"reidentification_ban": True},
        "delivery": {"formats": ["JSON"], "clients_max": 2, "reviewed_clients_only": True},
        "onward_transfer": {"allowed": "NAMED_PROCESSORS", "processors": ["alpha", "beta"]},
    })  # fmt: skip
    call = replace(as_the_gate_knows(terms, CALL), action=action, **changes)
    assert term_gate.permits(terms, call) is expected
    assert permits(terms, call) is expected


def test_no_reason_of_the_gate_is_left_out() -> None:
    assert {reason for reason, _changes in CASES} - {None} == INSIDE


def test_no_rows_a_call_are_none_for_both_gates() -> None:
    terms = parse({**dump(TERMS), "quota": {"every": {"rows_per_call": 0}}})
    call = as_the_gate_knows(terms, CALL)
    assert gate_reason(terms, call) is Reason.LIMIT_INVALID
    assert not decide(policy_from(terms), call).permitted
