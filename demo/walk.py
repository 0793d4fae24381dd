"""
The walk of one application from its draft to an effective agreement, by the acts of the people.

Every story takes it; what differs is the plan: who, which data, when, and how it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from applications import actions as desk
from applications.models import Application, Minutes, ProviderBranch
from contracts import actions as contracts
from contracts.models import Agreement
from demo import codes
from demo.cast import PASSWORD, Cast
from demo.stage import Stage

COMMITMENTS = (
    "TRUE_MATERIAL",
    "SCENARIO_ONLY",
    "NO_ONWARD",
    "NO_REIDENTIFICATION",
    "DESTROY_ON_EXIT",
    "ACCEPT_SUPERVISION",
)
SECURITY_PLAN = {
    "storage": "数据仅存放于本市政务云专区，每日加密备份一次，备份保留三十日。",
    "access": "实名账号，最小授权，双因素登录；开发、运维、审计三岗分离。",
    "logging": "调用、查询、导出全部留痕，日志保存十二个月并每周核查。",
    "personnel": "接触数据的六名人员均签署保密协议，每半年培训一次。",
    "incident": "发现异常一小时内停用凭证并报告平台运营方，联系人二十四小时在岗。",
}
FOR, AGAINST = "用途合法、范围最小、措施到位。", "场景收益尚待验证，建议先行试点。"
CONFLICT = "本人近三年与申请单位有合作研究，申请回避。"
FIRST_SCORES = {
    "necessity": 17,
    "purpose_legality": 18,
    "security_capability": 26,
    "minimal_scope": 17,
    "benefit": 8,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What one application asks for and when each step is taken (Asia/Shanghai)."""

    house: str
    agent: str
    legal_representative: str
    content: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...]
    drafted: str
    submitted: str
    accepted: str
    drafted_opinions: str
    confirmed_opinions: str
    security_passed: str
    seated: str
    voted: str
    concluded: str
    decided: str
    finalized: str
    signed_by_user: str
    signed_by_providers: str
    dissent: str = ""
    recused: str = ""
    refused: bool = False
    conditions: tuple[str, ...] = ()
    standard: tuple[str, ...] = ()
    reasons: str = (
        "申请用途明确合法，数据范围最小必要，安全能力与数据级别相适应，同意有条件开放。"
    )


def submit(stage: Stage, cast: Cast, plan: Plan) -> Application:
    """Draft, fill in, commit and submit."""
    agent = cast[plan.agent]
    name = cast.house[plan.house].name
    stage.move_to(plan.drafted)
    draft = stage.act(
        f"{name}起草有条件开放数据使用申请：{plan.content['scenario_name']}",
        desk.start_application,
        actor=agent,
        security_plan=SECURITY_PLAN,
        **plan.content,
    )
    desk.set_items(application_id=draft.id, items=plan.items, actor=agent, at=stage.at)
    stage.move_to(plan.submitted)
    desk.sign_commitments(application_id=draft.id, codes=COMMITMENTS, actor=agent, at=stage.at)
    return stage.act(
        "提交申请，受理时限开始计算",
        desk.submit_application,
        application_id=draft.id,
        actor=agent,
    )


