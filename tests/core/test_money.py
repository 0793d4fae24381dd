"""Money: exact, whole fen, shares that add up."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money


def read_back(text: str) -> int:
    """Read an amount in capital numerals as a reader does, from left to right."""
    sign = -1 if text.startswith("负") else 1
    yuan, _, cents = text.removeprefix("负").rpartition("元")
    whole = section = digit = 0
    for char in yuan:
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
        elif char in "拾佰仟":
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[char], 0
        elif char == "万":
            whole, section, digit = whole + (section + digit) * 10**4, 0, 0
        else:
            assert char == "亿"
            whole, section, digit = (whole + section + digit) * 10**8, 0, 0
    fen = (whole + section + digit) * 100
    for value, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", cents):
        fen += "零壹贰叁肆伍陆柒捌玖".index(value) * (10 if unit == "角" else 1)
    return sign * fen


class TestTax:
    @pytest.mark.parametrize(
        ("gross", "net", "tax"),
        [
            (10_600_000, 10_000_000, 600_000),
            (1_234_567, 1_164_686, 69_881),
            (2_169_600, 2_046_792, 122_808),
            (1_209_863, 1_141_380, 68_483),
        ],
    )
    def test_splits_a_tax_inclusive_amount_as_the_field_does(self, gross, net, tax):
        assert money.net_and_tax(gross_fen=gross, rate=Decimal("0.06")) == (net, tax)

    @given(st.integers(-(10**12), 10**12), st.decimals("0", "0.5", places=4))
    def test_net_and_tax_always_make_the_gross(self, gross, rate):
        assert sum(money.net_and_tax(gross_fen=gross, rate=rate)) == gross


class TestShares:
    def test_the_shares_of_the_first_story_come_out_to_the_fen(self):
        shares = money.largest_remainder(total_fen=2_046_792, weights=[40, 45, 5, 10])
        assert shares == (818_717, 921_056, 102_340, 204_679)

    @given(
        st.integers(-(10**15), 10**15),
        st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12).filter(any),
    )
    def test_shares_add_up_and_stray_less_than_a_fen(self, total, weights):
        shares = money.largest_remainder(total_fen=total, weights=weights)
        assert sum(shares) == total
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Decimal(total) * weight / sum(weights)) < 1
            assert weight or not share

    @pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
    def test_refuses_weights_that_share_nothing(self, weights):
        with pytest.raises(money.NotMoney):
            money.largest_remainder(total_fen=1, weights=weights)


class TestExactness:
    @pytest.mark.parametrize(
        "value", [0.1, float("nan"), Decimal("NaN"), Decimal("Infinity"), True]
    )
    def test_refuses_what_is_not_an_exact_number(self, value):
        with pytest.raises(money.NotMoney):
            money.exact(value)

    def test_refuses_a_part_of_a_fen(self):
        with pytest.raises(money.NotMoney):
            money.to_fen("1.005")

    @given(st.integers(-(10**15), 10**15))
    def test_fen_survive_the_way_to_yuan_and_back(self, fen):
        assert money.to_fen(money.to_yuan(fen)) == fen

    @pytest.mark.parametrize(("value", "fen"), [("0.5", 1), ("-0.5", -1), ("1.49", 1), ("2.5", 3)])
    def test_rounds_halves_away_from_zero(self, value, fen):
        assert money.round_fen(Decimal(value)) == fen


class TestWriting:
    @pytest.mark.parametrize(
        ("fen", "text"),
        [
            (0, "零元整"),
            (5, "伍分"),
            (1_005, "壹拾元零伍分"),
            (123_450, "壹仟贰佰叁拾肆元伍角整"),
            (2_478_080, "贰万肆仟柒佰捌拾元捌角整"),
            (10_000_100, "壹拾万零壹元整"),
            (1_000_000_000_000, "壹佰亿元整"),
            (100_000_001_000, "壹拾亿零壹拾元整"),
            (-150, "负壹元伍角整"),
            (-5, "负伍分"),
            (10, "壹角整"),
            (1_001, "壹拾元零壹分"),
            (10_010, "壹佰元壹角整"),
            (100_100_000, "壹佰万壹仟元整"),
            (1_000_000_100, "壹仟万零壹元整"),
            (10_001_000_000, "壹亿零壹万元整"),
            (123_450_000_000_000, "壹万贰仟叁佰肆拾伍亿元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (100_000_000_000_100, "壹万亿零壹元整"),
        ],
    )
    def test_writes_amounts_in_capital_numerals(self, fen, text):
        assert money.capital_chinese(fen) == text

    @given(st.integers(-(10**18) + 1, 10**18 - 1) | st.builds(lambda d, z: d * 10**z,
           st.integers(-999, 999), st.integers(0, 14)))
    def test_every_amount_is_read_back_from_its_capital_numerals(self, fen):
        text = money.capital_chinese(fen)
        assert read_back(text) == fen
        # Never two empty places in a row, never one before a unit or at the end.
        assert not re.search("零零|零[拾佰仟万亿元角分整]|零$", text.removeprefix("零元整"))

    @pytest.mark.parametrize("fen", [10**18, -(10**18)])
    def test_refuses_what_nobody_could_read(self, fen):
        with pytest.raises(money.NotMoney):
            money.capital_chinese(fen)

    def test_writes_amounts_with_thousands_and_a_minus_before_the_sign(self):
        assert money.format_yuan(-123_456_789) == "-¥1,234,567.89"
