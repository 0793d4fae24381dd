"""Default deny: every reason has a call it refuses, and what passes is what was granted."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.gate import Allowed, Call, Refused, decide, quota_ceiling, read_cursor, write_cursor
from gateway.reasons import WORDINGS, Reason
from gateway.snapshot import EMPTY, Grant, Holder, Restriction, Snapshot

AT = datetime(2026, 11, 3, 4, tzinfo=UTC)
COLUMNS = {"uscc": "STRING", "name": "STRING", "status": "STRING", "capital": "DECIMAL"}
GRANT = Grant(
    license_id=UUID(int=1),
    dataset="D01",
    license_state="ACTIVE",
    agreement_state="EFFECTIVE",
    dataset_state="PUBLISHED",
    scenario="CJ-2026-00001",
    fields=("uscc", "name", "status"),
    filters=frozenset({"uscc", "status"}),
    rows={"status": frozenset({"存续"})},
    transforms={},
    mode="API",
    starts_at=AT - timedelta(days=14),
    ends_at=AT + timedelta(days=300),
    rows_per_call=500,
    version=3,
    path="D01/v3.parquet",
    columns=COLUMNS,
)
HOLDER = Holder(
    credential_id=UUID(int=2),
    prefix="abcdefgh",
    state="ACTIVE",
    valid_from=AT - timedelta(days=10),
    valid_to=AT + timedelta(days=300),
    networks=(),
    grants={"D01": GRANT},
)
CALL = Call("k", "D01", "CJ-2026-00001", None, (), None, None, "10.1.2.3")
PLENTY = Restriction(Decimal("0.5"), None, frozenset({"name"}))


def world(grant: dict[str, Any] | None = None, **holder: Any) -> Snapshot:
    changed = replace(HOLDER, **{"grants": {"D01": replace(GRANT, **(grant or {}))}, **holder})
    return Snapshot(1, {"k": changed}, (ipaddress.ip_network("127.0.0.0/8"),))


def reason_of(snapshot: Snapshot, call: Call = CALL) -> Reason | None:
    found = decide(snapshot, call, at=AT)
    return found.reason if isinstance(found, Refused) else None


def test_passes_with_the_granted_fields_and_no_others() -> None:
    found = decide(world(), CALL, at=AT)
    assert isinstance(found, Allowed)
    assert found.fields == ("uscc", "name", "status")
    assert (found.limit, found.after_row) == (100, -1)


@pytest.mark.parametrize(
    ("snapshot", "call", "reason"),
    [
        (world(), replace(CALL, key_hash=""), Reason.NO_CREDENTIAL),
        (world(), replace(CALL, key_hash="x"), Reason.UNKNOWN_CREDENTIAL),
        (EMPTY, CALL, Reason.UNKNOWN_CREDENTIAL),
        (world(state="SUSPENDED"), CALL, Reason.CREDENTIAL_SUSPENDED),
        (world(state="REVOKED"), CALL, Reason.CREDENTIAL_REVOKED),
        (world(state="EXPIRED"), CALL, Reason.CREDENTIAL_EXPIRED),
        (world(valid_to=AT), CALL, Reason.CREDENTIAL_EXPIRED),
        (world(state="ROTATED", valid_to=AT), CALL, Reason.CREDENTIAL_EXPIRED),
        (world(valid_from=AT + timedelta(seconds=1)), CALL, Reason.CREDENTIAL_NOT_YET_VALID),
        (
            world(networks=(ipaddress.ip_network("10.2.0.0/16"),)),
            CALL,
            Reason.ADDRESS_NOT_ALLOWED,
        ),
        (world(), replace(CALL, dataset="D02"), Reason.NOT_LICENSED),
        (world({"dataset_state": "SUSPENDED"}), CALL, Reason.DATASET_NOT_PUBLISHED),
        (world({"dataset_state": "WITHDRAWN"}), CALL, Reason.DATASET_NOT_PUBLISHED),
        (world({"agreement_state": "SUSPENDED"}), CALL, Reason.AGREEMENT_NOT_IN_FORCE),
        (world({"license_state": "ISSUED"}), CALL, Reason.LICENSE_NOT_ACTIVE),
        (world({"license_state": "SUSPENDED"}), CALL, Reason.LICENSE_SUSPENDED),
        (world({"license_state": "REVOKED"}), CALL, Reason.LICENSE_REVOKED),
        (world({"license_state": "SURRENDERED"}), CALL, Reason.LICENSE_REVOKED),
        (world({"license_state": "EXPIRED"}), CALL, Reason.LICENSE_EXPIRED),
        (world({"ends_at": AT}), CALL, Reason.LICENSE_EXPIRED),
        (world({"starts_at": AT + timedelta(days=1)}), CALL, Reason.LICENSE_NOT_ACTIVE),
        (world(), replace(CALL, scenario=""), Reason.SCENARIO_MISSING),
        (world(), replace(CALL, scenario="CJ-2026-00002"), Reason.SCENARIO_MISMATCH),
        (world({"mode": "SANDBOX"}), CALL, Reason.SANDBOX_ONLY),
        (world(), replace(CALL, fields=("uscc", "capital")), Reason.FIELD_NOT_GRANTED),
        (world(), replace(CALL, fields=("",)), Reason.FIELD_NOT_GRANTED),
        (world(), replace(CALL, fields=('uscc" --',)), Reason.FIELD_NOT_GRANTED),
        (world({"restriction": PLENTY}), replace(CALL, fields=("name",)), Reason.FIELD_BLOCKED),
        (world(), replace(CALL, filters=(("name", "x"),)), Reason.FILTER_NOT_GRANTED),
        (world(), replace(CALL, filters=(("1=1 OR x", "x"),)), Reason.FILTER_NOT_GRANTED),
        (world(), replace(CALL, filters=(("status", "注销"),)), Reason.FILTER_VALUE_NOT_GRANTED),
        (world({"mode": "VERIFY_ONLY"}), CALL, Reason.CASE_NOT_NAMED),
        (world(), replace(CALL, limit="501"), Reason.LIMIT_INVALID),
        (world(), replace(CALL, limit="0"), Reason.LIMIT_INVALID),
        (world(), replace(CALL, limit="-1"), Reason.LIMIT_INVALID),
        (world(), replace(CALL, limit="１０"), Reason.LIMIT_INVALID),
        (world(), replace(CALL, limit="1e2"), Reason.LIMIT_INVALID),
        (world(), replace(CALL, cursor="%%%"), Reason.CURSOR_INVALID),
        (world(), replace(CALL, cursor=write_cursor(version=2, row=1)), Reason.CURSOR_INVALID),
    ],
)
def test_refuses_with_the_reason(snapshot: Snapshot, call: Call, reason: Reason) -> None:
    assert reason_of(snapshot, call) is reason


def test_the_cause_is_named_before_the_consequence() -> None:
    stopped = world({"dataset_state": "SUSPENDED", "license_state": "SUSPENDED"})
    assert reason_of(stopped) is Reason.DATASET_NOT_PUBLISHED


def test_a_replaced_key_opens_until_its_overlap_is_over() -> None:
    assert reason_of(world(state="ROTATED")) is None


def test_a_restriction_hides_a_field_and_ends_by_itself() -> None:
    found = decide(world({"restriction": PLENTY}), CALL, at=AT)
    assert isinstance(found, Allowed)
    assert found.fields == ("uscc", "status")
    over = replace(PLENTY, until=AT)
    found = decide(world({"restriction": over}), CALL, at=AT)
    assert isinstance(found, Allowed)
    assert found.fields == ("uscc", "name", "status")


def test_a_sandbox_license_is_used_from_the_sandbox() -> None:
    assert reason_of(world({"mode": "SANDBOX"}), replace(CALL, address="127.0.0.1")) is None


def test_an_ipv4_caller_on_an_ipv6_socket_is_recognized() -> None:
    inside = world(networks=(ipaddress.ip_network("10.1.0.0/16"),))
    assert reason_of(inside, replace(CALL, address="::ffff:10.1.2.3")) is None


def test_a_granted_field_that_the_data_lost_is_not_asked_for() -> None:
    found = decide(world({"columns": {"uscc": "STRING"}}), CALL, at=AT)
    assert isinstance(found, Allowed)
    assert found.fields == ("uscc",)


@pytest.mark.parametrize(("factor", "left"), [("0", 0), ("0.5", 50), ("0.999", 99), ("1", 100)])
def test_a_restricted_quota_is_rounded_down(factor: str, left: int) -> None:
    grant = replace(GRANT, restriction=Restriction(Decimal(factor), None, frozenset()))
    assert quota_ceiling(100, grant, at=AT) == left


@given(st.integers(0, 10**9 - 1), st.integers(0, 10**15))
def test_a_cursor_reads_back_for_its_own_version_only(version: int, row: int) -> None:
    text = write_cursor(version=version, row=row)
    assert read_cursor(text, version=version) == row
    assert read_cursor(text, version=version + 1) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_cursor(text: str) -> None:
    found = read_cursor(text, version=1)
    assert found is None or found >= 0


_NAMES = st.one_of(st.sampled_from(sorted(COLUMNS)), st.text(max_size=20))


@given(
    st.lists(_NAMES, max_size=5),
    st.lists(st.tuples(_NAMES, st.text(max_size=10)), max_size=3),
)
def test_whatever_is_asked_only_granted_names_pass(
    fields: list[str], filters: list[tuple[str, str]]
) -> None:
    call = replace(CALL, fields=tuple(fields), filters=tuple(filters))
    found = decide(world(), call, at=AT)
    if isinstance(found, Allowed):
        assert set(found.fields) <= set(GRANT.fields)
        assert {name for name, _ in found.filters} <= GRANT.filters


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(WORDINGS) == set(Reason)
    for words in WORDINGS.values():
        assert words.zh
        assert words.en
        assert words.next_zh
        assert words.next_en
        assert 400 <= words.status <= 599
