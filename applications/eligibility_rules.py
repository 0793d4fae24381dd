"""
The rules of the automatic checks as values: which run, which block, by which numbers. Pure.

One version holds for all checks. What a law makes a condition of acceptance blocks in every
version. Source: domain §3.12, docs/sources.md#eligibility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BLOCKS, INFORMS, OFF = "BLOCKS", "INFORMS", "OFF"
MODES = (BLOCKS, INFORMS, OFF)
# The checks that block whatever a version says, each with what binds the authority. Content.
BY_LAW = {
    "uscc": "《法人和其他组织统一社会信用代码制度建设总体方案》：主体代码不真实的不能作为申请人",
    "party": "锡政规〔2024〕7号：申请人应当完成核验，且不在禁止准入期内",
    "datasets": "锡政规〔2024〕7号：只有列入有条件开放目录的数据可以申请",
    "environment": "《数据安全法》第二十一条：按分类分级确定使用环境",
    "affiliation": "国家公共数据资源授权运营实施规范（试行）：运营机构及其关联方不得再开发",
    "cross_border": "《数据安全法》第三十一条：有条件开放的数据不得出境",
}
CODES = (
    "uscc", "party", "datasets", "environment", "affiliation", "cross_border", "terms", "delivery",
    "credit", "violations", "protection", "consent", "minimality", "purpose_fee", "overlap",
    "onward",
)  # fmt: skip
CREDIT_DAYS = range(1, 366)
PROTECTION_LEVELS = range(2, 6)
# Levels in their order, and those for which no version may open an unprotected environment.
LEVELS = ("L1", "L2", "L3", "L4", "IMPORTANT", "CORE")
HIGH_ALWAYS = ("L4", "IMPORTANT", "CORE")
ENVIRONMENTS = ("RAW_EXPORT", "API", "SANDBOX", "VERIFY_ONLY")
NEVER_CLOSED = ("RAW_EXPORT",)
PURPOSES = ("PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT", "INDUSTRY", "SECTOR")


@dataclass(frozen=True, slots=True)
class Rules:
    """One version: a mode for each check, and the numbers and lists they look at."""

    version: str
    modes: Mapping[str, str]
    credit_days_max: int
    high_levels: tuple[str, ...]
    closed_environments: tuple[str, ...]
    free_purposes: tuple[str, ...]
    protection_level_min: int

    def mode(self, code: str) -> str:
        """Return how a check works; one that a version does not know yet informs."""
        return BLOCKS if code in BY_LAW else self.modes.get(code, INFORMS)


# What came with the product; later versions are made by two persons.
BASELINE = Rules(
    version="2026-1",
    modes={code: BLOCKS if code in BY_LAW else INFORMS for code in CODES},
    credit_days_max=30,
    high_levels=("L3", "L4", "IMPORTANT", "CORE"),
    closed_environments=("SANDBOX", "VERIFY_ONLY"),
    free_purposes=("PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT"),
    protection_level_min=3,
)


def problems(rules: Rules) -> dict[str, str | Promise]:
    """Return what is wrong with a version, by entry; nothing when it may be proposed."""
    found: dict[str, str | Promise] = {}
    for code, mode in rules.modes.items():
        if code not in CODES or mode not in MODES:
            found[f"mode_{code}"] = _("Choose one of the offered values.")
        elif code in BY_LAW and mode != BLOCKS:
            found[f"mode_{code}"] = _("This check blocks by law; no version can change that.")
    if rules.credit_days_max not in CREDIT_DAYS:
        found["credit_days_max"] = _("Between 1 and 365 days.")
    if rules.protection_level_min not in PROTECTION_LEVELS:
        found["protection_level_min"] = _("Classified protection has the levels 2 to 5 here.")
    if not _among(rules.high_levels, LEVELS) or not set(HIGH_ALWAYS) <= set(rules.high_levels):
        found["high_levels"] = _("Level 4, important and core data are always high levels.")
    closed = rules.closed_environments
    if not closed or not _among(closed, ENVIRONMENTS) or set(closed) & set(NEVER_CLOSED):
        found["closed_environments"] = _("Name at least one; raw export is never closed.")
    if not _among(rules.free_purposes, PURPOSES):
        found["free_purposes"] = _("Choose one of the offered values.")
    return found


def _among(chosen: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(set(chosen)) == len(chosen) and set(chosen) <= set(known)
