"""
What changed between two submissions: entry by entry, word by word. Pure.

Both sides are the content of the form as it was frozen. It is flattened into entries, each with a
key that stays the same over submissions (``purpose_text``, ``security_plan.storage``,
``items.D01.fields``), so that comments and marks can be tied to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applications import form
from core import hashing
from core.word_diff import Piece, opcodes, words

__all__ = [
    "Change",
    "Entry",
    "Piece",
    "anchor_hash",
    "compare",
    "files",
    "flatten",
    "section_hash",
    "words",
]

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry of the form: ``kind`` is text, choice, list or files.

    ``value`` is plain text for text and choice, a tuple of rows for list, and a tuple of (name,
    SHA-256) for files.
    """

    section: str
    key: str
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Change:
    """
    What became of one entry: same, changed, added or removed.

    ``pieces`` are for text and choice; ``rows`` are (kind, text) for lists and files.
    """

    section: str
    key: str
    kind: str
    status: str
    old: Any
    new: Any
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


def flatten(*, content: Content) -> tuple[Entry, ...]:
    """Return the entries of a content in the order of the form; empty ones are there too."""
    entries: list[Entry] = []
    for section in form.SECTIONS:
        for name in form.SECTION_FIELDS[section]:
            if name == "items":
                entries += _items(content.get("items") or ())
            elif name == "security_plan":
                plan = content.get(name) or {}
                entries += [
                    Entry(section, f"{name}.{topic}", "text", str(plan.get(topic) or ""))
                    for topic in form.SECURITY_TOPICS
                ]
            elif name == "commitments":
                entries += _commitments(content.get(name) or {})
            else:
                kind = "text" if name in form.TEXT_CHARACTERS_MAX else "choice"
                entries.append(Entry(section, name, kind, _plain(content.get(name))))
    entries += _answers(content)
    return tuple(entries)


def compare(*, old: Content | None, new: Content) -> tuple[Change, ...]:
    """
    Return what became of every entry, in the order of the new content.

    Entries that the new content lacks stand at the end of their section. Nothing to compare with
    means that everything is the same.
    """
    after = {(e.section, e.key): e for e in flatten(content=new)}
    before = after if old is None else {(e.section, e.key): e for e in flatten(content=old)}
    changes = [_change(before.get(key), entry) for key, entry in after.items()]
    changes += [_gone(entry) for key, entry in before.items() if key not in after]
    order = {section: n for n, section in enumerate(dict.fromkeys(c.section for c in changes))}
    return tuple(sorted(changes, key=lambda c: order[c.section]))


def files(
    *, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str, str], ...]:
    """
    Return what became of files as (kind, name, SHA-256), those that went first.

    They are compared by their bytes: a renamed file is the same, a replaced one is not.
    """
    before, after = {sha for _, sha in old}, {sha for _, sha in new}
    gone = [("removed", name, sha) for name, sha in old if sha not in after]
    here = [("same" if sha in before else "added", name, sha) for name, sha in new]
    return (*gone, *here)


def section_hash(*, content: Content, section: str) -> str:
    """Return the hash of what a section says."""
    return _hash(e for e in flatten(content=content) if e.section == section)


def anchor_hash(*, content: Content, section: str, key: str) -> str:
    """Return the hash of what one entry says; of the whole section when ``key`` is empty."""
    if not key:
        return section_hash(content=content, section=section)
    return _hash(e for e in flatten(content=content) if (e.section, e.key) == (section, key))


def _hash(entries: Iterable[Entry]) -> str:
    return hashing.digest_of([[e.key, e.kind, _hashable(e.value)] for e in entries])


def _hashable(value: Any) -> Any:
    return [list(row) if isinstance(row, tuple) else row for row in value] if isinstance(
        value, tuple
    ) else value


def _items(items: Sequence[Mapping[str, Any]]) -> list[Entry]:
    found = []
    for item in items:
        code = item["code"]
        filters = item.get("filters") or {}
        found += [
            Entry("datasets", f"items.{code}.fields", "list", tuple(item.get("fields") or ())),
            Entry("datasets", f"items.{code}.justification", "text",
                  str(item.get("justification") or "")),
        ]
        if filters:
            rows = tuple(f"{name}: {_plain(filters[name])}" for name in sorted(filters))
            found.append(Entry("datasets", f"items.{code}.filters", "list", rows))
    return found


def _commitments(commitments: Mapping[str, Any]) -> list[Entry]:
    codes = tuple(c for c in form.COMMITMENTS if c in set(commitments.get("codes") or ()))
    return [
        Entry("commitments", "commitments.codes", "list", codes),
        Entry("commitments", "commitments.signer", "text", str(commitments.get("signer") or "")),
    ]


def _answers(content: Content) -> list[Entry]:
    """Return what the form definition asks beside the fixed entries: its own fields, its files."""
    found = []
    for key, value in sorted((content.get("answers") or {}).items()):
        if isinstance(value, list | tuple):
            rows = tuple(_row(row) for row in value)
            found.append(Entry("answers", f"answers.{key}", "list", rows))
        else:
            found.append(Entry("answers", f"answers.{key}", "text", _plain(value)))
    for key, files in sorted((content.get("files") or {}).items()):
        named = tuple((str(f["name"]), str(f["sha256"])) for f in files)
        found.append(Entry("answers", f"files.{key}", "files", named))
    return found


def _row(row: Any) -> str:
    if isinstance(row, Mapping):
        return " | ".join(f"{name}: {_plain(row[name])}" for name in sorted(row))
    if isinstance(row, list | tuple):
        return " | ".join(_plain(cell) for cell in row)
    return _plain(row)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return _row(value)
    if isinstance(value, list | tuple):
        return "、".join(_plain(part) for part in value)
    return str(value)


def _change(old: Entry | None, new: Entry) -> Change:
    if old is not None and old.value == new.value:
        return Change(new.section, new.key, new.kind, "same", new.value, new.value)
    empty: Any = "" if isinstance(new.value, str) else ()
    before = empty if old is None or old.kind != new.kind else old.value
    status = "added" if before in ("", ()) else ("removed" if new.value in ("", ()) else "changed")
    return _detailed(new, status=status, old=before, new=new.value)


def _gone(entry: Entry) -> Change:
    empty: Any = "" if isinstance(entry.value, str) else ()
    return _detailed(entry, status="removed", old=entry.value, new=empty)


def _detailed(entry: Entry, *, status: str, old: Any, new: Any) -> Change:
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    if entry.kind == "text":
        pieces = words(old=old, new=new)
    elif entry.kind == "choice":
        parts = (Piece("removed", old), Piece("added", new))
        pieces = tuple(part for part in parts if part.text)
    elif entry.kind == "files":
        rows = _files(old, new)
    else:
        rows = _rows(old, new)
    return Change(entry.section, entry.key, entry.kind, status, old, new, pieces, rows)


def _rows(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in opcodes(old, new):
        if tag == "equal":
            found += [("same", row) for row in new[j1:j2]]
        else:
            found += [("removed", row) for row in old[i1:i2]]
            found += [("added", row) for row in new[j1:j2]]
    return tuple(found)


def _files(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    return tuple((kind, f"{name} ({sha[:12]})") for kind, name, sha in files(old=old, new=new))
