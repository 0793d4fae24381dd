"""A scanner that is configured must pass a file; one that is silent passes none."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from core import scanner, uploads
from core.errors import InvalidInput

PDF = b"%PDF-1.7\n1 0 obj\n" + b"0" * 200_000


class Daemon:
    """What speaks the side of clamd on a real socket: it reads a stream and answers one line."""

    def __init__(self, line: socket.socket, answer: bytes) -> None:
        self.line, self.answer, self.received = line, answer, b""
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        peer, _address = self.line.accept()
        with peer, peer.makefile("rb") as incoming:
            assert incoming.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!I", incoming.read(4))[0]:
                self.received += incoming.read(size)
            if self.answer:
                peer.sendall(self.answer)


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[Daemon]:
    """Listen on a socket for one file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.bind(str(path))
        line.listen(1)
        daemon = Daemon(line, answer)
        yield daemon
        daemon.thread.join(timeout=10)


@pytest.fixture
def address(tmp_path: Path, settings: Any) -> Path:
    """Return the path of a socket that the product is told to ask."""
    path = tmp_path / "clamd"
    settings.CLAMD_SOCKET = str(path)
    return path


def test_every_byte_is_shown_to_the_scanner_and_what_it_passes_is_kept(address: Path) -> None:
    with answering(address, b"stream: OK\0") as daemon:
        assert uploads.read(name="a.pdf", content=PDF).content == PDF
    assert daemon.received == PDF


def test_what_the_scanner_finds_is_refused(address: Path) -> None:
    with (
        answering(address, b"stream: Eicar-Test-Signature FOUND\0"),
        pytest.raises(InvalidInput) as caught,
    ):
        uploads.read(name="a.pdf", content=PDF, entry="plan")
    with override("en"):
        assert "harmful" in str(caught.value.fields["plan"])


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"\0"])
def test_a_scanner_without_a_clear_answer_lets_nothing_through(
    address: Path, answer: bytes
) -> None:
    with answering(address, answer), pytest.raises(scanner.ScannerSilent):
        uploads.read(name="a.pdf", content=PDF)


@pytest.mark.parametrize("place", ["/nowhere/clamd", "127.0.0.1:1", "nonsense", "host:port"])
def test_a_scanner_that_is_not_there_lets_nothing_through(settings: Any, place: str) -> None:
    settings.CLAMD_SOCKET = place
    with pytest.raises(scanner.ScannerSilent):
        uploads.read(name="a.pdf", content=PDF)


def test_a_scanner_is_reached_over_the_network_too(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as line:
        settings.CLAMD_SOCKET = f"127.0.0.1:{line.getsockname()[1]}"
        daemon = Daemon(line, b"stream: OK\0")
        assert not scanner.finds_threat(content=PDF)
        daemon.thread.join(timeout=10)
    assert daemon.received == PDF


def test_a_scanner_that_hangs_is_not_waited_for_for_ever(
    address: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "SECONDS_MAX", 0.2)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.bind(str(address))
        line.listen(1)
        with pytest.raises(scanner.ScannerSilent):
            scanner.finds_threat(content=PDF)
