"""
The fast lane: when a repeated, harmless case may go past the committee. Pure.

A rule skips a review, a person still decides. Source: docs/sources.md#fast-lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One requested dataset; ``level`` is 1 to 4, or 9 for what no lane is for."""

    code: str
    level: int
    fields: tuple[str, ...]
    filters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """One license of the same company as it stands today, with the case it came from."""

    number: str
    application_number: str
    code: str
    active: bool
    fields: tuple[str, ...]
    rows: Mapping[str, Any]
    purpose_class: str
    environment: str
    monthly_quota: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule looks at; ``violations`` is None when nobody keeps such records."""

    purpose_class: str
    environment: str
    monthly_quota: int
    onward_supply: bool
    asked: tuple[Asked, ...]
    held: tuple[Held, ...]
    violations: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether the lane is open, why, and by which evidence. The reasons are content: Chinese."""

    open: bool
    reasons: tuple[str, ...]
    evidence: dict[str, Any]


def judge(*, facts: Facts, level_max: int) -> Finding:
    """
    Return whether a case may skip the committee: low level, unchanged scenario, clean record.

    Unchanged means: one earlier case of the company with active licenses covers every requested
    dataset with the same purpose class and environment, no more fields, rows or calls.
    """
    high = [a.code for a in facts.asked if a.level > level_max]
    if high or not facts.asked:
        return Finding(False, (f"{'、'.join(high)}的级别高于{level_max}级",), {"datasets": high})
    if facts.onward_supply:
        return Finding(False, ("申报对外提供数据",), {})
    if facts.violations is None or facts.violations:
        records = list(facts.violations or ())
        return Finding(False, ("核查期内有违规记录或者无从核查",), {"records": records})
    covering = _covering(facts)
    if covering is None:
        return Finding(False, ("没有同场景的有效许可覆盖本次申请",), {})
    application, licenses = covering
    numbers = "、".join(licenses)
    return Finding(
        True,
        (
            f"所申请数据均不高于{level_max}级",
            f"用途类别、使用环境与申请{application}的有效许可（{numbers}）相同，字段、范围和用量均未超出",
            "核查期内无违规记录",
        ),
        {
            "application": application,
            "licenses": licenses,
            "levels": {a.code: a.level for a in facts.asked},
            "records": [],
        },
    )


def _covering(facts: Facts) -> tuple[str, list[str]] | None:
    by_case: dict[str, list[Held]] = {}
    for held in facts.held:
        same = (
            held.active
            and held.purpose_class == facts.purpose_class
            and held.environment == facts.environment
            and facts.monthly_quota <= held.monthly_quota
        )
        if same:
            by_case.setdefault(held.application_number, []).append(held)
    for application, licenses in sorted(by_case.items()):
        used = [_covers(asked, licenses) for asked in facts.asked]
        if all(used):
            return application, sorted({number for number in used if number})
    return None


def _covers(asked: Asked, licenses: Iterable[Held]) -> str | None:
    for held in licenses:
        # A license with fixed rows covers only a request that keeps to them.
        within = all(
            name in asked.filters and set(map(str, asked.filters[name])) <= set(map(str, values))
            for name, values in held.rows.items()
        )
        if held.code == asked.code and set(asked.fields) <= set(held.fields) and within:
            return held.number
    return None
