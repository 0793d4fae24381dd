"""
The variables of clauses: every entry of the terms by its path, and longer passages. Pure.

What an entry is called in a clause is its path; how it is worded is said here where the plain value
would not do (codes in words, amounts with capitals).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from contracts import vocabulary as words
from contracts.clauses import duties, use
from contracts.clauses.facts import TextFacts
from core.documents.chinese import ordinal

Plain = dict[str, Any]
Wording = Callable[[Plain, TextFacts], Any]


def values_of(*, terms: Plain, facts: TextFacts, entries: Mapping[str, bool]) -> dict[str, Any]:
    """
    Return every variable as (what is stated, how it is worded).

    ``entries`` are the paths that exist; one nobody states is empty.
    """
    found: dict[str, Any] = {path: _plain(_at(terms, path)) for path in entries}
    for name, (_title, word) in PASSAGES.items():
        worded = word(terms, facts)
        stated = found[name][0] if name in found else worded
        found[name] = (stated, worded)
    return found


def _at(terms: Plain, path: str) -> Any:
    found: Any = terms
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _plain(stated: Any) -> tuple[Any, Any]:
    if isinstance(stated, list | tuple):
        return stated, [str(one) for one in stated]
    if isinstance(stated, dict):
        return stated, "；".join(f"{name}：{stated[name]}" for name in sorted(stated))
    return stated, "" if stated is None else str(stated)


def _code(path: str, dictionary: Mapping[str, str]) -> Wording:
    return lambda terms, _facts: dictionary.get(_at(terms, path), "")


def _codes(path: str, dictionary: dict[str, str]) -> Wording:
    return lambda terms, _facts: words.listed(dictionary, _at(terms, path) or ())


def _sentence(path: str) -> Wording:
    return lambda terms, _facts: (_at(terms, path) or "").strip().rstrip("。")


def _default(path: str, default: Any) -> Wording:
    def word(terms: Plain, _facts: TextFacts) -> str:
        stated = _at(terms, path)
        return str(default if stated is None else stated)

    return word


def _amount(path: str) -> Wording:
    return lambda terms, _facts: words.amount(_at(terms, path)) if _at(terms, path) else ""


def _places(path: str) -> Wording:
    return lambda terms, _facts: [words.place(one) for one in _at(terms, path) or ()]


def _causes(terms: Plain, _facts: TextFacts) -> str:
    stated = _at(terms, "change.unilateral_causes") or ()
    listed = [code for code in words.CAUSES if code in stated]
    return "；".join(f"（{ordinal(n)}）{words.CAUSES[c]}" for n, c in enumerate(listed, 1))


def _measures(terms: Plain, _facts: TextFacts) -> str:
    stated = _at(terms, "breach.measures") or ()
    return "、".join(words.MEASURES[m] for m in words.MEASURE_ORDER if m in stated)


def _indicators(terms: Plain, _facts: TextFacts) -> str:
    stated = _at(terms, "evaluation.weights") or {}
    return "、".join(
        f"{word}{stated[code]}分" for code, word in words.INDICATORS.items() if code in stated
    )


def _scored(terms: Plain, _facts: TextFacts) -> bool:
    scores = [_at(terms, f"evaluation.{name}") for name in ("pass_score", "fail_score")]
    return None not in scores


def _limits(terms: Plain, _facts: TextFacts) -> str:
    return "；".join(
        f"{item['code']}：{use.limit_text(use.limit_of(terms, item['code']))}"
        for item in _at(terms, "scope.datasets") or ()
    )


def _has_total(terms: Plain, _facts: TextFacts) -> bool:
    datasets = _at(terms, "scope.datasets") or ()
    return any("per_total" in use.limit_of(terms, item["code"]) for item in datasets)


def _named(terms: Plain, _facts: TextFacts) -> bool:
    allowed = _at(terms, "onward_transfer.allowed") == "NAMED_PROCESSORS"
    return allowed and bool(_at(terms, "onward_transfer.processors"))


def _prices(terms: Plain, _facts: TextFacts) -> str:
    prices = _at(terms, "fee.datasets") or {}
    return "；".join(
        f"{item['code']}：{duties.price_text(prices.get(item['code'], {}))}"
        for item in _at(terms, "scope.datasets") or ()
    )


def _caps(terms: Plain, _facts: TextFacts) -> str:
    return "；".join(
        f"{code}：{text}"
        for code, own in sorted((_at(terms, "fee.datasets") or {}).items())
        if (text := duties.cap_text(own))
    )


def _promises(terms: Plain, _facts: TextFacts) -> str:
    stated = _at(terms, "quality_sla.datasets") or {}
    found = [duties.promise(code, own) for code, own in sorted(stated.items())]
    return "；".join(text for text in found if text)


def _availability(terms: Plain, _facts: TextFacts) -> str:
    return f"{Decimal(_at(terms, 'quality_sla.availability_permille') or 0) / 10:.1f}"


def _grade(terms: Plain, _facts: TextFacts) -> str:
    return "零一二三四"[_at(terms, "environment.protection_level") or 0]


def _shares(terms: Plain, _facts: TextFacts) -> str:
    stated = _at(terms, "derived_ip.shares_permille") or {}
    return "，".join(f"{name}{Decimal(stated[name]) / 10:g}%" for name in sorted(stated))


def _conditions(_terms: Plain, facts: TextFacts) -> str:
    return "；".join(text.strip().rstrip("。；") for text in facts.conditions)


def _backup(terms: Plain, _facts: TextFacts) -> str:
    backup = _at(terms, "retention.backup_days")
    return str(_at(terms, "retention.days") if backup is None else backup)


def _scope_list(terms: Plain, _facts: TextFacts) -> list[str]:
    items = _at(terms, "scope.datasets") or ()
    return [use.dataset_text(number, item) for number, item in enumerate(items, 1)]


# Name: what it is, in Chinese like the clauses, and how it is worded.
PASSAGES: dict[str, tuple[str, Wording]] = {
    "authority": ("主管部门名称", lambda _t, facts: facts.authority),
    "application_number": ("申请编号", lambda _t, facts: facts.application_number),
    "decision_number": ("决定文号", lambda _t, facts: facts.decision_number),
    "template": ("模板版本", lambda _t, facts: facts.template),
    "conditions": ("决定附加的条件", _conditions),
    "scope.list": ("逐个数据集的范围说明（列表）", _scope_list),
    "purpose.purpose_class": ("用途类别", _code("purpose.purpose_class", words.PURPOSES)),
    "purpose.purpose_text": ("用途说明", _sentence("purpose.purpose_text")),
    "purpose.products": ("预期产品", _sentence("purpose.products")),
    "delivery.clients": ("登记应用数上限，未约定为1", _default("delivery.clients_max", 1)),
    "quota.limits": ("各数据集限额", _limits),
    "quota.total": ("是否约定总量", _has_total),
    "environment.mode": ("使用环境", _code("environment.mode", words.MODES)),
    "environment.grade": ("等级保护级别（中文数字）", _grade),
    "region.region": ("地域范围", _code("region.region", words.REGIONS)),
    "region.storage": ("存储地点", _places("region.storage")),
    "region.processing": ("处理地点", _places("region.processing")),
    "onward.named": ("是否列明受托单位", _named),
    "retention.backup": ("备份留存日数，未约定同留存日数", _backup),
    "security.controls": ("安全措施", _codes("security.controls", words.CONTROLS)),
    "audit.notice": ("检查通知工作日，未约定为0", _default("audit.notice_working_days", 0)),
    "quality_sla.dimensions": ("质量维度", _codes("quality_sla.dimensions", words.QUALITY)),
    "quality_sla.availability": ("可用率百分比", _availability),
    "quality_sla.promises": ("各数据集质量承诺", _promises),
    "quality_sla.repair": (
        "错误答复工作日，未约定为5", _default("quality_sla.repair_working_days", 5)
    ),
    "fee.prices": ("各数据集价格", _prices),
    "fee.caps": ("各数据集价格上限", _caps),
    "fee.cycle": ("结算周期", _code("fee.cycle", words.CYCLES)),
    "fee.confirm": ("对账确认工作日，未约定为5", _default("fee.confirm_working_days", 5)),
    "fee.deposit_fen": ("保证金（大小写）", _amount("fee.deposit_fen")),
    "derived_ip.owner": ("成果归属", _code("derived_ip.owner", words.OWNERS)),
    "derived_ip.shares_permille": ("各方分配比例", _shares),
    "reporting.due": ("报告提交工作日，未约定为10", _default("reporting.due_working_days", 10)),
    "reporting.contents": ("报告内容", _codes("reporting.contents", words.REPORT_CONTENTS)),
    "evaluation.indicators": ("评估指标及分值", _indicators),
    "evaluation.scored": ("是否约定合格分数", _scored),
    "breach.measures": ("处理措施", _measures),
    "breach.liquidated_damages_fen": (
        "违约金（大小写）", _amount("breach.liquidated_damages_fen")
    ),
    "change.causes": ("单方解除情形", _causes),
    "exit.disposal": ("数据处置方式", _code("exit.disposal", words.DISPOSALS)),
}  # fmt: skip
LISTS = ("scope.list",)


@cache
def entry_paths() -> dict[str, bool]:
    """Return every path of an entry a clause may name."""
    from contracts.reference import entries_of
    from contracts.terms import TERM_NAMES

    return {f"{term}.{path}": True for term in TERM_NAMES for path, _op in entries_of(term)}
