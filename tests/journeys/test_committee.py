"""The committee by hand: declare first, score once, see nothing of others before the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo import walk
from demo.stories import s3
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
SCENARIO = s3.SCENARIO
REASON = "用途合法、范围最小、措施到位。"
RECUSAL = "本人配偶任职于申请单位。"
SHEET = {f"score_{key}": str(points) for key, points in walk.FIRST_SCORES.items()}
BALLOT = {**SHEET, "vote": "FOR", "reason": REASON}


def test_a_member_declares_scores_once_and_sees_the_others_only_afterwards(
    world: World, person: Person
) -> None:
    world.move_to(s3.PLAN.voted)
    case = _a_member_declares_before_scoring(person("wyh-han"))
    _a_member_scores_once(person("wyh-han"), case)
    _a_recused_member_cannot_score(person("wyh-shen"), case)
    for name in ("wyh-zhuren", "wyh-yang", "wyh-zhu", "wyh-qin"):
        _votes(person(name), against=name == s3.PLAN.dissent)
    _sees_no_ballot(person("wyh-han"), case)
    _sees_no_ballot(person("wyh-zhuren"), case)
    world.move_to(s3.PLAN.concluded)
    _closes(person("wyh-zhuren"))
    _signs(person("wyh-mishu"))
    _signs(person("wyh-zhuren"))
    _sees_every_ballot(person("wyh-han"), case)


def _a_member_declares_before_scoring(member: Visitor) -> str:
    member.go("/desk/committee/")
    member.sees(SCENARIO)
    member.take_up(SCENARIO, duty="评审并表决")
    case = member.path.removesuffix("vote/")
    member.sees("申明利害关系后，方可查阅案卷和评分", "运河示例供应链数据有限公司")
    assert not member.has("[name=vote]")
    assert member.post(f"{case}vote/", BALLOT) in range(400, 500)
    member.go(f"{case}panel/")
    assert _row(member, "韩委员") == ["韩委员", "未申报", "—", "—", "—"]
    return case


def _a_member_scores_once(member: Visitor, case: str) -> None:
    member.go(f"{case}vote/")
    member.follow("申报")
    member.tick("choice", "none")
    member.press("申报")
    member.fill(SHEET | {"score_benefit": "11"})
    member.tick("vote", "FOR")
    member.press("提交表决", status=422)
    assert member.has(".dd-errors a[href='#id_score_benefit']")
    assert member.has(".dd-errors a[href='#id_reason']")
    member.fill({"score_benefit": SHEET["score_benefit"], "reason": REASON})
    member.press("提交表决")
    member.sees("已表决")
    member.go(f"{case}vote/")
    member.sees("您已表决")
    assert not member.has("[name=vote]")
    assert member.post(f"{case}vote/", BALLOT | {"vote": "AGAINST"}) in range(400, 500)


def _a_recused_member_cannot_score(member: Visitor, case: str) -> None:
    member.take_up(SCENARIO, duty="评审并表决")
    member.follow("申报")
    member.tick("choice", "conflict")
    member.press("申报", status=422)
    member.fill({"conflict": RECUSAL})
    member.press("申报")
    member.sees("您已回避本案")
    assert not member.has("[name=vote]")
    assert member.post(f"{case}vote/", BALLOT) in range(400, 500)
    member.go(f"{case}panel/")
    assert _row(member, "沈委员") == ["沈委员", f"回避 {RECUSAL}", "—", "—", "—"]


def _votes(member: Visitor, *, against: bool) -> None:
    member.take_up(SCENARIO, duty="评审并表决")
    member.follow("申报")
    member.tick("choice", "none")
    member.press("申报")
    member.fill({**SHEET, "reason": "收益尚待验证，建议先行试点。" if against else REASON})
    member.tick("vote", "AGAINST" if against else "FOR")
    member.press("提交表决")


def _sees_no_ballot(member: Visitor, case: str) -> None:
    member.go(f"{case}panel/")
    member.sees("应表决5人，已表决5人", "已达法定人数")
    for name in ("蒋主任", "韩委员", "杨委员", "朱专家", "秦专家"):
        assert _row(member, name)[1:] == ["已表决", "—", "—", "—"]
    assert REASON not in member.page.content()


def _closes(chair: Visitor) -> None:
    chair.take_up(SCENARIO, duty="结束表决")
    chair.press("结束表决并生成会议纪要")
    chair.sees("审查委员会同意")


def _signs(signer: Visitor) -> None:
    signer.take_up(SCENARIO, duty="签署会议纪要")
    signer.press("签署会议纪要")
    signer.sees("会议纪要已签署")


def _sees_every_ballot(member: Visitor, case: str) -> None:
    member.go(f"{case}panel/")
    total = str(sum(walk.FIRST_SCORES.values()))
    member.sees("审查委员会同意", total)
    assert _row(member, "韩委员")[1:] == ["已表决", "同意", total, REASON]
    assert _row(member, "秦专家")[2] == "不同意"
    assert _row(member, "沈委员")[1:] == [f"回避 {RECUSAL}", "—", "—", "—"]


def _row(member: Visitor, name: str) -> list[str]:
    """Return what the vote board says of one member."""
    row = member.page.locator("main tbody tr").filter(has_text=name)
    cells = [" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()]
    return [cells[0].split(" ")[0], *cells[1:]]
