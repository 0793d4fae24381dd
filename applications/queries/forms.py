"""Which versions of the form a case was begun with, and what they ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from applications import answers as rules
from applications import definition, form
from applications.errors import DraftChanged
from applications.merging import Clash
from applications.models import Application, FormDefinition
from catalog.models import Dataset
from core import clock
from workflow import audit
from workflow.models import AuditEntry

PUBLISHED = FormDefinition.State.PUBLISHED
# How many changes a refusal looks back over.
CHANGES_MAX = 100
# Without a general version nothing beyond the columns is asked.
NOTHING: dict[str, Any] = {"sections": []}


def general_in_force(*, at: datetime) -> FormDefinition | None:
    """Return the version of the general form in force on the day."""
    return _in_force(at).filter(dataset=None).order_by("-version").first()


def parts_in_force(
    *, datasets: Iterable[Dataset], at: datetime
) -> dict[UUID, FormDefinition]:
    """Return the version in force on the day by dataset, of those that have a part. One query."""
    rows = _in_force(at).filter(dataset__in=list(datasets)).order_by("dataset_id", "-version")
    return {row.dataset_id: row for row in rows.distinct("dataset_id") if row.dataset_id}


def _in_force(at: datetime) -> QuerySet[FormDefinition]:
    return FormDefinition.objects.filter(
        state=PUBLISHED, effective_on__lte=clock.local_date(at)
    )


def form_of(application: Application) -> dict[str, Any]:
    """Return the one form of a case: general part first, then the part of each dataset once."""
    general = application.form or FormDefinition.objects.filter(dataset=None, version=1).first()
    items = application.items.select_related("dataset", "form").order_by("dataset__code", "id")
    parts = [("", general.content if general else NOTHING)]
    parts += [(item.dataset.code, item.form.content) for item in items if item.form is not None]
    return definition.merge(parts=parts)


def sections_of_case(application: Application) -> tuple[str, ...]:
    """Return the keys of the sections of a case in order; what is signed comes last."""
    return sections_in(form_of(application))


def sections_in(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of the sections of a merged form, with those that hold no fields."""
    between = [s["key"] for s in content["sections"]]
    # The three sections of the columns are there whatever the version says of them.
    missing = [key for key in form.SECTIONS[1:-1] if key not in between]
    return ("datasets", *missing, *between, "commitments")


def bound_of(application: Application) -> dict[str, Any]:
    """Return the entries that are kept in columns."""
    names = [n for section in form.SECTIONS for n in form.SECTION_FIELDS[section] if n != "items"]
    return {name: getattr(application, name) for name in names}


def draft_changed(
    application: Application, *, since: int, clashes: Sequence[Clash] = ()
) -> DraftChanged:
    """Return the refusal that says who stored what in a draft after a revision."""
    subject_type, subject_id = audit.subject_key(application)
    # Newest first; who saves with a revision that old has to compare everything anyway.
    newest = list(
        AuditEntry.objects.filter(
            subject_type=subject_type, subject_id=subject_id, action="edit", outcome="DONE"
        ).order_by("-id")[:CHANGES_MAX]
    )
    entries = [entry for entry in newest if entry.facts.get("revision", 0) > since]
    changed = sorted({name for entry in entries for name in entry.facts.get("changed", ())})
    last = entries[0] if entries else None
    error = DraftChanged(
        who=last.actor_name if last else "",
        when=f"{timezone.localtime(application.updated_at):%Y-%m-%d %H:%M}",
        changed=changed,
        revision=application.revision,
    )
    # Not among its facts: those are recorded, and what was typed is nobody else's to read.
    error.clashes = tuple(clashes)
    return error


def gaps_of(
    application: Application, *, content: Mapping[str, Any], merged: Mapping[str, Any]
) -> dict[str, form.Problems]:
    """Return what a case lacks before submission: what the procedure needs, what its form asks."""
    gaps = form.find_gaps(content=content)
    asked = rules.find_gaps(
        form=merged, answers=application.answers, bound=content, files=content.get("files") or {}
    )
    for section, problems in asked.items():
        gaps[section] = {**problems, **gaps.get(section, {})}
    return gaps


def labels_of(merged: Mapping[str, Any], *, language: str) -> dict[str, str]:
    """Return what the fields are called: key → label."""
    return {
        field["key"]: definition.in_language(field["label"], language)
        for field in definition.fields_of(merged)
        if not field.get("bind")
    }


def private_keys(merged: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of fields that persons who are only asked for an opinion do not read."""
    return frozenset(f["key"] for f in definition.fields_of(merged) if f.get("private"))
