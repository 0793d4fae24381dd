"""
What a sensitive value looks like. Pure.

Numbers are confirmed by their check digits, so that a long serial number is not taken for an
identity card or a bank card. Source: clause B28, docs/sources.md#b28.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚"
    "邵万钱严覃武戴莫孔向汤"
)
# Endings of places and offices, which begin like names surprisingly often.
_NOT_A_NAME = frozenset("区市县镇乡村路街道站桥港河湖山园场院局厂店寺巷里苑城")
# Fewer different values than this are a code list, not people.
NAMES_DISTINCT_MIN = 20
NAMES_SHARE_MIN = 0.8


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of sensitive value: a coarse pattern for the database, a confirmation for us."""

    name: str
    coarse: str
    confirm: Callable[[str], bool]


def is_id_card(value: str) -> bool:
    """Return whether an 18-character number is an identity card number (GB 11643)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", value):
        return False
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False))
    return born.year >= 1900 and _ID_CHECK[total % 11] == value[17].upper()


def is_bank_card(value: str) -> bool:
    """Return whether a number of 16 to 19 digits is a bank card number (issuer and Luhn digit)."""
    if not re.fullmatch(r"(?:62|4\d|5[1-5]|35|60)\d{14,17}", value):
        return False
    digits = [int(d) for d in reversed(value)]
    doubled = (sum(divmod(2 * d, 10)) for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _contains(pattern: str, check: Callable[[str], bool] = bool) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: any(check(found.group()) for found in compiled.finditer(text))


RULES: tuple[Rule, ...] = (
    Rule(
        "ID_CARD",
        r"[0-9]{17}[0-9Xx]",
        _contains(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", is_id_card),
    ),
    Rule("MOBILE", r"1[3-9][0-9]{9}", _contains(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")),
    Rule(
        "BANK_CARD",
        r"[0-9]{16,19}",
        _contains(r"(?<![0-9A-Za-z])\d{16,19}(?![0-9A-Za-z])", is_bank_card),
    ),
    Rule("EMAIL", r"@", _contains(r"[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z]{2,}")),
    Rule(
        "PLATE",
        rf"[{_PROVINCES}][A-HJ-NP-Z]",
        _contains(rf"[{_PROVINCES}][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])"),
    ),
    Rule("ADDRESS", r"[幢栋号弄].*[室户]", _contains(r"\d+\s*[幢栋号弄座]\D{0,12}\d+\s*[室户]")),
)


def looks_like_name(value: str) -> bool:
    """Return whether a value has the form of a Chinese personal name."""
    return bool(
        re.fullmatch(r"[\u4e00-\u9fff]{2,4}", value)
        and value[0] in _SURNAMES
        and value[-1] not in _NOT_A_NAME
    )


def is_column_of_names(distinct_values: Iterable[str]) -> bool:
    """Return whether the different values of a column are mostly personal names."""
    values = [value for value in distinct_values if value]
    if len(values) < NAMES_DISTINCT_MIN:
        return False
    return sum(map(looks_like_name, values)) / len(values) >= NAMES_SHARE_MIN
