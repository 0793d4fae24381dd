"""Saved views: filters of a list under a name, of one's own or shared with the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions
from applications.queries import exports
from applications.queries import saved_views as queries
from core.errors import NotFound
from portal.kit import ActionView, ActView, Crumb, Form, PageView, crumb
from portal.lists.places import place


class ViewForm(Form):
    """Name of a view, who finds it, and whether its list opens with it."""

    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=40)
    share = forms.BooleanField(
        label=gettext_lazy("Share with the colleagues of my organization"), required=False
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Open the list with this view"), required=False
    )


class Views(PageView):
    """All views a person finds, list by list."""

    title = gettext_lazy("Saved views")
    template_name = "portal/lists/views.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the views of every list that has some."""
        context = super().get_context_data(**kwargs)
        context["groups"] = [
            (title, [(view, place(name, view.query)) for view in found])
            for name, title in exports.LIST_NAMES.items()
            if (found := queries.saved_views(list_name=name, actor=self.request.user))
        ]
        return context


class New(ActionView):
    """Keep the filters of a list: ``list`` and the list's own query are in the address."""

    title = gettext_lazy("Save this view")
    template_name = "portal/lists/view_new.html"
    form_class = ViewForm
    submit_label = gettext_lazy("Save this view")

    @property
    def list_name(self) -> str:
        """The list of the address."""
        return self.request.GET.get("list", "")

    @property
    def kept(self) -> str:
        """What the view keeps of the address."""
        return queries.kept_query(self.request.GET.urlencode())

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the views."""
        return crumb(_("Saved views"), "portal:saved_views"), crumb(self.get_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is kept, in words."""
        if self.list_name not in exports.LIST_NAMES:
            raise NotFound
        context = super().get_context_data(**kwargs)
        context["list_title"] = exports.LIST_NAMES[self.list_name]
        context["filters"] = exports.filters_of(query=self.kept)
        context["back"] = place(self.list_name, self.kept)
        return context

    def perform(self, form: Any) -> str:
        """Keep it."""
        actions.save_view(
            list_name=self.list_name,
            query=self.kept,
            actor=self.request.user,
            at=self.at,
            **form.cleaned_data,
        )
        return _("The view is saved.")

    def get_success_url(self) -> str:
        """Return to the list with the view."""
        return place(self.list_name, self.kept)


class Change(ActView):
    """Rename a view, share it or not, open its list with it or not."""

    def perform(self) -> str:
        """Change it."""
        sent = self.request.POST
        actions.change_view(
            view_id=self.kwargs["pk"],
            name=sent.get("name", ""),
            share=bool(sent.get("share")),
            is_default=bool(sent.get("is_default")),
            actor=self.request.user,
            at=self.at,
        )
        return _("The view is changed.")

    def get_success_url(self) -> str:
        """Stay at the views."""
        return reverse("portal:saved_views")


class Drop(ActView):
    """Delete a view."""

    def perform(self) -> str:
        """Delete it."""
        actions.drop_view(view_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        return _("The view is deleted.")

    def get_success_url(self) -> str:
        """Stay at the views."""
        return reverse("portal:saved_views")
