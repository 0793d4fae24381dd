"""What a first version of a clause is made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.clauses.language import ClauseText, Paragraph

ALL = ("PROVISION", "PROCESSING", "FUSION", "INTERMEDIARY")


@dataclass(frozen=True, slots=True)
class First:
    """The first version of a clause: for which forms of contract, and on what legal basis."""

    code: str
    title: str
    term: str
    legal_basis: str
    paragraphs: tuple[Paragraph, ...]
    forms: tuple[str, ...] = ALL

    @property
    def text(self) -> ClauseText:
        """It as agreements pin it."""
        return ClauseText(self.code, 1, self.title, self.term, self.paragraphs)


def always(text: str) -> Paragraph:
    """Return a paragraph that stands in every agreement."""
    return Paragraph(text)


def given(when: str, text: str) -> Paragraph:
    """Return a paragraph that stands where a condition holds."""
    return Paragraph(text, when=when)


def each(items: str, text: str) -> Paragraph:
    """Return a paragraph that stands once for each item of a list."""
    return Paragraph(text, each=items)
