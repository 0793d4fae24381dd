"""First versions of the clauses on what is granted and how it may be used. Plain data."""

from __future__ import annotations

from contracts.clauses.first import First, always, each, given

FIRST = (
    First(
        "definitions", "定义", "",
        "《江苏省数据条例》；《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）",
        (
            always(
                "“公共数据”是指国家机关和法律、法规授权的具有管理公共事务职能的组织以及供水、供电、供气、"
                "公共交通等公共服务运营单位，在依法履行职责或者提供公共服务过程中收集、产生的数据。"
            ),
            always(
                "“有条件开放数据”是指对数据安全和处理能力要求较高、时效性较强或者需要持续获取，"
                "应当经申请和审查并签订数据利用协议后方可使用的公共数据。"
            ),
            always(
                "“甲方”是指本协议载明的数据开放主体；有两个以上数据开放主体的，各自就其提供的数据集"
                "享有权利、承担义务。“乙方”是指本协议载明的数据利用主体。"
            ),
            always(
                "“主管部门”是指{authority}，依法对数据开放和利用活动进行指导、监督和管理。"
            ),
            always(
                "“衍生成果”是指乙方合法使用本协议数据，经加工、分析、建模等实质性投入形成的产品、服务、"
                "模型、报告等成果。"
            ),
            always(
                "“工作日”按照国务院办公厅公布的节假日安排确定，包括调休上班的日期；期间自次日起算，"
                "至最后一日二十四时届满。"
            ),
        ),
    ),
    First(
        "scope", "数据范围", "scope",
        "《无锡市公共数据开放实施细则》：有条件开放数据按照审批决定的范围提供",
        (
            always(
                "甲方按照本协议向乙方提供下列有条件开放数据，乙方不得获取或者使用范围以外的数据集、"
                "字段和记录："
            ),
            each("scope.list", "{item}"),
            always(
                "数据集版本更新而字段、级别和开放条件不变的，乙方按照本协议继续使用；字段清单见附件一。"
            ),
        ),
    ),
    First(
        "purpose", "用途与应用场景", "purpose",
        "《无锡市公共数据开放实施细则》：一场景一申请，超出应用场景使用的记录并处理",
        (
            always(
                "乙方仅可将本协议数据用于下列应用场景：{purpose.scenario_name}"
                "（场景编号：{purpose.scenario_code}），用途类别为{purpose.purpose_class}。"
                "一个协议对应一个应用场景。"
            ),
            given("purpose.purpose_text", "用途说明：{purpose.purpose_text}。"),
            given("purpose.products", "预期形成的产品或者服务：{purpose.products}。"),
            always(
                "乙方每次调用数据均应当携带本协议载明的场景编号；未携带或者编号不一致的，"
                "平台予以拒绝并记录。"
            ),
            always(
                "乙方变更应用场景或者用途类别的，应当重新提出申请，不得以协议变更或者续期代替。"
            ),
        ),
    ),
    First(
        "rights", "数据权利", "rights",
        "“数据二十条”：数据资源持有权、数据加工使用权、数据产品经营权分置",
        (
            always(
                "数据持有权：乙方[rights.holding?取得][!rights.holding?不取得]数据持有权。除履行本协议"
                "所必需的存储外，乙方不得以持有人名义处分本协议数据。"
            ),
            always(
                "数据使用权：乙方[rights.use?取得][!rights.use?不取得]非排他的数据使用权，"
                "可以在约定的应用场景内加工、分析和利用数据，不得再许可。"
            ),
            always(
                "数据经营权：乙方[rights.operate?取得数据经营权。][!rights.operate?不取得数据经营权，"
                "不得转售、出租本协议数据，不得以之对外提供数据接口。]"
            ),
            given("rights.internal_only", "本协议数据限于乙方内部使用。"),
        ),
    ),
    First(
        "delivery", "交付方式", "delivery",
        "《无锡市公共数据开放实施细则》：应用接入审核后领取凭证",
        (
            always(
                "甲方通过公共数据开放平台提供数据，不以平台以外的方式提供。返回格式包括"
                "{delivery.formats}。[delivery.endpoint?接口地址为：{delivery.endpoint}。]"
            ),
            given(
                "delivery.recipients",
                "本协议数据只能由下列应用或者单位接收：{delivery.recipients}。",
            ),
            always(
                "乙方应当先行登记调用数据的应用，经平台审核后领取调用凭证；登记的应用不超过"
                "{delivery.clients}个。凭证仅限登记的应用使用，不得出借、共享或者转让。"
            ),
            always(
                "乙方应当妥善保管凭证；发生泄露或者可能泄露的，应当立即通知平台停用，停用前以该凭证"
                "进行的调用视为乙方的调用。"
            ),
        ),
    ),
    First(
        "quota", "调用配额", "quota",
        "《无锡市公共数据开放实施细则》：按照约定的数量和频次使用数据",
        (
            always("各数据集的调用限额为：{quota.limits}。"),
            always(
                "当月用量达到限额的{quota.warn_percent}%时，平台向乙方提示；达到限额后，"
                "平台停止提供至次月，乙方可以提出变更申请。[quota.total?约定调用总量的，总量用完后"
                "不再提供。]"
            ),
            always("计量以平台记录为准。平台原因造成的失败调用以及六十秒内的重试不计入收费用量。"),
        ),
    ),
    First(
        "environment", "使用环境", "environment",
        "《数据安全法》第二十七条；GB/T 22239 网络安全等级保护",
        (
            always(
                "本协议数据的使用环境不得宽于“{environment.mode}”；各数据集的提供方式更为严格的，"
                "从其规定。"
            ),
            given(
                "environment.protection_level",
                "乙方处理本协议数据的信息系统应当符合网络安全等级保护第{environment.grade}级以上要求，"
                "并在协议期限内保持有效。",
            ),
            always(
                "采用安全沙箱方式的，原始数据不得移出沙箱，输出结果须经平台检查；采用仅核验方式的，"
                "平台只返回核验结果，乙方不得以批量、枚举等方式推断原始数据。"
            ),
        ),
    ),
    First(
        "region", "地域限制", "region",
        "《数据安全法》第三十一条、第三十六条：数据出境的限制",
        (
            always(
                "本协议数据应当存储和处理于{region.region}。[region.storage?存储地点限于"
                "{region.storage}。][region.processing?处理地点限于{region.processing}。]"
                "[region.declared?乙方申报的存储和处理地点为：{region.declared}。]"
            ),
            always(
                "[region.cross_border?乙方向境外提供本协议数据的，应当依法另行办理手续。]"
                "[!region.cross_border?乙方不得向境外提供本协议数据，也不得允许境外机构、人员访问。]"
            ),
        ),
    ),
    First(
        "onward_transfer", "禁止转供", "onward_transfer",
        "《数据安全法》第三十二条；《个人信息保护法》第二十一条：委托处理及转委托须经同意",
        (
            always(
                "乙方不得将本协议数据或者可以还原出本协议数据的中间数据提供、披露给任何第三方。"
                "[onward_transfer.interfaces?乙方依其数据经营权以接口对外提供产品的，不得提供本协议"
                "数据的原始内容。]"
            ),
            given(
                "onward_transfer.allowed=NAMED_PROCESSORS&onward_transfer.processors",
                "经甲方书面同意，乙方可以委托下列单位处理：{onward_transfer.processors}；"
                "乙方对受托单位的行为承担责任，受托单位"
                "[!onward_transfer.sub_delegation?不得转委托。][onward_transfer.sub_delegation?转委托"
                "的，应当再次取得甲方书面同意。]"
                "[onward_transfer.consents?甲方的同意文件：{onward_transfer.consents}。]",
            ),
            given(
                "!onward.named",
                "乙方不得委托第三方处理本协议数据；确需委托的，应当事先取得甲方书面同意并变更本协议。",
            ),
            always(
                "乙方合并、分立、解散或者实际控制人变更的，应当提前书面告知甲方和主管部门。"
            ),
        ),
    ),
)  # fmt: skip
