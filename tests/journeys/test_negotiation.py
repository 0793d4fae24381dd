"""Two people negotiate in the browser: proposal, counter-proposal, comment, acceptance, redline."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import World
from tests.journeys.negotiated import SCENARIO
from tests.journeys.visitor import PHONE, Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
AGENT, OFFICER = "lxcx-jingban", "d01-zhuangang"
MORNING = "2026-10-16 09:30"
FIRST, SECOND, NOTE = "按业务需要，七日已足够。", "备份周期十日，请改为十日。", "底线是十日。"


@pytest.fixture
def negotiation(world: World, person: Person) -> str:
    """Tell the case up to the open draft; return the address of its negotiation."""
    world.tell("negotiated")
    world.move_to(MORNING)
    agent = person(AGENT)
    agent.go("/agreements/")
    agent.sees(SCENARIO, "市市场监管局")
    agent.open_row(SCENARIO)
    agent.follow("逐条协商")
    return agent.path


@pytest.fixture
def without_script(world: World, browser: Browser) -> Visitor:
    """Return the provider's officer at a browser that runs no script, on a phone."""
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    visitor = Visitor(context, base=world.web)
    visitor.sign_in(OFFICER)
    visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return visitor


def test_a_proposal_is_countered_talked_about_and_agreed_by_two_people(
    negotiation: str, person: Person, without_script: Visitor
) -> None:
    agent, officer = person(AGENT), person(OFFICER)
    agent.sees("现在轮到", "定稿或者提出修改", "签订期限")
    _proposes(agent)
    _counters(officer)
    _talks(agent, officer, negotiation)
    _accepts(agent, negotiation)
    _answers_without_a_script(agent, without_script, negotiation)
    officer.go(negotiation)
    officer.press("定稿待签")
    officer.go(negotiation.removesuffix("negotiation/"))
    officer.sees("待签署")
    without_script.context.close()


def _proposes(agent: Visitor) -> None:
    clause = agent.page.locator("#clause-retention")
    agent.arrive(clause.get_by_role("link", name="提出修改").click)
    agent.fill({"retention__days": "7", "reason": FIRST})
    agent.press("提交建议")
    agent.sees("修改建议已送达相关方", "待答复", FIRST)
    # Nobody answers its own proposal; the whole clause shows what would change.
    clause = agent.page.locator("#clause-retention")
    assert clause.get_by_role("button", name="接受").count() == 0
    expect(clause.locator("p.dd-redlined ins")).to_contain_text("7")


def _counters(officer: Visitor) -> None:
    officer.take_up(FIRST)
    officer.sees(FIRST, "对文本的影响")
    officer.follow("反建议")
    assert officer.page.locator("[name=retention__days]").input_value() == "7"
    officer.fill({"retention__days": "10", "reason": SECOND})
    officer.press("提交反建议")
    officer.sees("反建议已提交", SECOND)


def _talks(agent: Visitor, officer: Visitor, negotiation: str) -> None:
    agent.go(negotiation)
    agent.sees("现在轮到您")
    _says(agent, NOTE)
    agent.sees("仅本方可见", NOTE)
    _says(agent, "十日是否含节假日？", to_all=True)
    officer.go(negotiation)
    officer.sees("十日是否含节假日？")
    assert NOTE not in officer.text()
    thread = officer.page.locator(".dd-thread").filter(has_text="十日是否含节假日？")
    thread.locator("summary").click()
    thread.locator("textarea").fill("含。")
    officer.arrive(thread.get_by_role("button", name="回复").click)
    thread = officer.page.locator(".dd-thread").filter(has_text="十日是否含节假日？")
    officer.arrive(thread.get_by_role("button", name="标记办结").click)
    officer.sees("含。", "已标记为解决")


def _says(visitor: Visitor, text: str, *, to_all: bool = False) -> None:
    clause = visitor.page.locator("#clause-retention")
    clause.locator(".dd-clause-acts summary").click()
    clause.locator("textarea[id^=say-]").fill(text)
    if to_all:
        clause.locator("[name=audience][value=all]").check()
    visitor.arrive(clause.get_by_role("button", name="保存批注").click)


def _accepts(agent: Visitor, negotiation: str) -> None:
    agent.take_up(SECOND)
    agent.sees(FIRST, SECOND, "建议与反建议")
    agent.press("接受")
    agent.sees("文本形成新版本")
    agent.go(negotiation)
    agent.sees("第2版文本")
    agent.follow("与上一版对比")
    expect(agent.page.locator("#clause-retention ins")).to_contain_text("10")
    agent.sees("第十条", "邹经办")


def _answers_without_a_script(agent: Visitor, officer: Visitor, negotiation: str) -> None:
    """Ask for an earlier notice of incidents; the officer accepts it on a phone without script."""
    agent.go(negotiation)
    clause = agent.page.locator("#clause-security")
    agent.arrive(clause.get_by_role("link", name="提出修改").click)
    agent.fill({"security__incident_notice_hours": "1", "reason": "我方能够一小时内报告。"})
    agent.press("提交建议")
    officer.go(negotiation)
    officer.press("接受")
    officer.go(negotiation)
    officer.sees("第3版文本")
