"""What a draft lacks before it can be submitted, each with the place where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications import form
from applications.answers import name_of
from applications.definition import in_language
from applications.queries.drafts import DraftPage, Section


@dataclass(frozen=True, slots=True)
class Gap:
    """
    One thing to do before submission.

    ``entry`` names the field as the form of its section does (``own`` when it is one of the form
    definition's), a dataset by its code; empty is the section as a whole.
    """

    section: str
    section_title: str
    entry: str
    own: bool
    label: str
    text: str
    locked: bool


def outstanding(*, draft: DraftPage) -> tuple[Gap, ...]:
    """Return what the draft lacks, in the order of the form. Asks the database nothing."""
    return tuple(gap for section in draft.sections for gap in _gaps_in(section, draft))


def _gaps_in(section: Section, draft: DraftPage) -> Iterator[Gap]:
    locked = not draft.editable or section.status == "locked"
    if section.key == "commitments" and section.problems:
        yield Gap(section.key, section.title, "codes", False, section.title,
                  _unsigned(section), locked)  # fmt: skip
        return
    asked = _asked(section, draft)
    chosen = {item["code"]: f"{item['code']} {item['title']}" for item in draft.content["items"]}
    place = {name: number for number, name in enumerate(asked)}
    for name, text in sorted(section.problems, key=lambda one: place.get(one[0], len(place))):
        label, own = asked.get(name, (chosen.get(name, section.title), False))
        entry = name if name in asked or name in chosen else ""
        yield Gap(section.key, section.title, entry, own, label, text, locked)


def _unsigned(section: Section) -> str:
    count = sum(name in form.COMMITMENTS for name, _text in section.problems)
    if not count:
        return _("The commitments need the name of the signer.")
    text = ngettext(
        "%(count)d commitment is not signed.", "%(count)d commitments are not signed.", count
    )
    return text % {"count": count}


def _asked(section: Section, draft: DraftPage) -> dict[str, tuple[str, bool]]:
    """Return label and origin of the fields that the definition asks in a section, by name."""
    language = get_language() or ""
    return {
        name_of(field): (in_language(field["label"], language), not field.get("bind"))
        for asked in draft.form["sections"]
        if asked["key"] == section.key
        for field in asked["fields"]
    }
