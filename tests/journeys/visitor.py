"""
A person at a browser: goes, reads, fills in, presses; every page on the way is inspected.

An inspected page has one main heading, nothing in the console (which is also where a breach of
the content security policy shows), no request to another host, no sideways scrolling at desk or
phone width, and no English sentence or raw key on a Chinese page.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Response
from playwright.sync_api import TimeoutError as TooLong

from demo.cast import PASSWORD
from tests.journeys.shoot import IDS, RAW, WIDE

WAIT_MS_MAX = 20_000
# Effects of an act on other desks are brought by the worker, a moment later.
DELIVERY_SECONDS_MAX = 20.0
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 375, "height": 740}
# Said by the browser itself about an answer that we expect to be a refusal.
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")

# Where a press went that opened nothing: what has the focus since, and how far the page is.
PRESSED = """() => {
  const e = document.activeElement;
  return `the focus is at ${e ? e.outerHTML.slice(0, 120) : 'nothing'}, scrolled to `
    + `${Math.round(scrollY)} of ${document.documentElement.scrollHeight - innerHeight}`;
}"""


class Visitor:
    """One person's browser window."""

    # Kinds of pages looked at on a phone already, by anybody: once each is enough.
    seen_on_phone: set[str] = set()

    def __init__(self, context: BrowserContext, *, base: str) -> None:
        self.context = context
        self.base = base
        self.page: Page = context.new_page()
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        self.page.set_default_timeout(WAIT_MS_MAX)
        # A field that is filled in is scrolled to smoothly, and at the end of the page the bar with
        # the buttons rises. A press that hits what still moves is lost; where scripts are blocked
        # the driver cannot even see it.
        self.page.emulate_media(reduced_motion="reduce")
        self.noise: list[str] = []
        self.page.on("console", lambda m: self._hear(m.text) if m.type != "log" else None)
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        self.page.on("request", lambda r: self._watch(r.url))
        # Leaving a half-filled form asks; a person who means it says yes.
        self.page.on("dialog", lambda dialog: dialog.accept())

    @property
    def path(self) -> str:
        """The address of the page on screen, without the host."""
        return urlsplit(self.page.url).path

    def sign_in(self, username: str) -> None:
        """Sign in with user name and password."""
        self.go("/sign-in/")
        self.fill({"username": username, "password": PASSWORD})
        self.press("登录", within="main")
        assert self.path == "/home/", self.text()

    def go(self, path: str, *, status: int = 200) -> None:
        """Open an address of the product, given without the host."""
        answer = self.page.goto(self.base + path)
        self._inspect(answer, status=status)

    def follow(self, text: str, *, within: str = "main") -> None:
        """Follow the first link that reads so."""
        self._click(self._named("link", text, within))

    def press(self, text: str, *, within: str = "main", status: int = 200) -> None:
        """Press the button that reads so."""
        self._click(self._named("button", text, within), status=status)

    def arrive(self, act: Callable[[], object], *, status: int = 200) -> None:
        """Do what leads to another page, and look at that page."""
        before, sent = self.page.url, []
        self.page.on("request", hear := lambda request: sent.append(request.url))
        try:
            with self.page.expect_navigation(wait_until="load") as going:
                act()
        except TooLong as error:
            told = f"asked for {sent}" if sent else self.page.evaluate(PRESSED)
            raise AssertionError(f"{before}: the act led nowhere; {told}") from error
        finally:
            self.page.remove_listener("request", hear)
        self._inspect(going.value, status=status)

    def take_up(self, matter: str, *, duty: str = "") -> None:
        """Open what waits on the work list in this matter, as soon as it does."""
        rows = self.page.locator("#work tbody tr").filter(has_text=matter).filter(has_text=duty)
        self._await("/home/", lambda: rows.count() > 0, f"{duty} in {matter}")
        self._click(rows.first.get_by_role("link").first)

    def open_row(self, words: str) -> None:
        """Follow the link in the first row of a list that has these words."""
        row = self.page.locator("main tbody tr").filter(has_text=words).first
        self._click(row.get_by_role("link").first)

    def finds(self, path: str, *words: str) -> None:
        """Open an address again and again until the words are there, as the worker brings them."""
        self._await(path, lambda: all(word in self.text() for word in words), " ".join(words))

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill in text fields and lists, by the names of their controls."""
        for name, value in values.items():
            control = self.page.locator(f"main [name='{name}']").first
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def tick(self, name: str, *values: str) -> None:
        """Tick boxes, or choose one of several."""
        for value in values or ("",):
            which = f"[value='{value}']" if value else ""
            self.page.locator(f"main [name='{name}']{which}").check()

    def text(self) -> str:
        """Return what stands on the page."""
        return self.page.inner_text("main")

    def sees(self, *words: str) -> bool:
        """Say whether every one of the words stands on the page."""
        missing = [word for word in words if word not in self.text()]
        assert not missing, f"{self.path} lacks {missing}:\n{self.text()}"
        return True

    def has(self, selector: str) -> bool:
        """Say whether the page has such a part."""
        return self.page.locator(selector).count() > 0

    def post(self, path: str, values: Mapping[str, str]) -> int:
        """Send a form that the page does not offer, as a tamperer would; return the status."""
        cookies = {c["name"]: c["value"] for c in self.context.cookies()}
        answer = self.context.request.post(
            self.base + path,
            form={**values, "csrfmiddlewaretoken": cookies["csrftoken"]},
            headers={"Referer": self.base + path},
            max_redirects=0,
        )
        return answer.status

    def download(self, text: str, target: Path) -> Path:
        """Follow a link to a file and keep the file."""
        href = self._named("link", text, "main").get_attribute("href") or ""
        answer = self.context.request.get(self.base + href)
        assert answer.status == 200, f"{href}: {answer.status}"
        assert answer.headers["content-type"] == "application/pdf"
        target.write_bytes(answer.body())
        return target

    def _await(self, path: str, satisfied: Callable[[], bool], what: str) -> None:
        began = time.monotonic()
        self.go(path)
        while not satisfied():
            waited = time.monotonic() - began
            assert waited < DELIVERY_SECONDS_MAX, f"{path} lacks {what}:\n{self.text()}"
            time.sleep(0.1)
            self.go(path)

    def _named(self, role: str, text: str, within: str) -> Locator:
        found = self.page.locator(within).get_by_role(role, name=text)  # type: ignore[arg-type]
        assert found.count(), f"{self.path} offers no {role} “{text}”:\n{self.text()}"
        return found.first

    def _click(self, target: Locator, *, status: int = 200) -> None:
        self.arrive(target.click, status=status)

    def _hear(self, text: str) -> None:
        self.noise.append(text)

    def _watch(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.noise.append(f"request to another host: {url}")

    def _inspect(self, answer: Response | None, *, status: int) -> None:
        where = self.page.url.removeprefix(self.base)
        assert answer is not None, f"{where} does not answer"
        assert answer.status == status, f"{where}: {answer.status}\n{self.text()}"
        noise = [n for n in self.noise if status < 400 or not REFUSAL.match(n)]
        self.noise.clear()
        assert not noise, f"{where}: {noise}"
        assert self.page.locator("main h1").count() == 1, f"{where} has no main heading"
        assert not (found := self.page.evaluate(RAW)), f"{where} is not Chinese: {found}"
        self._measure(where)
        shape = IDS.sub("0", where)
        if shape not in self.seen_on_phone:
            self.seen_on_phone.add(shape)
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            self._measure(f"{where} on a phone")
            self.page.set_viewport_size(DESK)  # type: ignore[arg-type]

    def _measure(self, where: str) -> None:
        assert not (wide := self.page.evaluate(WIDE)), f"{where} is too wide: {wide}"
