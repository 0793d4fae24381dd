"""The template library: templates and clauses, their versions, and the next version of a clause."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from portal.contracts.common import TONES
from portal.contracts.forms import REASON_CHARACTERS_MAX
from portal.kit import ActionView, ActView, Crumb, Form, PageView, crumb

# Empty paragraphs at the end of the form; more come with the next saving.
SPARE_PARAGRAPHS = 2
FORMS = (
    ("PROVISION", gettext_lazy("Provision of data")),
    ("PROCESSING", gettext_lazy("Entrusted processing")),
    ("FUSION", gettext_lazy("Fusion development")),
    ("INTERMEDIARY", gettext_lazy("Intermediary service")),
)
PROCEDURES = (
    ("P1", gettext_lazy("Conditional opening")),
    ("P2", gettext_lazy("Authorized operation")),
    ("P3", gettext_lazy("Trading of conditional data")),
)


class ClauseForm(Form):
    """The next version of a clause: its paragraphs one by one."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=60)
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contracts = forms.MultipleChoiceField(
        label=gettext_lazy("For the forms of contract"),
        choices=FORMS,
        widget=forms.CheckboxSelectMultiple,
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("For the procedures"),
        choices=PROCEDURES,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("Why this version"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, editor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(editor.paragraphs) + SPARE_PARAGRAPHS
        for number in range(self.count):
            one = editor.paragraphs[number] if number < len(editor.paragraphs) else None
            self._add(number, one)
        for name in ("title", "legal_basis", "procedures"):
            self.fields[name].initial = getattr(editor, name)
        self.fields["contracts"].initial = editor.forms

    def _add(self, number: int, one: Any) -> None:
        place = {"number": number + 1}
        self.fields[f"text_{number}"] = forms.CharField(
            label=_("Paragraph %(number)s") % place,
            max_length=2_000,
            required=False,
            initial=one.text if one else "",
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields[f"when_{number}"] = forms.CharField(
            label=_("Paragraph %(number)s: only when") % place,
            max_length=200,
            required=False,
            initial=one.when if one else "",
        )
        self.fields[f"each_{number}"] = forms.ChoiceField(
            label=_("Paragraph %(number)s: once for each") % place,
            choices=[("", "—"), ("scope.list", _("Dataset"))],
            required=False,
            initial=one.each if one else "",
        )

    def heads(self) -> list[Any]:
        """Return the fields about the clause as a whole."""
        names = ("title", "legal_basis", "contracts", "procedures", "note")
        return [self[name] for name in names]

    def rows(self) -> list[tuple[int, Any, Any, Any]]:
        """Return the fields of each paragraph."""
        return [
            (n + 1, self[f"text_{n}"], self[f"when_{n}"], self[f"each_{n}"])
            for n in range(self.count)
        ]

    def paragraphs(self) -> list[dict[str, str]]:
        """Return the paragraphs that have a text."""
        found = []
        for n in range(self.count):
            one = {name: self.cleaned_data[f"{name}_{n}"] for name in ("text", "when", "each")}
            if one["text"].strip():
                found.append({name: text for name, text in one.items() if text})
        return found


class Library(PageView):
    """Every template and clause, by its newest version."""

    area = "contracts"
    title = gettext_lazy("Template library")
    template_name = "portal/contracts/library.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the lists."""
        context = super().get_context_data(**kwargs)
        page = queries.library_page(actor=self.request.user)
        context["templates"] = [(row, TONES[row.version.state]) for row in page.templates]
        context["clauses"] = [(row, TONES[row.version.state]) for row in page.clauses]
        return context


class Template(PageView):
    """One version of a template beside the version before it."""

    area = "contracts"
    template_name = "portal/contracts/template.html"

    @cached_property
    def found(self) -> Any:
        """The version as this reader may see it."""
        return queries.template_page(template_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the template and its version."""
        return f"{self.found.row.title} V{self.found.row.version.version}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the library."""
        return crumb(_("Template library"), "portal:library"), crumb(self.get_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version."""
        context = super().get_context_data(**kwargs)
        context["found"], context["tone"] = self.found, TONES[self.found.row.version.state]
        return context


class Clause(PageView):
    """One version of a clause, word by word beside the version before it."""

    area = "contracts"
    template_name = "portal/contracts/clause.html"

    @cached_property
    def found(self) -> Any:
        """The version as this reader may see it."""
        return queries.clause_page(clause_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the clause and its version."""
        return f"{self.found.row.title} V{self.found.row.version.version}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the library."""
        return crumb(_("Template library"), "portal:library"), crumb(self.get_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version."""
        context = super().get_context_data(**kwargs)
        context["found"], context["tone"] = self.found, TONES[self.found.row.version.state]
        return context


class NextClause(ActionView):
    """Draft the next version of a clause."""

    area = "contracts"
    template_name = "portal/contracts/clause_edit.html"
    form_class = ClauseForm
    submit_label = gettext_lazy("Store the draft")
    drafted_id: Any = None

    @cached_property
    def editor(self) -> Any:
        """What the form begins with."""
        return queries.clause_editor(clause_id=self.kwargs["pk"], actor=self.request.user)

    def get_title(self) -> str:
        """Name the clause."""
        return _("Next version of the clause “%(title)s”") % {"title": self.editor.title}

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the clause."""
        return (
            crumb(_("Template library"), "portal:library"),
            crumb(self.editor.title, "portal:clause", self.kwargs["pk"]),
            crumb(_("Draft the next version")),
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the version it begins with."""
        return {**super().get_form_kwargs(), "editor": self.editor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the names that may be used."""
        context = super().get_context_data(**kwargs)
        context["editor"] = self.editor
        context["back_url"] = reverse("portal:clause", args=[self.kwargs["pk"]])
        return context

    def perform(self, form: Any) -> str:
        """Draft it."""
        said = form.cleaned_data
        drafted = actions.draft_clause(
            code=self.editor.code,
            title=said["title"],
            paragraphs=form.paragraphs(),
            forms=said["contracts"],
            procedures=said["procedures"],
            legal_basis=said["legal_basis"],
            note=said["note"],
            actor=self.request.user,
            at=self.at,
        )
        self.drafted_id = drafted.pk
        return _("The draft is stored. Another person publishes it.")

    def get_success_url(self) -> str:
        """Go to the new draft."""
        return reverse("portal:clause", args=[self.drafted_id])


class PublishClause(ActView):
    """Put a drafted version of a clause in force."""

    def perform(self) -> str:
        """Publish it."""
        actions.publish_clause(
            clause_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The version is in force for agreements drafted from now on.")


class PublishTemplate(ActView):
    """Put a drafted version of a template in force."""

    def perform(self) -> str:
        """Publish it."""
        actions.publish_base_template(
            template_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The version is in force for agreements drafted from now on.")
