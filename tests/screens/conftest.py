"""One scene with one of everything, served as the product is, and a browser for its readers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.serving import (
    CHROMIUM,
    CHROMIUM_WORDS,
    environment,
    free_port,
    granian,
    process,
    scratch_database,
    wait,
)
from tests.screens.looking import Looker


@dataclass
class Scene:
    """Where the screens are, and who may read them."""

    base: str
    addresses: dict[str, str]
    sessions: dict[str, str]
    # Who was let in last is asked first: neighboring pages have the same readers.
    order: list[str] = field(default_factory=list)

    def readers(self, url: str) -> Iterator[tuple[str, Any]]:
        """Yield the people the address opens for, with what they are answered."""
        for name in list(self.order):
            cookies = {"sessionid": self.sessions[name]} if self.sessions[name] else {}
            answer = httpx.get(self.base + url, cookies=cookies, timeout=30.0)
            if answer.status_code == httpx.codes.OK:
                self.order.remove(name)
                self.order.insert(0, name)
                yield name, answer


@pytest.fixture(scope="session")
def scene(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Build one of everything in a copy of the test database and serve it."""
    folder = tmp_path_factory.mktemp("screens")
    with django_db_blocker.unblock(), ExitStack() as stack:
        name = stack.enter_context(scratch_database("screens"))
        web = free_port()
        surroundings = environment(folder, database=name, web=web, gate=free_port())
        builder = stack.enter_context(
            process(["-m", "tests.screens.scene", str(folder)], surroundings)
        )
        stack.enter_context(process(granian("wsgi", web), surroundings))
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"ready\n", "the scene was not built; see above"
        told = json.loads((folder / "scene.json").read_text(encoding="utf-8"))
        base = f"http://127.0.0.1:{web}"
        wait(f"{base}/sign-in/")
        yield Scene(base, told["addresses"], told["sessions"], list(told["sessions"]))


@pytest.fixture
def _django_db_helper() -> None:
    """Open no connection in this process: the mark of a screen only asks for the database."""


@pytest.fixture(scope="module")
def window(scene: Scene) -> Iterator[Any]:
    """Return a function that gives the window of a reader, by name."""
    with sync_playwright() as play:
        browser: Browser = play.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_WORDS)
        )
        known: dict[str, Looker] = {}

        def one(name: str) -> Looker:
            if name not in known:
                known[name] = Looker(browser, base=scene.base, session=scene.sessions[name])
            return known[name]

        yield one
        browser.close()
