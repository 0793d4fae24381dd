"""
The words of the certificate, from the terms of the agreement. Pure.

A certificate is a Chinese document: its words are content and are not translated.
Source: domain §3.6, docs/sources.md#license-certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from licensing.documents import LicensedField, LicenseFacts

VERIFY_PATH = "/verify/"
_OPENNESS = {"CONDITIONAL": "有条件开放", "UNCONDITIONAL": "无条件开放", "NON_OPEN": "不予开放"}
_LEVELS = {
    "L1": "一般数据1级（无危害）",
    "L2": "一般数据2级（一般危害）",
    "L3": "一般数据3级（严重危害）",
    "L4": "一般数据4级（特别严重危害）",
    "IMPORTANT": "重要数据",
    "CORE": "核心数据",
}
_PURPOSES = {
    "PUBLIC_GOVERNANCE": "公共治理",
    "PUBLIC_BENEFIT": "公益事业",
    "INDUSTRY": "产业发展",
    "SECTOR": "行业发展",
}
_TRANSFORMS = {
    "MASK": "部分遮盖",
    "GENERALIZE": "区间化",
    "HASH": "带密钥散列",
    "SUPPRESS": "不予提供",
}
_DELIVERY = {
    "RAW_EXPORT": "数据接口（可落地）",
    "API": "数据接口调用",
    "SANDBOX": "安全沙箱内使用",
    "VERIFY_ONLY": "核验接口（仅返回是或否）",
}
_ENVIRONMENT = {
    "RAW_EXPORT": "自有环境，可保存原始数据",
    "API": "自有系统，通过接口使用",
    "SANDBOX": "平台安全沙箱，数据不出域",
    "VERIFY_ONLY": "仅核验，原始数据不出域",
}
_REGIONS = {"COUNTRY": "境内", "PROVINCE": "江苏省内", "CITY": "无锡市内"}


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What a certificate is made from: names of the parties, numbers, and the terms as data."""

    number: str
    machine_number: str
    licensee: str
    licensee_uscc: str
    provider: str
    authority: str
    authority_uscc: str
    dataset_code: str
    dataset_title: str
    openness: str
    level: str
    titles: Mapping[str, str]
    scope: Mapping[str, Any]
    quota: Mapping[str, int | None]
    terms: Mapping[str, Any]
    valid_from: date
    valid_to: date
    agreement_number: str
    decision_number: str
    issued_at: datetime
    base_url: str
    demo: bool


def facts_of(issue: Issue, *, copy: Literal["ORIGINAL", "DUPLICATE"]) -> LicenseFacts:
    """Return the facts the renderer prints, original or duplicate."""
    terms, mode = issue.terms, str(issue.scope["mode"])
    rights = terms.get("rights") or {}
    purpose = terms.get("purpose") or {}
    transforms = issue.scope["transforms"]
    protection = (terms.get("environment") or {}).get("protection_level")
    environment = _ENVIRONMENT.get(mode, mode)
    region = terms.get("region") or {}
    place = _REGIONS.get(region.get("region", ""), "境内")
    return LicenseFacts(
        number=issue.number,
        machine_id=issue.machine_number,
        copy=copy,
        licensee=issue.licensee,
        licensee_uscc=issue.licensee_uscc,
        provider=issue.provider,
        authority=issue.authority,
        dataset_code=issue.dataset_code,
        dataset_name=issue.dataset_title,
        dataset_version=f"第{issue.scope['version']}版",
        openness_class=_OPENNESS.get(issue.openness, issue.openness),
        sensitivity_level=_LEVELS.get(issue.level, issue.level),
        scenario=purpose.get("scenario_name", ""),
        purpose_class=_PURPOSES.get(purpose.get("purpose_class", ""), ""),
        fields=tuple(
            LicensedField(
                code=name,
                name=issue.titles.get(name, name),
                rule=_TRANSFORMS.get(transforms.get(name, ""), ""),
            )
            for name in issue.scope["fields"]
        ),
        right_to_hold="按本证范围持有" if rights.get("holding") else "不授予",
        right_to_use="限本应用场景内使用" if rights.get("use") else "不授予",
        right_to_operate="按协议约定经营" if rights.get("operate") else "不授予",
        delivery=_DELIVERY.get(mode, mode),
        quota=quota_text(issue.quota),
        environment=f"{environment}；网络安全等级保护不低于{_GRADES[protection]}级"
        if protection in _GRADES
        else environment,
        region=place if region.get("cross_border") else f"{place}存储和处理，不得出境",
        valid_from=issue.valid_from,
        valid_to=issue.valid_to,
        prohibitions=prohibitions_of(terms),
        fee_basis=fee_text(terms, issue.dataset_code),
        agreement_number=issue.agreement_number,
        decision_number=issue.decision_number,
        issued_at=issue.issued_at,
        verification_url=f"{issue.base_url}{VERIFY_PATH}{issue.machine_number}",
        demo_seal=issue.demo,
    )


_GRADES = {1: "一", 2: "二", 3: "三", 4: "四"}


def to_data(facts: LicenseFacts) -> dict[str, Any]:
    """Return the facts as plain data that a database keeps."""
    return {
        **asdict(facts),
        "valid_from": facts.valid_from.isoformat(),
        "valid_to": facts.valid_to.isoformat(),
        "issued_at": facts.issued_at.isoformat(),
    }


def from_data(data: Mapping[str, Any]) -> LicenseFacts:
    """Return the facts that were kept as plain data."""
    return LicenseFacts(
        **{
            **data,
            "fields": tuple(LicensedField(**field) for field in data["fields"]),
            "prohibitions": tuple(data["prohibitions"]),
            "valid_from": date.fromisoformat(data["valid_from"]),
            "valid_to": date.fromisoformat(data["valid_to"]),
            "issued_at": datetime.fromisoformat(data["issued_at"]),
        }
    )


def quota_text(quota: Mapping[str, int | None]) -> str:
    """Return the limits in words, e.g. 每月不超过400,000次."""
    parts = [
        f"{label}{quota[name]:,}{unit}"
        for name, label, unit in (
            ("per_total", "总量不超过", "次"),
            ("per_month", "每月不超过", "次"),
            ("per_day", "每日不超过", "次"),
            ("rate_per_second", "每秒不超过", "次"),
            ("rows_per_call", "每次不超过", "条"),
        )
        if quota.get(name) is not None
    ]
    return "，".join(parts) or "按协议约定"


def prohibitions_of(terms: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the key prohibitions; the first three hold for every license."""
    onward = (terms.get("onward_transfer") or {}).get("allowed")
    first = (
        "未经书面同意，不得向协议载明的受托处理者以外的任何第三方提供数据。"
        if onward == "NAMED_PROCESSORS"
        else "不得以任何形式向第三方转供、转让数据或者共用凭证。"
    )
    return (
        first,
        "不得对数据进行重识别，不得恢复已脱敏的信息。",
        "仅限在本证载明的应用场景内使用，不得超范围使用。",
        "许可终止后，应当按照协议约定销毁或者返还数据。",
    )


def fee_text(terms: Mapping[str, Any], code: str) -> str:
    """Return on what basis fees are charged; prices stand in the agreement only."""
    fee = terms.get("fee") or {}
    of_dataset = (fee.get("datasets") or {}).get(code) or {}
    free = fee.get("free_of_charge") or of_dataset.get("free_of_charge")
    if free or of_dataset.get("model") == "FREE":
        return "免费使用（公共治理、公益事业用途或者免费数据集）"
    version = of_dataset.get("price_version")
    return f"按协议约定的价格目录第{version}版计费" if version else "按协议约定的价格目录计费"
