"""The key that signs sessions: given by the environment, or made once and kept in a file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_BYTES = 48


def read_or_create(*, path: Path) -> str:
    """
    Return the key kept in a file, making it at the first call; only its owner may read the file.

    Two processes starting together end up with one key: the file appears whole or not at all.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # The other process was faster; its key holds.
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
