"""Fixtures of the kernel's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Path]:
    """Write a document where programs can read it."""

    def write(content: bytes) -> Path:
        path = tmp_path / "document.pdf"
        path.write_bytes(content)
        return path

    return write
