"""A real gate in its own process on the test database, and how to call it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from django.conf import settings
from django.db import connection

START_SECONDS_MAX = 40
ROOT = Path(__file__).resolve().parents[2]


def database_url(*, host: str | None = None, port: int | None = None) -> str:
    """Return the address of the test database, through another door if one is given."""
    parts = connection.settings_dict
    query = urlencode(
        {"host": host or parts["HOST"] or "127.0.0.1", "port": port or parts["PORT"] or 5432}
    )
    login = quote(parts["USER"])
    if parts["PASSWORD"]:
        login += ":" + quote(parts["PASSWORD"])
    return f"postgresql://{login}@/{quote(parts['NAME'])}?{query}"


def free_port() -> int:
    """Return a port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Gate:
    """One gate process."""

    process: subprocess.Popen[bytes]
    base_url: str
    client: httpx.Client = field(repr=False)

    def get(
        self, code: str = "D01", *, key: str = "", scenario: str = "", **query: Any
    ) -> httpx.Response:
        """Call the gate once."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if scenario:
            headers["X-Datadeed-Scenario"] = scenario
        headers |= query.pop("headers", {})
        return self.client.get(f"/v1/data/{code}", params=query, headers=headers)

    def is_fresh(self) -> bool:
        """Return whether it would say yes to anybody."""
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """End the process, gently first."""
        self.client.close()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)


def start_gate(*, var_dir: Path, url: str | None = None) -> Gate:
    """Start a gate and wait until it would say yes."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url or database_url(),
        "DATABASE_OWNER_URL": "",
        "DATADEED_VAR_DIR": str(var_dir),
        "DATADEED_TESTING": "0",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    log = (var_dir / f"gate-{port}.log").open("wb")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", "1", "--log-level", "warning",
            "gateway.asgi:application",
        ],
        cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    base_url = f"http://127.0.0.1:{port}"
    gate = Gate(process, base_url, httpx.Client(base_url=base_url, timeout=15))
    limit = time.monotonic() + START_SECONDS_MAX
    while not gate.is_fresh():
        if process.poll() is not None or time.monotonic() > limit:
            gate.stop()
            raise AssertionError(Path(log.name).read_text(errors="replace")[-4_000:])
        time.sleep(0.05)
    return gate


def reason(answer: httpx.Response) -> str:
    """Return the reason of a refusal, or "" for data."""
    if answer.headers["content-type"] != "application/problem+json":
        return ""
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == answer.status_code
    return str(body["reason"])
