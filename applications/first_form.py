"""The general form that comes with the product: version 1, every entry bound to its column."""

from __future__ import annotations

from typing import Any

BASIS = "平台默认申请表：参照《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）有条件开放申请要求"


def _text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _field(bind: str, kind: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    key = bind.replace("security_plan.", "plan_")
    return {"key": key, "bind": bind, "type": kind, "label": _text(zh, en), **more}


def _options(*options: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"value": value, "label": _text(zh, en)} for value, zh, en in options]


_SCENARIO = [
    _field("scenario_name", "TEXT", "应用场景名称", "Name of the scenario",
           required=True, length_max=120),
    _field("purpose_class", "OPTION", "用途类别", "Purpose class", required=True, options=_options(
        ("PUBLIC_GOVERNANCE", "公共治理（免费）", "Public governance (free of charge)"),
        ("PUBLIC_BENEFIT", "公益事业（免费）", "Public benefit (free of charge)"),
        ("INDUSTRY", "产业发展（可收费）", "Industrial development (may be charged)"),
        ("SECTOR", "行业发展（可收费）", "Sector development (may be charged)"),
    )),
    _field("purpose_text", "LONG_TEXT", "用途说明", "Purpose in detail", required=True,
           length_max=4_000, help=_text(
               "由谁使用、用于哪项业务的哪个环节、达到什么目的。",
               "Who uses the data, in which step of which business, and what for.")),
    _field("expected_products", "LONG_TEXT", "预期产品", "Expected products",
           required=True, length_max=4_000),
    _field("benefit_statement", "LONG_TEXT", "预期效益", "Expected benefit",
           required=True, length_max=4_000),
]
_USAGE = [
    _field("delivery_mode", "OPTION", "提供方式", "Delivery", required=True, options=_options(
        ("API", "数据接口", "Data interface"),
        ("FILE", "库表文件", "Database file"),
        ("SANDBOX", "安全沙箱", "Secure sandbox"),
        ("VERIFY_ONLY", "仅核验", "Verification only"),
    )),
    _field("environment", "OPTION", "使用环境", "Environment of use", required=True,
           options=_options(
               ("SANDBOX", "安全沙箱", "Secure sandbox"),
               ("VERIFY_ONLY", "仅核验", "Verification only"),
               ("API", "接口接入自有系统", "Own system through the interface"),
               ("RAW_EXPORT", "原始数据导出", "Raw export"),
           ),
           help=_text("三级及以上数据应当在安全沙箱内使用或者仅作核验。",
                      "Data of level 3 and above are used in the sandbox or for verification"
                      " only.")),
    _field("term_months", "NUMBER", "使用期限", "Term in months", required=True,
           least=1, most=12, unit=_text("月", "months")),
    _field("monthly_quota", "NUMBER", "每月调用量", "Calls a month", required=True,
           least=1, most=100_000_000, unit=_text("次", "calls")),
    _field("protection_level", "NUMBER", "系统等级保护级别",
           "Classified protection of your system", least=1, most=4),
    _field("protection_certificate", "TEXT", "等保备案证明编号",
           "Number of the filing certificate", length_max=80, private=True),
    _field("region", "TEXT", "存储和处理地域", "Region of storage and processing",
           required=True, length_max=120),
    _field("onward_supply", "FLAG", "拟向指定第三方提供数据",
           "The data are to be passed on to a named third party"),
    _field("cross_border", "FLAG", "拟向境外提供数据", "The data are to leave the mainland"),
]
_PLAN = [
    _field(f"security_plan.{topic}", "LONG_TEXT", zh, en, required=True, length_max=2_000, **more)
    for topic, zh, en, more in (
        ("storage", "存储与备份", "Storage and backup", {}),
        ("access", "账号与访问控制", "Accounts and access control", {}),
        ("logging", "日志与审计", "Logs and audit", {}),
        ("personnel", "人员与培训", "Personnel and training", {}),
        ("incident", "应急处置与联系人", "Incident response and contact", {"private": True}),
    )
]
CONTENT: dict[str, Any] = {
    "sections": [
        {"key": "scenario", "title": _text("应用场景与用途", "Scenario and purpose"),
         "hint": _text("一份申请对应一个应用场景：产出什么、惠及谁",
                       "One scenario; what comes of it and for whom"), "fields": _SCENARIO},
        {"key": "usage", "title": _text("使用方式与环境", "Usage and environment"),
         "hint": _text("提供方式、环境、期限、调用量和地域",
                       "Delivery, environment, term, quota, region"), "fields": _USAGE},
        {"key": "security", "title": _text("安全方案", "Security plan"),
         "hint": _text("数据如何存储、保护和监控", "How the data are stored, guarded and watched"),
         "fields": _PLAN},
    ]
}
