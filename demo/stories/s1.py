"""
S1: credit scoring, the happy path over the Mid-Autumn and National Day calendar.

One scenario, two datasets of two departments; from the draft to the first evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from demo import access, walk
from demo.cast import Cast
from demo.stage import Stage

SCENARIO = "小微企业授信核验"
D01_FIELDS = ("uscc", "name", "status", "change_item", "change_date")
D07_FIELDS = ("request_id", "result", "mortgage_flag", "seal_flag", "checked_at")
SANDBOX_FEE = "SANDBOX"

PLAN = walk.Plan(
    house="credit",
    agent="xczx-jingban",
    legal_representative="xczx-faren",
    content={
        "scenario_name": SCENARIO,
        "purpose_class": "INDUSTRY",
        "purpose_text": (
            "在小微企业申请信用贷款时，经企业授权核验其登记状态、变更情况和不动产抵押查封状态，"
            "用于授信准入判断和贷后风险提示，不用于营销。"
        ),
        "expected_products": "小微企业授信核验报告（只输出结论与依据，不输出原始数据）。",
        "benefit_statement": "预计每年服务本市小微企业一万二千户，平均授信时间由五日缩短至一日。",
        "delivery_mode": "API",
        "environment": "SANDBOX",
        "term_months": 12,
        "monthly_quota": 400_000,
        "protection_level": 3,
        "protection_certificate": "32020026-00185",
        "region": "无锡市",
        "onward_supply": False,
        "cross_border": False,
    },
    items=(
        {
            "code": "D01",
            "fields": list(D01_FIELDS),
            "filters": {},
            "justification": "核验企业登记状态和最近变更，判断经营是否存续。",
        },
        {
            "code": "D07",
            "fields": list(D07_FIELDS),
            "filters": {},
            "justification": "核验押品是否已抵押或查封，只取是否结论。",
        },
    ),
    drafted="2026-09-11 15:00",
    submitted="2026-09-14 10:00",
    accepted="2026-09-16 10:30",
    drafted_opinions="2026-09-18 14:00",
    confirmed_opinions="2026-09-22 16:00",
    security_passed="2026-09-28 11:00",
    seated="2026-09-29 09:30",
    voted="2026-10-10 09:30",
    concluded="2026-10-12 16:00",
    decided="2026-10-13 10:00",
    finalized="2026-10-15 15:00",
    signed_by_user="2026-10-19 10:00",
    signed_by_providers="2026-10-20 11:00",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the story left behind, for the report and for the chapters after it."""

    application_id: UUID
    agreement_id: UUID
    key: str


def tell_until_credential(stage: Stage, cast: Cast) -> Told:
    """Tell the way from the draft to the key; the calls and the money come after it."""
    application_id, agreement_id = walk.to_agreement(stage, cast, PLAN)
    stage.move_to("2026-10-21 10:00")
    key = access.obtain_key(
        stage,
        cast,
        agreement_id=agreement_id,
        agent="xczx-jingban",
        name="授信核验系统",
        approved="2026-10-22 09:30",
        issued="2026-10-22 15:00",
    )
    return Told(application_id, agreement_id, key)
