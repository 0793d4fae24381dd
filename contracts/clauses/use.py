"""Clauses on what is granted and how it may be used: definitions to onward transfer. Pure."""

from __future__ import annotations

from typing import Any

from contracts import vocabulary as words
from contracts.clauses.facts import TextFacts

Plain = dict[str, Any]


def definitions(_terms: Plain, facts: TextFacts) -> list[str]:
    """Word the definitions."""
    return [
        "“公共数据”是指国家机关和法律、法规授权的具有管理公共事务职能的组织以及供水、供电、供气、"
        "公共交通等公共服务运营单位，在依法履行职责或者提供公共服务过程中收集、产生的数据。",
        "“有条件开放数据”是指对数据安全和处理能力要求较高、时效性较强或者需要持续获取，"
        "应当经申请和审查并签订数据利用协议后方可使用的公共数据。",
        "“甲方”是指本协议载明的数据开放主体；有两个以上数据开放主体的，各自就其提供的数据集"
        "享有权利、承担义务。“乙方”是指本协议载明的数据利用主体。",
        f"“主管部门”是指{facts.authority}，依法对数据开放和利用活动进行指导、监督和管理。",
        "“衍生成果”是指乙方合法使用本协议数据，经加工、分析、建模等实质性投入形成的产品、服务、"
        "模型、报告等成果。",
        "“工作日”按照国务院办公厅公布的节假日安排确定，包括调休上班的日期；期间自次日起算，"
        "至最后一日二十四时届满。",
    ]


