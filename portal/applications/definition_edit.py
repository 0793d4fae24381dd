"""The editor of a drafted form: sections, fields, their order, the legal basis, the import."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from applications import actions, definition, form_editing
from applications.definition import in_language
from applications.errors import FormChanged
from core.errors import InvalidInput, NotFound
from portal.applications import definition_forms as forms
from portal.applications import definition_words as words
from portal.applications.definitions import OfForm, with_paths
from portal.applications.field_form import FieldForm
from portal.kit import ActionView, ActView


class OfEditor(OfForm, ActionView):
    """
    A form of the editor.

    Of two editors the second is refused; what they entered stays on screen, beside it what the
    version says now, and a second press stores it.
    """

    template_name = "portal/applications/form/act.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """
        Show the form.

        :raises Forbidden: no desk that makes forms.
        :raises NotAllowedNow: the version is published or discarded.
        """
        self.ask_editor()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Store what was entered; a desk that makes no forms is told so."""
        self.ask_editor()
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        """Store what was entered, compared with what was on screen."""
        try:
            self.store(form)
        except FormChanged:
            self.look_again()
            raise
        return _("Saved.")

    def store(self, form: Any) -> None:
        """Call one action with the cleaned data."""
        raise TypeError(f"{type(self).__name__} does not say what it stores")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what stands there now when somebody else was faster."""
        context = super().get_context_data(**kwargs)
        context["conflict"] = self.conflict
        context["now"] = self.standing() if self.conflict else ()
        return context

    def standing(self) -> list[tuple[str, str]]:
        """Return what the version says now where this form would change it."""
        return []


class Basis(OfEditor):
    """The legal basis of the version."""

    heading = gettext_lazy("Legal basis")
    form_class = forms.BasisForm

    def get_initial(self) -> dict[str, Any]:
        """Begin with what stands there."""
        return {"legal_basis": self.page.legal_basis}

    def store(self, form: Any) -> None:
        """Store it."""
        self.edit(self.page.content, legal_basis=form.cleaned_data["legal_basis"])

    def standing(self) -> list[tuple[str, str]]:
        """Return the basis as it stands."""
        return [(_("Legal basis"), self.page.legal_basis)]


class Import(OfEditor):
    """Replace the whole version by a document."""

    heading = gettext_lazy("Import")
    form_class = forms.ImportForm
    submit_label = gettext_lazy("Replace the version")
    extra_context = {
        "note": gettext_lazy(
            "The document replaces everything this version asks. Export the version first if it"
            " may be wanted again."
        )
    }

    def store(self, form: Any) -> None:
        """Read and store it."""
        try:
            actions.import_form(
                definition_id=self.form_id,
                document=form.document(),
                revision=self.revision,
                actor=self.request.user,
                at=self.at,
            )
        except InvalidInput as error:
            raise with_paths(error) from error


class Placed(OfEditor):
    """A form about the thing that stood at a place, found again when others moved it."""

    def place_in(self, rows: list[dict[str, Any]], place: int | None, *, was: str) -> int | None:
        """
        Return where the thing stands now; None for a new one, or one that is gone.

        The entry ``was`` of the form is the key it had on screen, empty when it had none: who saves
        again what others removed adds it anew.

        :raises NotFound: nothing is there.
        """
        key = self.request.POST.get(was)
        if place is None or key == "":
            return None
        if 0 <= place < len(rows) and key in (None, rows[place]["key"]):
            return place
        if key is None:
            raise NotFound
        found = [number for number, row in enumerate(rows) if row["key"] == key]
        return found[0] if found else None


class EditSection(Placed):
    """A section: its words and its key."""

    heading = pgettext_lazy("form", "Section")
    form_class = forms.SectionForm

    @property
    def place(self) -> int | None:
        """The place of the section; None for a new one."""
        return self.place_in(self.page.content["sections"], self.kwargs.get("home"), was="was")

    @cached_property
    def shown(self) -> dict[str, Any] | None:
        """The section as it was when the form was drawn."""
        place = self.place
        return None if place is None else self.page.content["sections"][place]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what stands there."""
        return {**super().get_form_kwargs(), "section": self.shown}

    def store(self, form: Any) -> None:
        """Store it."""
        data = form.cleaned_data
        self.edit(
            form_editing.put_section(
                self.page.content,
                place=self.place,
                key=data["key"].strip(),
                title={"zh": data["title_zh"].strip(), "en": data["title_en"].strip()},
                hint={"zh": data["hint_zh"].strip(), "en": data["hint_en"].strip()},
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what tells the section again."""
        context = super().get_context_data(**kwargs)
        context["was"] = self.shown["key"] if self.shown else ""
        return context

    def standing(self) -> list[tuple[str, str]]:
        """Return its words as they stand."""
        place = self.place
        if place is None:
            return []
        section = self.page.content["sections"][place]
        names = ("title", "hint", "key")
        return [(words.setting_name(n), words.describe(n, section.get(n))) for n in names]

    def get_success_url(self) -> str:
        """Return to the section."""
        place = self.kwargs.get("home")
        if place is None:
            return f"{super().get_success_url()}#new-section"
        return f"{super().get_success_url()}#section-{place}"


class EditField(Placed):
    """A field with the settings of its type; a new one has a type and no place yet."""

    template_name = "portal/applications/form/field.html"

    @property
    def heading(self) -> str:  # type: ignore[override]
        """The type, or that the field is new."""
        name = words.type_name(self.shown["type"])
        if self.place is None:
            return _("New field: %(type)s") % {"type": name}
        return _("Field: %(type)s") % {"type": name}

    @property
    def home(self) -> int:
        """
        The section of the field; the last one when others removed it.

        :raises NotFound: nothing is there.
        """
        sections = self.page.content["sections"]
        found = self.place_in(sections, self.kwargs["home"], was="was_home")
        if found is not None:
            return found
        if not sections:
            raise NotFound
        return len(sections) - 1

    @property
    def place(self) -> int | None:
        """The place of the field in its section; None for a new one."""
        fields = form_editing.section_at(self.page.content, self.home)["fields"]
        return self.place_in(fields, self.kwargs.get("place"), was="was")

    @cached_property
    def shown(self) -> dict[str, Any]:
        """
        The field as it was when the form was drawn.

        :raises NotFound: no such type.
        """
        place = self.place
        if place is not None:
            return form_editing.field_at(self.page.content, self.home, place)
        kind = self.request.POST.get("type") or self.request.GET.get("type", "")
        if kind not in definition.TYPES:
            raise NotFound
        return {"key": "", "type": kind, "label": {"zh": "", "en": ""}}

    def get_form(self, form_class: Any = None) -> FieldForm:
        """Return the form of the type."""
        given = super().get_form_kwargs()
        return FieldForm(
            **given,
            field=self.shown,
            content=self.page.content,
            home=self.home,
            place=self.place,
        )

    def store(self, form: Any) -> None:
        """Store the field at its place, or in the section chosen for it."""
        into = form.cleaned_data.get("home")
        content = form_editing.put_field(
            self.page.content,
            section=self.home,
            place=self.place,
            field=form.made(),
            into=None if into is None else int(into),
        )
        self.edit(content)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what tells the field again, and what is wrong with it."""
        context = super().get_context_data(**kwargs)
        home = self.page.content["sections"][self.home]
        context["was"] = self.shown["key"] if self.place is not None else ""
        context["was_home"] = home["key"]
        context["field"] = self.shown
        context["home_title"] = in_language(home["title"], get_language() or "") or home["key"]
        context["problem"] = self.page.problems.get(self.shown["key"], "")
        context["bound"] = bool(self.shown.get("bind"))
        return context

    def standing(self) -> list[tuple[str, str]]:
        """Return what the others changed in this field since it was drawn."""
        place = self.place
        if place is None:
            return []
        now = form_editing.field_at(self.page.content, self.home, place)
        return [
            (words.setting_name(name), words.describe(name, value))
            for name, value in now.items()
            if name not in ("key", "type", "bind")
        ]

    def get_success_url(self) -> str:
        """Return to the field, or stay when that was asked."""
        place = self.kwargs.get("place")
        if "stay" in self.request.POST and place is not None:
            return self.request.path
        version = super().get_success_url()
        if place is None:
            return f"{version}#section-{self.kwargs['home']}"
        return f"{version}#field-{self.kwargs['home']}-{place}"


class Arrange(OfForm, ActView):
    """Move or remove a section or a field."""

    where = ""

    def perform(self) -> str:
        """Do what the button says: ``up:0``, ``down:0:3``, ``remove:0:3``."""
        self.page  # noqa: B018 - who may not see the version learns nothing else
        name, *places = self.request.POST.get("act", "").split(":")
        known = name in (form_editing.UP, form_editing.DOWN, "remove")
        if not known or len(places) not in (1, 2) or not all(map(_is_place, places)):
            raise InvalidInput
        self.edit(self._made(name, *(int(p) for p in places)))
        return _("Removed.") if name == "remove" else _("Moved.")

    def get_success_url(self) -> str:
        """Return to where the thing stands now."""
        return f"{super().get_success_url()}{self.where}"

    def _made(self, name: str, home: int, place: int | None = None) -> dict[str, Any]:
        content, to = self.page.content, -1 if name == form_editing.UP else 1
        if place is None:
            if name == "remove":
                return form_editing.remove_section(content, place=home)
            self.where = f"#section-{home + to}"
            return form_editing.move_section(content, place=home, to=name)
        if name == "remove":
            self.where = f"#section-{home}"
            return form_editing.remove_field(content, section=home, place=place)
        self.where = f"#field-{home}-{place + to}"
        return form_editing.move_field(content, section=home, place=place, to=name)


def _is_place(text: str) -> bool:
    return text.isdecimal() and len(text) < 4
