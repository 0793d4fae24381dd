"""What is billed: successes that are no retries, whatever order and batch they come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.metering import (
    BILLABLE,
    REFUSED,
    RETRY,
    RETRY_SECONDS,
    SERVER_ERROR,
    Earlier,
    InvalidUsage,
    Usage,
    check,
    classify,
)

AT = datetime(2026, 11, 3, 4, tzinfo=UTC)
CALL = Usage(
    source="gate",
    event_id="e1",
    license_id=UUID(int=1),
    credential_id=UUID(int=2),
    dataset_code="D01",
    scenario_code="CJ-2026-00001",
    fields_hash="f",
    query_hash="q",
    rows=1,
    bytes=100,
    status=200,
    occurred_at=AT,
)
ERROR = replace(CALL, status=500, reason="DELIVERY_FAILED", rows=0)


def after(usage: Usage, seconds: float, **changes: object) -> Usage:
    moved = usage.occurred_at + timedelta(seconds=seconds)
    return replace(usage, occurred_at=moved, **{"event_id": f"e{seconds}", **changes})  # type: ignore[arg-type]


def excluded(*usages: Usage) -> list[str]:
    return classify(usages, earlier=[])


def test_a_success_is_billed_and_the_same_question_again_too() -> None:
    assert excluded(CALL, after(CALL, 1)) == [BILLABLE, BILLABLE]


def test_server_errors_and_refusals_are_not_billed() -> None:
    refused = replace(CALL, status=403, reason="FIELD_NOT_GRANTED")
    assert excluded(ERROR, refused) == [SERVER_ERROR, REFUSED]


@pytest.mark.parametrize(
    ("seconds", "reason"), [(0, RETRY), (RETRY_SECONDS, RETRY), (RETRY_SECONDS + 0.001, BILLABLE)]
)
def test_a_success_soon_after_a_server_error_is_a_retry(seconds: float, reason: str) -> None:
    assert excluded(ERROR, after(CALL, seconds))[1] == reason


@pytest.mark.parametrize(
    "change", [{"query_hash": "other"}, {"dataset_code": "D07"}, {"credential_id": UUID(int=9)}]
)
def test_another_question_is_no_retry(change: dict[str, object]) -> None:
    assert excluded(ERROR, after(CALL, 1, **change))[1] == BILLABLE


def test_a_named_repetition_of_a_billed_call_is_a_retry() -> None:
    assert excluded(CALL, after(CALL, 5, retry_of="e1")) == [BILLABLE, RETRY]


def test_the_same_request_id_is_a_repetition() -> None:
    first = replace(CALL, request_id="r1")
    assert excluded(first, after(first, 5)) == [BILLABLE, RETRY]


def test_naming_another_question_does_not_make_it_free() -> None:
    assert excluded(CALL, after(CALL, 5, retry_of="e1", query_hash="x"))[1] == BILLABLE


def test_a_chain_of_retries_ends_with_the_window_of_the_first_call() -> None:
    second = after(CALL, 50, retry_of="e1")
    third = after(CALL, 100, retry_of=second.event_id)
    assert excluded(CALL, second, third) == [BILLABLE, RETRY, BILLABLE]


def test_what_was_stored_before_counts_as_what_is_in_the_batch() -> None:
    stored = Earlier("gate", "e0", "", UUID(int=2), "D01", "q", AT, 503, SERVER_ERROR)
    assert classify([after(CALL, 10)], earlier=[stored]) == [RETRY]


_STATUS = st.sampled_from([200, 200, 200, 403, 500])


@given(st.lists(st.tuples(_STATUS, st.integers(0, 90), st.sampled_from("ab")), max_size=30))
def test_every_call_is_in_exactly_one_class(calls: list[tuple[int, int, str]]) -> None:
    at, usages = AT, []
    for number, (status, wait, question) in enumerate(calls):
        at += timedelta(seconds=wait)
        usages.append(
            replace(
                CALL,
                event_id=str(number),
                status=status,
                reason="" if status == 200 else "X",
                query_hash=question,
                occurred_at=at,
            )
        )
    reasons = classify(usages, earlier=[])
    for usage, reason in zip(usages, reasons, strict=True):
        assert (reason == SERVER_ERROR) == (usage.status >= 500)
        assert (reason == REFUSED) == (usage.status == 403)
        if reason == RETRY:
            window = timedelta(seconds=RETRY_SECONDS)
            assert any(
                u.status >= 500
                and u.query_hash == usage.query_hash
                and timedelta(0) <= usage.occurred_at - u.occurred_at <= window
                for u in usages
            )


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": ""},
        {"event_id": "x" * 81},
        {"status": 42},
        {"rows": -1},
        {"license_id": None},
        {"status": 404},
        {"occurred_at": datetime(2026, 11, 3)},
    ],
)
def test_an_impossible_event_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidUsage):
        check([CALL, replace(CALL, **change)])  # type: ignore[arg-type]


def test_the_payload_hash_covers_what_is_billed() -> None:
    changes = [{"rows": 2}, {"status": 201}, {"query_hash": "x"}, {"license_id": UUID(int=7)}]
    hashes = {replace(CALL, **c).payload_hash() for c in changes}  # type: ignore[arg-type]
    assert CALL.payload_hash() not in hashes
    assert len(hashes) == len(changes)
