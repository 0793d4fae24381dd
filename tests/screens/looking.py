"""
How a screen is looked at: in both themes, on a desk and on a phone, in both languages.

A page is opened once for each language; theme and width change in place, every panel of it is
opened, and axe runs in each of the four. A finding is a sentence; a screen without fault has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.journeys.shoot import RAW, WIDE
from tests.screens.written import CHINESE_TEXTS, HAN, Written

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 375, "height": 740}
# A4 without its margins, at 96 dots an inch.
PAPER = {"width": 672, "height": 986}
SIZES = {"desk": DESK, "phone": PHONE, "paper": PAPER}
ALL_WAYS = (("desk", "light"), ("desk", "dark"), ("phone", "dark"), ("phone", "light"))
BOTH_THEMES_AND_WIDTHS = (("desk", "light"), ("phone", "dark"))
DARK_ON_A_DESK = (("desk", "dark"),)
WAIT_MS_MAX = 30_000
# Levels A and AA of WCAG 2.0, 2.1 and 2.2.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# The style sheets are read for one rule alone, which theme and width do not change.
LOOK = """async ({tags, preload}) => {
  const found = await axe.run(document, {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload,
  });
  return found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(
    node => `${rule.id}: ${node.html.slice(0, 160)} — ${node.failureSummary.slice(0, 300)}`));
}"""
THEME = "name => document.documentElement.setAttribute('data-bs-theme', name)"
# What is folded is looked at too; what hangs over the page would hide what is under it.
UNFOLD = "() => document.querySelectorAll('main details').forEach(e => { e.open = true; })"
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of [45]\d\d")
TITLES_OF_ERRORS = ("错误：", "Error:")


class Looker:
    """One reader's window, kept open from screen to screen."""

    def __init__(
        self,
        browser: Browser,
        *,
        base: str,
        session: str,
        written: Written,
        scripts: bool = True,
    ) -> None:
        self.base = base
        self.written = written
        # Without motion a change of theme is done at once.
        self.context: BrowserContext = browser.new_context(
            locale="zh-CN",
            viewport=DESK,  # type: ignore[arg-type]
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        self.context.add_init_script(path=str(AXE))
        if session:
            self._cookie("sessionid", session)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS_MAX)
        self.noise: list[str] = []
        self.page.on("console", lambda m: self._hear(m.text) if m.type != "log" else None)
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        self.page.on("request", lambda r: self._watch(r.url))

    def look(self, path: str, *, ways: tuple[tuple[str, str], ...] = ALL_WAYS) -> list[str]:
        """Return everything that is wrong with the Chinese screen at an address."""
        self.speak("zh-hans")
        answer = self.page.goto(self.base + path)
        return self.judge(answer, status=200) + self.violations(ways=ways)

    def look_in_english(self, path: str) -> list[str]:
        """Return what is wrong with the English screen on a phone, where its words are longest."""
        self.speak("en", width=PHONE)
        answer = self.page.goto(self.base + path)
        return self.judge(answer, status=200)

    def speak(self, language: str, *, width: dict[str, int] = DESK) -> None:
        """Choose language and width, and forget what was heard before."""
        self._cookie("django_language", language)
        self._resize(width)
        self.noise.clear()

    def judge(self, answer: Response | None, *, status: int) -> list[str]:
        """Return what is wrong with the page on screen, apart from what axe finds."""
        found = [n for n in self.noise if status < 400 or not REFUSAL.search(n)]
        if answer is None or answer.status != status:
            found.append(f"status {answer.status if answer else None}")
        if (heads := self.page.locator("h1").count()) != 1:
            found.append(f"{heads} main headings")
        language = self.page.locator("html").get_attribute("lang")
        if language == "en":
            texts: Iterable[str] = self.page.evaluate(CHINESE_TEXTS)
            found += [f"not English: {text}" for text in texts if not self.written.has(text)]
        elif language == "zh-CN":
            found += [f"not Chinese: {t}" for t in self.page.evaluate(RAW) if not HAN.search(t)]
        spoken = {c["name"]: c["value"] for c in self.context.cookies()}["django_language"]
        if language != {"zh-hans": "zh-CN", "en": "en"}[spoken]:
            found.append(f"lang is {language}")
        return found + self._too_wide()

    def violations(self, *, ways: tuple[tuple[str, str], ...] = ALL_WAYS) -> list[str]:
        """Return what axe finds on the page on screen, in both themes, on desk and phone."""
        self.page.evaluate(UNFOLD)
        found = []
        for place, theme in ways:
            self._resize(SIZES[place])
            self.page.evaluate(THEME, theme)
            told = {"tags": TAGS, "preload": (place, theme) == ways[0]}
            seen = self._too_wide() + self.page.evaluate(LOOK, told)
            found += [f"{theme}, {place}: {text}" for text in seen]
        self.page.evaluate(THEME, "light")
        return found

    def title(self) -> str:
        """Return the title of the window, apart from the word that says a form was refused."""
        said = self.page.title()
        for word in TITLES_OF_ERRORS:
            said = said.removeprefix(word).strip()
        return said

    def _too_wide(self) -> list[str]:
        size: Any = self.page.viewport_size
        wide = self.page.evaluate(WIDE)
        return [f"wider than {size['width']} px: {html}" for html in wide]

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
