"""Dates, ordinals and sums as Chinese official papers write them. Pure functions."""

from __future__ import annotations

from datetime import date, datetime

from core import clock, money

_DIGITS = "零一二三四五六七八九"


def long_date(day: date | datetime) -> str:
    """Return 2026年10月20日; a moment is read in Asia/Shanghai."""
    on = clock.local_date(day) if isinstance(day, datetime) else day
    return f"{on.year}年{on.month}月{on.day}日"


def long_moment(at: datetime) -> str:
    """Return 2026年10月20日 09:05, read in Asia/Shanghai."""
    local = at.astimezone(clock.SHANGHAI)
    return f"{long_date(at)} {local:%H:%M}"


def ordinal(number: int) -> str:
    """Return 1 to 99 in Chinese numerals: 十, 十一, 二十, 二十一."""
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is outside 1 to 99")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def amount(fen: int) -> str:
    """Return an amount in figures and in capitals: ¥1.00（大写：人民币壹元整）."""
    return f"{money.format_yuan(fen)}（大写：{capitals(fen)}）"


def capitals(fen: int) -> str:
    """Return an amount in capitals with the currency before it: 人民币壹元整."""
    return f"人民币{money.capital_chinese(fen)}"
