"""The case page by keyboard: panes that remember, keys that rest, words that stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from demo.stories import s3
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]


def test_panes_remember_keys_rest_while_one_types_and_begun_words_come_back(
    world: World, person: Person
) -> None:
    world.move_to(s3.PLAN.voted)
    officer = person("sjj-shouli")
    officer.go("/desk/applications/?tab=mine")
    officer.follow(s3.SCENARIO)
    _panes_remember(officer)
    _keys_rest_while_one_types(officer)
    _begun_words_come_back(officer)


def _panes_remember(officer: Visitor) -> None:
    page = officer.page
    outline = page.locator("details[data-remember=case-outline]")
    expect(outline).to_have_attribute("open", "")
    outline.locator("summary").click()
    page.reload()
    expect(outline).not_to_have_attribute("open", "")
    expect(page.locator("details[data-remember=case-panel]")).to_have_attribute("open", "")
    outline.locator("summary").click()


def _keys_rest_while_one_types(officer: Visitor) -> None:
    page, help_ = officer.page, officer.page.locator("[data-keys]")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(help_).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(help_).not_to_have_attribute("open", "")
    _first_comment(officer).fill("")
    page.keyboard.type("d?e")
    expect(help_).not_to_have_attribute("open", "")
    assert "show=" not in page.url
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: '?', bubbles: true, isComposing: true}))"
    )
    expect(help_).not_to_have_attribute("open", "")
    page.locator("h1").click()
    page.keyboard.press("d")
    page.wait_for_url("**show=changes")


def _begun_words_come_back(officer: Visitor) -> None:
    page = officer.page
    page.goto(page.url.partition("?")[0])
    with page.expect_response(lambda answer: answer.url.endswith("/words/")) as kept:
        _first_comment(officer).fill("意见写到一半")
    assert kept.value.status == 204
    browser = page.context.browser
    assert browser is not None
    # Another computer: nothing of the first browser but who signs in.
    other = Visitor(browser.new_context(locale="zh-CN"), base=officer.base)
    other.sign_in("sjj-shouli")
    other.go(officer.path)
    expect(_area(other)).to_have_value("意见写到一半")
    other.context.close()
    _first_comment(officer).fill("")


def _first_comment(officer: Visitor) -> Locator:
    area = _area(officer)
    if not area.is_visible():
        officer.page.locator("#section-scenario .dd-say").first.locator("summary").click()
    return area


def _area(visitor: Visitor) -> Locator:
    return visitor.page.locator("#section-scenario .dd-say textarea").first
