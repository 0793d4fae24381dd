"""
The stage of a story: its clock, its narrator, its messengers and its gate.

A story never writes a row. It calls the actions that pages call, with a clock that it moves
forward itself, and talks to a real gate process over HTTP. After every act the outbox is emptied,
as the worker would do.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, TypeVar

import httpx

from core import clock
from licensing import actions as licensing
from workflow import outbox
from workflow.models import Delivery

T = TypeVar("T")
GATE_START_SECONDS_MAX = 30.0
BAR_CELLS = 24


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of at most ``size``."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


class StoryBroken(Exception):
    """The story cannot go on: an effect failed, or the gate answered otherwise than it must."""


class Stage:
    """Where a story is told; ``at`` is its present moment, ``folder`` takes what it produces."""

    def __init__(self, *, folder: Path, acts: int, out: TextIO = sys.stdout) -> None:
        self.folder = folder
        self.acts = acts
        self.out = out
        self.at = clock.now()
        self.clock_file = folder / "clock.json"
        self.told = 0
        self.gate = Gate(clock_file=self.clock_file)
        folder.mkdir(parents=True, exist_ok=True)
        logging.getLogger("httpx").setLevel(logging.WARNING)
        # Commands that the story runs read the clock themselves: they must read the story's.
        os.environ["DATADEED_CLOCK_FILE"] = str(self.clock_file)

    def move_to(self, text: str) -> datetime:
        """Move the clock to a moment written as "2026-09-14 10:00", Asia/Shanghai."""
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
        return self.set(moment)

    def set(self, moment: datetime) -> datetime:
        """Move the clock of every process of the story."""
        self.at = moment
        clock.write_file(self.clock_file, at=moment)
        # Until then another process may still go by its last reading of the file.
        time.sleep(clock.FILE_AGE_SECONDS_MAX)
        self.deliver()
        return moment

    def pass_seconds(self, seconds: float) -> None:
        """Let a little time pass."""
        self.set(self.at + timedelta(seconds=seconds))

    def act(self, narration: str, action: Callable[..., T], **arguments: Any) -> T:
        """Tell one sentence and do what it says; effects are delivered before the next."""
        self.tell(narration)
        result = action(at=self.at, **arguments)
        self.deliver()
        return result

    def expect(
        self,
        narration: str,
        error: type[Exception],
        action: Callable[..., Any],
        **arguments: Any,
    ) -> Exception:
        """Tell one sentence about something that must be refused."""
        self.tell(narration)
        try:
            action(at=self.at, **arguments)
        except error as refusal:
            return refusal
        raise StoryBroken(f"not refused: {narration}")

    def require(self, holds: bool, what: str) -> None:
        """End the story when something that must hold does not."""
        if not holds:
            raise StoryBroken(f"not so: {what}")

    def tell(self, narration: str) -> None:
        """Print one line of the story with the progress so far."""
        self.told += 1
        share = min(self.told / self.acts, 1)
        bar = "█" * round(share * BAR_CELLS)
        day = self.at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
        print(f"[{bar:<{BAR_CELLS}}] {share:>4.0%}  {day}  {narration}", file=self.out, flush=True)

    def bar(self, what: str, done: int, total: int) -> None:
        """Show how far a long step is, on one line that is written over."""
        if self.out.isatty():
            end = "\n" if done >= total else ""
            print(f"\r    {what} {done:,} / {total:,}", end=end, file=self.out, flush=True)

    def deliver(self) -> None:
        """Do what workers do: deliver what is due and issue licenses; a failure ends the story."""
        while outbox.deliver_due(at=self.at) or licensing.run_issue_jobs(now=lambda: self.at):
            continue
        failed = Delivery.objects.exclude(last_error="").exclude(status=Delivery.State.DONE).first()
        if failed is not None:
            raise StoryBroken(f"{failed.subscriber}: {failed.last_error}")

    def keep(self, name: str, data: bytes) -> Path:
        """Keep a produced document in the story's folder."""
        path = self.folder / name
        path.write_bytes(data)
        return path


class Gate:
    """A gate process of its own on a free loopback port, on the clock of the story."""

    def __init__(self, *, clock_file: Path) -> None:
        self.clock_file = clock_file
        self.process: subprocess.Popen[bytes] | None = None
        self.client: httpx.Client | None = None

    def start(self) -> None:
        """Start the process and wait until it says that it knows the present grants."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"]
        words += ["--port", str(port), "--log-level", "warning", "gateway.asgi:application"]
        environment = os.environ | {"DATADEED_CLOCK_FILE": str(self.clock_file)}
        self.process = subprocess.Popen(words, env=environment)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10.0)
        began = time.monotonic()
        while time.monotonic() - began < GATE_START_SECONDS_MAX:
            try:
                if self.client.get("/healthz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass  # Not listening yet.
            time.sleep(0.05)
        raise StoryBroken("the gate did not start")

    def stop(self) -> None:
        """End the process."""
        if self.client is not None:
            self.client.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def call(self, code: str, *, key: str, scenario: str, **parameters: Any) -> httpx.Response:
        """Ask the gate for data as a client would."""
        if self.client is None:
            raise StoryBroken("the gate is not running")
        headers = {"Authorization": f"Bearer {key}", "X-Datadeed-Scenario": scenario}
        return self.client.get(f"/v1/data/{code}", headers=headers, params=parameters)

    def call_until_answered(
        self, code: str, *, key: str, scenario: str, **parameters: Any
    ) -> httpx.Response:
        """Ask as a client does that tries again when the gate says it is not up to date."""

        def ask() -> httpx.Response:
            return self.call(code, key=key, scenario=scenario, **parameters)

        answer = ask()
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self.wait_until(lambda later: later.status_code == httpx.codes.OK, 10.0, ask)
            return answer
        if answer.status_code != httpx.codes.OK:
            raise StoryBroken(f"{code} answers {answer.status_code}: {answer.text}")
        return answer

    def wait_until(
        self,
        satisfied: Callable[[httpx.Response], bool],
        seconds_max: float,
        ask: Callable[[], httpx.Response],
    ) -> float:
        """Ask until an answer satisfies; return the seconds it took."""
        began = time.monotonic()
        while True:
            answer = ask()
            took = time.monotonic() - began
            if satisfied(answer):
                return took
            if took > seconds_max:
                raise StoryBroken(f"the gate still answers {answer.status_code} after {took:.2f} s")
            time.sleep(0.02)
