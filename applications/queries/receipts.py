"""The confirmation of a submission: number, expected day, contact, and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from applications import definition, diff, documents, labels
from applications.models import Application, Snapshot
from applications.queries.access import visible_application
from applications.queries.consultation import reads_as_consulted
from applications.queries.forms import form_of
from core.errors import NotFound
from workflow.audit import subject_key
from workflow.models import Deadline


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What stands on the confirmation; ``due_on`` is the day by which the office answers."""

    submission: int
    submitted_at: datetime
    submitted_by: str
    content_hash: str
    due_on: date | None
    provisional: bool
    legal_basis: str
    office: str
    contact_name: str
    contact_phone: str
    contact_email: str
    address: str


def confirmation(*, application_id: UUID, actor: Any) -> Confirmation:
    """
    Return the confirmation of the last submission of a case; it stays when the case moves on.

    :raises NotFound: there is no such case for this actor, or nothing was handed in yet.
    """
    case, last = _submitted(application_id, actor)
    subject_type, subject_id = subject_key(case)
    acceptance = (
        Deadline.objects.filter(
            subject_type=subject_type, subject_id=subject_id, kind="acceptance"
        )
        .select_related("rule")
        .order_by("-id")
        .first()
    )
    office = case.authority
    return Confirmation(
        submission=last.number,
        submitted_at=last.taken_at,
        submitted_by=last.taken_by.full_name,
        content_hash=last.content_hash,
        due_on=acceptance.due_on if acceptance else None,
        provisional=bool(acceptance and acceptance.provisional),
        legal_basis=acceptance.rule.legal_basis if acceptance else "",
        office=office.name,
        contact_name=office.contact_name,
        contact_phone=office.contact_phone,
        contact_email=office.contact_email,
        address=office.address,
    )


def receipt(*, application_id: UUID, actor: Any) -> documents.ReceiptFacts:
    """
    Return what was handed in last as the receipt prints it, in the language of the house.

    :raises NotFound: there is no such case for this actor, nothing was handed in yet, or the actor
        is only asked for an opinion and so does not read what is private.
    """
    case, last = _submitted(application_id, actor)
    if reads_as_consulted(case, actor=actor):
        raise NotFound
    with translation.override(settings.LANGUAGE_CODE):
        return documents.ReceiptFacts(
            number=case.number or "",
            authority=case.authority.name,
            applicant=case.applicant.name,
            applicant_uscc=case.applicant.uscc,
            scenario=str(last.content["scenario_name"]),
            submitted_by=last.taken_by.full_name,
            submitted_at=last.taken_at,
            submission=last.number,
            content_hash=last.content_hash,
            sections=_sections(last.content, options=_options(case)),
            watermark="演示" if settings.DEMO else "",
        )


def _submitted(application_id: UUID, actor: Any) -> tuple[Application, Snapshot]:
    case = visible_application(application_id=application_id, actor=actor)
    last = case.snapshots.select_related("taken_by").order_by("-number").first()
    if last is None:
        raise NotFound
    return case, last


def _sections(
    content: Mapping[str, Any], *, options: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in diff.flatten(content=content):
        label = labels.label_of(section=entry.section, key=entry.key, content=content)
        words = _words(entry, options.get(entry.key.rpartition(".")[2], {}))
        found.setdefault(entry.section, []).append((str(label), words))
    return tuple(
        (str(labels.section_title(section)), tuple(rows)) for section, rows in found.items()
    )


def _words(entry: diff.Entry, options: Mapping[str, str]) -> str:
    if entry.kind == "files":
        return "\n".join(f"{name}（SHA-256 {sha}）" for name, sha in entry.value)
    if entry.kind == "list":
        rows = (str(labels.row_of(key=entry.key, row=str(row))) for row in entry.value)
        return "\n".join(options.get(row, row) for row in rows)
    text = str(labels.value_of(key=entry.key, value=entry.value))
    return options.get(text, text)


def _options(case: Application) -> dict[str, dict[str, str]]:
    """Return what the choices of the form are called: key of the field → value → label."""
    language = settings.LANGUAGE_CODE
    return {
        field["key"]: {
            str(option["value"]): definition.in_language(option["label"], language)
            for option in field["options"]
        }
        for field in definition.fields_of(form_of(case))
        if field.get("options") and not field.get("bind")
    }
