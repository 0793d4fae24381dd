"""
How long each step may take, on what basis. Configuration: the rows can get later versions.

Source: domain §3.4, docs/sources.md#deadlines. The legal basis is shown to people and printed in
letters, so it is Chinese.
"""

from __future__ import annotations

from parties.roles import Role
from workflow import escalation
from workflow.deadlines import Rule

_OWN = "系统默认时限，可按《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）调整"

RULES = (
    Rule(
        "acceptance",
        3,
        "参照《公共数据资源登记管理暂行办法》（发改数据规〔2025〕26号）第十条",
    ),
    Rule("correction", 10, _OWN),
    Rule("provider_review", 5, "参照有条件共享数据需求答复时限；可按锡政规〔2024〕7号调整"),
    Rule("security_review", 5, _OWN),
    Rule("committee", 10, _OWN),
    Rule("overall", 20, "参照《中华人民共和国政府信息公开条例》；可按锡政规〔2024〕7号调整"),
    Rule("objection", 10, _OWN),
    Rule("objection_answer", 15, _OWN),
    Rule("signing", 15, _OWN),
    Rule("clarification", 5, _OWN),
    Rule("consultation", 5, "参照有条件共享数据需求答复时限；可按锡政规〔2024〕7号调整"),
)

# Clocks of the authority that come before the supervisor when they are overdue.
ESCALATIONS = tuple(
    escalation.Rule(kind, 1, Role.AUTHORITY_SUPERVISOR, _OWN)
    for kind in (
        "acceptance",
        "provider_review",
        "security_review",
        "committee",
        "overall",
        "objection_answer",
    )
)

# How a letter names a step.
STEP_NAMES = {
    "acceptance": "受理",
    "correction": "补正",
    "provider_review": "部门审查",
    "security_review": "安全评估",
    "committee": "专家评审",
    "overall": "作出审批决定",
    "objection": "提出异议",
    "objection_answer": "异议答复",
    "signing": "签订数据利用协议",
    "clarification": "澄清答复",
    "consultation": "征求意见",
}
