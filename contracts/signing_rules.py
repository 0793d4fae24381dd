"""
The rules of signing, first versions. Configuration: the rows can get later versions.

Source: domain T12, docs/sources.md#signing. The legal basis is shown to people, so it is Chinese.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.signing_order import USER_FIRST

ORDER = "signing_order"
MANDATE_DAYS = "mandate_days_max"
KINDS = (ORDER, MANDATE_DAYS)
# Before anything a site could have: the first version governs whatever is older than the product.
FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Default:
    """The first version of one rule; days are calendar days."""

    kind: str
    value: Any
    legal_basis: str


DEFAULTS = (
    Default(ORDER, USER_FIRST, "系统默认规则：数据利用主体先签署，各数据开放主体随后签署"),
    Default(
        MANDATE_DAYS,
        180,
        "《中华人民共和国民法典》第一百六十五条（书面授权载明代理期限）；系统默认最长一百八十日",
    ),
)
