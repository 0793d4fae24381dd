"""
First versions of the terms: the base template of data provision, and the profiles of D01-D15.

Plain data. The base template says what holds for every agreement of conditional opening; a level
adds what its sensitivity demands; a profile adds what the provider of one dataset demands. Prices
are invented, like the datasets. Source: domain §3.5, §3.9, §5; docs/sources.md#agreement-terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MONTHS_MAX_P1 = 12
# No profile and no negotiation may fall below the base template in these terms.
LOCKED_P1 = (
    "purpose",
    "scope",
    "rights",
    "delivery",
    "quota",
    "environment",
    "region",
    "onward_transfer",
    "retention",
    "desensitization",
    "security",
    "audit",
    "consent",
    "quality_sla",
    "fee",
    "reporting",
    "evaluation",
    "breach",
    "change",
    "exit",
    "term",
)

BASE_P1: dict[str, Any] = {
    "rights": {"holding": False, "use": True, "operate": False, "internal_only": False},
    "delivery": {
        "formats": ["CSV", "JSON", "PARQUET"],
        "clients_max": 5,
        "reviewed_clients_only": True,
    },
    "quota": {
        "every": {
            "per_month": 2_000_000,
            "per_day": 200_000,
            "rate_per_second": 200,
            "rows_per_call": 1_000,
        },
        "warn_percent": 80,
    },
    "environment": {"mode": "RAW_EXPORT", "protection_level": 2},
    "region": {"region": "COUNTRY", "cross_border": False},
    "onward_transfer": {"allowed": "NONE", "processors": []},
    "retention": {"days": 180, "backup_days": 90},
    "desensitization": {"reidentification_ban": True, "output_check": False},
    "security": {
        "controls": ["ACCESS_CONTROL", "ENCRYPTED_STORAGE", "ENCRYPTED_TRANSPORT", "LOGGING"],
        "log_retention_months": 6,
        "incident_notice_hours": 24,
        "named_officer": True,
    },
    "audit": {"inspection": True, "notice_working_days": 5, "watermark": False},
    "quality_sla": {
        "dimensions": [
            "ACCESSIBILITY",
            "ACCURACY",
            "COMPLETENESS",
            "CONSISTENCY",
            "STANDARDIZATION",
            "TIMELINESS",
        ],
        "availability_permille": 990,
        "repair_working_days": 5,
    },
    "fee": {
        "tax_inclusive": True,
        "cycle": "MONTH",
        "confirm_working_days": 5,
        "payment_working_days": 10,
        "deposit_fen": 0,
    },
    "derived_ip": {"owner": "USER", "source_citation": True, "excludes_source_content": True},
    "reporting": {
        "every_months": 3,
        "due_working_days": 10,
        "contents": ["BENEFITS", "CALLS", "INCIDENTS", "PRODUCTS", "PURPOSES", "STAFF"],
    },
    "evaluation": {
        "cycle_months": 6,
        "first_after_months": 6,
        "pass_score": 80,
        "fail_score": 60,
        "weights": {
            "compliance": 40,
            "security": 25,
            "utilization": 20,
            "benefit": 10,
            "reporting": 5,
        },
    },
    "breach": {
        "measures": ["CLOSE", "RESTRICT", "SUSPEND", "WARN"],
        "liquidated_damages_fen": 5_000_000,
        "cure_working_days": 10,
    },
    "change": {
        "notice_working_days": 15,
        "demand_days": 15,
        "unilateral_causes": [
            "CLASS_CHANGE",
            "EVALUATION_FAILED",
            "FALSE_MATERIAL",
            "LEGAL_CHANGE",
            "NON_PAYMENT",
            "SERIOUS_BREACH",
        ],
        "class_change_suspends": True,
        "new_scenario_needs_application": True,
    },
    "exit": {
        "disposal": "DESTROY",
        "certificate": True,
        "due_working_days": 15,
        "secrecy_survives": True,
    },
    "dispute": {"method": "COURT", "place": "江苏省无锡市", "copies": 4},
    "term": {"months": MONTHS_MAX_P1, "renewal_window_days": 60},
}



@dataclass(frozen=True, kw_only=True, slots=True)
class FirstTemplate:
    """The first version of a base template: its procedure and form, its name and its terms."""

    kind: str
    form: str
    title: str
    roles: tuple[str, str]
    terms: dict[str, Any]
    locked: tuple[str, ...]
    legal_basis: str


def _over(**more: dict[str, Any]) -> dict[str, Any]:
    """Return the base of data provision with other values in some terms."""
    return {**BASE_P1, **{name: {**BASE_P1[name], **own} for name, own in more.items()}}


TEMPLATES = (
    FirstTemplate(
        kind="P1",
        form="PROVISION",
        title="有条件开放公共数据利用协议",
        roles=("数据开放主体", "数据利用主体"),
        terms=BASE_P1,
        locked=LOCKED_P1,
        legal_basis="《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）：有条件开放应当签订数据利用协议",
    ),
    FirstTemplate(
        kind="P2",
        form="PROCESSING",
        title="公共数据委托处理服务协议",
        roles=("委托方", "受托方"),
        terms=_over(
            rights={"operate": False, "internal_only": True},
            environment={"mode": "SANDBOX", "protection_level": 3},
            retention={"days": 30, "backup_days": 30},
            derived_ip={"owner": "PROVIDER"},
            onward_transfer={"sub_delegation": False},
            term={"months": 36},
        ),
        locked=LOCKED_P1,
        legal_basis="《数据安全法》第四十条：委托建设、维护电子政务系统，存储、加工政务数据",
    ),
    FirstTemplate(
        kind="P2",
        form="FUSION",
        title="公共数据融合开发协议",
        roles=("公共数据提供方", "融合开发方"),
        terms=_over(
            environment={"mode": "SANDBOX", "protection_level": 3},
            desensitization={"output_check": True, "k_min": 5},
            derived_ip={"owner": "SHARED"},
            term={"months": 60},
        ),
        locked=LOCKED_P1,
        legal_basis="发改数据规〔2025〕27号：授权运营协议期限不超过五年；“数据二十条”",
    ),
    FirstTemplate(
        kind="P3",
        form="INTERMEDIARY",
        title="公共数据交易中介服务协议",
        roles=("委托方", "中介方"),
        terms=_over(
            rights={"use": False, "internal_only": True},
            fee={"commission_permille": 20},
        ),
        locked=LOCKED_P1,
        legal_basis="《数据安全法》第三十三条；《民法典》第二十六章中介合同",
    ),
)

# The loosest mode in which a dataset of a level may be delivered.
MODE_BY_LEVEL = {"L1": "RAW_EXPORT", "L2": "API", "L3": "SANDBOX"}
# What a level demands of whoever uses a dataset of that level.
BY_LEVEL: dict[str, dict[str, Any]] = {
    "L1": {},
    "L2": {},
    "L3": {
        "environment": {"protection_level": 3},
        "region": {"region": "PROVINCE"},
        "retention": {"days": 30, "backup_days": 30},
        "desensitization": {"output_check": True},
        "security": {
            "controls": ["DEDICATED_NETWORK", "MULTI_FACTOR", "SEPARATION_OF_DUTIES"],
            "log_retention_months": 12,
            "incident_notice_hours": 12,
        },
        "audit": {"notice_working_days": 2, "watermark": True},
        "breach": {"liquidated_damages_fen": 20_000_000},
    },
}


def level_terms(*, code: str, level: str) -> dict[str, Any]:
    """Return what the level of one dataset demands; KeyError: never open."""
    scope = {"datasets": [{"code": code, "mode": MODE_BY_LEVEL[level]}]}
    return {**BY_LEVEL[level], "scope": scope}


def _tiers(*tiers: tuple[int | None, str]) -> list[dict[str, Any]]:
    return [{"up_to": up_to, "yuan": yuan} for up_to, yuan in tiers]


def _calls(month: int, day: int, second: int) -> dict[str, int]:
    return {"per_month": month, "per_day": day, "rate_per_second": second}


def _profile(
    code: str,
    *,
    mode: str,
    quota: dict[str, int] | None = None,
    fee: dict[str, Any],
    consent: bool = False,
    scope: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "scope": {"datasets": [{"code": code, "mode": mode, **(scope or {})}]},
        "fee": {"datasets": {code: {"price_version": 1, **fee}}},
        **more,
    }
    if quota:
        terms["quota"] = {"datasets": {code: quota}}
    if consent:
        terms["consent"] = {"datasets": [code], "evidence": True}
    return terms


_PER_CALL = "PER_CALL"
_SANDBOX_ONLY: dict[str, Any] = {"delivery": {"formats": ["CSV", "JSON"]}}

PROFILES: dict[str, dict[str, Any]] = {
    "D01": _profile(
        "D01",
        mode="API",
        quota=_calls(500_000, 100_000, 100),
        fee={
            "model": "TIERED_CALL",
            "tiers": _tiers((100_000, "0.05"), (500_000, "0.04"), (None, "0.03")),
        },
    ),
    "D02": _profile(
        "D02",
        mode="SANDBOX",
        quota=_calls(50_000, 5_000, 10),
        fee={"model": _PER_CALL, "tiers": _tiers((None, "0.80"))},
        consent=True,
        derived_ip={"source_citation": True},
    ),
    "D03": _profile(
        "D03",
        mode="SANDBOX",
        fee={"model": "SUBSCRIPTION_PERIOD", "base_fen": 3_600_000, "base_unit": "YEAR"},
        scope={"group_size_min": 10},
        desensitization={"output_check": True, "standards": ["GB/T 37964-2019", "GB/T 42460-2023"]},
        **_SANDBOX_ONLY,
    ),
    "D04": _profile(
        "D04",
        mode="API",
        quota=_calls(200_000, 20_000, 20),
        fee={"model": "FREE"},
    ),
    "D05": _profile(
        "D05",
        mode="SANDBOX",
        quota=_calls(500_000, 50_000, 50),
        fee={"model": "TIERED_CALL", "tiers": _tiers((100_000, "0.02"), (None, "0.01"))},
        onward_transfer={"allowed": "NONE"},
    ),
    "D06": _profile(
        "D06",
        mode="SANDBOX",
        fee={"model": "FIXED_PRODUCT", "base_fen": 2_000_000, "base_unit": "PRODUCT"},
        **_SANDBOX_ONLY,
    ),
    "D07": _profile(
        "D07",
        mode="VERIFY_ONLY",
        quota={**_calls(20_000, 5_000, 20), "rows_per_call": 1},
        fee={"model": _PER_CALL, "tiers": _tiers((None, "1.00"))},
        consent=True,
        # Live data is checked early: the first evaluation falls two months after effect.
        evaluation={"first_after_months": 2},
    ),
    "D08": _profile(
        "D08",
        mode="API",
        fee={"model": "SUBSCRIPTION_PERIOD", "base_fen": 2_400_000, "base_unit": "YEAR"},
        scope={"group_size_min": 5},
    ),
    "D09": _profile(
        "D09",
        mode="API",
        quota=_calls(300_000, 30_000, 30),
        fee={"model": _PER_CALL, "tiers": _tiers((None, "0.02"))},
    ),
    "D10": _profile(
        "D10",
        mode="VERIFY_ONLY",
        quota=_calls(50_000, 5_000, 10),
        fee={"model": _PER_CALL, "tiers": _tiers((None, "0.50"))},
        consent=True,
    ),
    "D11": _profile(
        "D11",
        mode="VERIFY_ONLY",
        quota=_calls(50_000, 5_000, 10),
        fee={"model": _PER_CALL, "tiers": _tiers((None, "0.60"))},
        consent=True,
    ),
    "D12": _profile(
        "D12",
        mode="API",
        quota=_calls(1_000_000, 100_000, 100),
        fee={"model": "TIERED_CALL", "tiers": _tiers((None, "0.01"))},
    ),
    "D13": _profile(
        "D13",
        mode="API",
        quota=_calls(1_000_000, 100_000, 100),
        fee={
            "model": "HYBRID",
            "base_fen": 50_000,
            "base_unit": "MONTH",
            "tiers": _tiers((None, "0.005")),
        },
    ),
    "D14": _profile(
        "D14",
        mode="API",
        fee={"model": "SUBSCRIPTION_PERIOD", "base_fen": 2_400_000, "base_unit": "YEAR"},
        scope={"group_size_min": 10},
    ),
    "D15": _profile(
        "D15",
        mode="API",
        fee={"model": "FIXED_PRODUCT", "base_fen": 1_200_000, "base_unit": "PRODUCT"},
        scope={"group_size_min": 5},
    ),
}
