"""
The gate as an ASGI application; run by ``granian --interface asgi gateway.asgi:application``.

It uses Django's settings and nothing else of Django: no request stack, no models, no sessions.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from psycopg.conninfo import make_conninfo

from gateway.process import requests
from gateway.process.gate_process import Answer, GateProcess
from gateway.reasons import Reason

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

CONNECT_SECONDS_MAX = 2
# Where the secure sandbox calls from; by default it runs on the machine of the gate.
SANDBOX_NETWORKS: tuple[str, ...] = getattr(
    settings, "SANDBOX_NETWORKS", ("127.0.0.0/8", "::1/128")
)


class Application:
    """Starts and stops the gate with the server, and hands it requests."""

    def __init__(self) -> None:
        self._gate: GateProcess | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._gate = build_gate()
                await self._gate.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._gate is not None:
                    await self._gate.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, send: Send) -> None:
        gate = self._gate
        assert gate is not None, "the server started without its lifespan"
        path = scope["path"]
        if path.startswith(requests.DATA_PATH):
            answer = await gate.handle(scope)
        elif path == "/healthz":
            answer = gate.health()
        else:
            answer = Answer(
                404,
                requests.problem_headers(Reason.NOT_FOUND, call_id=""),
                requests.problem(Reason.NOT_FOUND, detail="", call_id=""),
            )
        length = (b"content-length", str(len(answer.body)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [*answer.headers, length],
            }
        )
        await send({"type": "http.response.body", "body": answer.body})


def build_gate() -> GateProcess:
    """Return a gate on the database and the data folder of the settings."""
    database = settings.DATABASES["default"]
    parts = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
        "options": database["OPTIONS"].get("options", ""),
        "application_name": "datadeed gate",
        "connect_timeout": CONNECT_SECONDS_MAX,
    }
    conninfo = make_conninfo(**{name: value for name, value in parts.items() if value != ""})
    return GateProcess(
        conninfo=conninfo,
        data_dir=settings.DATA_DIR,
        secret=settings.SECRET_KEY,
        sandbox=tuple(ipaddress.ip_network(n) for n in SANDBOX_NETWORKS),
    )


application = Application()
