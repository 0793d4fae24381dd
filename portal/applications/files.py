"""Files of the form: the field with what stands there, its two small acts, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import actions, definition, queries
from applications.queries import DraftPage, FileRow, FilesByField
from core import uploads
from core.errors import DomainError, InvalidInput, NotFound
from portal.kit import ActView, Form, SignedIn, document_response

PREFIX = "x_"
SWAP, DROP = "swap-", "drop"
# How a request of the script names itself, so that it is answered with a part of the page.
BY_SCRIPT = "upload"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one draft; without an ``application_id`` the form is only looked at."""

    application_id: UUID | None = None
    files: FilesByField = field(default_factory=dict)
    locked: bool = True

    @classmethod
    def of(cls, draft: DraftPage, *, locked: bool) -> Shelf:
        """Return what stands on a draft."""
        return cls(draft.id, draft.files, locked)


class FilesInput(forms.FileInput):
    """The files of one field, each with its acts, and a chooser for more."""

    allow_multiple_selected = True

    def __init__(self, asked: Mapping[str, Any], shelf: Shelf) -> None:
        super().__init__()
        self.asked, self.shelf = asked, shelf

    @property
    def rows(self) -> tuple[FileRow, ...]:
        """The files that stand there."""
        return self.shelf.files.get(self.asked["key"], ())

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """Return what was chosen."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say so when nothing was chosen."""
        return name not in files

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """Draw the field; the outer part stays while the script draws the inner one anew."""
        return self._drawn("fill_files", name, attrs or {})

    def inner(self, name: str) -> SafeString:
        """Draw what changes with the files."""
        return self._drawn("fill_files_inner", name, {"id": f"id_{name}"})

    def _drawn(self, template: str, name: str, attrs: Mapping[str, Any]) -> SafeString:
        rule = definition.file_rule(self.asked)
        context = {
            "name": name,
            "attrs": {
                "id": f"id_{name}",
                **{key.replace("-", "_"): value for key, value in attrs.items()},
            },
            "key": self.asked["key"],
            "label": definition.in_language(self.asked["label"], get_language() or ""),
            "rows": self.rows,
            "application_id": self.shelf.application_id,
            "locked": self.shelf.locked,
            "room": max(0, rule.files_max - len(self.rows)),
            "several": rule.files_max > 1,
            "bytes_max": rule.megabytes_max * uploads.MEGABYTE,
            "accept": ",".join(uploads.endings_of(rule.kinds)),
        }
        return SafeString(render_to_string(f"portal/applications/{template}.html", context))


class FilesField(forms.FileField):
    """Several files; the action looks into each of them."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Take what was chosen."""
        return list(data or ())


def made(asked: Mapping[str, Any], shelf: Shelf | None) -> FilesField:
    """Return the field of a page for a field for files, its rule stated before anything else."""
    language = get_language() or ""
    rule = definition.file_rule(asked)
    stated = _("%(kinds)s; at most %(most)s files of %(size)s MB each.") % {
        "kinds": ", ".join(rule.kinds),
        "most": rule.files_max,
        "size": rule.megabytes_max,
    }
    hint = f"{definition.in_language(asked.get('help'), language)} {stated}".strip()
    return FilesField(
        label=definition.in_language(asked["label"], language),
        help_text=hint,
        required=False,
        widget=FilesInput(asked, shelf or Shelf()),
    )


def save(request: HttpRequest, *, form: Form, draft_id: UUID, at: Any) -> None:
    """
    Put the files that came with a form to its fields, and take one away when that was asked.

    What is refused is told at its field; the other files are stored.
    """
    for name, asked in _fields(form):
        for file, replaces in _arrived(request, form, name):
            try:
                actions.attach_file(
                    application_id=draft_id,
                    field=asked["key"],
                    name=str(file.name),
                    content=_bytes_of(file, asked),
                    replaces=replaces,
                    actor=request.user,
                    at=at,
                )
            except DomainError as error:
                form.add_error(name, f"{uploads.plain_name(str(file.name))}：{reason(error)}")
    dropped = request.POST.get(DROP, "")
    if dropped.isdecimal():
        try:
            actions.remove_file(
                application_id=draft_id, file_id=int(dropped), actor=request.user, at=at
            )
        except DomainError as error:
            form.add_error(None, str(error))


