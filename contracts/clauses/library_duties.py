"""First versions of the clauses on the duties of the parties. Plain data."""

from __future__ import annotations

from contracts.clauses.first import First, always, given

FIRST = (
    First(
        "retention", "留存与备份", "retention",
        "《个人信息保护法》第十九条：保存期限为实现处理目的所必要的最短时间",
        (
            always(
                "乙方对取得的数据自取得之日起留存不超过{retention.days}日，期满即行删除；"
                "备份副本留存不超过{retention.backup}日。"
            ),
            always(
                "乙方应当建立数据副本台账，载明存储位置、责任人、取得和删除时间，供检查时核对。"
            ),
            always(
                "法律、行政法规对保存期限另有规定的，从其规定，但不得用于本协议以外的目的。"
            ),
        ),
    ),
    First(
        "desensitization", "脱敏与禁止重识别", "desensitization",
        "《个人信息保护法》第七十三条；GB/T 37964-2019、GB/T 42460-2023",
        (
            always(
                "甲方按照附件一载明的规则对数据进行脱敏后提供，脱敏规则是数据范围的组成部分。"
            ),
            given(
                "desensitization.reidentification_ban",
                "乙方不得以任何方式对脱敏、去标识化或者匿名化的数据进行还原、重新识别，不得与其他数据"
                "关联以识别特定自然人或者获取商业秘密；意外识别的，应当立即停止使用并报告甲方。",
            ),
            given(
                "desensitization.output_check",
                "乙方对外提供的分析结果应当先行检查，确认不包含可识别特定对象的信息。",
            ),
            given(
                "desensitization.k_min",
                "统计、分组结果中每组对象不少于{desensitization.k_min}个，不足的应当合并或者不予输出。",
            ),
            given(
                "desensitization.standards", "脱敏处理参照{desensitization.standards}执行。"
            ),
        ),
    ),
    First(
        "security", "安全义务", "security",
        "《数据安全法》第二十七条、第二十九条；《网络安全法》第二十一条",
        (
            always(
                "乙方遵循“谁经手、谁使用、谁管理、谁负责”的原则，建立全流程数据安全管理制度，"
                "至少采取下列措施：{security.controls}。"
            ),
            always(
                "乙方应当完整记录数据的访问、加工、导出和删除操作，日志留存不少于"
                "{security.log_retention_months}个月，并防止篡改。"
            ),
            always(
                "发生或者可能发生数据泄露、篡改、丢失、非法使用的，乙方应当立即采取补救措施，"
                "并在{security.incident_notice_hours}小时内书面报告甲方、平台和主管部门。"
            ),
            given(
                "security.named_officer",
                "乙方应当指定数据安全负责人，人员变动的，自变动之日起五个工作日内告知平台。",
            ),
            always(
                "甲方和平台发现安全风险的，可以立即采取限流、暂停等应急措施，并告知乙方理由。"
            ),
        ),
    ),
    First(
        "audit", "审计与检查", "audit",
        "《无锡市公共数据开放实施细则》：对数据利用情况进行监督检查",
        (
            always(
                "甲方、主管部门或者其委托的机构可以对乙方履行本协议的情况进行检查，提前{audit.notice}个"
                "工作日书面通知；有证据表明可能发生严重违约或者安全事件的，可以不经事先通知进行检查。"
            ),
            always(
                "乙方应当配合检查，如实提供制度、日志、台账等材料，不得拒绝、拖延或者提供虚假材料。"
            ),
            given(
                "audit.watermark",
                "乙方知悉并同意平台在数据中嵌入水印、诱饵记录等溯源标识，不得去除或者破坏。",
            ),
        ),
    ),
    First(
        "consent", "授权同意", "consent",
        "《个人信息保护法》第十三条、第十五条：同意及其撤回",
        (
            given(
                "!consent.datasets",
                "本协议数据的提供不以逐条取得权利人授权为条件；数据中出现应当取得授权的信息的，"
                "乙方应当停止使用并通知甲方。",
            ),
            given(
                "consent.datasets",
                "乙方使用{consent.datasets}，应当事先取得数据所涉自然人、法人或者非法人组织的"
                "书面或者电子授权，授权应当载明范围、目的、期限和撤回方式。"
                "[consent.references?已提交的授权凭据：{consent.references}。]",
            ),
            given(
                "consent.datasets",
                "乙方应当逐笔留存授权凭据及其编号，并在平台或者甲方查验时提交；没有取得有效授权的，"
                "不得查询相应记录。",
            ),
            given(
                "consent.datasets",
                "权利人撤回授权的，乙方应当自知悉之日起停止使用并删除相应数据。授权凭据的保存期限不少于"
                "协议终止后三年。",
            ),
        ),
    ),
    First(
        "quality_sla", "数据质量", "quality_sla",
        "《无锡市公共数据开放实施细则》：规范性、完整性、准确性、一致性、时效性、可访问性",
        (
            always(
                "甲方按照国家标准和平台规范保证数据质量，质量维度包括{quality_sla.dimensions}。"
            ),
            always(
                "平台接口月度可用率不低于{quality_sla.availability}%，事先公告的维护时间除外。"
                "[quality_sla.credit_percent?未达到的，当月费用减收{quality_sla.credit_percent}%。]"
            ),
            given("quality_sla.promises", "各数据集的更新与质量要求：{quality_sla.promises}。"),
            always(
                "乙方发现数据错误、缺失、更新延迟的，可以通过平台提出，甲方应当自收到之日起"
                "{quality_sla.repair}个工作日内核实并答复；因数据质量造成的调用失败不计费。"
            ),
        ),
    ),
    First(
        "fee", "费用与结算", "fee",
        "发改价格〔2025〕65号：公共治理、公益事业免费，其他用途实行政府指导价上限",
        (
            given(
                "fee.free_of_charge",
                "本协议数据用于公共治理、公益事业，依照国家有关规定免费提供，甲方不收取数据使用费。",
            ),
            given(
                "fee.free_of_charge",
                "乙方改变用途类别的，应当重新申请，并按照届时的价格标准付费。",
            ),
            given(
                "!fee.free_of_charge",
                "乙方按照下列标准支付数据使用费（含税）：{fee.prices}。",
            ),
            given(
                "!fee.free_of_charge",
                "费用{fee.cycle}结算。平台于次期出具对账单，乙方应当自收到之日起{fee.confirm}个工作日内"
                "确认或者提出异议，逾期未提出的视为确认；异议部分不影响其余部分的支付。",
            ),
            given(
                "!fee.free_of_charge",
                "乙方自对账单确认之日起{fee.payment_working_days}个工作日内付清，"
                "收款后按照费用性质分别开具增值税发票或者财政票据。",
            ),
            given(
                "!fee.free_of_charge",
                "价格标准调整的，自调整生效之日起的用量按新标准执行；收费不得高于政府指导价上限。"
                "[fee.cap_reference?上限收费标准依据{fee.cap_reference}。][fee.caps?各数据集的上限为："
                "{fee.caps}。]",
            ),
            given(
                "!fee.free_of_charge&fee.deposit_fen",
                "乙方于本协议生效前交纳保证金{fee.deposit_fen}。",
            ),
        ),
    ),
    First(
        "derived_ip", "衍生成果", "derived_ip",
        "“数据二十条”：保护数据产品经营者的合法权益；开放平台来源标注要求",
        (
            always(
                "乙方依法依约形成的衍生成果，其知识产权和财产性权益归{derived_ip.owner}；"
                "本协议数据的权利归属不因此改变。"
                "[derived_ip.exceptions?下列成果除外：{derived_ip.exceptions}。]"
            ),
            given(
                "derived_ip.excludes_source_content",
                "衍生成果不得包含本协议数据的原始内容，也不得可以还原出原始内容。",
            ),
            given(
                "derived_ip.source_citation",
                "乙方对外提供衍生成果的，应当标明“数据来源：无锡市公共数据开放平台”及数据集名称。",
            ),
            always("乙方不得声称衍生成果由甲方或者主管部门认可、推荐或者担保。"),
        ),
    ),
    First(
        "reporting", "使用情况报告", "reporting",
        "《无锡市公共数据开放实施细则》：数据利用主体报告数据利用情况",
        (
            always(
                "乙方每{reporting.every_months}个月提交一次使用情况报告，于期满后"
                "{reporting.due}个工作日内提交。[reporting.template?报告采用{reporting.template}。]"
            ),
            always("报告应当包括：{reporting.contents}。"),
            always("逾期不提交或者报告不实的，按照违约责任条款处理。"),
        ),
    ),
    First(
        "evaluation", "定期评估", "evaluation",
        "2023年无锡市公共数据开放工作要点：健全运营评估和退出机制",
        (
            always(
                "主管部门组织对乙方的数据利用情况进行定期评估，首次评估于本协议生效满"
                "{evaluation.first_after_months}个月时进行，此后每{evaluation.cycle_months}个月一次。"
            ),
            given("evaluation.indicators", "评估指标及分值：{evaluation.indicators}，满分一百分。"),
            given(
                "evaluation.scored",
                "得分{evaluation.pass_score}分以上的为合格；{evaluation.fail_score}分以上不足"
                "{evaluation.pass_score}分的限期整改；不足{evaluation.fail_score}分，或者有非法获取"
                "数据、侵犯他人商业秘密和个人隐私行为的为不合格。",
            ),
            always("评估结果作为续期、调整配额和采取监管措施的依据。"),
        ),
    ),
)  # fmt: skip
