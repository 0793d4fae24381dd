"""Four processes under one roof: said, restarted, and stopped together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.platform.conftest import ROOT, bare_environment

WAIT_SECONDS_MAX = 20


class Roof:
    """A running supervisor and what it has said so far."""

    def __init__(self, *, leave_seconds: float = 0, stop_seconds_max: float = 5) -> None:
        self.port = free_port()
        words = [self.port, leave_seconds, stop_seconds_max]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.platform.roof", *map(str, words)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=bare_environment(),
        )
        self.said = ""

    def wait_for(self, pattern: str, times: int = 1) -> list[str]:
        assert self.process.stdout is not None
        limit = time.monotonic() + WAIT_SECONDS_MAX
        while len(found := re.findall(pattern, self.said)) < times:
            assert time.monotonic() < limit, f"never said {pattern!r}:\n{self.said}"
            line = self.process.stdout.readline()
            assert line, f"ended without saying {pattern!r}:\n{self.said}"
            self.said += line
        return found

    def finish(self) -> int:
        self.said += self.process.communicate(timeout=WAIT_SECONDS_MAX)[0]
        return self.process.returncode


@pytest.fixture
def start() -> Iterator[Callable[..., Roof]]:
    roofs: list[Roof] = []

    def starter(**options: float) -> Roof:
        roofs.append(Roof(**options))
        return roofs[-1]

    yield starter
    for roof in roofs:
        roof.process.kill()
        roof.process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def lives(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_ctrl_c_stops_them_all_and_waits_for_the_worker(start: Callable[..., Roof]) -> None:
    roof = start(leave_seconds=1.5)
    roof.wait_for(r"web +\| ready")
    worker = int(roof.wait_for(r"worker +\| working as (\d+)")[0])

    roof.process.send_signal(signal.SIGINT)

    assert roof.finish() == 0
    assert "put everything back" in roof.said
    assert re.search(r"all +\| stopped in 1\.\d s", roof.said)
    assert not listens(roof.port)
    assert not lives(worker)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGHUP])
def test_a_service_manager_or_a_closed_terminal_stops_them_too(
    start: Callable[..., Roof], name: signal.Signals
) -> None:
    roof = start()
    roof.wait_for(r"web +\| ready")

    roof.process.send_signal(name)

    assert roof.finish() == 0
    assert not listens(roof.port)


def test_a_killed_process_is_said_and_started_again(start: Callable[..., Roof]) -> None:
    roof = start()
    worker = int(roof.wait_for(r"worker +\| working as (\d+)")[0])

    os.kill(worker, signal.SIGKILL)

    roof.wait_for(r"worker +\| ended by itself \(signal 9\) after [\d.]+ s; starting again in 1 s")
    second = int(roof.wait_for(r"worker +\| working as (\d+)", times=2)[1])
    assert second != worker
    os.kill(second, signal.SIGKILL)
    roof.wait_for("starting again in 2 s")


def test_one_that_does_not_stop_is_killed_after_its_time(start: Callable[..., Roof]) -> None:
    roof = start(leave_seconds=60, stop_seconds_max=1)
    worker = int(roof.wait_for(r"worker +\| working as (\d+)")[0])

    roof.process.send_signal(signal.SIGINT)

    assert roof.finish() == 0
    assert "does not stop; killed" in roof.said
    assert not lives(worker)


def test_the_second_ctrl_c_does_not_wait(start: Callable[..., Roof]) -> None:
    roof = start(leave_seconds=60, stop_seconds_max=60)
    roof.wait_for(r"worker +\| working as")
    roof.process.send_signal(signal.SIGINT)
    roof.wait_for("press Ctrl-C again")
    began = time.monotonic()

    roof.process.send_signal(signal.SIGINT)

    assert roof.finish() == 0
    assert time.monotonic() - began < 3


def test_nothing_is_left_when_the_supervisor_itself_is_killed(start: Callable[..., Roof]) -> None:
    roof = start()
    roof.wait_for(r"web +\| ready")
    worker = int(roof.wait_for(r"worker +\| working as (\d+)")[0])

    roof.process.kill()

    limit = time.monotonic() + 5
    while (lives(worker) or listens(roof.port)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not lives(worker)
    assert not listens(roof.port)


def test_a_taken_port_is_said_with_the_variable_and_nothing_starts(
    start: Callable[..., Roof],
) -> None:
    first = start()
    first.wait_for(r"web +\| ready")
    second = subprocess.run(
        [sys.executable, "-m", "tests.platform.roof", str(first.port), "0", "5"],
        cwd=ROOT, text=True, capture_output=True, timeout=WAIT_SECONDS_MAX, check=False,
        env=bare_environment(),
    )  # fmt: skip

    assert second.returncode == 1
    assert f"Port {first.port} for web cannot be used" in second.stderr
    assert "PORT=" in second.stderr
    assert "working" not in second.stdout
