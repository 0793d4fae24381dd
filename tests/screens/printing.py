"""How a screen is printed: without what only a window needs, on white, whatever the theme is."""

from __future__ import annotations

from collections.abc import Iterator

from tests.screens.looking import PAPER, THEME, Looker

PRINTED = ("application", "statement", "application_agenda")
# What guides through the product and what acts has no use on paper.
LEFT_OUT = "header.dd-top, aside.dd-side, .dd-demo, .dd-skip, .dd-actions, nav[aria-label]"
SEEN = "all => all.filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 120))"
SPLIT = """() => [...document.querySelectorAll('main tr')]
  .filter(e => e.getClientRects().length && getComputedStyle(e).breakInside !== 'avoid').length"""
GROUND = "() => getComputedStyle(document.body).backgroundColor"


def faults(looker: Looker, path: str) -> Iterator[str]:
    """Yield what is wrong with a page on A4, printed by a reader of the dark theme."""
    page = looker.page
    looker.speak("zh-hans", width=PAPER)
    page.goto(looker.base + path)
    page.evaluate(THEME, "dark")
    page.emulate_media(media="print")
    try:
        for html in page.locator(LEFT_OUT).evaluate_all(SEEN):
            yield f"printed for nothing: {html}"
        if (ground := page.evaluate(GROUND)) != "rgb(255, 255, 255)":
            yield f"the paper is {ground}"
        if rows := page.evaluate(SPLIT):
            yield f"{rows} rows may be split between pages"
        if "打印时间" not in page.locator("footer").inner_text():
            yield "the print does not say when it was made"
        yield from looker.violations(ways=(("paper", "dark"),))
    finally:
        page.emulate_media(media="screen")
        page.evaluate(THEME, "light")
