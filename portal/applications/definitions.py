"""The versions of the application form: list, one version, its changes, its publication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications import actions, definition, form_diff, form_editing, queries
from applications.definition import in_language
from applications.errors import FormChanged
from applications.queries import FormPage
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow
from parties import queries as parties
from parties.roles import Role
from portal.applications import definition_forms as forms
from portal.applications import definition_words as words
from portal.kit import (
    ActionView,
    ActView,
    Crumb,
    Page,
    PageView,
    SignedIn,
    crumb,
    document_response,
)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as the page of a version shows it; ``place`` counts from 0."""

    place: int
    key: str
    label: str
    type_name: str
    required: bool
    private: bool
    bound: bool
    condition: str
    problem: str
    last: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section as the page of a version shows it."""

    place: int
    key: str
    title: str
    hint: str
    problem: str
    fixed: bool
    last: bool
    fields: tuple[FieldRow, ...]


class Definitions(PageView):
    """The general part and each dataset's part with their versions."""

    area = "applications"
    title = gettext_lazy("Application form")
    template_name = "portal/applications/form/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the parts, and the datasets that have none."""
        context = super().get_context_data(**kwargs)
        lines = queries.form_lines(actor=self.request.user, at=self.at)
        known = {line.code for line in lines}
        context["lines"] = lines
        context["may_begin"] = parties.has_role(self.request.user, Role.AUTHORITY_CASE)
        context["others"] = [c for c in queries.dataset_choices() if c.code not in known]
        return context


