"""From the name of a page to its screens: as which reader it is opened, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.screens.looking import Looker, head_of

# Titles seen so far, with the address that has each.
titles: dict[str, str] = {}


def look_at(scene: Any, window: Callable[[str], Looker], route: str) -> list[str]:
    """Return what is wrong with a page as the first reader who may open it sees it."""
    url = scene.addresses.get(route)
    assert url, f"{route}: build a sample for it in tests/screens/scene.py"
    reader, answer = next(scene.readers(url), ("", None))
    assert answer is not None, f"{route}: nobody may open {url}; build a sample somebody may"
    if head_of(answer) != "text/html":
        return []
    looker = window(reader)
    found = looker.look(url)
    title = looker.title()
    if (other := titles.setdefault(title, route)) != route:
        found.append(f"the title “{title}” is that of {other} too")
    return [f"{url} as {reader}: {text}" for text in found + looker.look_in_english(url)]
