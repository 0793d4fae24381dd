"""How the scope and the limits of single datasets are worded. Pure."""

from __future__ import annotations

from typing import Any

from contracts import vocabulary as words

Plain = dict[str, Any]


def dataset_text(number: int, item: Plain) -> str:
    """Word the fields, filters, period and transforms of one dataset."""
    titles = {label["name"]: label["title"] for label in item.get("labels", ())}
    fields = "、".join(
        f"{titles[name]}（{name}）" if name in titles else name for name in ordered_fields(item)
    )
    level = words.LEVELS.get(item.get("level", ""), "")
    parts = [
        f"（{number}）{item['code']}《{item['title']}》，由{item['provider']}提供，"
        f"{f'敏感级别为{level}，' if level else ''}版本为第{item['version']}版，"
        f"提供方式为{words.MODES[item['mode']]}；",
        f"许可字段共{len(item['fields'])}项：{fields}",
    ]
    if item.get("transforms"):
        rules = "、".join(
            f"{titles.get(name, name)}作{words.TRANSFORMS[rule]}处理"
            for name, rule in sorted(item["transforms"].items())
        )
        parts.append(f"；提供前{rules}")
    if item.get("filters"):
        limits = "；".join(
            f"{titles.get(name, name)}限于{'、'.join(values)}"
            for name, values in sorted(item["filters"].items())
        )
        parts.append(f"；记录范围：{limits}")
    if item.get("history_months"):
        parts.append(f"；时间范围为最近{item['history_months']}个月")
    if item.get("period_field"):
        parts.append(f"；{_period(item, titles)}")
    if item.get("group_size_min"):
        parts.append(f"；统计分组不少于{item['group_size_min']}个对象，不足的不予提供")
    return "".join(parts) + "。"


def ordered_fields(item: Plain) -> list[str]:
    """Return the granted fields in the order of the catalog."""
    order = [label["name"] for label in item.get("labels", ())]
    return sorted(
        item["fields"], key=lambda name: (order.index(name) if name in order else 999, name)
    )

def _period(item: Plain, titles: dict[str, str]) -> str:
    field = titles.get(item["period_field"], item["period_field"])
    first, last = item.get("period_from"), item.get("period_to")
    bounds = "".join((f"自{first}起" if first else "", f"至{last}止" if last else ""))
    return f"仅限{field}{bounds}的记录"


def limit_of(terms: Plain, code: str) -> dict[str, int]:
    """Return the limits of one dataset, the stricter of own and general."""
    general = terms["quota"].get("every", {})
    own = terms["quota"].get("datasets", {}).get(code, {})
    return {
        name: min(values)
        for name in ("per_total", "per_month", "per_day", "rate_per_second", "rows_per_call")
        if (values := [limits[name] for limits in (general, own) if name in limits])
    }


def limit_text(limit: dict[str, int]) -> str:
    """Word the limits of one dataset."""
    shapes = {
        "per_total": "总计不超过{}次",
        "per_month": "每月不超过{}次",
        "per_day": "每日不超过{}次",
        "rate_per_second": "每秒不超过{}次",
        "rows_per_call": "每次返回不超过{}条",
    }
    return "，".join(
        shape.format(words.count(limit[name])) for name, shape in shapes.items() if name in limit
    )
