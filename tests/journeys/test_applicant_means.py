"""The applicant's drafting by other means: keys alone, no script, a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from demo import walk
from demo.cast import PASSWORD
from demo.stories import s1
from tests.journeys.conftest import World
from tests.journeys.keys import Keys
from tests.journeys.visitor import PHONE, Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
CONTENT: dict[str, Any] = s1.PLAN.content
TEXTS = ("purpose_text", "expected_products", "benefit_statement")
ITEM = s1.PLAN.items[0]
SAVE = "main .dd-sticky button.btn-primary"
SUBMIT = "main form button.btn-primary"


@pytest.fixture
def without_script(world: World, browser: Browser) -> Iterator[Visitor]:
    """Return the agent's browser with scripts blocked."""
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    visitor = Visitor(context, base=world.web)
    visitor.sign_in("xczx-jingban")
    yield visitor
    context.close()


def test_an_applicant_comes_from_the_sign_in_to_the_submission_by_keys_alone(
    world: World, person: Person
) -> None:
    world.move_to(s1.PLAN.drafted)
    agent = person("")
    agent.go("/sign-in/")
    keys = Keys(agent)
    keys.type({"username": "xczx-jingban", "password": PASSWORD})
    agent.arrive(lambda: agent.page.keyboard.press("Enter"))
    keys.enter("main a[href='/applications/new/']")
    keys.type({"scenario_name": "只用键盘的场景"})
    agent.arrive(lambda: agent.page.keyboard.press("Enter"))
    draft = agent.path.removesuffix("tasks/")
    _datasets_by_keys(keys, draft)
    _sections_by_keys(keys)

    world.move_to(s1.PLAN.submitted)
    assert agent.path == f"{draft}check/"
    keys.enter(SUBMIT)

    assert agent.path == f"{draft}sent/"
    agent.sees("申请已提交")


def _datasets_by_keys(keys: Keys, draft: str) -> None:
    keys.enter(f"main a[href='{draft}fill/datasets/']")
    keys.choose("add", ITEM["code"])
    keys.enter("main button[name='stay']")
    keys.tick(f"fields-{ITEM['code']}", *ITEM["fields"])
    keys.type({f"why-{ITEM['code']}": ITEM["justification"]})
    keys.enter(SAVE)


def _sections_by_keys(keys: Keys) -> None:
    keys.choose("purpose_class", CONTENT["purpose_class"])
    keys.type({name: CONTENT[name] for name in TEXTS})
    keys.enter(SAVE)
    keys.choose("delivery_mode", CONTENT["delivery_mode"])
    keys.choose("environment", CONTENT["environment"])
    keys.type({name: str(CONTENT[name]) for name in ("term_months", "monthly_quota")})
    keys.choose("protection_level", str(CONTENT["protection_level"]))
    keys.type({name: CONTENT[name] for name in ("protection_certificate", "region")})
    keys.enter(SAVE)
    keys.type(walk.SECURITY_PLAN)
    keys.enter(SAVE)
    keys.tick("codes", *walk.COMMITMENTS)
    keys.enter(SAVE)


def test_an_applicant_without_script_fills_in_checks_mends_and_submits(
    world: World, without_script: Visitor
) -> None:
    world.move_to(s1.PLAN.drafted)
    agent = without_script
    agent.go("/applications/new/")
    agent.fill({"scenario_name": "没有脚本的场景"})
    agent.press("开始填写")
    draft = agent.path.removesuffix("tasks/")
    _fill_in_plainly(agent, draft)

    world.move_to(s1.PLAN.submitted)
    agent.sees("提交前还需补充")
    agent.press("提交申请", status=422)
    assert agent.page.title().startswith("错误：")
    agent.sees("申请暂不能提交")
    agent.arrive(agent.page.locator(".dd-errors a[href$='#id_region']").click)
    assert agent.path == f"{draft}fill/usage/"
    agent.fill({"region": CONTENT["region"]})
    agent.press("保存并返回核对")
    assert agent.page.url.endswith(f"{draft}check/#usage-heading")
    # A change after the signature voids it, so it is given again.
    agent.arrive(agent.page.locator("main a[href*='fill/commitments/']").first.click)
    agent.tick("codes", *walk.COMMITMENTS)
    agent.press("保存并返回核对")
    agent.press("提交申请")

    assert agent.path == f"{draft}sent/"
    agent.sees("申请已提交")


