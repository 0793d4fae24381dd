"""Clauses on the duties of the parties: retention to evaluation. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts import vocabulary as words
from contracts.clauses.facts import TextFacts

Plain = dict[str, Any]


def retention(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word how long data is kept."""
    stated = terms["retention"]
    backup = stated.get("backup_days", stated["days"])
    return [
        f"乙方对取得的数据自取得之日起留存不超过{stated['days']}日，期满即行删除；"
        f"备份副本留存不超过{backup}日。",
        "乙方应当建立数据副本台账，载明存储位置、责任人、取得和删除时间，供检查时核对。",
        "法律、行政法规对保存期限另有规定的，从其规定，但不得用于本协议以外的目的。",
    ]


def desensitization(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word desensitization and the ban on re-identification."""
    stated = terms["desensitization"]
    found = ["甲方按照附件一载明的规则对数据进行脱敏后提供，脱敏规则是数据范围的组成部分。"]
    if stated["reidentification_ban"]:
        found.append(
            "乙方不得以任何方式对脱敏、去标识化或者匿名化的数据进行还原、重新识别，不得与其他数据"
            "关联以识别特定自然人或者获取商业秘密；意外识别的，应当立即停止使用并报告甲方。"
        )
    if stated.get("output_check"):
        found.append("乙方对外提供的分析结果应当先行检查，确认不包含可识别特定对象的信息。")
    if stated.get("standards"):
        found.append(f"脱敏处理参照{'、'.join(stated['standards'])}执行。")
    return found


def security(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word security duties and incident notice."""
    stated = terms["security"]
    found = [
        "乙方遵循“谁经手、谁使用、谁管理、谁负责”的原则，建立全流程数据安全管理制度，至少采取下列"
        f"措施：{words.listed(words.CONTROLS, stated.get('controls', ()))}。",
        f"乙方应当完整记录数据的访问、加工、导出和删除操作，日志留存不少于"
        f"{stated['log_retention_months']}个月，并防止篡改。",
        "发生或者可能发生数据泄露、篡改、丢失、非法使用的，乙方应当立即采取补救措施，"
        f"并在{stated['incident_notice_hours']}小时内书面报告甲方、平台和主管部门。",
    ]
    if stated.get("named_officer"):
        found.append("乙方应当指定数据安全负责人，人员变动的，自变动之日起五个工作日内告知平台。")
    found.append("甲方和平台发现安全风险的，可以立即采取限流、暂停等应急措施，并告知乙方理由。")
    return found


def audit(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the right to inspect."""
    stated = terms["audit"]
    notice = stated.get("notice_working_days", 0)
    found = [
        f"甲方、主管部门或者其委托的机构可以对乙方履行本协议的情况进行检查，提前{notice}个工作日"
        "书面通知；有证据表明可能发生严重违约或者安全事件的，可以不经事先通知进行检查。",
        "乙方应当配合检查，如实提供制度、日志、台账等材料，不得拒绝、拖延或者提供虚假材料。",
    ]
    if stated.get("watermark"):
        found.append("乙方知悉并同意平台在数据中嵌入水印、诱饵记录等溯源标识，不得去除或者破坏。")
    return found


def consent(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the consent of those the records speak of."""
    stated = terms.get("consent") or {}
    if not stated.get("datasets"):
        return [
            "本协议数据的提供不以逐条取得权利人授权为条件；数据中出现应当取得授权的信息的，"
            "乙方应当停止使用并通知甲方。"
        ]
    return [
        f"乙方使用{'、'.join(stated['datasets'])}，应当事先取得数据所涉自然人、法人或者非法人组织的"
        "书面或者电子授权，授权应当载明范围、目的、期限和撤回方式。",
        "乙方应当逐笔留存授权凭据及其编号，并在平台或者甲方查验时提交；没有取得有效授权的，不得查询"
        "相应记录。",
        "权利人撤回授权的，乙方应当自知悉之日起停止使用并删除相应数据。授权凭据的保存期限不少于"
        "协议终止后三年。",
    ]


def quality(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the quality the providers promise."""
    stated = terms["quality_sla"]
    permille = stated["availability_permille"]
    found = [
        "甲方按照国家标准和平台规范保证数据质量，质量维度包括"
        f"{words.listed(words.QUALITY, stated.get('dimensions', ()))}。",
        f"平台接口月度可用率不低于{Decimal(permille) / 10:.1f}%，事先公告的维护时间除外。",
    ]
    promised = [
        text
        for code, own in sorted(stated.get("datasets", {}).items())
        if (text := _promise(code, own))
    ]
    if promised:
        found.append("各数据集的更新与质量要求：" + "；".join(promised) + "。")
    found.append(
        "乙方发现数据错误、缺失、更新延迟的，可以通过平台提出，甲方应当自收到之日起"
        f"{stated.get('repair_working_days', 5)}个工作日内核实并答复；"
        "因数据质量造成的调用失败不计费。"
    )
    return found


def _promise(code: str, own: Plain) -> str:
    texts = []
    if own.get("update_frequency"):
        texts.append(f"{words.FREQUENCIES.get(own['update_frequency'], '按目录')}更新")
    if own.get("completeness_percent") is not None:
        texts.append(f"完整率不低于{own['completeness_percent']}%")
    if own.get("accuracy_percent") is not None:
        texts.append(f"准确率不低于{own['accuracy_percent']}%")
    return f"{code}{'，'.join(texts)}" if texts else ""


def fee(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word prices, statements and payment."""
    stated = terms["fee"]
    if stated.get("free_of_charge"):
        return [
            "本协议数据用于公共治理、公益事业，依照国家有关规定免费提供，甲方不收取数据使用费。",
            "乙方改变用途类别的，应当重新申请，并按照届时的价格标准付费。",
        ]
    prices = [
        f"{item['code']}：{price_text(stated.get('datasets', {}).get(item['code'], {}))}"
        for item in terms["scope"]["datasets"]
    ]
    found = [
        "乙方按照下列标准支付数据使用费（含税）：" + "；".join(prices) + "。",
        f"费用{words.CYCLES[stated['cycle']]}结算。平台于次期出具对账单，乙方应当自收到之日起"
        f"{stated.get('confirm_working_days', 5)}个工作日内确认或者提出异议，逾期未提出的视为确认；"
        "异议部分不影响其余部分的支付。",
        f"乙方自对账单确认之日起{stated['payment_working_days']}个工作日内付清，"
        "收款后按照费用性质分别开具增值税发票或者财政票据。",
        "价格标准调整的，自调整生效之日起的用量按新标准执行；收费不得高于政府指导价上限。",
    ]
    if stated.get("deposit_fen"):
        found.append(f"乙方于本协议生效前交纳保证金{words.amount(stated['deposit_fen'])}。")
    return found


def price_text(own: Plain) -> str:
    """Word the price of one dataset."""
    model = own.get("model")
    if own.get("free_of_charge") or model == "FREE":
        return "免费"
    if model is None:
        return "按照平台公布的价目表执行"
    texts = []
    if own.get("base_fen") is not None:
        unit = words.BASE_UNITS[own.get("base_unit", "PRODUCT")]
        texts.append(f"每{unit}{words.amount(own['base_fen'])}")
    lower = 0
    for tier in own.get("tiers", ()):
        price = f"每次{words.unit_price(Decimal(str(tier['yuan'])))}"
        texts.append(_tier_range(lower, tier.get("up_to")) + price)
        lower = tier.get("up_to") or lower
    return f"{words.PRICE_MODELS[model]}，" + "，".join(texts)


def _tier_range(lower: int, upper: int | None) -> str:
    if upper is not None:
        return f"每月第{words.count(lower + 1)}次至第{words.count(upper)}次"
    return f"每月超过{words.count(lower)}次的部分" if lower else ""


def derived(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word who owns what is made of the data."""
    stated = terms["derived_ip"]
    found = [
        f"乙方依法依约形成的衍生成果，其知识产权和财产性权益归{words.OWNERS[stated['owner']]}；"
        "本协议数据的权利归属不因此改变。"
    ]
    if stated.get("excludes_source_content"):
        found.append("衍生成果不得包含本协议数据的原始内容，也不得可以还原出原始内容。")
    if stated.get("source_citation"):
        found.append("乙方对外提供衍生成果的，应当标明“数据来源：无锡市公共数据开放平台”及数据集名称。")
    found.append("乙方不得声称衍生成果由甲方或者主管部门认可、推荐或者担保。")
    return found


def reporting(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the usage reports."""
    stated = terms["reporting"]
    return [
        f"乙方每{stated['every_months']}个月提交一次使用情况报告，于期满后"
        f"{stated.get('due_working_days', 10)}个工作日内提交。",
        f"报告应当包括：{words.listed(words.REPORT_CONTENTS, stated.get('contents', ()))}。",
        "逾期不提交或者报告不实的，按照违约责任条款处理。",
    ]


def evaluation(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the periodic evaluation."""
    stated = terms["evaluation"]
    weights = "、".join(
        f"{word}{stated['weights'][code]}分"
        for code, word in words.INDICATORS.items()
        if code in stated.get("weights", {})
    )
    found = [
        f"主管部门组织对乙方的数据利用情况进行定期评估，首次评估于本协议生效满"
        f"{stated['first_after_months']}个月时进行，此后每{stated['cycle_months']}个月一次。"
    ]
    if weights:
        found.append(f"评估指标及分值：{weights}，满分一百分。")
    if stated.get("pass_score") is not None and stated.get("fail_score") is not None:
        found.append(
            f"得分{stated['pass_score']}分以上的为合格；{stated['fail_score']}分以上不足"
            f"{stated['pass_score']}分的限期整改；不足{stated['fail_score']}分，或者有非法获取数据、"
            "侵犯他人商业秘密和个人隐私行为的为不合格。"
        )
    found.append("评估结果作为续期、调整配额和采取监管措施的依据。")
    return found
