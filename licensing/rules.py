"""The deadline of licensing. Source: domain §3.4, docs/sources.md#deadlines."""

from __future__ import annotations

from workflow.deadlines import Rule

CREDENTIAL = "credential"

RULES = (
    Rule(
        CREDENTIAL,
        3,
        "平台默认规则：协议生效后3个工作日内完成应用接入审核并签发凭证（可由主管部门配置）",
    ),
)
