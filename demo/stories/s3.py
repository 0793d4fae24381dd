"""
S3: licensed for supplier admission, used for marketing. The violation, the measure, the exit.

Everything between the complaint and the verified destruction, over the Dragon Boat calendar.
"""

from __future__ import annotations

from demo import walk

SCENARIO = "供应商准入核验"
FIELDS = ("uscc", "name", "status", "reg_date", "industry", "change_item", "change_date")

PLAN = walk.Plan(
    house="supply",
    agent="yhgyl-jingban",
    legal_representative="yhgyl-faren",
    content={
        "scenario_name": SCENARIO,
        "purpose_class": "INDUSTRY",
        "purpose_text": (
            "核心企业引入供应商时，核验供应商登记状态与近期变更，判断其主体资格，"
            "不用于获客营销，不向第三方提供。"
        ),
        "expected_products": "供应商准入核验结论。",
        "benefit_statement": "降低核心企业供应商准入核验成本，预计每年核验三万家次。",
        "delivery_mode": "API",
        "environment": "API",
        "term_months": 12,
        "monthly_quota": 100_000,
        "protection_level": 2,
        "protection_certificate": "32020026-00034",
        "region": "无锡市",
        "onward_supply": False,
        "cross_border": False,
    },
    items=(
        {
            "code": "D01",
            "fields": list(FIELDS),
            "filters": {},
            "justification": "核验供应商主体资格和近期重大变更。",
        },
    ),
    drafted="2026-02-27 15:00",
    submitted="2026-03-02 10:00",
    accepted="2026-03-04 10:30",
    drafted_opinions="2026-03-05 14:00",
    confirmed_opinions="2026-03-09 16:00",
    security_passed="2026-03-12 11:00",
    seated="2026-03-13 09:30",
    voted="2026-03-19 09:30",
    concluded="2026-03-20 16:00",
    decided="2026-03-23 10:00",
    finalized="2026-03-25 15:00",
    signed_by_user="2026-03-27 10:00",
    signed_by_providers="2026-03-30 11:00",
    dissent="wyh-qin",
)
