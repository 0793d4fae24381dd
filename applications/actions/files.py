"""Files put to the fields of the form: added, replaced, taken away, frozen, copied, erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from applications import definition
from applications.actions.access import ask_right, ask_state
from applications.actions.drafting import ask_sections, editable_application, store_change
from applications.models import AnswerFile, Application
from applications.queries.access import visible_application
from applications.queries.files import file_fields, files_on, shown_file_fields
from applications.queries.forms import form_of
from applications.states import EDITABLE
from core import uploads
from core.errors import InvalidInput, NotFound
from workflow import transitions

# All files of one case together.
CASE_FILES_BYTES_MAX = 100 * uploads.MEGABYTE


def attach_file(
    *,
    application_id: UUID,
    field: str,
    name: str,
    content: bytes,
    actor: Any,
    at: datetime,
    replaces: int | None = None,
    revision: int | None = None,
) -> AnswerFile:
    """
    Put a file to a field of a draft or of a returned section.

    ``replaces`` is the file in whose place it comes. The change is the next revision of the draft
    and voids the signature of the commitments. ``revision`` is what the actor had on screen.

    :raises InvalidInput: the form shows no such field for files, it is full, or ``core.uploads``
        refuses the file; ``fields`` is by the field.
    :raises ScannerSilent: a scanner is configured and does not answer.
    :raises DraftChanged: somebody stored another revision since.
    :raises SectionLocked: a correction did not return this section.
    :raises NotAllowedNow: the application cannot be edited in its state.
    :raises NotFound: no such application, or no such file to replace.
    """
    # The scanner takes its time: who may not write here does not get that far, and nobody waits
    # for a lock meanwhile. Everything is asked again under the lock.
    application = visible_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.edit_application", actor=actor)
    ask_state(application, *EDITABLE)
    rule = definition.file_rule(_field_of(application, field))
    file = uploads.read(
        name=name,
        content=content,
        kinds=rule.kinds,
        bytes_max=rule.megabytes_max * uploads.MEGABYTE,
        entry=field,
    )
    return _attach(
        application_id=application_id,
        field=field,
        file=file,
        replaces=replaces,
        actor=actor,
        at=at,
        revision=revision,
    )


@transitions.action
def _attach(
    *,
    application_id: UUID,
    field: str,
    file: uploads.Upload,
    replaces: int | None,
    actor: Any,
    at: datetime,
    revision: int | None,
) -> AnswerFile:
    application = editable_application(application_id, actor, revision=revision)
    ask_sections(application, {_section_of(application, field)})
    rule = definition.file_rule(_field_of(application, field))
    if replaces is not None:
        _take_away(application, _file_on(application, replaces, field=field))
    _ask_room(application, field, file, rule)
    kept = AnswerFile.objects.create(
        application=application,
        field=field,
        name=file.name,
        media_type=file.media_type,
        content=file.content,
        size_bytes=len(file.content),
        content_hash=file.content_hash,
        added_by=actor,
        added_at=at,
    )
    store_change(application, actor=actor, at=at, changed=[f"files.{field}"])
    return kept


@transitions.action
def remove_file(
    *,
    application_id: UUID,
    file_id: int,
    actor: Any,
    at: datetime,
    revision: int | None = None,
) -> Application:
    """
    Take a file from a draft or from a returned section.

    A file that was never handed in is gone; one that was stays with the submissions it was part of.

    :raises NotFound: the application has no such file on it.
    :raises DraftChanged: somebody stored another revision since.
    :raises SectionLocked: a correction did not return this section.
    :raises NotAllowedNow: the application cannot be edited in its state.
    """
    application = editable_application(application_id, actor, revision=revision)
    file = _file_on(application, file_id)
    ask_sections(application, {_section_of(application, file.field)})
    _take_away(application, file)
    store_change(application, actor=actor, at=at, changed=[f"files.{file.field}"])
    return application


def freeze_files(application: Application, *, number: int) -> None:
    """Note that what stands on the form is handed in; for the snapshot with this number."""
    files_on(application).filter(first_in=None).update(first_in=number)


def drop_hidden_files(application: Application) -> None:
    """Take away the files of fields that are not shown, before the rest is handed in."""
    shown = shown_file_fields(application, form_of(application))
    for file in files_on(application).exclude(field__in=shown):
        _take_away(application, file)


def copy_files(source: Application, target: Application, *, actor: Any, at: datetime) -> None:
    """Give a new draft files of its own, as far as its form asks for them."""
    wanted = file_fields(form_of(target))
    for file in source.files.filter(last_in=None, field__in=wanted).order_by("id").iterator(1):
        AnswerFile.objects.create(
            application=target,
            field=file.field,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            size_bytes=file.size_bytes,
            content_hash=file.content_hash,
            added_by=actor,
            added_at=at,
        )


def _field_of(application: Application, key: str) -> Mapping[str, Any]:
    merged = form_of(application)
    if key not in shown_file_fields(application, merged):
        raise InvalidInput(fields={key: _("The form has no such entry.")})
    return file_fields(merged)[key]


def _section_of(application: Application, key: str) -> str:
    for section in form_of(application)["sections"]:
        if any(field["key"] == key for field in section["fields"]):
            return str(section["key"])
    # What no part asks for any more may be taken away wherever datasets may be changed.
    return "datasets"


def _file_on(application: Application, file_id: int, *, field: str = "") -> AnswerFile:
    found = files_on(application).filter(id=file_id).first()
    if found is None or (field and found.field != field):
        raise NotFound
    return found


def _take_away(application: Application, file: AnswerFile) -> None:
    if file.first_in is None:
        file.delete()
        return
    last = application.snapshots.order_by("-number").values_list("number", flat=True).first()
    file.last_in = last
    file.save(update_fields=["last_in"])


def _ask_room(
    application: Application, field: str, file: uploads.Upload, rule: definition.FileRule
) -> None:
    here = files_on(application).filter(field=field)
    if here.filter(content_hash=file.content_hash).exists():
        raise InvalidInput(fields={field: _("This file is there already.")})
    if here.count() >= rule.files_max:
        said = _("This entry takes %(most)s files at most. Remove one first, or replace it.")
        raise InvalidInput(fields={field: said % {"most": rule.files_max}})
    held = files_on(application).aggregate(all=Sum("size_bytes"))["all"] or 0
    if held + len(file.content) > CASE_FILES_BYTES_MAX:
        said = _("The files of one application have %(size)s MB together at most.")
        most = CASE_FILES_BYTES_MAX // uploads.MEGABYTE
        raise InvalidInput(fields={field: said % {"size": most}})
