"""Prices and charges, with no database: exact, rounded once, summing to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import NotMoney
from settlement.charges import PLATFORM, SANDBOX, Rules, charges
from settlement.errors import NotAWholeMonth
from settlement.periods import month_before, month_between, month_of
from settlement.pricing import Model, Price, Tier, UnusablePrice, price_from, rate

D01 = Price(
    Model.TIERED_CALL,
    tiers=(
        Tier(Decimal(100_000), Decimal("0.05")),
        Tier(Decimal(500_000), Decimal("0.04")),
        Tier(None, Decimal("0.03")),
    ),
)
RULES = Rules(
    tax_rate=Decimal("0.06"),
    weights=(Decimal(40), Decimal(45), Decimal(5), Decimal(10)),
    platform_rate=Decimal("0.05"),
    sandbox_fen=200_000,
)
quantities = st.integers(0, 10**8)


@st.composite
def prices(draw: st.DrawFn) -> Price:
    bounds = sorted(draw(st.sets(st.integers(1, 10**7), max_size=5)))
    units = [
        Decimal(draw(st.integers(0, 10**6))).scaleb(-6) for _ in range(len(bounds) + 1)
    ]
    ends = [*map(Decimal, bounds), None]
    steps = zip(ends, units, strict=True)
    return Price(Model.TIERED_CALL, tiers=tuple(Tier(*pair) for pair in steps))


def test_the_story_costs_what_the_story_says() -> None:
    rated = rate(quantity=312_400, price=D01)
    assert rated.gross_fen == 1_349_600
    assert [(s.quantity, s.yuan) for s in rated.steps] == [
        (100_000, Decimal("5000.00")),
        (212_400, Decimal("8496.00")),
    ]
    assert rated.rounding == 0


@pytest.mark.parametrize(
    ("quantity", "fen"),
    [
        (0, 0),
        (1, 5),
        (99_999, 499_995),
        (100_000, 500_000),
        (100_001, 500_004),
        (500_000, 2_100_000),
        (500_001, 2_100_003),
    ],
)
def test_a_bound_belongs_to_the_tier_that_ends_with_it(quantity: int, fen: int) -> None:
    assert rate(quantity=quantity, price=D01).gross_fen == fen


@given(price=prices(), quantity=quantities, more=quantities)
def test_more_units_never_cost_less(price: Price, quantity: int, more: int) -> None:
    less = rate(quantity=quantity, price=price).gross_fen
    assert rate(quantity=quantity + more, price=price).gross_fen >= less


@given(price=prices(), quantity=quantities)
def test_the_steps_make_the_quantity_and_the_line(price: Price, quantity: int) -> None:
    rated = rate(quantity=quantity, price=price)
    assert sum(step.quantity for step in rated.steps) == quantity
    exact = sum(step.yuan for step in rated.steps) * 100
    assert rated.gross_fen - exact == rated.rounding
    assert abs(rated.rounding) <= Decimal("0.5")


@given(price=prices(), quantity=quantities, more=quantities)
def test_tiers_add_up_over_the_units_one_by_one(
    price: Price, quantity: int, more: int
) -> None:
    """What the later units cost is the difference of the totals: no unit is charged twice."""
    whole = sum(s.yuan for s in rate(quantity=quantity + more, price=price).steps)
    first = sum(s.yuan for s in rate(quantity=quantity, price=price).steps)
    later, below = Decimal(0), Decimal(quantity)
    lower: Decimal | None = Decimal(0)
    for tier in price.tiers:
        upper = Decimal(quantity + more) if tier.up_to is None else tier.up_to
        inside = min(upper, Decimal(quantity + more)) - max(lower or Decimal(0), below)
        later += max(inside, Decimal(0)) * tier.unit_price
        lower = tier.up_to
    assert whole - first == later


def test_half_a_fen_is_rounded_up_once_per_line() -> None:
    price = price_from(model="PER_CALL", base="0", tiers=[{"up_to": None, "price": "0.005"}])
    assert [rate(quantity=n, price=price).gross_fen for n in (1, 2, 3)] == [1, 1, 2]


def test_a_free_purpose_costs_nothing_and_still_shows_its_units() -> None:
    for purpose in ("PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT"):
        rated = rate(quantity=500, price=D01, purpose_class=purpose)
        assert rated.gross_fen == 0
        assert rated.steps[0].quantity == 500
    assert rate(quantity=500, price=D01, free=True).gross_fen == 0


def test_a_hybrid_price_has_its_base_and_its_units() -> None:
    price = price_from(model="HYBRID", base="500", tiers=[{"up_to": None, "price": "0.005"}])
    assert rate(quantity=1_001, price=price).gross_fen == 50_501
    assert rate(quantity=0, price=price).gross_fen == 50_000


@pytest.mark.parametrize(
    "facts",
    [
        {"model": "PER_CALL", "base": "0", "tiers": []},
        {"model": "FREE", "base": "1", "tiers": []},
        {"model": "SUBSCRIPTION_PERIOD", "base": "0", "tiers": []},
        {"model": "PER_CALL", "base": "0", "tiers": [{"up_to": "5", "price": "1"}]},
        {"model": "PER_CALL", "base": "0", "tiers": [{"up_to": None, "price": "-1"}]},
        {
            "model": "TIERED_CALL",
            "base": "0",
            "tiers": [
                {"up_to": "9", "price": "1"},
                {"up_to": "9", "price": "1"},
                {"up_to": None, "price": "1"},
            ],
        },
    ],
)
def test_figures_that_do_not_make_a_price_are_refused(facts: dict[str, object]) -> None:
    with pytest.raises(UnusablePrice):
        price_from(**facts)  # type: ignore[arg-type]


def test_a_float_is_no_price() -> None:
    with pytest.raises(NotMoney):
        rate(quantity=1.5, price=D01)  # type: ignore[arg-type]
    with pytest.raises(UnusablePrice):
        rate(quantity=-1, price=D01)


@given(
    lines=st.lists(st.integers(0, 10**10), max_size=20),
    weights=st.lists(st.integers(1, 100), min_size=1, max_size=6),
    advance=st.integers(0, 10**9),
)
def test_every_statement_adds_up_whatever_its_lines(
    lines: list[int], weights: list[int], advance: int
) -> None:
    rules = Rules(Decimal("0.06"), tuple(map(Decimal, weights)), Decimal("0.05"), 200_000)
    found = charges(lines_fen=lines, rules=rules, advance_fen=advance)
    assert found.gross_fen == sum(lines) == found.net_fen + found.tax_fen
    assert sum(found.shares) == found.net_fen
    assert found.payable_fen == found.opening_fen + found.gross_fen + found.fees_fen
    assert found.payable_fen >= 0
    assert -advance <= found.opening_fen <= 0
    assert all(0 <= fee.tax_fen < fee.amount_fen for fee in found.fees)


def test_the_figures_of_the_story_come_from_the_two_lines_alone() -> None:
    found = charges(lines_fen=[1_349_600, 820_000], rules=RULES)
    assert (found.gross_fen, found.net_fen, found.tax_fen) == (2_169_600, 2_046_792, 122_808)
    assert found.shares == (818_717, 921_056, 102_340, 204_679)
    assert {fee.code: fee.amount_fen for fee in found.fees} == {
        PLATFORM: 108_480,
        SANDBOX: 200_000,
    }
    assert found.payable_fen == 2_478_080


def test_an_advance_pays_what_it_can_and_no_more() -> None:
    some = charges(lines_fen=[100], rules=RULES, advance_fen=150)
    assert (some.opening_fen, some.payable_fen) == (-150, 100 + 5 + 200_000 - 150)
    plenty = charges(lines_fen=[100], rules=RULES, advance_fen=10**9)
    assert plenty.payable_fen == 0


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_months_follow_each_other_without_gap_or_overlap(day: date) -> None:
    months = [month_of(day)]
    for _ in range(13):
        months.append(month_before(months[-1].first))
    for later, earlier in pairwise(months):
        assert earlier.to_at == later.from_at
    assert month_between(period_from=months[0].first, period_to=months[0].last) == months[0]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 11, 2), date(2026, 11, 30)),
        (date(2026, 11, 1), date(2026, 12, 31)),
        (date(2026, 11, 30), date(2026, 11, 1)),
    ],
)
def test_other_spans_than_a_month_are_refused(first: date, last: date) -> None:
    with pytest.raises(NotAWholeMonth):
        month_between(period_from=first, period_to=last)
