"""
S1: credit scoring, the happy path over the Mid-Autumn and National Day calendar.

One scenario, two datasets of two departments; from the draft to the first evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import clock
from demo import access, usage, walk
from demo.cast import Cast
from demo.stage import Stage, batched
from gateway import meter
from gateway.queries import usage_between
from licensing.models import Credential, License
from oversight import actions as oversight
from oversight.models import Evaluation
from settlement import actions as settlement

SCENARIO = "小微企业授信核验"
D01_FIELDS = ("uscc", "name", "status", "change_item", "change_date")
D07_FIELDS = ("request_id", "result", "mortgage_flag", "seal_flag", "checked_at")
# Of every dataset: calls that are billed, server errors, and retries after one of them.
NOVEMBER = {"D01": (312_400, 4_100, 1_250), "D07": (8_200, 0, 0)}
GATE_CALLS_EACH = 25
GATE_CALLS: tuple[tuple[str, dict[str, str]], ...] = (
    ("D01", {"limit": "{number}"}),
    ("D07", {"request_id": "HY2026{number:07d}"}),
)
USAGE_BATCH = 20_000

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


def tell(stage: Stage, cast: Cast) -> Told:
    """Tell the whole story: way to the key, a month of calls, money, first evaluation."""
    told = tell_until_credential(stage, cast)
    licenses = {
        row.dataset.code: row
        for row in License.objects.filter(agreement_id=told.agreement_id).select_related("dataset")
    }
    _try_the_gate(stage, licenses["D01"], told.key)
    _use_through_the_gate(stage, licenses, told.key)
    _use_through_other_gates(stage, licenses)
    _settle(stage, cast, told.agreement_id)
    _evaluate(stage, cast, told.agreement_id)
    return told


def _try_the_gate(stage: Stage, license_: License, key: str) -> None:
    stage.move_to("2026-11-02 10:00")
    scenario = license_.scenario_code
    refused = stage.gate.call("D01", key=key, scenario=scenario, fields="uscc,capital")
    stage.require(
        refused.status_code == 403 and refused.json()["reason"] == "FIELD_NOT_GRANTED",
        "a field outside the license is refused",
    )
    stage.tell("请求许可范围外的字段“注册资本”：网关拒绝，已留痕")
    other = stage.gate.call("D01", key=key, scenario="CJ-2026-99999")
    stage.require(other.status_code == 403, "another scenario is refused")
    stage.tell("以其他场景编号调用：网关拒绝，作为超场景使用线索留存")


def _use_through_the_gate(stage: Stage, licenses: dict[str, License], key: str) -> None:
    """Make the first calls of the month through the running gate; each is billed."""
    for code, parameters in GATE_CALLS:
        for number in range(GATE_CALLS_EACH):
            stage.pass_seconds(20)
            stage.gate.call_until_answered(
                code,
                key=key,
                scenario=licenses[code].scenario_code,
                **{k: v.format(number=number + 1) for k, v in parameters.items()},
            )
    stage.tell(f"经网关调用两个数据集各{GATE_CALLS_EACH}次，先计量后返回")


def _use_through_other_gates(stage: Stage, licenses: dict[str, License]) -> None:
    """Report the rest of November as the city's other gates metered it, day by day."""
    credential = Credential.objects.get(agreement_id=licenses["D01"].agreement_id)
    for code, (billable, errors, retries) in NOVEMBER.items():
        so_far = usage_between(
            license_id=licenses[code].id,
            from_at=clock.start_of_day(date(2026, 11, 1)),
            to_at=clock.start_of_day(date(2026, 12, 1)),
        )
        month = usage.Month(
            license_id=licenses[code].id,
            credential_id=credential.id,
            dataset_code=code,
            scenario_code=licenses[code].scenario_code,
            begins=datetime(2026, 11, 3, tzinfo=clock.SHANGHAI),
            ends=datetime(2026, 11, 30, 23, 58, tzinfo=clock.SHANGHAI),
            billable=billable - so_far.billable,
            server_errors=errors - so_far.server_errors,
            retries=retries - so_far.retries,
        )
        stage.move_to("2026-11-30 23:59")
        stored = 0
        for batch in batched(usage.calls(month), USAGE_BATCH):
            stored += meter.record(batch, at=stage.at).stored
            stage.bar(f"{code} 计量", stored, month.calls)
        stage.require(stored == month.calls, f"every call of {code} is stored once")
        stage.tell(f"11月{code}其余{stored:,}次调用由各网关节点上报计量")


def _settle(stage: Stage, cast: Cast, agreement_id: UUID) -> None:
    settler, finance = cast["jys-jiesuan"], cast["jys-caiwu"]
    stage.move_to("2026-12-01 09:30")
    statement = stage.act(
        "数据交易公司按计量与价目生成11月对账单",
        settlement.draft_statement,
        agreement_id=agreement_id,
        period_from=date(2026, 11, 1),
        period_to=date(2026, 11, 30),
        actor=settler,
    )
    stage.act("对账单送达", settlement.issue_statement, statement_id=statement.id, actor=settler)
    stage.move_to("2026-12-03 15:00")
    stage.act(
        "申请单位核对无误，确认对账单",
        settlement.confirm_statement,
        statement_id=statement.id,
        actor=cast["xczx-jingban"],
    )
    stage.move_to("2026-12-04 10:00")
    stage.act(
        "复式记账：应收、税金、分配一次入账",
        settlement.post_statement,
        statement_id=statement.id,
        actor=settler,
    )
    stage.move_to("2026-12-04 15:00")
    stage.act(
        "财务复核放行分配款（结算人员不得复核自己的批次）",
        settlement.release_statement,
        statement_id=statement.id,
        actor=finance,
    )
    stage.move_to("2026-12-07 10:00")
    statement.refresh_from_db()
    stage.act(
        "银行到账，登记付款",
        settlement.record_payment,
        statement_id=statement.id,
        bank_reference="ICBC20261207000185",
        amount_fen=statement.payable_fen,
        received_on=date(2026, 12, 7),
        actor=finance,
    )


def _evaluate(stage: Stage, cast: Cast, agreement_id: UUID) -> None:
    stage.move_to("2026-12-20 08:00")
    stage.act("首次定期评估到期，通知提交自评报告", oversight.sweep)
    evaluation = Evaluation.objects.get(agreement_id=agreement_id, sequence=1)
    stage.move_to("2026-12-22 15:00")
    stage.act(
        "申请单位提交自评报告",
        oversight.submit_self_report,
        evaluation_id=evaluation.id,
        content={
            "purposes": "仅用于小微企业授信核验，无其他用途。",
            "products": "授信核验报告，当期出具三十一万份结论。",
            "benefits": "平均授信时间由五日缩短至一日，服务企业一万余户。",
            "incidents": "当期未发生安全事件；接口服务端错误已由平台处置。",
            "staff": "接触数据人员六名，未变动。",
        },
        actor=cast["xczx-jingban"],
    )
    stage.move_to("2026-12-24 10:00")
    stage.act(
        "核验自评报告与计量记录一致",
        oversight.verify_self_report,
        evaluation_id=evaluation.id,
        actor=cast["sjj-jiandu"],
    )
    stage.act(
        "评分92分，评估通过，自动安排下一次评估",
        oversight.score_evaluation,
        evaluation_id=evaluation.id,
        points={
            "compliance": 38,
            "security": 23,
            "utilization": 18,
            "benefit": 8,
            "reporting": 5,
        },
        remarks="用途合规，安全措施到位，两次越权请求均被拦截并已说明。",
        actor=cast["sjj-jiandu"],
    )
