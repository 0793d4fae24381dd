"""
How a screen is looked at: in both themes, on a desk and on a phone, in both languages.

A finding is a sentence; a screen without fault has none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.shoot import RAW, WIDE

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 375, "height": 740}
WAIT_MS_MAX = 30_000
# Levels A and AA of WCAG 2.0, 2.1 and 2.2.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# What changes with the theme, and what with the width: the rest of a page is the same page.
OF_COLORS = ["color-contrast", "link-in-text-block"]
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
LOOK = """async only => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ['violations']});
  return found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(
    node => `${rule.id}: ${node.html.slice(0, 160)} — ${node.failureSummary.slice(0, 300)}`));
}"""
THEME = "name => document.documentElement.setAttribute('data-bs-theme', name)"
# What a page says of itself, apart from what people wrote: menus, buttons, heads of tables.
FRAME = """() => [...document.querySelectorAll(
    'nav a, button, th, main label, legend, summary, .dd-foot a')]
  .filter(e => !e.closest('[lang]:not(html)') && !e.matches('[lang]'))
  .filter(e => e.getClientRects().length && !e.closest('.dd-person,.dd-crumbs,.dd-data'))
  .map(e => e.textContent.trim()).filter(t => /[\\u4e00-\\u9fff]/.test(t)).slice(0, 5)"""
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Looker:
    """One reader's window, kept open from screen to screen."""

    def __init__(self, browser: Browser, *, base: str, session: str) -> None:
        self.base = base
        self.context: BrowserContext = browser.new_context(locale="zh-CN", viewport=DESK)  # type: ignore[arg-type]
        self.context.add_init_script(path=str(AXE))
        if session:
            self._cookie("sessionid", session)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS_MAX)
        self.noise: list[str] = []
        self.page.on("console", lambda m: self._hear(m.text) if m.type != "log" else None)
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        self.page.on("request", lambda r: self._watch(r.url))

    def look(self, path: str, *, status: int = 200) -> list[str]:
        """Return everything that is wrong with the screen at an address."""
        found = self._open(path, language="zh-hans", width=DESK, status=status)
        found += self._shape("zh-CN")
        found += [f"not Chinese: {text}" for text in self.page.evaluate(RAW)]
        found += self.violations()
        self._resize(PHONE)
        found += [f"too wide for a phone: {html}" for html in self.page.evaluate(WIDE)]
        found += self._axe("rule", OF_WIDTH, where="on a phone")
        return found

    def look_in_english(self, path: str, *, status: int = 200) -> list[str]:
        """Return what is wrong with the English screen on a phone, where its words are longest."""
        found = self._open(path, language="en", width=PHONE, status=status)
        found += self._shape("en")
        found += [f"not English: {text}" for text in self.page.evaluate(FRAME)]
        return found + [f"too wide in English: {html}" for html in self.page.evaluate(WIDE)]

    def violations(self) -> list[str]:
        """Return what axe finds on the screen as it is, light and dark."""
        self.page.evaluate(THEME, "light")
        found = self._axe("tag", TAGS, where="light")
        self.page.evaluate(THEME, "dark")
        found += self._axe("rule", OF_COLORS, where="dark")
        self.page.evaluate(THEME, "light")
        return found

    def title(self) -> str:
        """Return the title of the window."""
        return self.page.title()

    def _open(self, path: str, *, language: str, width: dict[str, int], status: int) -> list[str]:
        self._cookie("django_language", language)
        self._resize(width)
        self.noise.clear()
        answer = self.page.goto(self.base + path)
        found = [n for n in self.noise if status < 400 or not REFUSAL.match(n)]
        if answer is None or answer.status != status:
            found.append(f"status {answer.status if answer else None}")
        return found

    def _shape(self, language: str) -> list[str]:
        found = []
        if (heads := self.page.locator("h1").count()) != 1:
            found.append(f"{heads} main headings")
        if (said := self.page.locator("html").get_attribute("lang")) != language:
            found.append(f"lang is {said}")
        return found

    def _axe(self, kind: str, values: list[str], *, where: str) -> list[str]:
        only = {"type": kind, "values": values}
        return [f"{where}: {text}" for text in self.page.evaluate(LOOK, only)]

    def _resize(self, size: dict[str, int]) -> None:
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]

    def _cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.base}])

    def _hear(self, text: str) -> None:
        self.noise.append(f"console: {text}")

    def _watch(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.noise.append(f"request to another host: {url}")


def head_of(answer: Any) -> str:
    """Return the kind of content of an answer."""
    return str(answer.headers.get("content-type", "")).partition(";")[0]
