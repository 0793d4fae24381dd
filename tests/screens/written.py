"""
What people wrote, apart from what the product says.

On an English page a name, a reason or a legal basis stays Chinese; a word of ours does not. What
people wrote stands in the database, so a Chinese word on an English page must be found there. A
label that was given in both languages is ours to show in English: its Chinese is no excuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HAN = re.compile("[\u3400-\u9fff]+")
LOCALE = Path(__file__).parents[2] / "locale"
# Texts of the page itself, and what is read aloud or shown on hovering; typed values are data.
CHINESE_TEXTS = """() => {
  const found = new Set(), han = /[\\u3400-\\u9fff]/;
  const say = text => { if (text && han.test(text)) found.add(text.replace(/\\s+/g, ' ').trim()); };
  const apart = e => !e || e.closest('[lang^=zh]:not(html), script, style, textarea');
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (!apart(walk.currentNode.parentElement)) say(walk.currentNode.textContent);
  for (const e of document.querySelectorAll('*')) {
    if (apart(e)) continue;
    for (const name of e.getAttributeNames())
      if (/^(title|aria-(label|description|valuetext)|placeholder|alt|summary|label)$/.test(name)
          || name.startsWith('data-'))
        say(e.getAttribute(name));
    if (e.matches('input[type=submit],input[type=button]')) say(e.value);
  }
  return [...found];
}"""


@dataclass(frozen=True)
class Written:
    """Every text in the database with Chinese in it, whole and by runs of characters."""

    texts: frozenset[str]
    runs: frozenset[str]

    @classmethod
    def of(cls, texts: list[str]) -> Written:
        """Take the texts apart."""
        runs = {run for text in texts for run in HAN.findall(text)}
        return cls(frozenset(" ".join(text.split()) for text in texts), frozenset(runs))

    def has(self, text: str) -> bool:
        """Say whether every Chinese word of a text on a page was written by people."""
        if text in self.texts:
            return True
        if text in ours():
            return False
        # A list of names, a number with a name; what was cut for want of room begins alike.
        begun = "…" in text
        return all(
            run in self.runs or (begun and any(whole.startswith(run) for whole in self.runs))
            for run in HAN.findall(text)
        )


@cache
def ours() -> frozenset[str]:
    """Return every sentence of the product in Chinese."""
    texts = (file.read_text("utf-8") for file in LOCALE.rglob("*.po"))
    said = re.compile(r'^msgstr "(.+)"$', re.MULTILINE)
    return frozenset(one for text in texts for one in said.findall(text))


def in_database() -> list[str]:
    """Return every text in the database with Chinese in it, apart from labels in two languages."""
    from django.apps import apps
    from django.db import models

    found: set[str] = set()
    kinds = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        if not model._meta.managed or model._meta.label_lower == "sessions.session":
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, kinds):
                values = model._default_manager.values_list(column.attname, flat=True)
                found.update(text for value in values for text in _texts(value))
    return sorted(text for text in found if HAN.search(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if not (key == "zh" and value.get("en")):
                yield from _texts(one)
            yield from _texts(key)
