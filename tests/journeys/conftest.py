"""
A whole running product for the journeys: its own database, web server, gate and worker.

Nothing here is inside the test process: the journeys see what a person sees, and move the clock.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from core import clock
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
from tests.journeys.visitor import Visitor


@dataclass(frozen=True)
class World:
    """Where the running product is, its clock, and what a process of it needs to know."""

    web: str
    gate: str
    clock_file: Path
    surroundings: dict[str, str]

    def move_to(self, text: str) -> None:
        """Move the clock of every process to "2026-09-14 10:00", Asia/Shanghai."""
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
        clock.write_file(self.clock_file, at=moment)
        time.sleep(2 * clock.FILE_AGE_SECONDS_MAX)

    def tell(self, scene: str) -> None:
        """Tell one more scene, by a module of this package, in a process of its own."""
        words = [sys.executable, "-m", f"tests.journeys.{scene}", str(self.clock_file.parent)]
        subprocess.run(words, env=self.surroundings, check=True)


@pytest.fixture(scope="session")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Start everything on a copy of the empty test database; stop and drop it afterwards."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), ExitStack() as stack:
        name = stack.enter_context(scratch_database("journeys"))
        web, gate = free_port(), free_port()
        surroundings = environment(folder, database=name, web=web, gate=gate)
        words = ["-m", "tests.journeys.world", str(folder)]
        teller = stack.enter_context(process(words, surroundings))
        stack.enter_context(process(granian("wsgi", web), surroundings))
        assert teller.stdout is not None
        said = teller.stdout.readline()
        assert said == b"ready\n", "the scene was not set; its narration and error are above"
        stack.enter_context(process(granian("asgi", gate), surroundings))
        places = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{gate}"
        found = World(*places, folder / "clock.json", surroundings)
        wait(f"{found.web}/sign-in/")
        wait(f"{found.gate}/healthz")
        yield found


@pytest.fixture
def _django_db_helper() -> None:
    """Open no connection in this process: the mark of a journey only asks for the database."""


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[Browser]:
    """Start a browser; it ends with the module, for tests elsewhere may not run beside its loop."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_WORDS))
        yield found
        found.close()


@pytest.fixture
def person(world: World, browser: Browser) -> Iterator[Callable[[str], Visitor]]:
    """Return a function that gives the browser of a person, signed in once a test."""
    known: dict[str, Visitor] = {}

    def one(username: str) -> Visitor:
        if username not in known:
            known[username] = Visitor(browser.new_context(locale="zh-CN"), base=world.web)
            if username:
                known[username].sign_in(username)
        return known[username]

    yield one
    for visitor in known.values():
        visitor.context.close()
