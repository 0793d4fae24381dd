"""
The supervisor: several processes under one roof.

It starts them, puts their names before their lines, says when one dies and starts it again,
slower each time, and on Ctrl-C, a TERM or a closed terminal stops them all. It runs in one thread,
so that it may safely tell each child to end with it, even when it is killed itself.
"""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO

from config.services import HOST, Service

TICK_SECONDS = 0.2
BACKOFF_SECONDS_MAX = 30.0
# A process that lived this long has recovered; its next fall counts as the first again.
STABLE_SECONDS = 60.0
READ_BYTES_MAX = 65_536
PR_SET_PDEATHSIG = 1
# Loaded before any fork: the child between fork and exec should do as little as it can.
_LIBC = ctypes.CDLL(None)
COLORS = ("36", "35", "33", "32", "34")


class PortTaken(Exception):
    """Somebody else listens where one of our processes should."""


class Child:
    """One service with its present process and its past."""

    def __init__(self, *, service: Service, color: str) -> None:
        self.service = service
        self.color = color
        self.process: subprocess.Popen[bytes] | None = None
        self.falls = 0
        self.started = 0.0
        self.next_start = 0.0
        self.ready = False
        self.rest = b""

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs services until it is told to stop; ``watch`` is called on every tick."""

    def __init__(
        self,
        *,
        services: Sequence[Service],
        folder: Path,
        environment: dict[str, str],
        watch: Callable[[], None] = lambda: None,
        out: TextIO = sys.stdout,
    ) -> None:
        self.children = [
            Child(service=service, color=COLORS[n % len(COLORS)])
            for n, service in enumerate(services)
        ]
        self.folder = folder
        self.environment = environment
        self.watch = watch
        self.out = out
        self.selector = selectors.DefaultSelector()
        self.stop_requests = 0
        self.began = time.monotonic()

    def run(self) -> None:
        """
        Start everything and stay until a signal asks to stop.

        :raises PortTaken: a port is in use; nothing was started.
        """
        for child in self.children:
            check_port(service=child.service)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._on_signal)
        try:
            while not self.stop_requests:
                self._tick()
        finally:
            self._stop_all()

    def say(self, name: str, line: str, color: str = "0") -> None:
        """Print one line of a process, its name first."""
        tinted = self.out.isatty() and "NO_COLOR" not in os.environ
        label = f"\x1b[{color}m{name:<9}\x1b[0m" if tinted else f"{name:<9}"
        try:
            print(f"{label} | {line}", file=self.out, flush=True)
        except OSError:
            self.stop_requests += 1  # Nobody reads us any more: the terminal is gone.

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _tick(self) -> None:
        for child in self.children:
            if child.process is None and time.monotonic() >= child.next_start:
                self._start(child)
        self._read(TICK_SECONDS)
        self.watch()
        for child in self.children:
            if child.process is not None and not child.is_alive:
                self._note_fall(child)
            elif not child.ready:
                self._note_ready(child)

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.service.words,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours alone, we pass it on as TERM.
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - we have one thread
        )
        child.started, child.ready = time.monotonic(), False
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self.selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _read(self, seconds: float) -> None:
        if not self.selector.get_map():
            time.sleep(seconds)
            return
        for key, _ in self.selector.select(seconds):
            child: Child = key.data
            chunk = os.read(key.fd, READ_BYTES_MAX)
            if not chunk:
                self.selector.unregister(key.fileobj)
            *lines, child.rest = (child.rest + chunk).split(b"\n")
            if not chunk and child.rest:
                lines, child.rest = [child.rest], b""
            for line in lines:
                self.say(child.service.name, line.decode(errors="replace"), child.color)

    def _note_fall(self, child: Child) -> None:
        process = child.process
        code = process.returncode if process else None
        self._kill_group(child)  # Its own helpers must not hold the port.
        lived = time.monotonic() - child.started
        child.falls = 1 if lived > STABLE_SECONDS else child.falls + 1
        wait = min(2.0 ** (child.falls - 1), BACKOFF_SECONDS_MAX)
        child.process, child.next_start = None, time.monotonic() + wait
        how = f"signal {-code}" if code is not None and code < 0 else f"code {code}"
        self.say(
            child.service.name,
            f"ended by itself ({how}) after {lived:.1f} s; starting again in {wait:.0f} s",
            child.color,
        )

    def _note_ready(self, child: Child) -> None:
        port = child.service.port
        if port is None:
            child.ready = child.is_alive
            return
        with socket.socket() as probe:
            probe.settimeout(TICK_SECONDS)
            if child.is_alive and probe.connect_ex((HOST, port)) == 0:
                child.ready = True
                took = time.monotonic() - self.began
                self.say(child.service.name, f"ready at http://{HOST}:{port}/ ({took:.1f} s)")

    def _stop_all(self) -> None:
        asked = self.stop_requests
        began = time.monotonic()
        self.say("all", "stopping; press Ctrl-C again to stop at once")
        for child in self.children:
            if child.process is not None and child.is_alive:
                child.process.terminate()
        while any(child.is_alive for child in self.children):
            self._read(TICK_SECONDS)
            lasted = time.monotonic() - began
            for child in self.children:
                late = lasted > child.service.stop_seconds_max or self.stop_requests > asked
                if child.is_alive and late:
                    self.say(child.service.name, "does not stop; killed", child.color)
                    self._kill_group(child)
        self._read(0)
        for child in self.children:
            self._kill_group(child)
        self.say("all", f"stopped in {time.monotonic() - began:.1f} s")

    def _kill_group(self, child: Child) -> None:
        if child.process is None:
            return
        try:
            os.killpg(child.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # The whole group is gone already, as it should be.
        child.process.wait()


def check_port(*, service: Service) -> None:
    """
    Make sure that a service may listen on its port.

    :raises PortTaken: it is in use, or not ours to use.
    """
    if service.port is None:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, service.port))
        except OSError as error:
            raise PortTaken(
                f"Port {service.port} for {service.name} cannot be used ({error.strerror}). "
                f"Stop what listens there, or choose another: {service.port_variable}=…"
            ) from error


def _end_with_parent() -> None:
    """Ask the kernel to send TERM to this process when its parent dies, however it dies."""
    if sys.platform == "linux":
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
