"""First versions of the clauses on breach, change, exit, disputes and the rest. Plain data."""

from __future__ import annotations

from contracts.clauses.first import First, always, given

FIRST = (
    First(
        "breach", "违约责任", "breach",
        "《无锡市公共数据开放实施细则》：五类违法违规行为及限制、关闭权限；《民法典》第五百八十五条",
        (
            always(
                "乙方有下列行为之一的，属于违约，由甲方提请主管部门记录并处理：（一）违反开放平台管理"
                "制度；（二）采用非法手段获取公共数据；（三）侵犯商业秘密、个人隐私等他人合法权益；"
                "（四）超出本协议限制的应用场景使用数据；（五）违反法律、法规、规章和本协议的其他行为。"
            ),
            always(
                "根据情节轻重，可以采取下列措施：{breach.measures}。违法违规行为和处理措施依法予以公示。"
            ),
            always(
                "违约可以补救的，乙方应当自收到通知之日起{breach.cure_working_days}个工作日内改正；"
                "第（二）项、第（三）项行为不适用改正期限。"
            ),
            given(
                "breach.liquidated_damages_fen",
                "乙方构成严重违约的，应当支付违约金{breach.liquidated_damages_fen}；"
                "违约金不足以弥补损失的，乙方应当赔偿差额，已经交纳的费用不予退还。",
            ),
            always(
                "甲方无正当理由中断提供数据，或者提供的数据严重不符合约定的，相应期间不计费，"
                "并应当采取补救措施。"
            ),
            always("构成违反治安管理行为或者涉嫌犯罪的，移送有关机关依法处理。"),
        ),
    ),
    First(
        "change", "变更、中止与解除", "change",
        "《民法典》第五百四十三条、第五百六十三条；重新归类触发暂停",
        (
            always(
                "变更本协议应当由各方以书面或者平台电子方式一致同意，形成新的文本并重新签署；"
                "变更不得扩大审批决定确定的数据范围和用途。"
            ),
            always(
                "任何一方提出变更或者解除的，应当提前{change.notice_working_days}个工作日书面通知其他方。"
            ),
            given(
                "change.class_change_suspends",
                "数据集被重新归类或者暂停开放的，相应数据自平台公告之时起暂停提供，不视为甲方违约。",
            ),
            given(
                "change.causes",
                "有下列情形之一的，甲方可以书面通知解除本协议：{change.causes}。",
            ),
            given(
                "change.demand_days",
                "因乙方逾期付款解除的，应当先行催告，催告期限为{change.demand_days}日。",
            ),
            always(
                "因不可抗力不能履行的，受影响方应当及时通知并提供证明；持续影响超过三十日的，"
                "任何一方可以解除。"
            ),
        ),
    ),
    First(
        "exit", "退出与数据销毁", "exit",
        "《民法典》第五百五十八条后合同义务；2023年工作要点：健全退出机制",
        (
            always(
                "本协议期满、解除或者使用许可被撤销的，平台立即停用全部凭证，乙方立即停止使用数据。"
            ),
            always(
                "乙方应当自停用之日起{exit.due_working_days}个工作日内{exit.disposal}全部数据，包括"
                "主存储、备份、缓存、日志中的数据内容以及受托单位持有的副本。"
            ),
            given(
                "exit.certificate",
                "乙方应当提交数据销毁证明，载明数据集、副本和备份清单、销毁方法和标准、经办人、见证人和"
                "日期；甲方或者平台可以现场核验，核验不合格的，乙方应当重新销毁。",
            ),
            given(
                "exit.secrecy_survives",
                "保密义务、禁止重识别义务和违约责任在本协议终止后继续有效。",
            ),
            always("不包含原始内容的衍生成果，乙方可以继续保有和使用。"),
        ),
    ),
    First(
        "dispute", "争议解决", "dispute",
        "《民事诉讼法》第三十五条；《仲裁法》第十六条：或裁或审",
        (
            always("本协议适用中华人民共和国法律。"),
            given(
                "dispute.method=COURT",
                "因履行本协议发生争议的，各方应当协商解决；协商不成的，向{dispute.place}有管辖权的"
                "人民法院提起诉讼。",
            ),
            given(
                "dispute.method=ARBITRATION",
                "因履行本协议发生争议的，各方应当协商解决；协商不成的，提交{dispute.place}仲裁，"
                "仲裁裁决是终局的。",
            ),
            always(
                "争议解决期间，不涉及争议的条款继续履行；主管部门依法采取的监管措施不因争议停止执行。"
            ),
        ),
    ),
    First(
        "term", "协议期限", "term",
        "有条件开放协议期限不超过一年；发改数据规〔2025〕27号：授权运营期限不超过五年",
        (
            always(
                "本协议自各方全部签署之日起生效，有效期{term.months}个月，"
                "生效日期和届满日期以平台记载并打印于签署文本的日期为准。"
            ),
            given(
                "term.renewal_window_days",
                "乙方需要续期的，应当在期满前{term.renewal_window_days}日内提出；评估合格、"
                "报告完备且应用场景不变的，可以续签。",
            ),
            always("使用许可的期限不得超过本协议的期限。"),
        ),
    ),
    First(
        "closing", "附则", "",
        "《民法典》第四百六十九条；《电子签名法》第三条、第十三条",
        (
            always(
                "本协议依据数据利用申请（{application_number}）和审批决定（{decision_number}）"
                "订立，审批决定与本协议不一致的，以要求更严格者为准。"
            ),
            given("conditions", "审批决定附加的下列条件是本协议的组成部分：{conditions}。"),
            given(
                "dispute.copies",
                "本协议以电子形式订立；需要纸质文本的，一式{dispute.copies}份，具有同等效力。",
            ),
            always(
                "附件是本协议的组成部分。各方签署的对象是本协议文本的校验值（SHA-256）；"
                "文本的任何改动都会改变校验值，改动前的签署随之失效。"
            ),
            always("协议模板版本：{template}。"),
        ),
    ),
)  # fmt: skip
