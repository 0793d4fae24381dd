"""How a reader chooses a look in the browser: in place, for good, and without script."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLong

from tests.screens.looking import DESK, Looker

SIGN_IN = "/sign-in/"
PANEL = ".dd-look"
# The browser tells of a change of the system with its next frame.
FOLLOWS_MS_MAX = 5_000
LOOK = """() => ['data-bs-theme', 'data-dd-text', 'data-dd-density']
  .map(name => document.documentElement.getAttribute(name))"""

AT_BODY = """new MutationObserver((_, watch) => {
  if (!document.body) return;
  window.atBody = document.documentElement.getAttribute('data-bs-theme');
  watch.disconnect();
}).observe(document, {childList: true, subtree: true});"""


def choose(page: Page, name: str, value: str) -> None:
    """Open the panel if it is closed and press a button of it."""
    if not page.locator(f"{PANEL}[open]").count():
        page.locator(f"{PANEL} > summary").click()
    page.locator(f"{PANEL} button[name='{name}'][value='{value}']").click()


def chosen_in_place(looker: Looker) -> Iterator[str]:
    """Yield what is wrong when a reader with script chooses while a form is half filled in."""
    page = looker.page
    looker.speak("zh-hans")
    page.goto(looker.base + SIGN_IN)
    page.fill("[name=username]", "half typed")
    for name, value in (("theme", "dark"), ("text", "large"), ("density", "compact")):
        choose(page, name, value)
        page.locator(f"{PANEL} button[value='{value}'][aria-pressed=true]").wait_for()
    if page.input_value("[name=username]") != "half typed":
        yield "what was typed is lost"
    if (look := page.evaluate(LOOK)) != ["dark", "large", "compact"]:
        yield f"chosen in place: {look}"
    page.reload()
    if (look := page.evaluate(LOOK)) != ["dark", "large", "compact"]:
        yield f"after a reload: {look}"
    page.locator(f"{PANEL} > summary").click()
    yield from looker.violations()
    looker.speak("en", width=DESK)
    page.goto(looker.base + SIGN_IN)
    page.locator(f"{PANEL} > summary").click()
    yield from looker.violations()


def follows_the_system(looker: Looker) -> Iterator[str]:
    """Yield what is wrong when the reader leaves the theme to the system, which then changes."""
    page = looker.page
    choose(page, "theme", "auto")
    page.locator(f"{PANEL} button[value=auto][aria-pressed=true]").wait_for()
    for scheme in ("dark", "light", "dark"):
        page.emulate_media(color_scheme=scheme)
        try:
            page.locator(f"html[data-bs-theme={scheme}]").wait_for(timeout=FOLLOWS_MS_MAX)
        except TooLong:
            yield f"the system is {scheme}, the page {page.evaluate(LOOK)[0]}"
    # It is settled before the body is there, so nothing is painted in the other theme first.
    page.add_init_script(AT_BODY)
    page.reload()
    if (theme := page.evaluate("() => window.atBody")) != "dark":
        yield f"when the body begins, the theme is {theme}"


def chosen_without_script(looker: Looker) -> Iterator[str]:
    """Yield what is wrong when a reader without script chooses."""
    page = looker.page
    for path in (SIGN_IN, "/catalog/?q=x"):
        page.goto(looker.base + path)
        for name, value in (("theme", "dark"), ("text", "larger"), ("density", "compact")):
            choose(page, name, value)
            page.wait_for_load_state()
        if (look := page.evaluate(LOOK)) != ["dark", "larger", "compact"]:
            yield f"{path}: {look}"
        if not page.url.endswith(path):
            yield f"{path}: led to {page.url}"