def _fill_in_plainly(agent: Visitor, draft: str) -> None:
    """Fill in everything but the region; end on the check page."""
    agent.go(f"{draft}fill/datasets/")
    agent.fill({"add": ITEM["code"]})
    agent.press("添加并保存")
    agent.tick(f"fields-{ITEM['code']}", *ITEM["fields"])
    agent.fill({f"why-{ITEM['code']}": ITEM["justification"]})
    agent.press("保存并继续")
    agent.tick("purpose_class", CONTENT["purpose_class"])
    agent.fill({name: CONTENT[name] for name in TEXTS})
    agent.press("保存并继续")
    agent.tick("delivery_mode", CONTENT["delivery_mode"])
    agent.tick("environment", CONTENT["environment"])
    rest = ("term_months", "monthly_quota", "protection_level", "protection_certificate")
    agent.fill({name: str(CONTENT[name]) for name in rest})
    agent.press("保存并继续")
    agent.fill(walk.SECURITY_PLAN)
    agent.press("保存并继续")
    agent.tick("codes", *walk.COMMITMENTS)
    agent.press("保存并继续")
    assert agent.path == f"{draft}check/"


def test_a_field_that_was_changed_and_left_says_what_is_wrong_without_taking_the_focus(
    world: World, person: Person
) -> None:
    world.move_to(s1.PLAN.drafted)
    agent = person("xczx-jingban")
    agent.go("/applications/new/")
    agent.fill({"scenario_name": "离开时提示"})
    agent.press("开始填写")
    draft = agent.path.removesuffix("tasks/")
    agent.go(f"{draft}fill/usage/")
    page, term = agent.page, agent.page.locator("#id_term_months")
    keys = Keys(agent)

    keys.type({"term_months": "99"})
    page.keyboard.press("Tab")
    expect(page.locator("#id_term_months_problem")).to_be_visible()
    # The field one went on to still has the focus, and only the touched field is named.
    assert page.evaluate("() => document.activeElement.name") == "monthly_quota"
    expect(page.locator(".dd-field .dd-problem")).to_have_count(1)
    expect(term).to_have_attribute("aria-invalid", "true")
    expect(term).to_have_attribute("aria-describedby", "id_term_months_problem")

    term.fill("6")
    page.keyboard.press("Tab")
    expect(page.locator(".dd-field .dd-problem")).to_have_count(0)
    expect(term).to_have_attribute("aria-invalid", "false")


def test_on_a_phone_the_pages_of_a_draft_never_scroll_sideways(
    world: World, person: Person
) -> None:
    world.move_to(s1.PLAN.drafted)
    agent = person("xczx-jingban")
    agent.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    # Whatever others looked at on a phone is looked at here again, with long words in it.
    agent.seen_on_phone = set()
    agent.go("/applications/new/")
    agent.fill({"scenario_name": "A" * 60})
    agent.press("开始填写")
    draft = agent.path.removesuffix("tasks/")
    agent.go(f"{draft}fill/datasets/")
    agent.fill({"add": ITEM["code"]})
    agent.press("添加并保存")
    agent.tick(f"fields-{ITEM['code']}", *ITEM["fields"])
    agent.press("保存并继续")
    agent.fill({"purpose_text": "W" * 300})
    for _section in range(4):
        agent.press("保存并继续")
    assert agent.path == f"{draft}check/"
    agent.press("提交申请", status=422)
    agent.go(f"{draft}tasks/")
    assert "fill" in " ".join(agent.seen_on_phone)