def accept(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> None:
    """Let the authority accept the case."""
    stage.move_to(plan.accepted)
    stage.act(
        "大数据局受理，各数据提供单位并行审查",
        desk.accept_application,
        application_id=application_id,
        actor=cast["sjj-shouli"],
    )


def review(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> None:
    """Let every department answer field by field, and security pass the case."""
    answer(stage, cast, plan, application_id)
    secure(stage, cast, plan, application_id)


def answer(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> None:
    """Let every department answer field by field, and its leader confirm."""
    stage.move_to(plan.drafted_opinions)
    requested = {item["code"]: item["fields"] for item in plan.items}
    branches = ProviderBranch.objects.filter(application_id=application_id)
    for branch in branches.select_related("provider").order_by("id"):
        codes = _codes_of(branch, requested)
        stage.act(
            f"{branch.provider.name}数据专员逐字段提出意见",
            desk.draft_provider_opinion,
            branch_id=branch.id,
            opinion={code: _allow(requested[code]) for code in codes},
            actor=cast.department(codes[0], "zhuangang"),
        )
    stage.move_to(plan.confirmed_opinions)
    for branch in branches.select_related("provider").order_by("id"):
        codes = _codes_of(branch, requested)
        stage.act(
            f"{branch.provider.name}负责人确认部门意见",
            desk.confirm_provider_opinion,
            branch_id=branch.id,
            actor=cast.department(codes[0], "lingdao"),
        )


def secure(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> None:
    """Let the security officer pass the case."""
    stage.move_to(plan.security_passed)
    stage.act(
        "安全审查：环境与数据级别相符，风险评估有效，通过",
        desk.pass_security_review,
        application_id=application_id,
        assessment={
            "findings": ["使用环境与数据级别相符", "风险评估在有效期内", "关联汇聚风险可控"],
            "conclusion": "建议提交委员会评审。",
            "conditions": [],
            "valid_until": "2027-01-31",
        },
        actor=cast["pt-anquan"],
    )


def committee(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> None:
    """Seat the committee, let it declare, score and vote, and let the chair conclude."""
    members = cast.members()
    stage.move_to(plan.seated)
    stage.act(
        "审查委员会组成评审组，六名委员到会",
        desk.seat_panel,
        application_id=application_id,
        members=members,
        chair=members[0],
        actor=cast["wyh-mishu"],
    )
    stage.move_to(plan.voted)
    for number, member in enumerate(members):
        conflict = CONFLICT if member.username == plan.recused else ""
        desk.declare_interest(
            application_id=application_id, conflict=conflict, actor=member, at=stage.at
        )
        if not conflict:
            against = plan.refused or plan.dissent == member.username
            _vote(stage, application_id, member, number, against=against)
    stage.tell("委员逐一申明利害关系，有利害关系的回避，其余逐项打分并投票")
    stage.move_to(plan.concluded)
    stage.act(
        "主任委员宣布表决结束，计票结果封存，会议纪要成稿",
        desk.close_panel,
        application_id=application_id,
        actor=members[0],
        conditions=plan.conditions,
    )
    stage.act(
        "秘书核对会议纪要后签字",
        desk.sign_minutes,
        application_id=application_id,
        content_hash=Minutes.objects.get(application_id=application_id).content_hash,
        actor=cast["wyh-mishu"],
    )
    stage.act(
        "主任委员签字，会议纪要存档",
        desk.conclude_committee,
        application_id=application_id,
        actor=members[0],
    )


def _vote(stage: Stage, application_id: UUID, member: Any, number: int, *, against: bool) -> None:
    scores = dict(FIRST_SCORES)
    scores["benefit"] -= number % 3
    desk.cast_ballot(
        application_id=application_id,
        vote="AGAINST" if against else "FOR",
        scores=scores,
        reason=AGAINST if against else FOR,
        actor=member,
        at=stage.at,
    )


def decide(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> None:
    """Let a person who did not handle the case decide it."""
    granted = "APPROVED_WITH_CONDITIONS" if plan.conditions else "APPROVED"
    # What the committee proposed in words, as the standard conditions that become terms.
    standard = tuple({"standard": key} for key in plan.standard)
    stage.move_to(plan.decided)
    stage.act(
        "大数据局作出不予同意的决定，异议期限开始计算"
        if plan.refused
        else "大数据局作出同意决定，签约时限开始计算",
        desk.decide,
        application_id=application_id,
        result="REJECTED" if plan.refused else granted,
        reasons=plan.reasons,
        conditions=standard or plan.conditions,
        actor=cast["sjj-jueding"],
    )


def sign(stage: Stage, cast: Cast, plan: Plan, application_id: UUID) -> UUID:
    """Finalize the agreement and let every party sign the same text; return its id."""
    agreement = Agreement.objects.get(application_id=application_id)
    codes = [item["code"] for item in plan.items]
    officer = cast.department(codes[0], "zhuangang")
    stage.move_to(plan.finalized)
    stage.act(
        f"协议{agreement.number}草案送双方协商",
        contracts.open_negotiation,
        agreement_id=agreement.id,
        actor=officer,
    )
    stage.act(
        "双方就条款协商一致，协议文本定稿",
        contracts.finalize_agreement,
        agreement_id=agreement.id,
        actor=officer,
    )
    agreement.refresh_from_db()
    text_hash = agreement.text_hash
    stage.move_to(plan.signed_by_user)
    stage.act(
        "申请单位法定代表人核对文本摘要后签署协议",
        contracts.sign_agreement,
        agreement_id=agreement.id,
        text_hash=text_hash,
        actor=cast[plan.legal_representative],
        proof=_proof(stage, cast[plan.legal_representative]),
    )
    stage.move_to(plan.signed_by_providers)
    leaders = {cast.department(code, "lingdao").pk: code for code in codes}
    for code in leaders.values():
        stage.act(
            f"{code}的数据提供单位负责人签署同一文本",
            contracts.sign_agreement,
            agreement_id=agreement.id,
            text_hash=text_hash,
            actor=cast.department(code, "lingdao"),
            proof=_proof(stage, cast.department(code, "lingdao")),
        )
    return agreement.id


def _proof(stage: Stage, person: Any) -> Any:
    return codes.proof_of(person=person, password=PASSWORD, at=stage.at)


def to_agreement(stage: Stage, cast: Cast, plan: Plan) -> tuple[UUID, UUID]:
    """Walk the whole way; return the ids of the application and of the agreement."""
    application = submit(stage, cast, plan)
    accept(stage, cast, plan, application.id)
    review(stage, cast, plan, application.id)
    committee(stage, cast, plan, application.id)
    decide(stage, cast, plan, application.id)
    return application.id, sign(stage, cast, plan, application.id)


def _codes_of(branch: ProviderBranch, requested: Mapping[str, Any]) -> list[str]:
    """Return which of the requested datasets a department answers for."""
    held = branch.provider.datasets.values_list("code", flat=True)
    return sorted(set(requested) & set(held))


def _allow(fields: Any) -> dict[str, Any]:
    answer = {"decision": "ALLOW", "rule": "", "reason": "", "legal_basis": ""}
    return {"fields": {name: dict(answer) for name in fields}, "note": "字段为场景所必需。"}
