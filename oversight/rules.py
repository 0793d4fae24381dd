"""The deadlines of oversight. Source: domain §3.4, docs/sources.md#deadlines."""

from __future__ import annotations

from workflow.deadlines import Rule

SELF_REPORT = "self_report"
EVALUATION = "evaluation"
RECTIFICATION = "rectification"
PARTY_STATEMENT = "party_statement"
VIOLATION_OBJECTION = "violation_objection"
VIOLATION_ANSWER = "violation_answer"
INTERIM_MEASURE = "interim_measure"
DESTRUCTION = "destruction"
DESTRUCTION_VERIFICATION = "destruction_verification"

_DEFAULT = "平台默认规则（可由主管部门配置）"

RULES = (
    Rule(SELF_REPORT, 10, f"{_DEFAULT}：评估开始后10个工作日内提交使用情况自评报告"),
    Rule(EVALUATION, 10, f"{_DEFAULT}：自评报告提交后10个工作日内完成核验和评分"),
    Rule(RECTIFICATION, 15, f"{_DEFAULT}：15个工作日内完成整改"),
    Rule(PARTY_STATEMENT, 5, f"{_DEFAULT}：收到告知书之日起5个工作日内陈述申辩"),
    Rule(VIOLATION_OBJECTION, 10, f"{_DEFAULT}：公示之日起10个工作日内提出异议"),
    Rule(VIOLATION_ANSWER, 15, f"{_DEFAULT}：收到异议之日起15个工作日内答复"),
    Rule(INTERIM_MEASURE, 15, f"{_DEFAULT}：未立案的临时措施最长15个工作日"),
    Rule(DESTRUCTION, 15, f"{_DEFAULT}：权限关闭后15个工作日内销毁数据并提交证明"),
    Rule(DESTRUCTION_VERIFICATION, 5, f"{_DEFAULT}：5个工作日内核验数据销毁证明"),
)

# How long a decision is shown to the public, and how far back a repetition counts.
PUBLICATION_MONTHS = 12
# A notice stands at least so long before the record can be repaired.
REPAIR_MONTHS_MIN = 3
REPETITION_MONTHS = 12
BAR_V3_MONTHS = 24
RESTRICTION_DAYS = 30
RETENTION_YEARS = 30
# Evidence and certificates are files of people, not archives.
EVIDENCE_BYTES_MAX = 20 * 1024 * 1024
