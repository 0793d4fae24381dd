"""Clauses on breach, change, exit, dispute, term and the rest. Pure."""

from __future__ import annotations

from typing import Any

from contracts import vocabulary as words
from contracts.clauses.facts import TextFacts
from core.documents.chinese import ordinal

Plain = dict[str, Any]


def breach(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word measures and damages."""
    stated = terms["breach"]
    measures = [words.MEASURES[m] for m in words.MEASURE_ORDER if m in stated["measures"]]
    found = [
        "乙方有下列行为之一的，属于违约，由甲方提请主管部门记录并处理：（一）违反开放平台管理制度；"
        "（二）采用非法手段获取公共数据；（三）侵犯商业秘密、个人隐私等他人合法权益；"
        "（四）超出本协议限制的应用场景使用数据；（五）违反法律、法规、规章和本协议的其他行为。",
        f"根据情节轻重，可以采取下列措施：{'、'.join(measures)}。违法违规行为和处理措施依法予以公示。",
        f"违约可以补救的，乙方应当自收到通知之日起{stated['cure_working_days']}个工作日内改正；"
        "第（二）项、第（三）项行为不适用改正期限。",
    ]
    if stated.get("liquidated_damages_fen"):
        found.append(
            f"乙方构成严重违约的，应当支付违约金{words.amount(stated['liquidated_damages_fen'])}；"
            "违约金不足以弥补损失的，乙方应当赔偿差额，已经交纳的费用不予退还。"
        )
    found.append(
        "甲方无正当理由中断提供数据，或者提供的数据严重不符合约定的，相应期间不计费，并应当采取补救措施。"
    )
    found.append("构成违反治安管理行为或者涉嫌犯罪的，移送有关机关依法处理。")
    return found


def change(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word change, suspension and termination."""
    stated = terms["change"]
    listed = [code for code in words.CAUSES if code in stated.get("unilateral_causes", ())]
    causes = "；".join(f"（{ordinal(n)}）{words.CAUSES[c]}" for n, c in enumerate(listed, 1))
    found = [
        "变更本协议应当由各方以书面或者平台电子方式一致同意，形成新的文本并重新签署；变更不得扩大"
        "审批决定确定的数据范围和用途。",
        f"任何一方提出变更或者解除的，应当提前{stated['notice_working_days']}个工作日书面通知其他方。",
    ]
    if stated.get("class_change_suspends"):
        found.append("数据集被重新归类或者暂停开放的，相应数据自平台公告之时起暂停提供，不视为甲方违约。")
    if causes:
        found.append(f"有下列情形之一的，甲方可以书面通知解除本协议：{causes}。")
    if stated.get("demand_days"):
        found.append(f"因乙方逾期付款解除的，应当先行催告，催告期限为{stated['demand_days']}日。")
    found.append(
        "因不可抗力不能履行的，受影响方应当及时通知并提供证明；持续影响超过三十日的，任何一方可以解除。"
    )
    return found


def exit_(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word what happens to the data at the end."""
    stated = terms["exit"]
    disposal = words.DISPOSALS[stated["disposal"]]
    found = [
        "本协议期满、解除或者使用许可被撤销的，平台立即停用全部凭证，乙方立即停止使用数据。",
        f"乙方应当自停用之日起{stated['due_working_days']}个工作日内{disposal}全部数据，包括主存储、"
        "备份、缓存、日志中的数据内容以及受托单位持有的副本。",
    ]
    if stated.get("certificate"):
        found.append(
            "乙方应当提交数据销毁证明，载明数据集、副本和备份清单、销毁方法和标准、经办人、见证人和"
            "日期；甲方或者平台可以现场核验，核验不合格的，乙方应当重新销毁。"
        )
    if stated.get("secrecy_survives"):
        found.append("保密义务、禁止重识别义务和违约责任在本协议终止后继续有效。")
    found.append("不包含原始内容的衍生成果，乙方可以继续保有和使用。")
    return found


def dispute(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the settlement of disputes: exactly one way."""
    stated = terms["dispute"]
    way = (
        f"向{stated['place']}有管辖权的人民法院提起诉讼"
        if stated["method"] == "COURT"
        else f"提交{stated['place']}仲裁，仲裁裁决是终局的"
    )
    return [
        "本协议适用中华人民共和国法律。",
        f"因履行本协议发生争议的，各方应当协商解决；协商不成的，{way}。",
        "争议解决期间，不涉及争议的条款继续履行；主管部门依法采取的监管措施不因争议停止执行。",
    ]


def duration(terms: Plain, _facts: TextFacts) -> list[str]:
    """Word the term; the day of effect comes with the last signature."""
    stated = terms["term"]
    found = [
        f"本协议自各方全部签署之日起生效，有效期{stated['months']}个月，"
        "生效日期和届满日期以平台记载并打印于签署文本的日期为准。"
    ]
    if stated.get("renewal_window_days"):
        found.append(
            f"乙方需要续期的，应当在期满前{stated['renewal_window_days']}日内提出；评估合格、"
            "报告完备且应用场景不变的，可以续签。"
        )
    found.append("使用许可的期限不得超过本协议的期限。")
    return found


def closing(terms: Plain, facts: TextFacts) -> list[str]:
    """Word the rest: conditions, copies, the hash that is signed."""
    found = [
        f"本协议依据数据利用申请（{facts.application_number}）和审批决定（{facts.decision_number}）"
        "订立，审批决定与本协议不一致的，以要求更严格者为准。"
    ]
    if facts.conditions:
        stated = "；".join(text.strip().rstrip("。；") for text in facts.conditions)
        found.append(f"审批决定附加的下列条件是本协议的组成部分：{stated}。")
    copies = terms["dispute"].get("copies")
    if copies:
        found.append(f"本协议以电子形式订立；需要纸质文本的，一式{copies}份，具有同等效力。")
    found += [
        "附件是本协议的组成部分。各方签署的对象是本协议文本的校验值（SHA-256）；文本的任何改动都会"
        "改变校验值，改动前的签署随之失效。",
        f"协议模板版本：{facts.template}。",
    ]
    return found
