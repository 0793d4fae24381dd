"""Transforms, rates and requests: the small pure parts of the gate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import transforms
from gateway.process import requests
from gateway.process.rates import Rates
from gateway.reasons import Reason, label

KEY = transforms.hash_key(secret="s", license_id=UUID(int=1))


@pytest.mark.parametrize(
    ("rule", "value", "shown"),
    [
        ("MASK", "913202000000DEM185", "913***********M185"),
        ("MASK", "1234567", "*******"),
        ("MASK", None, None),
        ("GENERALIZE", Decimal("12345.67"), "10000~20000"),
        ("GENERALIZE", 7, "7~8"),
        ("GENERALIZE", 0, "0"),
        ("GENERALIZE", date(2026, 11, 3), "2026-11"),
        ("GENERALIZE", "320211001", "320*"),
        ("GENERALIZE", True, None),
        ("SUPPRESS", "x", None),
        ("NO_SUCH_RULE", "x", None),
    ],
)
def test_a_value_is_transformed_by_its_rule(rule: str, value: Any, shown: Any) -> None:
    assert transforms.transform_of(rule, key=KEY)(value) == shown


def test_hashes_are_equal_for_equal_values_and_differ_between_licenses() -> None:
    other = transforms.hash_key(secret="s", license_id=UUID(int=2))
    first = transforms.keyed_hash("91320200", key=KEY)
    assert first == transforms.keyed_hash("91320200", key=KEY)
    assert first != transforms.keyed_hash("91320200", key=other)
    assert transforms.keyed_hash(None, key=KEY) is None


@given(st.text(min_size=8, max_size=40))
def test_a_mask_shows_at_most_seven_characters(text: str) -> None:
    masked = transforms.mask(text)
    assert masked is not None
    assert len(masked) == len(text)
    assert masked[3:-4] == "*" * (len(text) - 7)


@pytest.mark.parametrize(
    ("value", "flag"),
    [("Y", True), ("n", False), ("是", True), (False, False), (1, True), ("2026-11-03", None)],
)
def test_only_flags_are_answered_yes_or_no(value: Any, flag: bool | None) -> None:
    assert transforms.yes_or_no(value) is flag


def test_a_rate_lets_through_its_number_a_second() -> None:
    rates = Rates()
    taken = [rates.take("k", per_second=3, now=0.0) for _ in range(5)]
    assert taken == [True, True, True, False, False]
    assert rates.take("k", per_second=3, now=0.34)
    assert not rates.take("k", per_second=3, now=0.35)
    assert rates.take("other", per_second=1, now=0.35)


def scope(query: bytes = b"", path: str = "/v1/data/D01", **more: Any) -> dict[str, Any]:
    return {
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [(b"authorization", b"Bearer dd_x")],
        "client": ("127.0.0.1", 1),
        **more,
    }


def test_a_request_is_read_into_a_call() -> None:
    found = requests.read(scope(b"fields=uscc,name&status=%E5%AD%98%E7%BB%AD&limit=5"))
    assert found.call.fields == ("uscc", "name")
    assert found.call.filters == (("status", "存续"),)
    assert found.call.limit == "5"
    assert len(found.call.key_hash) == 64


def test_the_order_of_filters_does_not_change_the_question() -> None:
    one, two = requests.read(scope(b"a=1&b=2")), requests.read(scope(b"b=2&a=1"))
    assert one.query_hash == two.query_hash
    assert one.query_hash != requests.read(scope(b"a=1&b=3")).query_hash


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"query": b"a=1&a=2"}, Reason.QUERY_INVALID),
        ({"query": b"a=%ff"}, Reason.QUERY_INVALID),
        ({"query": b"a=%00"}, Reason.QUERY_INVALID),
        ({"query": b"a=" + b"x" * 9_000}, Reason.QUERY_INVALID),
        ({"query": b"&".join(b"a%d=1" % n for n in range(99))}, Reason.QUERY_INVALID),
        ({"method": "POST"}, Reason.METHOD_NOT_ALLOWED),
        ({"path": "/v1/data/../x"}, Reason.NOT_FOUND),
        ({"path": "/v1/data/"}, Reason.NOT_FOUND),
    ],
)
def test_what_cannot_be_read_is_refused(changed: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(requests.Unreadable) as caught:
        requests.read(scope(**changed))
    assert caught.value.reason is reason


def test_a_reason_is_named_in_the_readers_language() -> None:
    assert label("GATE_STALE", language="zh-hans").startswith("网关")
    assert label("GATE_STALE", language="en").startswith("The gate")
    assert label("HTTP_418", language="en") == "HTTP_418"
