"""What lists of applications have in common: their filters stand in the address."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from applications import queries
from applications.queries import Filters
from applications.states import ApplicationState
from portal.applications.forms import PURPOSES
from portal.kit import PageView


class FilteredList(PageView):
    """A list with filters; ``states`` are those that can be chosen, none when the list has one."""

    area = "applications"
    states: tuple[str, ...] = ()

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
        return context
