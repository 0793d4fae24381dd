"""
Money: whole fen in storage and postings, exact ``Decimal`` on the way there.

Binary floating point is refused by type: 0.1 has no exact binary form, and a fen lost is a fen
somebody must explain. Rounding happens once, at the line, half up.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FEN_PER_YUAN = 100
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_UNITS = ((10**8, "亿"), (10**4, "万"))


class NotMoney(ValueError):
    """A number that cannot be money: a float, a NaN, or a part of a fen."""


def exact(value: Decimal | int | str) -> Decimal:
    """Return a finite ``Decimal``; refuse floats and NaN."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise NotMoney(f"{value!r} is not an exact number")
    number = Decimal(value)
    if not number.is_finite():
        raise NotMoney(f"{value!r} is not finite")
    return number


def to_fen(yuan: Decimal | int | str) -> int:
    """Return whole fen; refuse an amount with a part of a fen."""
    fen = exact(yuan) * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise NotMoney(f"{yuan} yuan is not a whole number of fen")
    return int(fen)


def to_yuan(fen: int) -> Decimal:
    """Return yuan with exactly two decimals."""
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise NotMoney(f"{fen!r} is not whole fen")
    return Decimal(fen).scaleb(-2).quantize(Decimal("0.01"))


def round_fen(fen: Decimal | Fraction) -> int:
    """Return the nearest whole fen, halves away from zero (the rounding of an invoice line)."""
    if isinstance(fen, Fraction):
        sign = -1 if fen < 0 else 1
        return sign * int((abs(fen) * 2 + 1) // 2)
    return int(exact(fen).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def net_and_tax(*, gross_fen: int, rate: Decimal) -> tuple[int, int]:
    """
    Split a tax-inclusive amount into net and tax, both whole fen.

    Net is rounded half up, tax is the rest, so the two always make the gross.
    Source: domain rules for tax-inclusive service fees, docs/sources.md#tax.
    """
    net = round_fen(Fraction(gross_fen) / (1 + Fraction(exact(rate))))
    return net, gross_fen - net


def largest_remainder(*, total_fen: int, weights: Sequence[Decimal | int]) -> tuple[int, ...]:
    """
    Share a total by weights to the last fen.

    Every party gets its floor; the fen left over go to the largest remainders, ties to the party
    named first; a party of weight zero never gets one. A negative total is shared as its mirror.
    """
    exact_weights = [Fraction(exact(w)) for w in weights]
    if not exact_weights or any(w < 0 for w in exact_weights) or sum(exact_weights) == 0:
        raise NotMoney("weights must be non-negative and not all zero")
    if total_fen < 0:
        mirrored = largest_remainder(total_fen=-total_fen, weights=weights)
        return tuple(-share for share in mirrored)
    whole = sum(exact_weights)
    ideal = [total_fen * w / whole for w in exact_weights]
    shares = [int(i) for i in ideal]
    left = total_fen - sum(shares)
    order = sorted(
        (n for n, w in enumerate(exact_weights) if w), key=lambda n: (shares[n] - ideal[n], n)
    )
    for n in order[:left]:
        shares[n] += 1
    return tuple(shares)


def format_yuan(fen: int, *, sign: str = "¥") -> str:
    """Return an amount as people read it: ¥1,234,567.89, with a minus before the sign."""
    return f"{'-' if fen < 0 else ''}{sign}{abs(to_yuan(fen)):,.2f}"


def capital_chinese(fen: int) -> str:
    """
    Return an amount in the capital numerals that contracts and receipts use (大写).

    1234.50 yuan is 壹仟贰佰叁拾肆元伍角整; whole yuan end in 整.
    """
    if abs(fen) >= 10**18:
        raise NotMoney("the amount is too large to be written out")
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    jiao, rest = divmod(cents, 10)
    text = "负" if fen < 0 else ""
    if yuan or not cents:
        text += f"{_capital_integer(yuan)}元"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif rest and yuan:
        text += "零"
    return text + (f"{_DIGITS[rest]}分" if rest else "整")


def _capital_integer(number: int) -> str:
    for unit, name in _UNITS:
        if number >= unit:
            head, rest = divmod(number, unit)
            # An empty place before the rest is read: 壹拾万零伍元.
            gap = _DIGITS[0] if 0 < rest < unit // 10 else ""
            return _capital_integer(head) + name + gap + (_capital_integer(rest) if rest else "")
    return _capital_group(number) or _DIGITS[0]


def _capital_group(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
