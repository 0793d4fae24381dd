"""
What is under way when the stories end, so that every desk has something on it.

A correction outstanding, a fresh application, a review under way, a refusal: by the same acts.
"""

from __future__ import annotations

from typing import Any

from applications import actions as desk
from core.ids import uscc_check_character
from demo import walk
from demo.cast import PASSWORD, Cast
from demo.stage import Stage
from parties import actions as parties
from parties.roles import Role

BASE: dict[str, Any] = {
    "delivery_mode": "API",
    "environment": "API",
    "term_months": 12,
    "protection_level": 2,
    "protection_certificate": "32020026-00999",
    "region": "无锡市",
    "onward_supply": False,
    "cross_border": False,
}


def tell(stage: Stage, cast: Cast) -> None:
    """Leave three cases and one company on the desks."""
    _in_correction(stage, cast)
    _in_review(stage, cast)
    _fresh(stage, cast)
    _company(stage, cast)


def _apply(
    stage: Stage, cast: Cast, *, agent: str, content: dict[str, Any], items: list[dict[str, Any]]
) -> Any:
    actor = cast[agent]
    draft = stage.act(
        f"起草申请：{content['scenario_name']}",
        desk.start_application,
        actor=actor,
        security_plan=walk.SECURITY_PLAN,
        **{**BASE, **content},
    )
    desk.set_items(application_id=draft.id, items=items, actor=actor, at=stage.at)
    desk.sign_commitments(application_id=draft.id, codes=walk.COMMITMENTS, actor=actor, at=stage.at)
    return stage.act("提交申请", desk.submit_application, application_id=draft.id, actor=actor)


def _in_correction(stage: Stage, cast: Cast) -> None:
    stage.move_to("2026-12-21 09:30")
    application = _apply(
        stage,
        cast,
        agent="lxcx-jingban",
        content={
            "scenario_name": "通勤出行拥堵预测",
            "purpose_class": "INDUSTRY",
            "purpose_text": "结合地铁进出站客流预测通勤时段拥堵，为用户提供出行建议，不识别个人。",
            "expected_products": "通勤拥堵指数。",
            "benefit_statement": "减少高峰时段平均候车时间。",
            "monthly_quota": 60_000,
        },
        items=[
            {
                "code": "D14",
                "fields": ["slot15m", "station", "in_cnt", "out_cnt"],
                "filters": {},
                "justification": "按站点与时段预测客流，需要进出站人次。",
            }
        ],
    )
    stage.move_to("2026-12-23 11:00")
    stage.act(
        "大数据局一次性告知补正两处",
        desk.request_correction,
        application_id=application.id,
        defects=[
            {
                "section": "scenario",
                "item": "用途说明",
                "problem": "未说明预测结果的服务对象和展示方式。",
                "required": "请写明服务对象、展示方式和是否对外提供。",
            },
            {
                "section": "usage",
                "item": "每月调用量",
                "problem": "调用量缺少测算依据。",
                "required": "请按站点数和更新频率列出测算过程。",
            },
        ],
        actor=cast["sjj-shouli"],
    )


def _in_review(stage: Stage, cast: Cast) -> None:
    stage.move_to("2026-12-23 14:00")
    application = _apply(
        stage,
        cast,
        agent="thhj-jingban",
        content={
            "scenario_name": "区域水环境预警",
            "purpose_class": "PUBLIC_GOVERNANCE",
            "purpose_text": "为辖区提供水环境异常预警服务，比对排污监测与水位流量，服务环境治理。",
            "expected_products": "水环境预警日报。",
            "benefit_statement": "提前发现异常排放，服务两个镇（街道）。",
            "monthly_quota": 90_000,
        },
        items=[
            {
                "code": "D09",
                "fields": ["hour", "site_code", "pollutant", "value", "limit", "flag"],
                "filters": {},
                "justification": "比对排放小时值与限值，发现异常。",
            },
            {
                "code": "D13",
                "fields": ["time", "station", "level", "flow"],
                "filters": {},
                "justification": "结合水位流量判断扩散方向与速度。",
            },
        ],
    )
    stage.move_to("2026-12-24 15:00")
    stage.act(
        "大数据局受理，生态环境局与水利局并行审查",
        desk.accept_application,
        application_id=application.id,
        actor=cast["sjj-shouli"],
    )


def _fresh(stage: Stage, cast: Cast) -> None:
    stage.move_to("2026-12-24 16:00")
    _apply(
        stage,
        cast,
        agent="lhjk-jingban",
        content={
            "scenario_name": "区域门急诊负荷研究",
            "purpose_class": "PUBLIC_BENEFIT",
            "purpose_text": "研究门急诊流量与床位使用的时段规律，向公众提供错峰建议，成果公开。",
            "expected_products": "错峰就诊指数与研究报告。",
            "benefit_statement": "成果向公众免费开放。",
            "monthly_quota": 30_000,
        },
        items=[
            {
                "code": "D04",
                "fields": ["hour", "institution_code", "outpatient", "emergency", "beds_used"],
                "filters": {},
                "justification": "分析时段规律，需要小时级门急诊与床位数据。",
            }
        ],
    )


# The file of a demonstration says what it is: no license of anybody is imitated.
SCAN = b"%PDF-1.4\n% demo file, no document\n%%EOF\n"
NEWCOMER: dict[str, str] = {
    "name": "梁溪示例数智科技有限公司",
    "short_name": "梁溪数智",
    "legal_representative": "葛法人",
    "address": "示例市梁溪区示例路18号",
    "contact_name": "奚经办",
    "contact_phone": "0510-00000018",
    "contact_email": "contact@lxsz.example",
    "signatory_name": "葛法人",
    "security_contact_name": "范安全",
    "security_contact_phone": "0510-00000019",
    "bank_name": "示例银行梁溪支行",
    "bank_account": "3202000000000018",
    "taxpayer_type": "SMALL_SCALE",
}


def _company(stage: Stage, cast: Cast) -> None:
    """Let a company come by itself, and a known one invite somebody."""
    stage.move_to("2026-12-24 16:30")
    body = "913202000000DEM90"
    company = stage.act(
        f"{NEWCOMER['name']}自行登记入驻",
        parties.register_company,
        uscc=body + uscc_check_character(body),
        role=Role.APPLICANT_AGENT,
        entries=NEWCOMER,
        person={
            "username": "lxsz-jingban",
            "full_name": "奚经办",
            "email": "jingban@lxsz.example",
            "password": PASSWORD,
        },
    )
    desk_ = company.desks.select_related("user").get()
    profile = company.profiles.get()
    for kind, name in (
        ("BUSINESS_LICENSE", "营业执照.pdf"),
        ("AUTHORIZATION_LETTER", "授权委托书.pdf"),
    ):
        parties.add_evidence(
            profile_id=profile.pk,
            kind=kind,
            name=name,
            content=SCAN,
            actor=desk_.user,
            at=stage.at,
        )
    stage.act(
        "梁溪数智提交主体资料，待大数据局审核",
        parties.submit_profile,
        profile_id=profile.pk,
        actor=desk_.user,
    )
    stage.act(
        "锡城征信邀请一名数据安全负责人",
        parties.invite,
        organization_id=cast.house["credit"].pk,
        email="anquan2@xczx.example",
        role=Role.APPLICANT_SECURITY,
        actor=cast["xczx-faren"],
    )