def show_anew(form: Form, shelf: Shelf) -> None:
    """Have a form that is shown again show the files that stand there by now."""
    for name, _asked in _fields(form):
        form.fields[name].widget.shelf = shelf


def reason(error: DomainError) -> str:
    """Return why a file was refused."""
    named = error.fields.values() if isinstance(error, InvalidInput) else ()
    return "；".join(str(text) for text in named) or str(error)


def _fields(form: Form) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, shown in form.fields.items():
        if isinstance(shown.widget, FilesInput):
            yield name, shown.widget.asked


def _arrived(
    request: HttpRequest, form: Form, name: str
) -> Iterator[tuple[UploadedFile, int | None]]:
    for row in form.fields[name].widget.rows:
        for file in request.FILES.getlist(f"{SWAP}{row.id}"):
            yield file, row.id
    for file in form.cleaned_data.get(name, ()):
        yield file, None


def _bytes_of(file: UploadedFile, asked: Mapping[str, Any]) -> bytes:
    """Return the bytes of a file; of one that is too large no more than shows it."""
    return bytes(file.read(definition.file_rule(asked).megabytes_max * uploads.MEGABYTE + 1))


class _FileAct(ActView):
    """One act on the files of a field; the script gets the field back, a person the page."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act; tell the script in a line why not."""
        if request.headers.get("X-Requested-With") != BY_SCRIPT:
            return super().post(request, *args, **kwargs)
        key = self.key
        try:
            self.perform()
        except DomainError as error:
            return HttpResponse(
                reason(error), status=error.status, content_type="text/plain; charset=utf-8"
            )
        draft = self.draft()
        widget = FilesInput(_asked(draft, key), Shelf.of(draft, locked=not draft.editable))
        return HttpResponse(
            widget.inner(PREFIX + key), headers={"X-Revision": str(draft.revision)}
        )

    @property
    def key(self) -> str:
        """The field this is about."""
        raise NotFound

    def draft(self) -> DraftPage:
        """Return the draft as it is stored now."""
        return queries.draft_page(
            application_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )


class Attach(_FileAct):
    """Put one file to a field."""

    @property
    def key(self) -> str:
        """The field named in the address."""
        return str(self.kwargs["field"])

    def perform(self) -> str:
        """Store it."""
        file, replaced = self.request.FILES.get("file"), self.request.POST.get("replaces", "")
        asked = _asked(self.draft(), self.key)
        if not isinstance(file, UploadedFile):
            raise InvalidInput(fields={self.key: _("Choose a file.")})
        actions.attach_file(
            application_id=self.kwargs["pk"],
            field=self.key,
            name=str(file.name),
            content=_bytes_of(file, asked),
            replaces=int(replaced) if replaced.isdecimal() else None,
            actor=self.request.user,
            at=self.at,
        )
        return _("The file is stored.")


class Remove(_FileAct):
    """Take one file away."""

    @property
    def key(self) -> str:
        """The field the file stands at."""
        for key, rows in self.draft().files.items():
            if any(row.id == self.kwargs["number"] for row in rows):
                return key
        raise NotFound

    def perform(self) -> str:
        """Take it away."""
        actions.remove_file(
            application_id=self.kwargs["pk"],
            file_id=self.kwargs["number"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The file is removed.")


def _asked(draft: DraftPage, key: str) -> Mapping[str, Any]:
    for asked in definition.fields_of(draft.form):
        if asked["key"] == key and asked["type"] == "FILE":
            return asked
    raise NotFound


class File(SignedIn):
    """One file of the form."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hand it over to those who may read it, as a file to keep."""
        name, media_type, content = queries.answer_file(
            file_id=self.kwargs["pk"], actor=request.user
        )
        return document_response(content, name, media_type)
