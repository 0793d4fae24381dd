"""Facts of the demonstration stories, as the renderers of documents take them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from applications import documents as applications
from contracts import documents as contracts
from core.clock import SHANGHAI
from licensing import documents as licensing
from oversight import documents as oversight
from settlement import documents as settlement

AUTHORITY = "无锡市大数据管理局"
USER, USER_USCC = "锡城示例征信科技有限公司", "913202000000DEM185"
BASIS = ("《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）",)
REMEDY = "如不服本决定，可以自收到本决定书之日起10个工作日内提出异议。"
RARE = "㛃𬭎𠅤"
SANS_ONLY = "𰻝"
URL = "http://127.0.0.1:8000/verify/WX-202610-3202-0000012-7"


def moment(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 30, tzinfo=SHANGHAI)


LICENSE = licensing.LicenseFacts(
    number="锡数许〔2026〕00012号",
    machine_id="WX-202610-3202-0000012-7",
    licensee=USER,
    licensee_uscc=USER_USCC,
    provider="无锡市市场监督管理局",
    authority=AUTHORITY,
    dataset_code="D01",
    dataset_name="企业信用综合信息",
    dataset_version="v1",
    openness_class="有条件开放类",
    sensitivity_level="L2 一般危害",
    scenario="小微企业授信核验",
    purpose_class="产业发展",
    fields=(
        licensing.LicensedField(code="uscc", name="统一社会信用代码"),
        licensing.LicensedField(code="name", name="企业名称"),
        licensing.LicensedField(code="penalty_cnt", name="行政处罚次数"),
    ),
    right_to_hold="不授予",
    right_to_use="授予，限于本场景内部使用",
    right_to_operate="不授予，不得对外提供原始数据",
    delivery="接口（API）",
    quota="每日 20,000 次，每月 400,000 次",
    environment="接口调用；网络安全等级保护三级",
    region="存储和处理限于中华人民共和国境内",
    valid_from=date(2026, 10, 20),
    valid_to=date(2027, 10, 19),
    prohibitions=(
        "不得向任何第三方转让、出租、共享或者变相提供数据。",
        "不得对数据进行重新识别。",
        "不得超出本证载明的应用场景使用数据。",
    ),
    fee_basis="阶梯计次：每月 100,000 次以内 0.05 元/次，超出部分 0.04 元/次（含税）",
    agreement_number="锡数协〔2026〕00012号",
    decision_number="锡数决〔2026〕00031号",
    issued_at=moment(10, 20),
    verification_url=URL,
    demo_seal=True,
)

DATASETS = (
    applications.RequestedDataset(
        code="D01",
        name="企业信用综合信息",
        version="v1",
        provider="无锡市市场监督管理局",
        sensitivity_level="L2 一般危害",
        fields=("统一社会信用代码", "企业名称"),
    ),
)
CASE = applications.CaseFacts(
    application_number="锡数申〔2026〕00012号",
    applicant=USER,
    applicant_uscc=USER_USCC,
    scenario="小微企业授信核验",
    purpose_class="产业发展",
    datasets=DATASETS,
    submitted_on=date(2026, 9, 14),
)


def issue(number: str, month: int, day: int) -> applications.IssueFacts:
    return applications.IssueFacts(
        authority=AUTHORITY,
        number=number,
        issued_at=moment(month, day),
        demo_seal=True,
        copies_to=("无锡市市场监督管理局",),
    )


ACCEPTANCE = applications.AcceptanceFacts(
    issue=issue("锡数受〔2026〕00012号", 9, 16),
    case=CASE,
    accepted=True,
    legal_basis=BASIS,
    deadlines=(
        applications.Deadline(step="数据提供单位审查", working_days=5, due_on=date(2026, 9, 22)),
        applications.Deadline(
            step="作出决定", working_days=20, due_on=date(2026, 10, 20), provisional=True
        ),
    ),
)
CORRECTION = applications.CorrectionFacts(
    issue=issue("锡数补〔2026〕00005号", 3, 11),
    case=CASE,
    legal_basis=BASIS,
    defects=(
        applications.Defect(
            item="数据安全方案", problem="未说明备份数据的存放位置", required="补充备份清单"
        ),
    ),
    working_days=10,
    due_on=date(2026, 3, 25),
)
DECISION = applications.DecisionFacts(
    issue=issue("锡数决〔2026〕00031号", 10, 13),
    case=CASE,
    accepted_on=date(2026, 9, 16),
    result="APPROVED_WITH_CONDITIONS",
    legal_basis=BASIS,
    reasons=("申请用途合法、正当。",),
    conditions=("不得将数据用于营销。",),
    minutes_number="锡数委纪〔2026〕00009号",
    committee_conclusion="同意有条件开放。",
    sign_by=date(2026, 11, 3),
    remedy=REMEDY,
)


def member(name: str, vote: str, score: int | None, **facts: object) -> applications.MemberVote:
    return applications.MemberVote(
        name=name,
        organization="江南大学",
        duty="委员",
        vote=vote,
        score=None if score is None else Decimal(score),
        **{"present": True, "reason": "理由充分。", **facts},  # type: ignore[arg-type]
    )


MINUTES = applications.MinutesFacts(
    number="锡数委纪〔2026〕00009号",
    authority="无锡市公共数据开放审查委员会",
    case=CASE,
    held_at=moment(10, 12),
    place="市民中心301会议室",
    chair="周慎",
    secretary="卫清",
    quorum_rule="不少于5人且不少于三分之二",
    pass_rule="三分之二以上同意且平均分不低于75分",
    members=(
        member("周慎", "同意", 88),
        member("吴明", "同意", 85),
        member("王衡", "不同意", 67, reason="收费依据尚待说明。"),
        member("冯远", "", None, recusal_reason="近两年为申请单位提供法律服务"),
        member("褚𬭎", "", None, present=False, reason=""),
    ),
    passed=True,
    conclusion="同意在“小微企业授信核验”场景下有条件使用。",
    conditions=("D07仅提供核验结果。",),
    issued_at=moment(10, 12),
    demo_seal=True,
)

TERMS_SHA256 = "ab" * 32
AGREEMENT = contracts.AgreementFacts(
    title="无锡市公共数据有条件开放利用协议",
    number="锡数协〔2026〕00012号",
    version="第1版",
    template_version="P1-2026.1",
    authority=AUTHORITY,
    parties=(
        contracts.AgreementParty(
            role="甲方",
            name="无锡市市场监督管理局",
            uscc="113202000000DEM001",
            representative="示例负责人",
        ),
        contracts.AgreementParty(
            role="乙方", name=USER, uscc=USER_USCC, representative="沈砚", address="无锡市示例路1号"
        ),
    ),
    recitals=("双方遵循平等、自愿、公平和诚实信用原则，订立本协议。",),
    clauses=tuple(
        contracts.Clause(
            title=title,
            paragraphs=(f"{title}按照附件执行，乙方不得超出约定的用途、期限和范围使用数据。" * 3,),
        )
        for title in ("使用目的和场景", "数据权利", "费用和结算", "违约责任", "争议解决")
    ),
    amounts=(contracts.AgreedAmount(label="履约保证金", amount_fen=5_000_050),),
    annexes=(
        contracts.Annex(
            title="数据集和字段清单",
            head=("编号", "字段"),
            rows=tuple(("D01", f"字段{n}") for n in range(1, 41)),
            widths=(1, 4),
        ),
    ),
    signatures=(
        contracts.Signature(
            role="甲方",
            name="无锡市市场监督管理局",
            signer="示例负责人",
            signed_at=moment(10, 20),
            terms_sha256=TERMS_SHA256,
        ),
        contracts.Signature(role="乙方", name=USER),
    ),
    terms_sha256=TERMS_SHA256,
    effective_from=date(2026, 10, 20),
    effective_to=date(2027, 10, 19),
    issued_at=moment(10, 20),
    demo_seal=True,
)


def charge(
    code: str, description: str, quantity: int, price: str, gross_fen: int
) -> settlement.ChargeLine:
    return settlement.ChargeLine(
        dataset_code=code,
        fee_type="数据使用费",
        description=description,
        quantity=Decimal(quantity),
        unit="次",
        unit_price=Decimal(price),
        gross_fen=gross_fen,
    )


STATEMENT = settlement.StatementFacts(
    number="锡数结〔2026〕00021号",
    issuer="无锡市示例数据交易有限公司",
    buyer=USER,
    buyer_uscc=USER_USCC,
    agreement_number="锡数协〔2026〕00012号",
    license_numbers=("锡数许〔2026〕00012号",),
    period_from=date(2026, 11, 1),
    period_to=date(2026, 11, 30),
    confirm_by=date(2026, 12, 8),
    pay_by=date(2026, 12, 22),
    opening_fen=0,
    usage=(
        settlement.UsageLine(
            dataset_code="D01",
            dataset_name="企业信用综合信息",
            billable=312_400,
            server_errors=4_100,
            retries=1_250,
        ),
    ),
    lines=(
        charge("D01", "第一档：100,000次以内", 100_000, "0.05", 500_000),
        charge("D01", "第二档：超过100,000次", 212_400, "0.04", 849_600),
        charge("D07", "按次", 8_200, "1.00", 820_000),
    ),
    taxes=(
        settlement.TaxLine(
            rate=Decimal("0.06"), gross_fen=2_169_600, net_fen=2_046_792, vat_fen=122_808
        ),
    ),
    gross_fen=2_169_600,
    net_fen=2_046_792,
    vat_fen=122_808,
    split_policy="以不含税金额为基数，最大余数法取整到分",
    split=tuple(
        settlement.SplitShare(party=party, account=account, share=Decimal(share), amount_fen=fen)
        for party, account, share, fen in (
            ("市财政", "国有资源有偿使用收入", "0.40", 818_717),
            ("运营机构", "运营服务收入", "0.45", 921_056),
            ("数据提供单位", "预留资金", "0.05", 102_340),
            ("数据交易机构", "清算服务收入", "0.10", 204_679),
        )
    ),
    fees=(
        settlement.FeeLine(name="交易服务费", basis="含税金额的5%", amount_fen=108_480),
        settlement.FeeLine(name="沙箱算力费", basis="固定月费", amount_fen=200_000),
    ),
    payable_fen=2_478_080,
    issued_at=moment(12, 1),
    demo_seal=True,
)


def oversight_issue(number: str, month: int, day: int) -> oversight.Issue:
    return oversight.Issue(
        authority=AUTHORITY, number=number, issued_at=moment(month, day), demo_seal=True
    )


VIOLATION = oversight.Violation(
    case_number="锡数案〔2026〕00003号",
    party="运河示例供应链数据有限公司",
    party_uscc="913202000000DEM34T",
    license_number="锡数许〔2026〕00007号",
    dataset="企业信用综合信息（D01）",
    code="V4",
    code_name="超出数据利用协议限制的应用场景",
    rule_article="《数据利用协议》第二条",
    act="经查，当事人将许可用于“供应商准入”场景的数据用于营销线索筛选。",
)
EVIDENCE = (oversight.Evidence(name="含水印数据样本", source="投诉举报", sha256="34" * 32),)
HEARING = oversight.HearingNoticeFacts(
    issue=oversight_issue("锡数告〔2026〕00003号", 6, 17),
    violation=VIOLATION,
    evidence=EVIDENCE,
    proposed_measures=("关闭数据获取权限，撤销许可证。",),
    statement_working_days=5,
    statement_due_on=date(2026, 6, 25),
    contact="监督处",
)
VIOLATION_DECISION = oversight.ViolationDecisionFacts(
    issue=oversight_issue("锡数处〔2026〕00003号", 7, 1),
    violation=VIOLATION,
    evidence=EVIDENCE,
    statement_summary="当事人陈述：系业务人员操作失误。",
    statement_answer="陈述理由不成立，不予采纳。",
    measures=("关闭数据获取权限，撤销许可证。",),
    legal_basis=BASIS,
    destruction_due_on=date(2026, 7, 22),
    publish_from=date(2026, 7, 1),
    publish_to=date(2027, 6, 30),
    remedy=REMEDY,
)
NOTICE = oversight.PublicNoticeFacts(
    issue=oversight_issue("锡数公示〔2026〕00003号", 7, 1),
    violation=VIOLATION,
    decision_number="锡数处〔2026〕00003号",
    measures=("关闭数据获取权限，撤销许可证。",),
    legal_basis=BASIS,
    publish_from=date(2026, 7, 1),
    publish_to=date(2027, 6, 30),
    repair_channel="公示期满且整改经核实的，可以申请信用修复。",
    notice_url="http://127.0.0.1:8000/notices/3",
)


def certificate(*, accepted: bool, findings: tuple[str, ...]) -> oversight.CertificateRound:
    return oversight.CertificateRound(
        certificate_number="销证-1",
        submitted_on=date(2026, 7, 14),
        method="覆写三次",
        standard="GB/T 37973-2019",
        operator="韩立",
        witness="示例公证处",
        certificate_sha256="56" * 32,
        copies=(
            oversight.DestroyedCopy(
                location="备份存储",
                content="每日备份",
                kind="备份",
                method="物理粉碎",
                destroyed_on=date(2026, 7, 18) if accepted else None,
            ),
        ),
        accepted=accepted,
        findings=findings,
        checked_by="孙核",
        checked_on=date(2026, 7, 15),
    )


DESTRUCTION = oversight.DestructionRecordFacts(
    issue=oversight_issue("锡数销核〔2026〕00003号", 7, 22),
    party=VIOLATION.party,
    party_uscc=VIOLATION.party_uscc,
    license_number=VIOLATION.license_number,
    dataset=VIOLATION.dataset,
    cause="违规关闭",
    access_closed_at="2026年7月1日 09:00",
    due_on=date(2026, 7, 22),
    rounds=(
        certificate(accepted=False, findings=("备份缺失",)),
        certificate(accepted=True, findings=()),
    ),
)
