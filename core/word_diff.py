"""
How one text became another, word by word, in stretches that read well. Pure.

Chinese is compared by characters, words and numbers of other scripts as wholes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

# A stretch both sides share is shown as shared from this length on; shorter ones only make a
# sentence flicker between old and new.
SHARED_CHARACTERS_MIN = 2
# Two texts whose lengths multiply to more are compared sentence by sentence only.
COMPARISONS_MAX = 1_000_000

_TOKEN = re.compile(r"[A-Za-z0-9_]+(?:[.\-%/][A-Za-z0-9_]+)*%?|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: same, added or removed."""

    kind: str
    text: str


def words(*, old: str, new: str) -> tuple[Piece, ...]:
    """
    Return how one text became the other, in stretches that read well.

    Chinese is compared by characters, words and numbers of other scripts as wholes. Long texts are
    aligned by sentences first.
    """
    if old == new:
        return (Piece("same", new),) if new else ()
    left, right = _SENTENCE.findall(old), _SENTENCE.findall(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in opcodes(left, right):
        if tag == "equal":
            pieces.append(Piece("same", "".join(left[i1:i2])))
        else:
            pieces += _within("".join(left[i1:i2]), "".join(right[j1:j2]))
    return _joined(pieces)


def _within(old: str, new: str) -> list[Piece]:
    if not old or not new or len(old) * len(new) > COMPARISONS_MAX:
        parts = (Piece("removed", old), Piece("added", new))
        return [part for part in parts if part.text]
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in opcodes(left, right):
        gone, come = "".join(left[i1:i2]), "".join(right[j1:j2])
        if tag == "equal":
            pieces.append(Piece("same", come))
        else:
            pieces += [p for p in (Piece("removed", gone), Piece("added", come)) if p.text]
    return _calmed(pieces)


def _calmed(pieces: list[Piece]) -> list[Piece]:
    """Give up shared stretches between two changes that are too short to help a reader."""
    calm: list[Piece] = []
    for position, piece in enumerate(pieces):
        inside = 0 < position < len(pieces) - 1
        if piece.kind == "same" and inside and len(piece.text) < SHARED_CHARACTERS_MIN:
            calm += [Piece("removed", piece.text), Piece("added", piece.text)]
        else:
            calm.append(piece)
    return calm


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Join neighbours; between two shared stretches what went stands before what came."""
    found: list[Piece] = []
    gone, come = "", ""
    for piece in [*pieces, Piece("same", "")]:
        if piece.kind == "removed":
            gone += piece.text
        elif piece.kind == "added":
            come += piece.text
        else:
            found += [p for p in (Piece("removed", gone), Piece("added", come)) if p.text]
            gone, come = "", ""
            if found and found[-1].kind == "same":
                found[-1] = Piece("same", found[-1].text + piece.text)
            elif piece.text:
                found.append(piece)
    return tuple(found)


def opcodes(left: Sequence[Any], right: Sequence[Any]) -> list[tuple[str, int, int, int, int]]:
    """Return the steps from one row of values to another, as difflib names them."""
    return list(SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes())
