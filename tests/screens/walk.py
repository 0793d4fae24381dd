"""
From the name of a page to its screens: as which readers it is opened, and what is wrong.

A page is fetched as one person of every role in every house. Where two of them get the same set of
controls in the content (links by where they lead, buttons, fields, panels, headings and marked
parts, apart from the thing itself), the page is the same screen to both, and the first one looks.
The first screen of a page is looked at in each theme and at each width: light on a desk, dark on a
phone. All are read in both languages. The workbench is looked at by everybody, because the menu
around a page is the role's own; all but the first see it dark on a desk.

That is what every run does. With ``DATADEED_SCREENS=all``, which takes some times as long, the
first screen is looked at in both themes at both widths, and everybody else to whom a page is
another screen looks at it light on a desk and dark on a phone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.screens.errors import summary_of
from tests.screens.looking import (
    ALL_WAYS,
    BOTH_THEMES_AND_WIDTHS,
    DARK_ON_A_DESK,
    Looker,
    head_of,
)
from tests.screens.pages import controls_in, shape_of, shows_its_form
from tests.screens.sending import send

LOOKED_AT_BY_EVERYBODY = {"home"}
THOROUGH = os.environ.get("DATADEED_SCREENS") == "all"
FIRST, OTHERS = (
    (ALL_WAYS, BOTH_THEMES_AND_WIDTHS) if THOROUGH else (BOTH_THEMES_AND_WIDTHS, DARK_ON_A_DESK)
)
# Titles seen so far by language, with the screen that has each.
titles: dict[tuple[str, str], str] = {}
# Refused forms looked at by axe so far: an act with a reason looks like every other one.
shapes: set[frozenset[tuple[str, ...]]] = set()


def look_at(scene: Any, window: Callable[[str], Looker], route: str) -> list[str]:
    """Return what is wrong with a page as everybody sees it to whom it is another screen."""
    url = scene.addresses.get(route)
    assert url, f"{route}: build a sample for it in tests/screens/scene.py"
    everybody = THOROUGH or route in LOOKED_AT_BY_EVERYBODY
    readers = apart(scene.readers(url), each=route in LOOKED_AT_BY_EVERYBODY)
    found, ways = [], FIRST
    for reader in readers:
        looker = window(reader)
        said = looker.look(url, ways=ways)
        said += has_a_title_of_its_own(looker, "zh-hans", route)
        said += looker.look_in_english(url) + has_a_title_of_its_own(looker, "en", route)
        found += [f"{url} as {reader or 'a visitor'}: {text}" for text in said]
        ways = OTHERS
        if not everybody:
            return found
    opened = 200 in scene.told.values()
    assert opened, f"{route}: nobody may open {url} ({scene.told}); build a sample"
    return found


def apart(answers: Iterable[tuple[str, Any]], *, each: bool) -> Iterator[str]:
    """Yield the readers to whom an answer is a screen of its own; a file is no screen."""
    seen = set()
    for reader, answer in answers:
        if head_of(answer) != "text/html":
            continue
        controls = controls_in(answer.text)
        if each or controls not in seen:
            seen.add(controls)
            yield reader


def has_a_title_of_its_own(looker: Looker, language: str, screen: str) -> list[str]:
    """Return whose title this is too."""
    title = looker.title()
    other = titles.setdefault((language, title), screen)
    return [] if other == screen else [f"the title “{title}” is that of {other} too"]


def look_at_refused(scene: Any, window: Callable[[str], Looker], route: str) -> list[str]:
    """Return what is wrong with the answer to a form of a page that was sent without content."""
    url = scene.addresses.get(route)
    assert url, f"{route}: build a sample for it in tests/screens/scene.py"
    # Others may read what only one may send: the first who is shown the form sends it.
    readers = (name for name, answer in scene.readers(url) if shows_its_form(answer.text, url))
    reader = next(readers, None)
    if reader is None:
        return []
    looker = window(reader)
    looker.speak("zh-hans")
    answer = send(looker, url)
    found = looker.judge(answer, status=answer.status)
    if answer.status == 422:
        found += summary_of(looker)
        if (shape := shape_of(looker.page.content())) not in shapes:
            shapes.add(shape)
            found += looker.violations(ways=BOTH_THEMES_AND_WIDTHS)
    return [f"{url} as {reader or 'a visitor'}: {text}" for text in found]
