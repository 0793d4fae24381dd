"""
S3: licensed for supplier admission, used for marketing. The violation, the measure, the exit.

Everything between the complaint and the verified destruction, over the Dragon Boat calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import httpx

from core import clock
from core.errors import Forbidden
from demo import access, usage, walk
from demo.cast import Cast
from demo.stage import Stage
from gateway import meter
from licensing.models import Credential, License
from oversight import actions
from oversight.models import Alert, ExitCase

CALLS_AN_HOUR = 40
CERTIFICATE = {
    "method": "数据擦除",
    "standard": "GB/T 37988 数据销毁要求",
    "operator": "魏安全",
    "witness": "华经办",
}
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


@dataclass(frozen=True, slots=True)
class Told:
    """What the story left behind, for the report."""

    case_id: UUID
    exit_id: UUID
    license_id: UUID


def tell(stage: Stage, cast: Cast) -> Told:
    """Tell the whole story: license, misuse, case, measure, notice, exit."""
    _application_id, agreement_id = walk.to_agreement(stage, cast, PLAN)
    stage.move_to("2026-03-31 10:00")
    key = access.obtain_key(
        stage,
        cast,
        agreement_id=agreement_id,
        agent="yhgyl-jingban",
        name="供应商准入系统",
        approved="2026-04-01 09:30",
        issued="2026-04-02 15:00",
    )
    license_ = License.objects.get(agreement_id=agreement_id)
    _use(stage, license_, key)
    alert = _discover(stage, cast, license_)
    case_id = _investigate(stage, cast, license_, alert)
    _decide(stage, cast, case_id, license_, key)
    exit_id = _leave(stage, cast, license_)
    return Told(case_id, exit_id, license_.id)


def _use(stage: Stage, license_: License, key: str) -> None:
    stage.move_to("2026-04-03 10:00")
    answer = stage.gate.call("D01", key=key, scenario=license_.scenario_code, limit=5)
    stage.require(answer.status_code == 200, "the first call of S3 is answered")
    stage.tell("首次调用成功，网关按许可字段返回数据并计量")
    credential = Credential.objects.get(agreement_id=license_.agreement_id)
    stage.move_to("2026-06-10 22:30")
    ordinary = usage.Month(
        license_id=license_.id,
        credential_id=credential.id,
        dataset_code="D01",
        scenario_code=license_.scenario_code,
        begins=datetime(2026, 5, 11, tzinfo=clock.SHANGHAI),
        ends=datetime(2026, 6, 10, tzinfo=clock.SHANGHAI),
        billable=30 * 24 * CALLS_AN_HOUR,
    )
    meter.record(usage.calls(ordinary), at=stage.at)
    stage.move_to("2026-06-11 00:05")
    bulk = replace(
        ordinary,
        begins=datetime(2026, 6, 10, 23, tzinfo=clock.SHANGHAI),
        ends=datetime(2026, 6, 11, tzinfo=clock.SHANGHAI),
        billable=9 * CALLS_AN_HOUR,
    )
    meter.record(usage.calls(bulk, series="bulk"), at=stage.at)
    stage.tell("夜间23时批量调用，为同时段30日均值的9倍")


def _discover(stage: Stage, cast: Cast, license_: License) -> Alert:
    stage.act("异常监测发现夜间大批量调用，生成预警", actions.detect_volume)
    alert = Alert.objects.get(license=license_)
    stage.move_to("2026-06-11 09:00")
    supervisor = cast["sjj-jiandu"]
    stage.act("监督人员确认预警", actions.acknowledge_alert, alert_id=alert.id, actor=supervisor)
    stage.act(
        "先行限制调用配额为一成，最长十五个工作日",
        actions.restrict_for_alert,
        alert_id=alert.id,
        quota_factor="0.1",
        reason="夜间批量调用超过均值九倍，且有投诉称数据用于营销",
        actor=supervisor,
    )
    return alert


def _investigate(stage: Stage, cast: Cast, license_: License, alert: Alert) -> UUID:
    supervisor = cast["sjj-jiandu"]
    stage.move_to("2026-06-12 10:00")
    case = stage.act(
        "收到投诉：营销名单中出现带水印的登记数据，登记违规线索",
        actions.report_violation,
        party_id=license_.licensee_id,
        license_ids=[license_.id],
        source="COMPLAINT",
        report="投诉人提供的营销名单与许可数据逐行一致，含本许可专用水印记录三条。",
        alert_id=alert.id,
        actor=supervisor,
    )
    stage.act(
        "固定证据：带水印的名单样本，计算摘要存证",
        actions.add_evidence,
        case_id=case.id,
        name="营销名单样本.csv",
        content=b"uscc,watermark\n91320205000000001J,DD-34T-0001\n",
        source="投诉人提交",
        media_type="text/csv",
        actor=supervisor,
    )
    stage.move_to("2026-06-15 10:00")
    stage.act(
        "立案：V4 超出协议限制的应用场景使用数据",
        actions.file_case,
        case_id=case.id,
        code="V4",
        severity="SERIOUS",
        facts="将许可用于供应商准入核验的企业登记数据用于营销获客，并批量调用。",
        rule_article="数据利用协议“使用目的与应用场景”条款；开放平台管理制度",
        actor=supervisor,
    )
    stage.act("开展调查", actions.begin_investigation, case_id=case.id, actor=supervisor)
    stage.move_to("2026-06-17 10:00")
    stage.act(
        "送达处理告知书，当事人可在五个工作日内陈述申辩（端午节顺延至6月25日）",
        actions.send_hearing_notice,
        case_id=case.id,
        proposed_measure="CLOSE",
        actor=supervisor,
    )
    stage.move_to("2026-06-24 15:00")
    stage.act(
        "当事人提交陈述申辩",
        actions.receive_statement,
        case_id=case.id,
        text="我公司承认内部管理不严，营销部门擅自使用，请求从轻处理。",
        actor=cast["yhgyl-faren"],
    )
    return case.id


def _decide(stage: Stage, cast: Cast, case_id: UUID, license_: License, key: str) -> None:
    stage.move_to("2026-07-01 10:00")

    def call() -> httpx.Response:
        return stage.gate.call("D01", key=key, scenario=license_.scenario_code, limit=1)

    stage.require(call().status_code == 200, "before the decision the key still opens")
    stage.expect(
        "调查人员不能作出处理决定：系统拒绝并留痕",
        Forbidden,
        actions.decide_case,
        case_id=case_id,
        measure="CLOSE",
        reasons="违规事实清楚，证据确凿。",
        actor=cast["sjj-jiandu"],
    )
    stage.act(
        "作出处理决定：关闭数据获取权限，违约金五万元，公示一年",
        actions.decide_case,
        case_id=case_id,
        measure="CLOSE",
        reasons="当事人将许可数据用于许可场景以外的营销活动，事实清楚、证据确凿，情节严重。",
        damages_fen=5_000_000,
        answer="内部管理不严不能免除责任，从轻请求不予采纳。",
        actor=cast["sjj-jueding"],
    )
    seconds = stage.gate.wait_until(lambda answer: answer.status_code in (401, 403), 1.0, call)
    stage.tell(f"决定作出后{seconds * 1000:.0f}毫秒，网关拒绝该凭证")
    stage.act("发布公示", actions.publish_notice, case_id=case_id, actor=cast["sjj-jiandu"])


def _leave(stage: Stage, cast: Cast, license_: License) -> UUID:
    exit_case = ExitCase.objects.get(license=license_)
    agent = cast["yhgyl-jingban"]
    stage.move_to("2026-07-14 16:00")
    stage.act(
        "当事人提交销毁证明（遗漏备份）",
        actions.submit_certificate,
        exit_id=exit_case.id,
        copies=[_place("COPY", "生产库"), _place("EXTRACT", "营销部门工作站")],
        none_of=["PROCESSOR"],
        actor=agent,
        **(CERTIFICATE | {"number": "XH-2026-071", "destroyed_on": date(2026, 7, 13)}),
    )
    stage.move_to("2026-07-16 10:00")
    stage.act(
        "核验不通过：未列明备份的销毁情况",
        actions.reject_certificate,
        exit_id=exit_case.id,
        findings=["未列明加密备份的销毁方式与日期"],
        actor=cast["pt-yunying"],
    )
    stage.move_to("2026-07-20 16:00")
    stage.act(
        "当事人重新提交销毁证明，补列备份",
        actions.submit_certificate,
        exit_id=exit_case.id,
        copies=[
            _place("COPY", "生产库"),
            _place("EXTRACT", "营销部门工作站"),
            _place("BACKUP", "政务云专区备份库"),
        ],
        none_of=["PROCESSOR"],
        actor=agent,
        **(CERTIFICATE | {"number": "XH-2026-072", "destroyed_on": date(2026, 7, 17)}),
    )
    stage.move_to("2026-07-22 10:00")
    stage.act(
        "现场抽样核验通过",
        actions.verify_certificate,
        exit_id=exit_case.id,
        actor=cast["pt-yunying"],
    )
    stage.move_to("2026-07-24 10:00")
    stage.act(
        "最终结算：预付费用按违约条款不退，违约金另行追缴",
        actions.begin_final_settlement,
        exit_id=exit_case.id,
        refund_fen=0,
        damages_fen=5_000_000,
        note="依据协议违约条款，预付费用不予退还。",
        actor=cast["jys-jiesuan"],
    )
    stage.act("退出档案归档", actions.archive_exit, exit_id=exit_case.id, actor=cast["pt-yunying"])
    return exit_case.id


def _place(kind: str, location: str) -> dict[str, str]:
    return {
        "kind": kind,
        "location": location,
        "content": "企业登记与变更增量（D01）",
        "method": "多次覆写后删除",
        "destroyed_on": "2026-07-13" if kind != "BACKUP" else "2026-07-17",
    }
