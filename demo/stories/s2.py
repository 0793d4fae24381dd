"""
S2: refused, reclassified, tried again. Medical settlements over the spring of 2026.

The institute asks for settlement details, which are not open, and is told why and where to ask.
The insurance bureau aggregates the data, proves it, and opens them under conditions. The second
application is corrected once, stands still for an ethics opinion, and is granted with conditions;
a rival for the same data is refused and has ten working days to object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from applications import actions as desk
from catalog import actions as catalog
from catalog.models import Dataset
from core.errors import DomainError
from demo import walk
from demo.cast import Cast
from demo.stage import Stage
from demo.stories import opening
from workflow.models import Deadline

CODE = opening.HELD_BACK
FIELDS = ("month", "district", "hospital_class", "dip_group", "visits", "avg_cost_band")
REPORT = (
    "医保结算数据脱敏效果评估报告：按月、区、医院等级、DIP组汇总，不足10人次的组别隐去；"
    "k 值不低于10，未发现可重识别个人的记录。"
).encode()
CONDITIONS = (
    "仅限在安全沙箱环境内使用数据。",
    "输出结果须通过 k 值检验（k 不低于 10）后方可带出。",
    "不得导出明细行。",
)
STANDARD = ("SANDBOX_ONLY", "GROUP_SIZE:10", "NO_ROW_EXPORT")
ETHICS = "涉及健康数据科研使用，征求伦理审查意见。"
CONTENT: dict[str, Any] = {
    "purpose_class": "PUBLIC_BENEFIT",
    "purpose_text": (
        "用于区域病组费用结构与分级诊疗效果的公益性研究，研究成果向社会公开，不识别个人，不用于商业。"
    ),
    "expected_products": "病组费用结构研究报告（公开发布）。",
    "benefit_statement": "为完善按病组付费和分级诊疗政策提供依据。",
    "delivery_mode": "SANDBOX",
    "environment": "SANDBOX",
    "term_months": 12,
    "monthly_quota": 2_000,
    "protection_level": 3,
    "protection_certificate": "32020026-00260",
    "region": "无锡市",
    "onward_supply": False,
    "cross_border": False,
}
ITEM = {
    "code": CODE,
    "fields": list(FIELDS),
    "filters": {},
    "justification": "研究需要分病组、分区、分医院等级的结算人次与费用区间。",
}

PLAN = walk.Plan(
    house="health",
    agent="lhjk-jingban",
    legal_representative="lhjk-faren",
    content={"scenario_name": "病组费用结构研究", **CONTENT},
    items=(ITEM,),
    drafted="2026-03-06 15:00",
    submitted="2026-03-09 10:00",
    accepted="2026-03-16 15:00",
    drafted_opinions="2026-03-18 14:00",
    confirmed_opinions="2026-03-20 16:00",
    security_passed="2026-04-01 11:00",
    seated="2026-04-02 09:30",
    voted="2026-04-08 09:30",
    concluded="2026-04-09 16:00",
    decided="2026-04-17 10:00",
    finalized="2026-04-22 15:00",
    signed_by_user="2026-04-24 10:00",
    signed_by_providers="2026-04-27 11:00",
    dissent="wyh-qin",
    recused="wyh-zhu",
    conditions=CONDITIONS,
    standard=STANDARD,
    reasons="用途属公益性研究，数据已汇总脱敏并经检验；为防止重识别，附条件同意。",
)
RIVAL = walk.Plan(
    house="environment",
    agent="thhj-jingban",
    legal_representative="thhj-faren",
    content={
        **CONTENT,
        "scenario_name": "商业健康险定价参考",
        "purpose_class": "INDUSTRY",
        "purpose_text": "结合病组费用区间测算商业健康保险产品定价，向保险公司提供参考数据服务。",
        "expected_products": "商业健康险病组定价参考表。",
        "benefit_statement": "预计服务十家保险机构。",
    },
    items=({**ITEM, "justification": "定价测算需要分病组的费用区间与人次。"},),
    drafted="2026-03-18 15:00",
    submitted="2026-03-19 10:00",
    accepted="2026-03-23 10:30",
    drafted_opinions="2026-03-25 14:00",
    confirmed_opinions="2026-03-27 16:00",
    security_passed="2026-04-02 15:00",
    seated="2026-04-10 09:30",
    voted="2026-04-14 09:30",
    concluded="2026-04-15 16:00",
    decided="2026-04-20 10:00",
    finalized="",
    signed_by_user="",
    signed_by_providers="",
    refused=True,
    reasons="拟定用途超出数据开放目的，且存在按病组差别定价的风险，必要性不足，不予同意。",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the story left behind, for the report; the limit is that before the clock stood."""

    first_id: UUID
    application_id: UUID
    agreement_id: UUID
    rival_id: UUID
    limit_before: str


def tell(stage: Stage, cast: Cast) -> Told:
    """Tell the whole story: refusal, reclassification, second try, rival."""
    first_id = _refusal(stage, cast)
    _reclassify(stage, cast)
    application_id = _second_try(stage, cast)
    limit_before = _limit(application_id)
    rival_id = _review_both(stage, cast, application_id)
    agreement_id = walk.sign(stage, cast, PLAN, application_id)
    return Told(first_id, application_id, agreement_id, rival_id, limit_before)


