"""A door to the database that can fall silent: bytes wait, connections stay open."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

CHUNK_BYTES = 65_536


class Proxy:
    """Forwards every connection to the database until it is cut."""

    def __init__(self, *, host: str, port: int) -> None:
        self._target = (host, port)
        self._flowing = threading.Event()
        self._flowing.set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through any more."""
        self._flowing.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self._flowing.set()

    def close(self) -> None:
        """Accept nothing more."""
        self.mend()
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                inner, _ = self._server.accept()
                outer = self._connect()
                for pair in ((inner, outer), (outer, inner)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _connect(self) -> socket.socket:
        host, port = self._target
        if host.startswith("/"):
            found = socket.socket(socket.AF_UNIX)
            found.connect(str(Path(host) / f".s.PGSQL.{port}"))
            return found
        return socket.create_connection((host, port))

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                self._flowing.wait()
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
