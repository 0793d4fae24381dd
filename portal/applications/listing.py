"""What lists of applications have in common: their filters stand in the address."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from applications import queries
from applications.queries import Filters
from applications.queries.saved_views import ViewRow, kept_query, saved_views
from applications.states import ApplicationState
from portal.applications.forms import PURPOSES
from portal.kit import PageView


class FilteredList(PageView):
    """A list with filters; ``states`` are those that can be chosen, none when the list has one."""

    area = "applications"
    states: tuple[str, ...] = ()
    # The list's name for files and saved views.
    list_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open with the reader's own view when the address says nothing; remember the way back."""
        opening = next((view.query for view in self.kept_views if view.is_default), "")
        if not request.GET and opening:
            return redirect(f"{request.path}?{opening}")
        response = super().get(request, *args, **kwargs)
        # Only a list that opened leads back.
        here = [str(self.get_title()), request.get_full_path()]
        if request.session.get("last_list") != here:
            request.session["last_list"] = here
        return response

    @cached_property
    def kept_views(self) -> tuple[ViewRow, ...]:
        """The views of this list that the reader finds."""
        return saved_views(list_name=self.list_name, actor=self.request.user)

    @cached_property
    def filters(self) -> Filters:
        """The filters of the address; what makes no sense is named, not refused."""
        return queries.read_filters(values=self.request.GET.dict())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filters as they are, and what they may be."""
        context = super().get_context_data(**kwargs)
        context["filters"] = self.filters
        context["words"] = " ".join(self.filters.words)
        context["states"] = [(s.value, s.label) for s in ApplicationState if s in self.states]
        context["purposes"] = PURPOSES
        context["tab"] = self.request.GET.get("tab", "")
        context["list_name"] = self.list_name
        context["saved_views"] = self.kept_views
        context["kept_query"] = kept_query(self.request.GET.urlencode())
        return context