class Begin(ActView):
    """Begin the next version of a part."""

    def perform(self) -> str:
        """Begin it."""
        self.draft = actions.draft_form(
            dataset_code=self.request.POST.get("dataset", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _(
            "A version is being drafted. Nothing changes for applicants until it is published."
        )

    def get_success_url(self) -> str:
        """Go to the version."""
        return reverse("portal:form", args=[self.draft.pk])


class OfForm(Page):
    """A page about one version."""

    area = "applications"
    heading: Any = ""
    conflict = False

    @property
    def form_id(self) -> UUID:
        """The version named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def page(self) -> FormPage:
        """The version as this reader may see it."""
        return queries.form_page(
            definition_id=self.form_id, actor=self.request.user, at=self.at
        )

    @property
    def revision(self) -> str:
        """The fingerprint of the text that the person had on screen, or sees now."""
        posted = "" if self.conflict else self.request.POST.get("revision", "")
        return posted or self.page.revision

    def look_again(self) -> None:
        """Read the version as it stands now; the next press is compared with that."""
        self.__dict__.pop("page", None)
        self.conflict = True

    def ask_editor(self) -> None:
        """
        Open a page of the editor only to who may edit, while the version is a draft.

        :raises Forbidden: no desk that makes forms.
        :raises NotAllowedNow: the version is published or discarded.
        """
        page = self.page
        if not parties.has_role(self.request.user, Role.AUTHORITY_CASE):
            raise Forbidden
        if not page.may_edit:
            raise NotAllowedNow

    def edit(self, content: dict[str, Any], *, legal_basis: str = "") -> None:
        """
        Store a changed text; what cannot be stored is named by its path.

        :raises FormChanged: somebody stored another one in the meantime.
        """
        try:
            actions.edit_form(
                definition_id=self.form_id,
                content=content,
                legal_basis=legal_basis or self.page.legal_basis,
                revision=self.revision,
                actor=self.request.user,
                at=self.at,
            )
        except InvalidInput as error:
            raise with_paths(error) from error

    def get_title(self) -> str:
        """Name the step, the part and the version."""
        version = _("version %(number)s") % {"number": self.page.row.version}
        name = f"{self.page.title} · {version}"
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list and the version."""
        version = _("version %(number)s") % {"number": self.page.row.version}
        name = f"{self.page.title} · {version}"
        first = crumb(_("Application form"), "portal:forms")
        if not self.heading:
            return first, crumb(name)
        return first, crumb(name, "portal:form", self.form_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the version."""
        return reverse("portal:form", args=[self.form_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version."""
        kwargs.setdefault("revision", self.revision)
        return super().get_context_data(
            **kwargs, version=self.page, back_url=self.get_success_url()
        )


class Version(OfForm, PageView):
    """One version: what it asks, and while it is drafted, how to change that."""

    template_name = "portal/applications/form/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add sections, fields and what is wrong with them."""
        context = super().get_context_data(**kwargs)
        page = self.page
        context["sections"] = sections_of(page)
        shown = {f["key"] for f in definition.fields_of(page.content)}
        shown |= {s["key"] for s in page.content["sections"]}
        labels = {"sections": _("Sections")}
        context["elsewhere"] = [
            (labels.get(key, key), text) for key, text in page.problems.items() if key not in shown
        ]
        context["types"] = [(kind, words.type_name(kind)) for kind in definition.TYPES]
        return context


class Changes(OfForm, PageView):
    """What a version changes against the one in force."""

    heading = gettext_lazy("Changes")
    template_name = "portal/applications/form/changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the changes."""
        return super().get_context_data(**kwargs, **changes_of(self.page))


class Publish(OfForm, ActionView):
    """Publish a drafted version; whoever edited it last reads here why another person does."""

    heading = gettext_lazy("Publish")
    template_name = "portal/applications/form/publish.html"
    form_class = forms.PublishForm
    submit_label = gettext_lazy("Publish the version")

    def get_initial(self) -> dict[str, Any]:
        """Begin today."""
        return {"effective_on": clock.local_date(self.at)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """
        Show what is to be published.

        :raises NotAllowedNow: it is published or discarded.
        """
        if not self.page.may_publish:
            raise NotAllowedNow
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the changes, and how many keep the version they began with."""
        context = super().get_context_data(**kwargs, **changes_of(self.page))
        context["keepers"] = queries.keepers_of(definition_id=self.page.row.id)
        labels = {f["key"]: f["label"] for f in definition.fields_of(self.page.content)}
        language = get_language() or ""
        context["problems"] = [
            (in_language(labels.get(key), language) or key, text)
            for key, text in self.page.problems.items()
        ]
        return context

    def perform(self, form: Any) -> str:
        """Publish what was on screen."""
        try:
            actions.publish_form(
                definition_id=self.form_id,
                effective_on=form.cleaned_data["effective_on"],
                revision=self.revision,
                actor=self.request.user,
                at=self.at,
            )
        except FormChanged:
            # What the person read is not what stands there: they read it again first.
            self.look_again()
            raise
        return _("The version is published. Cases that have begun keep theirs.")


class Discard(OfForm, ActView):
    """Give a drafted version up."""

    def perform(self) -> str:
        """Discard it."""
        actions.discard_form(definition_id=self.form_id, actor=self.request.user, at=self.at)
        return _("The version is given up. Its number is not used again.")

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse("portal:forms")


class Export(OfForm, SignedIn):
    """A version as a file, to be kept or imported elsewhere."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file."""
        name = f"form-{self.page.code or 'general'}-v{self.page.row.version}.json"
        return document_response(self.page.document, name, "application/json")


def with_paths(error: InvalidInput) -> InvalidInput:
    """Return a refusal whose texts say at which path of the document they are meant."""
    return InvalidInput(fields={path: f"{path}: {text}" for path, text in error.fields.items()})


def changes_of(page: FormPage) -> dict[str, Any]:
    """Return the changes of a version against its base, for a template."""
    changes = form_diff.compare(old=page.base_content, new=page.content)
    counted = form_diff.count(changes)
    return {
        "changes": words.rows_of(changes),
        "counts": [(words.KINDS[kind], number) for kind, number in counted.items()],
    }


def sections_of(page: FormPage) -> tuple[SectionRow, ...]:
    """Return what a version asks, in words."""
    language = get_language() or ""
    sections = page.content["sections"]
    return tuple(
        SectionRow(
            place=number,
            key=section["key"],
            title=in_language(section["title"], language) or section["key"],
            hint=in_language(section.get("hint"), language),
            problem=page.problems.get(section["key"], ""),
            fixed=form_editing.is_fixed(section),
            last=number == len(sections) - 1,
            fields=tuple(
                _field_row(page, place, field, last=place == len(section["fields"]) - 1)
                for place, field in enumerate(section["fields"])
            ),
        )
        for number, section in enumerate(sections)
    )


def _field_row(page: FormPage, place: int, field: dict[str, Any], *, last: bool) -> FieldRow:
    language = get_language() or ""
    when = field.get("visible_when")
    return FieldRow(
        place=place,
        key=field["key"],
        label=in_language(field["label"], language) or field["key"],
        type_name=words.type_name(field["type"]),
        required=bool(field.get("required")),
        private=bool(field.get("private")),
        bound=bool(field.get("bind")),
        condition=_condition(page.content, when) if when else "",
        problem=page.problems.get(field["key"], ""),
        last=last,
    )


def _condition(content: dict[str, Any], when: dict[str, Any]) -> str:
    language = get_language() or ""
    found = {f["key"]: f for f in definition.fields_of(content)}.get(when["field"])
    if found is None:
        return words.describe("visible_when", when)
    labels = {o["value"]: in_language(o["label"], language) for o in found.get("options") or ()}
    labels |= {"true": _("Yes"), "false": _("No")} if found["type"] == "FLAG" else {}
    values = " / ".join(labels.get(value) or value for value in when["values"])
    return f"{in_language(found['label'], language) or found['key']} = {values}"
