"""
A whole running product for the journeys: its own database, web server, gate and worker.

Nothing here is inside the test process: the journeys see what a person sees, and move the clock.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from core import clock
from tests.journeys.visitor import Visitor

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_WORDS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS_MAX = 120.0


@dataclass(frozen=True)
class World:
    """Where the running product is, and its clock."""

    web: str
    gate: str
    clock_file: Path

    def move_to(self, text: str) -> None:
        """Move the clock of every process to "2026-09-14 10:00", Asia/Shanghai."""
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
        clock.write_file(self.clock_file, at=moment)
        time.sleep(2 * clock.FILE_AGE_SECONDS_MAX)


@pytest.fixture(scope="session")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Start everything on a copy of the empty test database; stop and drop it afterwards."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), ExitStack() as stack:
        name = stack.enter_context(_scratch_database())
        web, gate = _free_port(), _free_port()
        environment = _environment(folder, database=name, web=web, gate=gate)
        words = ["-m", "tests.journeys.world", str(folder)]
        teller = stack.enter_context(_process(words, environment))
        stack.enter_context(_process(_granian("wsgi", web), environment))
        assert teller.stdout is not None
        said = teller.stdout.readline()
        assert said == b"ready\n", "the scene was not set; its narration and error are above"
        stack.enter_context(_process(_granian("asgi", gate), environment))
        found = World(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{gate}", folder / "clock.json")
        _wait(f"{found.web}/sign-in/")
        _wait(f"{found.gate}/healthz")
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


@contextmanager
def _scratch_database() -> Iterator[str]:
    """Copy the test database, so that real commits of other processes leave no trace in it."""
    source = connection.settings_dict["NAME"]
    name = f"{source}_journeys"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _environment(folder: Path, *, database: str, web: int, gate: int) -> dict[str, str]:
    login = connection.settings_dict
    user = quote(login["USER"], safe="")
    if login["PASSWORD"]:
        user += ":" + quote(login["PASSWORD"], safe="")
    place = f"host={quote(login['HOST'] or 'localhost', safe='')}"
    if login["PORT"]:
        place += f"&port={login['PORT']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{user}@/{database}?{place}",
        "DATADEED_DATABASE": "",
        "DATABASE_OWNER_URL": "",
        "DATADEED_VAR_DIR": str(folder),
        "DATADEED_CLOCK_FILE": str(folder / "clock.json"),
        "DATADEED_DEMO": "explicit",
        "DATADEED_LOG": "plain",
        "DATADEED_LOG_LEVEL": "WARNING",
        "SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(web),
        "GATE_PORT": str(gate),
        "PYTHONPATH": str(settings.BASE_DIR),
    }


def _granian(interface: str, port: int) -> list[str]:
    application = {"wsgi": "config.wsgi:application", "asgi": "gateway.asgi:application"}
    threads = ["--blocking-threads", "4"] if interface == "wsgi" else []
    return [
        *("-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--log-level", "warning", *threads, application[interface]),
    ]


@contextmanager
def _process(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS_MAX:
        try:
            if httpx.get(address, timeout=10.0).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass  # Not listening yet.
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
