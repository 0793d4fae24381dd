"""First versions of the clauses that only some forms of contract have. Plain data, our wording."""

from __future__ import annotations

from contracts.clauses.first import First, always, given

PROCESSING = ("PROCESSING",)
FUSION = ("FUSION",)
INTERMEDIARY = ("INTERMEDIARY",)

FIRST = (
    First(
        "processing_order", "委托事项与指示", "",
        "《数据安全法》第四十条；《个人信息保护法》第二十一条",
        (
            always(
                "乙方受甲方委托，按照甲方书面指示和本协议约定的目的、方式处理数据，不得自行决定"
                "处理目的或者扩大处理范围。"
            ),
            always(
                "乙方认为甲方的指示违反法律、法规的，应当立即书面告知甲方，并可以在甲方答复之前"
                "暂停执行该项指示。"
            ),
            always(
                "委托处理产生的数据和成果均归甲方，乙方不得留存、不得用于训练自有模型或者改进自有产品。"
            ),
        ),
        PROCESSING,
    ),
    First(
        "processing_return", "委托结束与返还证明", "",
        "《个人信息保护法》第二十一条：委托终止后返还或者删除",
        (
            always(
                "委托事项完成或者本协议终止的，乙方应当{exit.disposal}全部数据及中间结果，并自完成之日起"
                "五个工作日内提交证明；甲方可以派员现场核验。"
            ),
            given(
                "!onward_transfer.sub_delegation",
                "未经甲方事先书面同意，乙方不得将委托事项的全部或者部分交由他人办理。",
            ),
        ),
        PROCESSING,
    ),
    First(
        "fusion_inputs", "各方投入与数据接入", "",
        "“数据二十条”：按贡献参与分配；公共数据与社会数据融合",
        (
            always(
                "甲方投入本协议列明的公共数据，乙方投入其合法持有的社会数据、技术和算力；"
                "各方对其投入数据的来源合法负责，并在接入前提供来源说明。"
            ),
            always(
                "融合开发在约定的使用环境内进行，任何一方不得取得对方投入数据的原始内容；"
                "特征级查询、联合计算的规则由各方在开发前书面确认。"
            ),
            always(
                "正式开发之前先行开展概念验证；概念验证不能达到约定指标的，任何一方可以退出，"
                "并按照退出条款处置数据。"
            ),
        ),
        FUSION,
    ),
    First(
        "fusion_benefits", "成果权益与收益分配", "",
        "“数据二十条”：谁投入、谁贡献、谁受益",
        (
            always(
                "融合开发形成的成果归{derived_ip.owner}；各方投入的数据及其权利仍归各自所有。"
            ),
            given(
                "derived_ip.shares_permille",
                "成果取得的净收益按照下列比例分配：{derived_ip.shares_permille}。"
                "平台按期出具分配清单，各方确认后支付。",
            ),
        ),
        FUSION,
    ),
    First(
        "listing", "中介事项与挂牌", "",
        "《数据安全法》第三十三条：数据交易中介服务机构的审核义务",
        (
            always(
                "乙方为本协议数据产品提供挂牌展示、供需撮合、合同签订协助和交付见证服务，"
                "不取得数据的持有权、使用权和经营权。"
            ),
            always(
                "乙方应当要求数据提供方说明数据来源，审核交易双方的身份，并留存审核和交易记录；"
                "未经审核的产品不得挂牌。"
            ),
            always("乙方应当如实披露产品信息和价格，不得虚构交易、操纵价格或者泄露各方商业秘密。"),
        ),
        INTERMEDIARY,
    ),
    First(
        "commission", "中介服务费与诚信交易", "",
        "《民法典》第九百六十三条、第九百六十五条：中介报酬与禁止绕过中介人",
        (
            given(
                "fee.commission_permille",
                "经乙方中介促成交易的，乙方按照成交金额（不含税）的{fee.commission_permille}‰收取"
                "中介服务费；未促成交易的，不收取费用。",
            ),
            always(
                "甲方接受乙方服务后，自知悉交易相对方之日起六个月内绕开乙方与其直接订立合同的，"
                "仍应当按照约定支付中介服务费。"
            ),
            always("费用通过平台集中清算；乙方不得在约定以外向任何一方收取费用。"),
        ),
        INTERMEDIARY,
    ),
)  # fmt: skip
