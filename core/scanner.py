"""
The virus scanner of a site: clamd, asked over its socket by the INSTREAM command.

``settings.CLAMD_SOCKET`` is the path of a socket or ``host:port``; empty means there is none. A
scanner that is configured and does not answer lets nothing through.
"""

from __future__ import annotations

import logging
import socket
import struct

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

logger = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
ANSWER_BYTES_MAX = 4_096
SECONDS_MAX = 20


class ScannerSilent(DomainError):
    """The scanner of the site does not answer, or not so that it can be understood."""

    code = "scanner_silent"
    status = 503
    default_message = _("Files cannot be checked for viruses at present. Try again in a moment.")


def finds_threat(*, content: bytes) -> bool:
    """
    Return whether the scanner of the site finds something; without a scanner it finds nothing.

    :raises ScannerSilent: it is configured and gives no clear answer in SECONDS_MAX.
    """
    address = settings.CLAMD_SOCKET
    if not address:
        return False
    try:
        answer = _ask(address, content)
    except OSError as error:
        logger.exception("The virus scanner does not answer", extra={"address": address})
        raise ScannerSilent from error
    if answer.endswith("FOUND"):
        logger.warning("The virus scanner refused a file", extra={"answer": answer})
        return True
    if answer.endswith("OK"):
        return False
    logger.error("The virus scanner gave no clear answer", extra={"answer": answer})
    raise ScannerSilent


def _ask(address: str, content: bytes) -> str:
    with _connected(address) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK_BYTES):
            chunk = content[start : start + CHUNK_BYTES]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < ANSWER_BYTES_MAX:
            part = line.recv(ANSWER_BYTES_MAX)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS_MAX)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    try:
        return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS_MAX)
    except ValueError as error:
        raise OSError(f"CLAMD_SOCKET is no path and no host:port: {address}") from error
