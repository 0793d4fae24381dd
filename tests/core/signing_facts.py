"""Documents to sign, and the outside programs that say whether a signature holds."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from reportlab.pdfgen.canvas import Canvas

from core.documents import fonts
from core.signatures.keys import Holder
from core.signatures.places import Place

NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
AUTHORITY = Holder(id="11320200MB1234567K", name="示例市大数据管理局")
COMPANY = Holder(id="91320200MA1234567X", name="锡城示例征信科技有限公司（㛃𬭎）")
LEFT = Place(
    name="party-a", page=-1, left_mm=25, bottom_mm=30, width_mm=70, height_mm=28
)
RIGHT = Place(
    name="party-b", page=-1, left_mm=110, bottom_mm=30, width_mm=70, height_mm=28
)


def document(*, pages: int = 2) -> bytes:
    """Return a small PDF with embedded fonts."""
    fonts.register_fonts()
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, initialFontName=fonts.BODY)
    for page in range(1, pages + 1):
        canvas.setFont(fonts.BODY, 14)
        canvas.drawString(80, 700, f"数据利用协议 第 {page} 页")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def flipped(content: bytes, *, at: int | None = None) -> bytes:
    """Return the bytes with one bit of one byte turned, by default inside the page's text."""
    where = content.index(b"stream\n") + 20 if at is None else at
    return content[:where] + bytes([content[where] ^ 1]) + content[where + 1 :]


def pdfsig(folder: Path, content: bytes) -> str:
    """Return what poppler says about the signatures."""
    path = folder / "pdfsig.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout


def pyhanko(folder: Path, content: bytes, root: x509.Certificate) -> list[str]:
    """Return what the program of pyHanko says about each signature, e.g. INTACT:TRUSTED,…"""
    path, trust = folder / "pyhanko.pdf", folder / "trust.pem"
    path.write_bytes(content)
    trust.write_bytes(root.public_bytes(Encoding.PEM))
    program = Path(sys.executable).parent / "pyhanko"
    told = subprocess.run(
        [
            program, "sign", "validate", "--no-revocation-check", "--trust-replace",
            "--trust", trust, path,
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return re.findall(r"^[\w-]+:[0-9a-f]+:(.+)$", told.stdout, re.MULTILINE) or [told.stderr]
