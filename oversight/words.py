"""
The Chinese words of oversight's papers. Pure.

Letters, decisions and notices are Chinese documents: these words are their content and not subject
to translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

LEGAL_BASIS = (
    "《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）",
    "《数据利用协议》违约责任条款",
)
CODE_NAMES = {
    "V1": "违反开放平台管理制度",
    "V2": "采用非法手段获取公共数据",
    "V3": "侵犯商业秘密、个人隐私等他人合法权益",
    "V4": "超出数据利用协议限制的应用场景",
    "V5": "违反法律、法规、规章和协议的其他行为",
}
EFFECTS = {
    "REVOKED": "撤销许可证",
    "SUSPENDED": "暂停使用",
    "SUSPENDED_BEFORE": "继续暂停使用",
    "RESTRICTED": "限制调用配额",
    "WARNED": "予以警示",
    "NOT_ACTIVE": "未处于使用状态，不作变更",
}
CAUSES = {"REVOKED": "许可证被撤销", "EXPIRED": "许可期限届满", "SURRENDERED": "被许可人主动交回"}
REMEDY = (
    "如不服本决定，可以自公示之日起{days}个工作日内向本机关提出异议。异议期间不停止措施的执行。"
)
REPAIR = "公示满{months}个月且整改（含数据销毁）经核实的，可以向本机关申请信用修复。"
CONTACT = "本机关监督岗位（通过公共数据开放平台提交）"
WAIVED = "当事人在规定期限内未提出陈述申辩。"


def measure_lines(kind: str, *, terms: Mapping[str, Any], damages: str, bar: str) -> list[str]:
    """Return what a measure says, line by line; ``damages`` and ``bar`` are ready phrases."""
    match kind:
        case "CLOSE":
            lines = ["关闭数据获取权限，撤销所涉许可证，同时撤销数据访问凭证。"]
        case "SUSPEND":
            lines = ["暂停数据获取权限，整改经核实前不予恢复。"]
        case "RESTRICT":
            percent = percent_of(str(terms.get("quota_factor", "0.5")))
            days = terms.get("days")
            lines = [f"限制数据获取权限，调用配额降至原配额的{percent}%"
                     + (f"，期限{days}日。" if days else "。")]  # fmt: skip
        case _:
            lines = [f"予以警示，责令{terms.get('cure_working_days', 10)}个工作日内改正。"]
    if damages:
        lines.append(f"支付违约金{damages}。")
    if bar:
        lines.append(bar)
    return lines


def percent_of(factor: str) -> str:
    """Return a share between 0 and 1 as a percentage without needless zeros."""
    number = (Decimal(factor) * 100).normalize()
    return format(number, "f")
