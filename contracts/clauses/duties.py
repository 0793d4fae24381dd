"""How promises of quality and prices of single datasets are worded. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts import vocabulary as words

Plain = dict[str, Any]

_MORE_QUALITY = {
    "standardization_percent": "规范率",
    "consistency_percent": "一致率",
    "timeliness_percent": "及时率",
    "accessibility_percent": "可访问率",
}


def promise(code: str, own: Plain) -> str:
    """Word what the provider promises of one dataset; empty when nothing."""
    texts = []
    if own.get("update_frequency"):
        texts.append(f"{words.FREQUENCIES.get(own['update_frequency'], '按目录')}更新")
    if own.get("completeness_percent") is not None:
        texts.append(f"完整率不低于{own['completeness_percent']}%")
    if own.get("accuracy_percent") is not None:
        texts.append(f"准确率不低于{own['accuracy_percent']}%")
    for name, word in _MORE_QUALITY.items():
        if own.get(name) is not None:
            texts.append(f"{word}不低于{own[name]}%")
    return f"{code}{'，'.join(texts)}" if texts else ""


def price_text(own: Plain) -> str:
    """Word the price of one dataset."""
    model = own.get("model")
    if own.get("free_of_charge") or model == "FREE":
        return "免费"
    if model is None:
        return "按照平台公布的价目表执行"
    texts = []
    if own.get("base_fen") is not None:
        unit = words.BASE_UNITS[own.get("base_unit", "PRODUCT")]
        texts.append(f"每{unit}{words.amount(own['base_fen'])}")
    lower = 0
    for tier in own.get("tiers", ()):
        price = f"每次{words.unit_price(Decimal(str(tier['yuan'])))}"
        texts.append(_tier_range(lower, tier.get("up_to")) + price)
        lower = tier.get("up_to") or lower
    return f"{words.PRICE_MODELS[model]}，" + "，".join(texts)


def _tier_range(lower: int, upper: int | None) -> str:
    if upper is not None:
        return f"每月第{words.count(lower + 1)}次至第{words.count(upper)}次"
    return f"每月超过{words.count(lower)}次的部分" if lower else ""


def cap_text(own: Plain) -> str:
    """Word the cap of one dataset's price; empty when there is none."""
    texts = []
    if own.get("cap_yuan") is not None:
        texts.append(f"每次{words.unit_price(Decimal(str(own['cap_yuan'])))}")
    if own.get("cap_base_fen") is not None:
        texts.append(f"基础价格{words.amount(own['cap_base_fen'])}")
    return "，".join(texts)
