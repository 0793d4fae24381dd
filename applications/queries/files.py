"""The files that answer the form: what stands on it, who may read which, and their bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from applications import answers as rules
from applications import definition
from applications.models import AnswerFile, Application
from applications.queries.access import is_of_applicant, visible_applications
from applications.queries.consultation import reads_as_consulted
from applications.queries.forms import bound_of, form_of, private_keys
from applications.queries.rows import FileRow
from core.errors import NotFound

FilesByField = Mapping[str, tuple[FileRow, ...]]


def files_on(case: Application) -> QuerySet[AnswerFile]:
    """Return the files that stand on a case now, without their bytes, in the order they came."""
    return case.files.filter(last_in=None).defer("content").order_by("id")


def file_fields(merged: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the fields of a form that take files: key → field."""
    return {f["key"]: f for f in definition.fields_of(merged) if f["type"] == "FILE"}


def shown_file_fields(case: Application, merged: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of the fields for files that the answers so far show."""
    shown = rules.visible(form=merged, answers=case.answers, bound=bound_of(case))
    return shown & file_fields(merged).keys()


def files_content(
    case: Application, merged: Mapping[str, Any], files: Iterable[AnswerFile]
) -> dict[str, list[dict[str, Any]]]:
    """Return the files of the fields that are shown, as a snapshot keeps them: by their hash."""
    shown = shown_file_fields(case, merged)
    content: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        if file.field in shown:
            content.setdefault(file.field, []).append(
                {
                    "name": file.name,
                    "sha256": file.content_hash,
                    "bytes": file.size_bytes,
                    "media_type": file.media_type,
                }
            )
    return content


def files_for(case: Application, *, of_applicant: bool) -> FilesByField:
    """
    Return the files of a case by field, as one side reads it.

    The applicant has what stands on the form; the office what was handed in last, also while the
    applicant is correcting it.
    """
    if of_applicant:
        return _by_field(files_on(case))
    last = case.snapshots.order_by("-number").values_list("number", flat=True).first()
    handed_in = case.files.filter(
        Q(last_in=None) | Q(last_in__gte=last or 0), first_in__lte=last or 0
    )
    return _by_field(handed_in.defer("content").order_by("id"))


def files_by_hash(case: Application) -> dict[tuple[str, str], int]:
    """Return the files that were handed in with some submission: (field, SHA-256) → id."""
    rows = case.files.filter(first_in__isnull=False)
    return {
        (field, sha): pk for field, sha, pk in rows.values_list("field", "content_hash", "id")
    }


def answer_file(*, file_id: int, actor: Any) -> tuple[str, str, bytes]:
    """
    Return name, media type and bytes of one file of the form.

    The applicant's side reads its own at any time; everybody else who sees the case what was handed
    in. Who is only asked for an opinion does not read the files of private fields.

    :raises NotFound: there is no such file for this actor.
    """
    found = (
        AnswerFile.objects.filter(id=file_id, application__in=visible_applications(actor))
        .select_related("application")
        .first()
    )
    if found is None:
        raise NotFound
    case = found.application
    if not is_of_applicant(case, actor=actor):
        hidden = reads_as_consulted(case, actor=actor) and found.field in private_keys(
            form_of(case)
        )
        if found.first_in is None or hidden:
            raise NotFound
    return found.name, found.media_type, bytes(found.content)


def _by_field(files: QuerySet[AnswerFile]) -> FilesByField:
    found: dict[str, tuple[FileRow, ...]] = {}
    for file in files:
        row = FileRow(file.pk, file.name, file.size_bytes, file.content_hash)
        found[file.field] = (*found.get(file.field, ()), row)
    return found
