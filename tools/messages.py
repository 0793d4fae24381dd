"""
Translations: compile the catalogs, and prove that no sentence of the product lacks its Chinese.

Sentences are taken from Python by Babel and from templates by Django's own ``templatize``, so what
is checked is what is shown.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE_FOLDER = "zh_Hans"
CODE_FOLDERS = (
    "api", "applications", "catalog", "config", "contracts", "core", "demo", "gateway", "ledger",
    "licensing", "notify", "oversight", "parties", "portal", "settlement", "workflow",
)  # fmt: skip
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_ENTRY = re.compile(r'^(?:msgctxt "(.*)"\n)?msgid "(.+)"$', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[sd]|\{[a-zA-Z_]\w*\}|%[sd]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to be translated, and where it stands."""

    message: str
    context: str | None
    place: str


def find_catalogs(*, root: Path) -> list[Path]:
    """Return every Chinese catalog, in a stable order."""
    return sorted((root / "locale").glob(f"*/{LANGUAGE_FOLDER}/LC_MESSAGES/django.po"))


def extract_sentences(*, root: Path) -> Iterator[Sentence]:
    """Yield every sentence marked for translation in code and templates."""
    from django.utils.translation.template import templatize

    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            yield from _extract(path.read_bytes(), str(path.relative_to(root)))
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield from _extract(code.encode(), str(path.relative_to(root)))


def _extract(code: bytes, place: str) -> Iterator[Sentence]:
    found = extract("python", BytesIO(code), KEYWORDS, (), {"encoding": "utf-8"})
    for line, message, _, context in found:
        first = message[0] if isinstance(message, tuple) else message
        if first:
            yield Sentence(first, context, f"{place}:{line}")


def check(*, root: Path) -> list[str]:
    """Return what is wrong: missing, contradicting, or with other placeholders."""
    chinese: dict[tuple[str, str | None], dict[str, str]] = defaultdict(dict)
    problems = []
    for path in find_catalogs(root=root):
        name = str(path.relative_to(root))
        for message, context, text in _read(path):
            chinese[(message, context)][text] = name
            if set(PLACEHOLDER.findall(message)) != set(PLACEHOLDER.findall(text)):
                problems.append(f"{name}: other placeholders in the translation of {message!r}")
        problems += [f"{name}: {message!r} stands there twice" for message in _twice(path)]
    for (message, _), texts in sorted(chinese.items(), key=lambda item: item[0][0]):
        if len(texts) > 1:
            places = ", ".join(f"{text!r} in {name}" for text, name in sorted(texts.items()))
            problems.append(f"two translations of {message!r}: {places}")
    missing: dict[tuple[str, str | None], str] = {}
    for sentence in extract_sentences(root=root):
        key = (sentence.message, sentence.context)
        if key not in chinese:
            missing.setdefault(key, sentence.place)
    problems += [f"{place}: no Chinese for {message!r}" for (message, _), place in missing.items()]
    return problems


def _twice(path: Path) -> list[str]:
    """Return what a catalog says more than once: of two translations the reader keeps the first."""
    found = _ENTRY.findall(path.read_text(encoding="utf-8"))
    return sorted({message for context, message in found if found.count((context, message)) > 1})


def _read(path: Path) -> Iterable[tuple[str, str | None, str]]:
    for entry in _load(path):
        if not entry.id or entry.fuzzy:
            continue
        message = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
        text = entry.string[0] if isinstance(entry.string, tuple | list) else entry.string
        if text:
            yield message, entry.context, text


def _load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE_FOLDER, abort_invalid=True)


def compile_all(*, root: Path) -> int:
    """Write the binary catalog beside each text one; return how many."""
    catalogs = find_catalogs(root=root)
    for path in catalogs:
        draft = path.with_suffix(".mo.new")
        with draft.open("wb") as file:
            write_mo(file, _load(path))
        draft.replace(path.with_suffix(".mo"))
    return len(catalogs)


def main(arguments: list[str]) -> int:
    """Compile, or check and list what is wrong."""
    if arguments == ["compile"]:
        print(f"messages: {compile_all(root=ROOT)} catalogs compiled")
        return 0
    if arguments == ["check"]:
        problems = check(root=ROOT)
        print("\n".join(problems) or "messages: every sentence has its Chinese")
        return 1 if problems else 0
    print("usage: python -m tools.messages compile|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
