"""How tests run the product as its own processes: a scratch database, servers, a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection

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


@contextmanager
def scratch_database(suffix: str) -> Iterator[str]:
    """Copy the test database, so that real commits of other processes leave no trace in it."""
    source = connection.settings_dict["NAME"]
    name = f"{source}_{suffix}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            # Without force the server itself sends an autovacuum away, which we may not end.
            cursor.execute(f'DROP DATABASE "{name}"')


def environment(folder: Path, *, database: str, web: int, gate: int) -> dict[str, str]:
    """Return what a process of the product needs to work on a scratch database."""
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


def granian(interface: str, port: int) -> list[str]:
    """Return the words that start the web server ("wsgi") or the gate ("asgi")."""
    application = {"wsgi": "config.wsgi:application", "asgi": "gateway.asgi:application"}
    threads = ["--blocking-threads", "4"] if interface == "wsgi" else []
    return [
        *("-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--log-level", "warning", *threads, application[interface]),
    ]


@contextmanager
def process(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python process and end it afterwards."""
    started = subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield started
    finally:
        started.terminate()
        started.communicate(timeout=20)


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(address: str) -> None:
    """Wait until an address answers."""
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS_MAX:
        try:
            if httpx.get(address, timeout=10.0).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass  # Not listening yet.
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