def _refusal(stage: Stage, cast: Cast) -> UUID:
    agent = cast[PLAN.agent]
    stage.move_to("2026-01-12 10:00")
    draft = stage.act(
        "蠡湖健康起草申请，拟使用医保结算明细",
        desk.start_application,
        actor=agent,
        security_plan=walk.SECURITY_PLAN,
        **PLAN.content,
    )
    stage.expect(
        f"{CODE}尚未开放，不能列入申请",
        DomainError,
        desk.set_items,
        application_id=draft.id,
        items=[ITEM],
        actor=agent,
    )
    substitute = {
        "code": "D04",
        "fields": ["hour", "institution_code", "outpatient", "emergency"],
        "filters": {},
        "justification": "先以门急诊流量数据提出申请，实际需要的是医保结算明细。",
    }
    desk.set_items(application_id=draft.id, items=[substitute], actor=agent, at=stage.at)
    desk.sign_commitments(
        application_id=draft.id, codes=walk.COMMITMENTS, actor=agent, at=stage.at
    )
    stage.act("提交申请", desk.submit_application, application_id=draft.id, actor=agent)
    stage.move_to("2026-01-14 15:00")
    stage.act(
        "大数据局不予受理并说明理由，告知可提出数据需求",
        desk.refuse_acceptance,
        application_id=draft.id,
        reason_code="NON_OPEN",
        reason="申请实际需要的医保结算明细含个人就医信息，属不予开放类数据；可提出数据需求。",
        actor=cast["sjj-shouli"],
    )
    return UUID(str(draft.id))


def _reclassify(stage: Stage, cast: Cast) -> None:
    dataset = Dataset.objects.get(code=CODE)
    officer = cast.department(CODE, "zhuangang")
    stage.move_to("2026-02-02 10:00")
    stage.expect(
        "没有脱敏依据，不能重新定级",
        DomainError,
        catalog.begin_reclassification,
        dataset_id=dataset.id,
        kind="DESENSITIZATION_REPORT",
        title="医保结算数据脱敏效果评估报告",
        summary="k 不低于 10",
        content=b"",
        valid_until=None,
        actor=officer,
    )
    stage.act(
        "市医保局完成汇总脱敏（k≥10），提交脱敏效果评估报告",
        catalog.begin_reclassification,
        dataset_id=dataset.id,
        kind="DESENSITIZATION_REPORT",
        title="医保结算数据脱敏效果评估报告",
        summary="按月、区、医院等级、DIP组汇总，不足10人次的组别隐去，k 不低于 10。",
        content=REPORT,
        valid_until=None,
        actor=officer,
    )
    stage.move_to("2026-02-25 10:00")
    dataset.refresh_from_db()
    opening.pass_gates(
        stage, cast, dataset=dataset, openness="CONDITIONAL", reason="HIGH_SECURITY"
    )


def _second_try(stage: Stage, cast: Cast) -> UUID:
    application = walk.submit(stage, cast, PLAN)
    stage.move_to("2026-03-11 11:00")
    stage.act(
        "大数据局一次性告知补正",
        desk.request_correction,
        application_id=application.id,
        defects=[
            {
                "section": "security",
                "item": "数据安全方案",
                "problem": "未说明沙箱内输出结果的检验办法。",
                "required": "补充输出结果 k 值检验的办法和责任人。",
            }
        ],
        actor=cast["sjj-shouli"],
    )
    stage.move_to("2026-03-16 09:30")
    agent = cast[PLAN.agent]
    storage = walk.SECURITY_PLAN["storage"] + "输出结果由专人做 k 值检验（不低于10）后方可带出。"
    plan = {**walk.SECURITY_PLAN, "storage": storage}
    desk.edit_application(
        application_id=application.id,
        changes={"security_plan": plan},
        actor=agent,
        at=stage.at,
    )
    # The change voided the signature, so the whole is signed again.
    desk.sign_commitments(
        application_id=application.id, codes=walk.COMMITMENTS, actor=agent, at=stage.at
    )
    stage.act(
        "逐条答复后重新提交",
        desk.resubmit_application,
        application_id=application.id,
        answers={"1": "已补充 k 值检验办法，责任人为沙箱管理员。"},
        actor=agent,
    )
    walk.accept(stage, cast, PLAN, application.id)
    return UUID(str(application.id))


def _review_both(stage: Stage, cast: Cast, application_id: UUID) -> UUID:
    walk.answer(stage, cast, PLAN, application_id)
    rival = walk.submit(stage, cast, RIVAL)
    walk.accept(stage, cast, RIVAL, rival.id)
    _hear_ethics(stage, cast, application_id, rival.id)
    walk.secure(stage, cast, PLAN, application_id)
    walk.secure(stage, cast, RIVAL, rival.id)
    walk.committee(stage, cast, PLAN, application_id)
    walk.committee(stage, cast, RIVAL, rival.id)
    walk.decide(stage, cast, PLAN, application_id)
    walk.decide(stage, cast, RIVAL, rival.id)
    return UUID(str(rival.id))


def _hear_ethics(stage: Stage, cast: Cast, application_id: UUID, rival_id: UUID) -> None:
    """Let the clocks stand while the ethics board is heard; the rival is reviewed meanwhile."""
    handler = cast["sjj-shouli"]
    stage.move_to("2026-03-24 16:00")
    for kind in ("overall", "security_review"):
        desk.stop_clock(
            application_id=application_id, kind=kind, reason=ETHICS, actor=handler, at=stage.at
        )
    stage.tell("征求伦理审查意见，计时中止")
    walk.answer(stage, cast, RIVAL, rival_id)
    stage.move_to("2026-03-31 11:00")
    for kind in ("overall", "security_review"):
        desk.resume_clock(application_id=application_id, kind=kind, actor=handler, at=stage.at)
    stage.tell("收到伦理审查意见，恢复计时")


def _limit(application_id: UUID) -> str:
    row = Deadline.objects.get(subject_id=str(application_id), kind="overall")
    return str(row.due_on.isoformat())