def scope(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the datasets, fields, filters and versions."""
    found = [
        "甲方按照本协议向乙方提供下列有条件开放数据，乙方不得获取或者使用范围以外的数据集、"
        "字段和记录："
    ]
    for number, item in enumerate(terms["scope"]["datasets"], 1):
        found.append(_dataset(number, item))
    found.append("数据集版本更新而字段、级别和开放条件不变的，乙方按照本协议继续使用；字段清单见附件一。")
    return found


def _dataset(number: int, item: Plain) -> str:
    titles = {label["name"]: label["title"] for label in item.get("labels", ())}
    fields = "、".join(
        f"{titles[name]}（{name}）" if name in titles else name for name in ordered_fields(item)
    )
    level = words.LEVELS.get(item.get("level", ""), "")
    parts = [
        f"（{number}）{item['code']}《{item['title']}》，由{item['provider']}提供，"
        f"{f'敏感级别为{level}，' if level else ''}版本为第{item['version']}版，"
        f"提供方式为{words.MODES[item['mode']]}；",
        f"许可字段共{len(item['fields'])}项：{fields}",
    ]
    if item.get("transforms"):
        rules = "、".join(
            f"{titles.get(name, name)}作{words.TRANSFORMS[rule]}处理"
            for name, rule in sorted(item["transforms"].items())
        )
        parts.append(f"；提供前{rules}")
    if item.get("filters"):
        limits = "；".join(
            f"{titles.get(name, name)}限于{'、'.join(values)}"
            for name, values in sorted(item["filters"].items())
        )
        parts.append(f"；记录范围：{limits}")
    if item.get("history_months"):
        parts.append(f"；时间范围为最近{item['history_months']}个月")
    if item.get("group_size_min"):
        parts.append(f"；统计分组不少于{item['group_size_min']}个对象，不足的不予提供")
    return "".join(parts) + "。"


def ordered_fields(item: Plain) -> list[str]:
    """Return the granted fields in the order of the catalog."""
    order = [label["name"] for label in item.get("labels", ())]
    return sorted(
        item["fields"], key=lambda name: (order.index(name) if name in order else 999, name)
    )


def purpose(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the scenario and the purpose."""
    stated = terms["purpose"]
    found = [
        f"乙方仅可将本协议数据用于下列应用场景：{stated['scenario_name']}"
        f"（场景编号：{stated['scenario_code']}），用途类别为"
        f"{words.PURPOSES[stated['purpose_class']]}。一个协议对应一个应用场景。"
    ]
    if stated.get("purpose_text"):
        found.append(f"用途说明：{stated['purpose_text'].strip().rstrip('。')}。")
    if stated.get("products"):
        found.append(f"预期形成的产品或者服务：{stated['products'].strip().rstrip('。')}。")
    found += [
        "乙方每次调用数据均应当携带本协议载明的场景编号；未携带或者编号不一致的，平台予以拒绝并记录。",
        "乙方变更应用场景或者用途类别的，应当重新提出申请，不得以协议变更或者续期代替。",
    ]
    return found


def rights(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word holding, use and operating rights."""
    stated = terms["rights"]
    holding = "取得" if stated["holding"] else "不取得"
    operate = "取得" if stated["operate"] else "不取得"
    found = [
        f"数据持有权：乙方{holding}数据持有权。除履行本协议所必需的存储外，乙方不得以持有人名义"
        "处分本协议数据。",
        f"数据使用权：乙方{'取得' if stated['use'] else '不取得'}非排他的数据使用权，"
        "可以在约定的应用场景内加工、分析和利用数据，不得再许可。",
        f"数据经营权：乙方{operate}数据经营权"
        + ("。" if stated["operate"] else "，不得转售、出租本协议数据，不得以之对外提供数据接口。"),
    ]
    if stated.get("internal_only"):
        found.append("本协议数据限于乙方内部使用。")
    return found


def delivery(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word how data is delivered and to whom."""
    stated = terms["delivery"]
    return [
        "甲方通过公共数据开放平台提供数据，不以平台以外的方式提供。返回格式包括"
        f"{'、'.join(stated['formats'])}。",
        "乙方应当先行登记调用数据的应用，经平台审核后领取调用凭证；登记的应用不超过"
        f"{stated.get('clients_max', 1)}个。凭证仅限登记的应用使用，不得出借、共享或者转让。",
        "乙方应当妥善保管凭证；发生泄露或者可能泄露的，应当立即通知平台停用，停用前以该凭证"
        "进行的调用视为乙方的调用。",
    ]


def quota(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the limits of each dataset."""
    limits = [
        f"{item['code']}：{limit_text(limit_of(terms, item['code']))}"
        for item in terms["scope"]["datasets"]
    ]
    return [
        f"各数据集的调用限额为：{'；'.join(limits)}。",
        f"当月用量达到限额的{terms['quota']['warn_percent']}%时，平台向乙方提示；达到限额后，"
        "平台停止提供至次月，乙方可以提出变更申请。",
        "计量以平台记录为准。平台原因造成的失败调用以及六十秒内的重试不计入收费用量。",
    ]


def limit_of(terms: Plain, code: str) -> dict[str, int]:
    """Return the limits of one dataset, the stricter of own and general."""
    general = terms["quota"].get("every", {})
    own = terms["quota"].get("datasets", {}).get(code, {})
    return {
        name: min(values)
        for name in ("per_month", "per_day", "rate_per_second", "rows_per_call")
        if (values := [limits[name] for limits in (general, own) if name in limits])
    }


def limit_text(limit: dict[str, int]) -> str:
    """Word the limits of one dataset."""
    shapes = {
        "per_month": "每月不超过{}次",
        "per_day": "每日不超过{}次",
        "rate_per_second": "每秒不超过{}次",
        "rows_per_call": "每次返回不超过{}条",
    }
    return "，".join(
        shape.format(words.count(limit[name])) for name, shape in shapes.items() if name in limit
    )


def environment(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word where the data may be worked on."""
    stated = terms["environment"]
    found = [f"本协议数据的使用环境不得宽于“{words.MODES[stated['mode']]}”；各数据集的提供方式更为"
             "严格的，从其规定。"]
    if stated.get("protection_level"):
        found.append(
            f"乙方处理本协议数据的信息系统应当符合网络安全等级保护第{_numeral(stated)}级以上要求，"
            "并在协议期限内保持有效。"
        )
    found.append(
        "采用安全沙箱方式的，原始数据不得移出沙箱，输出结果须经平台检查；采用仅核验方式的，平台只返回"
        "核验结果，乙方不得以批量、枚举等方式推断原始数据。"
    )
    return found


def _numeral(stated: Plain) -> str:
    return "零一二三四"[stated["protection_level"]]


def region(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word where the data may be stored and processed."""
    stated = terms["region"]
    place = stated.get("declared")
    declared = f"乙方申报的存储和处理地点为：{place}。" if place else ""
    border = (
        "乙方向境外提供本协议数据的，应当依法另行办理手续。"
        if stated["cross_border"]
        else "乙方不得向境外提供本协议数据，也不得允许境外机构、人员访问。"
    )
    return [
        f"本协议数据应当存储和处理于{words.REGIONS[stated['region']]}。{declared}",
        border,
    ]


def onward_transfer(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the ban on passing data on."""
    stated = terms["onward_transfer"]
    found = ["乙方不得将本协议数据或者可以还原出本协议数据的中间数据提供、披露给任何第三方。"]
    if stated["allowed"] == "NAMED_PROCESSORS" and stated.get("processors"):
        found.append(
            f"经甲方书面同意，乙方可以委托下列单位处理：{'、'.join(stated['processors'])}；"
            "乙方对受托单位的行为承担责任，受托单位不得转委托。"
        )
    else:
        found.append("乙方不得委托第三方处理本协议数据；确需委托的，应当事先取得甲方书面同意并变更本协议。")
    found.append("乙方合并、分立、解散或者实际控制人变更的，应当提前书面告知甲方和主管部门。")
    return found
