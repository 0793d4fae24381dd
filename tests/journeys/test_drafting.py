"""Writing a draft in the browser: two windows, a lost connection, a lost session, a closed tab."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, expect

from demo.cast import PASSWORD
from demo.stories import s1
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
AGENT = "xczx-jingban"


@pytest.fixture
def second(world: World, browser: Browser) -> Visitor:
    """Return a second computer of the same office."""
    visitor = Visitor(browser.new_context(locale="zh-CN"), base=world.web)
    visitor.sign_in(AGENT)
    return visitor


def begin(world: World, agent: Visitor, name: str) -> str:
    """Begin a draft; return the address of its usage section."""
    world.move_to(s1.PLAN.drafted)
    agent.go("/applications/new/")
    agent.fill({"scenario_name": name})
    agent.press("开始填写")
    return agent.path.removesuffix("tasks/") + "fill/usage/"


def status(visitor: Visitor) -> Locator:
    """Return what the page says of its own saving."""
    return visitor.page.locator("[data-autosave-status]")


def test_what_two_people_wrote_is_merged_and_only_the_same_entry_is_asked_about(
    world: World, person: Person, second: Visitor
) -> None:
    agent = person(AGENT)
    address = begin(world, agent, "两人同写")
    agent.go(address)
    second.go(address)

    second.page.fill("[name=region]", "江苏省")
    second.page.fill("[name=monthly_quota]", "500")
    expect(status(second)).to_contain_text("已保存")

    # Another entry: both stand, and what came in is shown without a question.
    agent.page.fill("[name=protection_certificate]", "锡等保2026001")
    expect(status(agent)).to_contain_text("已并入同事的修改")
    expect(agent.page.locator("[name=region]")).to_have_value("江苏省")
    expect(agent.page.locator("[name=monthly_quota]")).to_have_value("500")

    # The same entry: a question over the page, both texts in it.
    second.page.fill("[name=region]", "长三角三省一市")
    expect(status(second)).to_contain_text("已保存")
    agent.page.fill("[name=region]", "无锡市")
    dialog = agent.page.locator("dialog[data-merge][open]")
    expect(dialog).to_contain_text("长三角三省一市")
    expect(dialog).to_contain_text("无锡市")
    # Put off, it comes back with the next attempt to save.
    agent.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    agent.page.fill("[name=region]", "江苏省无锡市")
    expect(dialog).to_contain_text("江苏省无锡市")
    agent.noise.clear()
    dialog.get_by_role("button", name="按选择保存").click()
    expect(agent.page.locator("main form [name=region]")).to_have_value("江苏省无锡市")
    expect(agent.page.locator("[name=protection_certificate]")).to_have_value("锡等保2026001")
    expect(agent.page.locator("[name=monthly_quota]")).to_have_value("500")
    second.context.close()


def test_a_lost_connection_is_said_and_the_text_is_saved_when_it_is_back(
    world: World, person: Person
) -> None:
    agent = person(AGENT)
    agent.go(begin(world, agent, "断网"))
    agent.context.set_offline(True)
    agent.page.fill("[name=region]", "断网时写的")
    expect(agent.page.locator("#draft-offline")).to_be_visible()
    expect(agent.page.locator("[name=region]")).to_have_value("断网时写的")
    agent.context.set_offline(False)
    expect(status(agent)).to_contain_text("已保存")
    expect(agent.page.locator("#draft-offline")).to_be_hidden()
    agent.noise.clear()
    agent.page.reload()
    expect(agent.page.locator("[name=region]")).to_have_value("断网时写的")


def test_who_is_signed_out_signs_in_over_the_page_and_loses_nothing(
    world: World, person: Person
) -> None:
    agent = person(AGENT)
    agent.go(begin(world, agent, "会话失效"))
    agent.context.clear_cookies(name="sessionid")
    agent.page.fill("[name=region]", "失效后写的")
    gate = agent.page.locator("#draft-sign-in")
    expect(gate).to_be_visible()
    gate.get_by_label("密码").fill("not the password")
    gate.get_by_role("button", name="登录").click()
    expect(gate.get_by_role("alert")).to_contain_text("请检查密码")
    gate.get_by_label("密码").fill(PASSWORD)
    gate.get_by_role("button", name="登录").click()
    expect(gate).to_be_hidden()
    expect(status(agent)).to_contain_text("已保存")
    agent.noise.clear()
    agent.page.fill("[name=monthly_quota]", "700")
    agent.press("保存并继续")
    agent.page.go_back()
    expect(agent.page.locator("[name=region]")).to_have_value("失效后写的")


def test_what_was_typed_before_the_tab_closed_is_offered_again_and_gone_after_leaving(
    world: World, person: Person
) -> None:
    agent = person(AGENT)
    address = begin(world, agent, "关了标签页")
    agent.go(address)
    agent.context.set_offline(True)
    agent.page.fill("[name=region]", "没来得及保存")
    # The page says so after its attempt to save, which comes later than keeping the text here.
    expect(status(agent)).to_contain_text("网络")
    agent.page.close(run_before_unload=False)
    agent.context.set_offline(False)

    again = agent.context.new_page()
    again.on("dialog", lambda dialog: dialog.accept())
    again.goto(agent.base + address)
    bar = again.locator("#draft-kept")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="恢复").click()
    expect(again.locator("[name=region]")).to_have_value("没来得及保存")
    expect(again.locator("[data-autosave-status]")).to_contain_text("已保存")
    assert again.evaluate("Object.keys(localStorage).length") == 0

    again.evaluate("localStorage.setItem('dd-draft:x:/applications/y/', '{}')")
    again.locator("details.dd-person:not(.dd-look) > summary").click()
    again.get_by_role("button", name="退出").click()
    again.wait_for_load_state()
    assert again.evaluate("Object.keys(localStorage).length") == 0
