"""One scene with one of everything, served as the product is, and a browser for its readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
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
from tests.screens.written import Written


@dataclass
class Scene:
    """Where the screens are, and who may read them."""

    base: str
    addresses: dict[str, str]
    sessions: dict[str, str]
    written: Written
    folder: Path
    # Starts a second server that differs in its surroundings; returns where it is.
    serve: Callable[..., str]
    # Who was let in last is asked first: neighboring pages have the same readers.
    order: list[str] = field(default_factory=list)
    # What each reader was answered last.
    told: dict[str, int] = field(default_factory=dict)
    _windows: dict[str, httpx.Client] = field(default_factory=dict)

    def readers(self, url: str) -> Iterator[tuple[str, Any]]:
        """Yield the people the address opens for, with what they are answered."""
        for name in list(self.order):
            answer = self._window(name).get(self.base + url)
            self.told[name] = answer.status_code
            if answer.status_code == httpx.codes.OK:
                self.order.remove(name)
                self.order.insert(0, name)
                yield name, answer

    def _window(self, name: str) -> httpx.Client:
        if name not in self._windows:
            cookies = {"sessionid": self.sessions[name]} if self.sessions[name] else {}
            self._windows[name] = httpx.Client(cookies=cookies, timeout=30.0)
        return self._windows[name]


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
        written = Written.of(told["written"])
        names = list(told["sessions"])

        def serve(**other: str) -> str:
            port = free_port()
            stack.enter_context(process(granian("wsgi", port), surroundings | other))
            wait(f"http://127.0.0.1:{port}/healthz")
            return f"http://127.0.0.1:{port}"

        yield Scene(base, told["addresses"], told["sessions"], written, folder, serve, order=names)


@pytest.fixture
def _django_db_helper() -> None:
    """Open no connection in this process: the mark of a screen only asks for the database."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser; it ends with the module, for tests elsewhere may not run beside its loop."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_WORDS))
        yield found
        found.close()


@pytest.fixture(scope="module")
def window(scene: Scene, browser: Browser) -> Callable[[str], Looker]:
    """Return a function that gives the window of a reader, by name."""
    known: dict[str, Looker] = {}

    def one(name: str) -> Looker:
        if name not in known:
            known[name] = Looker(
                browser, base=scene.base, session=scene.sessions[name], written=scene.written
            )
        return known[name]

    return one


@pytest.fixture
def visitor_of(scene: Scene, browser: Browser) -> Callable[[str], Looker]:
    """Return a function that gives a visitor's window on another server."""

    def one(base: str) -> Looker:
        # What such a visitor carries along is no key there; it only makes the server look for it.
        return Looker(browser, base=base, session="x" * 32, written=scene.written)

    return one
