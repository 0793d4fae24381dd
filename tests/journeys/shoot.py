"""
Take a picture of every page every demo login can reach, and name what is wrong with it.

    python -m tests.journeys.shoot http://127.0.0.1:8000 [--only person,person] [--widths 1366,375]
                                   [--people-max 2]

Walks the links from the workbench of each demo login, so pages about single things are found with
real things in them. For each page: status, console errors, requests to other hosts, sideways
overflow, English sentences on Chinese pages. Ends with 1 when anything was found.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PAGES_MAX = 120
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# Of pages that differ in their id only, this many are visited for each login.
ALIKE_MAX = 2
# Of tabs and filters of one page, this many.
VIEWS_MAX = 5
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|WX-[\w-]+|(?<=catalog/)\w+")
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const found = [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .filter(e => !e.closest('.table-responsive,.dd-strip,.dd-topnav,pre'))
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120));
  return found.length ? found : ['something that has no box of its own'];
}"""
# Two English words in a row on a Chinese page are a sentence nobody translated; a lone capitalized
# code with underscores is a key. Code, numbers and what a person typed are left out.
RAW = r"""() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const skip = 'script,style,pre,code,.dd-mono,.dd-pairs,.dd-lang,[lang]:not(html)';
    if (!parent || parent.closest(skip))
      continue;
    const text = walk.currentNode.textContent.trim();
    if (/\b[A-Za-z]{3,} [a-z]{2,}\b/.test(text) || /\b[A-Z]{3,}_[A-Z_]{3,}\b/.test(text))
      found.push(text.slice(0, 80));
  }
  return [...new Set(found)].slice(0, 5);
}"""


@dataclass
class Walk:
    """What one run has seen."""

    base: str
    folder: Path
    widths: list[int]
    problems: list[str] = field(default_factory=list)
    shapes: set[str] = field(default_factory=set)
    # How many people look at each kind of page in each language; 0 is everybody.
    people_max: int = 0
    looks: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    pictures: int = 0

    def is_known(self, shape: str, *, language: str, who: str) -> bool:
        """Say whether enough others have looked at this kind of page; note who looks now."""
        people = self.looks.setdefault((shape, language), set())
        if self.people_max and who not in people and len(people) >= self.people_max:
            return True
        people.add(who)
        return False


def main() -> int:
    """Walk every login in every language at every width; return 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("base")
    parser.add_argument("--only", default="")
    parser.add_argument("--widths", default="1366,375")
    parser.add_argument("--languages", default="zh,en")
    parser.add_argument("--folder", default="var/screens")
    parser.add_argument("--people-max", type=int, default=0)
    options = parser.parse_args()
    walk = Walk(options.base.rstrip("/"), Path(options.folder), _numbers(options.widths))
    walk.people_max = options.people_max
    walk.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        logins = [name for name in options.only.split(",") if name] or _logins(browser, walk.base)
        for language in options.languages.split(","):
            for login in ["", *logins]:
                _walk_login(browser, walk, login=login, language=language)
        browser.close()
    print(f"{walk.pictures} pictures of {len(walk.shapes)} kinds of pages in {walk.folder}")
    for problem in walk.problems:
        print("PROBLEM", problem)
    return 1 if walk.problems else 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _logins(browser: Browser, base: str) -> list[str]:
    page = browser.new_page()
    page.goto(f"{base}/sign-in/")
    buttons = page.locator(".dd-demo-logins button")
    names = [buttons.nth(n).get_attribute("value") or "" for n in range(buttons.count())]
    page.close()
    return list(dict.fromkeys(names))


def _walk_login(browser: Browser, walk: Walk, *, login: str, language: str) -> None:
    context = browser.new_context(viewport={"width": walk.widths[0], "height": 768})
    page = context.new_page()
    seen: list[str] = []
    page.on("console", lambda m: seen.append(_said(m)) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda r: None if _is_ours(r.url, walk.base) else seen.append(r.url))
    if login:
        page.goto(f"{walk.base}/sign-in/")
        page.click(f".dd-demo-logins button[value='{login}']")
    if language != "zh":
        page.goto(f"{walk.base}/")
        page.click(f".dd-lang button[value='{LANGUAGES[language]}']")
    waiting, visited, alike = ["/home/" if login else "/", "/"], set[str](), dict[str, int]()
    who = login or "visitor"
    while waiting and len(visited) < PAGES_MAX:
        path = waiting.pop(0)
        shape = IDS.sub("0", path.partition("?")[0]) + ("?" if "?" in path else "")
        most = VIEWS_MAX if "?" in path else ALIKE_MAX
        if path in visited or alike.get(shape, 0) >= most:
            continue
        if path != "/home/" and walk.is_known(shape, language=language, who=who):
            continue
        visited.add(path)
        alike[shape] = alike.get(shape, 0) + 1
        walk.shapes.add(shape)
        waiting += _look(page, walk, path=path, login=who, language=language, seen=seen)
    context.close()


def _said(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location.get('url', '')}"


def _look(
    page: Page, walk: Walk, *, path: str, login: str, language: str, seen: list[str]
) -> list[str]:
    seen.clear()
    where = f"{login} {language} {path}"
    try:
        answer = page.goto(walk.base + path)
    except Error as error:
        if "Download is starting" in str(error):
            return []
        raise
    if answer is not None and "text/html" not in answer.headers.get("content-type", ""):
        return []
    if answer is None or answer.status != 200:
        walk.problems.append(f"{where}: status {answer.status if answer else 'none'}")
    name = re.sub(r"[^A-Za-z0-9]+", "_", IDS.sub("0", path)).strip("_")[:60] or "front"
    for width in walk.widths:
        page.set_viewport_size({"width": width, "height": 768})
        wide = page.evaluate(WIDE)
        if wide:
            walk.problems.append(f"{where} at {width}: too wide {wide}")
        page.screenshot(
            path=str(walk.folder / f"{name}_{login}_{language}_{width}.png"), full_page=True
        )
        walk.pictures += 1
    page.set_viewport_size({"width": walk.widths[0], "height": 768})
    raw = page.evaluate(RAW) if language == "zh" else []
    if raw:
        walk.problems.append(f"{where}: not Chinese {raw}")
    if seen:
        walk.problems.append(f"{where}: console {seen[:3]}")
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    return [_path(link) for link in links if _is_page(link, walk.base)]


def _path(link: str) -> str:
    # Filters and tabs are looked at too, a filter on a filter is not.
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query.count("=") == 1 else "")


def _is_page(link: str, base: str) -> bool:
    path = urlsplit(link).path
    return _is_ours(link, base) and not re.search(r"\.(pdf|csv|xlsx|json|svg)$|download", path)


def _is_ours(link: str, base: str) -> bool:
    return link.startswith((base, "data:", "blob:", "chrome"))


if __name__ == "__main__":
    sys.exit(main())
