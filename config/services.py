"""The four processes that make up the running product, and how each is started."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
WEB_THREADS = 8
WORKER_PROCESSES = 2
# A worker puts the messages it holds back in 4 to 6 seconds; a kill before that delays them.
WORKER_STOP_SECONDS_MAX = 20.0
SERVER_STOP_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Service:
    """One process: its words, its port if it has one, and how long it may take to stop."""

    name: str
    words: tuple[str, ...]
    port: int | None = None
    port_variable: str = ""
    stop_seconds_max: float = SERVER_STOP_SECONDS_MAX


def build_services(*, port: int, gate_port: int, var_dir: Path) -> tuple[Service, ...]:
    """Return web, gate, worker and scheduler with their commands."""
    celery = (sys.executable, "-m", "celery", "--quiet", "-A", "config.celery")
    return (
        Service(
            "web",
            (
                *_granian("wsgi", port),
                "--blocking-threads", str(WEB_THREADS), "--no-ws", "config.wsgi:application",
            ),
            port,
            "PORT",
        ),
        Service(
            "gate", (*_granian("asgi", gate_port), "gateway.asgi:application"), gate_port,
            "GATE_PORT",
        ),
        Service(
            "worker",
            (
                *celery, "worker", "--concurrency", str(WORKER_PROCESSES), "--loglevel", "WARNING",
                "--without-gossip", "--without-mingle", "--without-heartbeat",
            ),
            stop_seconds_max=WORKER_STOP_SECONDS_MAX,
        ),
        Service(
            "scheduler",
            (
                *celery, "beat", "--loglevel", "WARNING",
                "--schedule", str(var_dir / "scheduler"), "--pidfile", "",
            ),
        ),
    )  # fmt: skip


def _granian(interface: str, port: int) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "granian", "--interface", interface, "--host", HOST,
        "--port", str(port), "--workers", "1", "--log-level", "error",
        # A worker that died must be said and replaced by the supervisor, in one place.
        "--no-respawn-failed-workers",
    )  # fmt: skip
