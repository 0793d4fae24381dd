"""What the programs of others say about a PDF."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def run(*words: str) -> str:
    """Return what a program says."""
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def text_of(path: Path, *options: str) -> str:
    """Return the text without blanks."""
    return re.sub(r"\s+", "", run("pdftotext", *options, str(path), "-"))


def page_count(path: Path) -> int:
    """Return the number of pages."""
    return int(re.search(r"Pages:\s+(\d+)", run("pdfinfo", str(path))).group(1))
