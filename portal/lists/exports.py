"""The export centre: ask for a file of a list, watch it being made, take it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions
from applications.queries import Filters
from applications.queries import exports as queries
from core.errors import NotFound
from portal.applications.common import page_number
from portal.applications.forms import boxes, radio
from portal.kit import ActionView, ActView, Crumb, Form, PageView, SignedIn, crumb
from portal.kit import document_response as answer_with
from portal.lists.places import place

CONTENT_TYPES = {
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "CSV": "text/csv; charset=utf-8",
}


class ExportForm(Form):
    """Format and columns."""

    form = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=(("XLSX", gettext_lazy("XLSX (Excel, WPS)")), ("CSV", "CSV")),
        widget=radio(),
    )
    columns = forms.MultipleChoiceField(label=gettext_lazy("Columns"), widget=boxes())


class Centre(PageView):
    """The files I asked for, the newest first; ``part=rows`` is the table alone, for the poll."""

    title = gettext_lazy("Export centre")

    def get_template_names(self) -> list[str]:
        """Return the table alone when the page asks how far it is."""
        part = self.request.GET.get("part") == "rows"
        return ["portal/lists/export_rows.html" if part else "portal/lists/exports.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of files."""
        context = super().get_context_data(**kwargs)
        context["page"] = queries.export_centre(
            actor=self.request.user, page=page_number(self.request)
        )
        return context


class New(ActionView):
    """Ask for a file of a list as its address narrows it: ``list`` and the list's own query."""

    title = gettext_lazy("Export a list")
    template_name = "portal/lists/export_new.html"
    form_class = ExportForm
    submit_label = gettext_lazy("Make the file")

    @property
    def list_name(self) -> str:
        """The list of the address."""
        return self.request.GET.get("list", "")

    @property
    def tab(self) -> str:
        """The tab of the address; the desk opens with the new cases."""
        asked = self.request.GET.get("tab", "")
        return asked or ("new" if self.list_name == "desk" else "")

    @cached_property
    def filters(self) -> Filters:
        """The filters of the address."""
        return queries.filters_of(query=self.request.GET.urlencode())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Know the list before anything is asked."""
        self.refused = self.list_name not in queries.LIST_NAMES or not queries.tabs_are_known(
            list_name=self.list_name, tab=self.tab
        )
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the files."""
        return crumb(_("Export centre"), "portal:exports"), crumb(self.get_title())

    def get_form(self, form_class: Any = None) -> Any:
        """Offer the columns of this list, all of them chosen."""
        if self.refused:
            raise NotFound
        form = super().get_form(form_class)
        columns = queries.columns_of(list_name=self.list_name)
        form.fields["columns"].choices = [(c.key, c.title) for c in columns]
        form.fields["columns"].initial = [c.key for c in columns]
        form.fields["form"].initial = "XLSX"
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list, its filters and how many rows there are now."""
        context = super().get_context_data(**kwargs)
        context["list_title"] = queries.LIST_NAMES[self.list_name]
        context["filters"] = self.filters
        context["back"] = place(self.list_name, _of_list(self.request))
        context["size"] = queries.export_size(
            list_name=self.list_name,
            tab=self.tab,
            filters=self.filters,
            actor=self.request.user,
            at=self.at,
        )
        return context

    def perform(self, form: Any) -> str:
        """Ask for it."""
        actions.begin_export(
            list_name=self.list_name,
            tab=self.tab,
            query=_of_list(self.request),
            actor=self.request.user,
            at=self.at,
            **form.cleaned_data,
        )
        return _("The file is being made. You may leave this page; you are told when it is ready.")

    def get_success_url(self) -> str:
        """Go to the files."""
        return reverse("portal:exports")


class File(SignedIn):
    """Take one's own file."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return it; whoever took it when is on record."""
        job = actions.take_export(export_id=kwargs["pk"], actor=request.user, at=self.at)
        return answer_with(bytes(job.content or b""), job.filename, CONTENT_TYPES[job.form])


class Cancel(ActView):
    """Stop a file in the making."""

    def perform(self) -> str:
        """Stop it."""
        actions.cancel_export(
            export_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The file is not made.")

    def get_success_url(self) -> str:
        """Stay at the files."""
        return reverse("portal:exports")


class Again(ActView):
    """Have a file made after all."""

    def perform(self) -> str:
        """Ask for it again."""
        actions.resume_export(
            export_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The file is being made, with the rows of now.")

    def get_success_url(self) -> str:
        """Stay at the files."""
        return reverse("portal:exports")


def _of_list(request: HttpRequest) -> str:
    asked = request.GET.copy()
    for name in ("list", "page"):
        asked.pop(name, None)
    return asked.urlencode()
