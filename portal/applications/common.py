"""What the pages of a case have in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from applications import queries
from applications.queries import CasePage
from portal.kit import Crumb, Page, crumb


def page_number(request: HttpRequest) -> int:
    """Return the page asked for in the address; the first when it is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 1


class OfCase(Page):
    """A page about one case; a person who may not see the case is told there is nothing."""

    area = "applications"
    heading: Any = ""

    @property
    def case_id(self) -> UUID:
        """The case named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def case(self) -> CasePage:
        """The case as this reader may see it."""
        return queries.case_page(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step, the number and the scenario."""
        name = f"{self.case.number} {self.case.scenario_name}".strip() or _("Untitled draft")
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list and the case."""
        first = self._way_back() or (
            crumb(_("My applications"), "portal:applications")
            if self.case.is_applicant
            else crumb(_("Workbench"), "portal:home")
        )
        name = self.case.number or _("Draft")
        if not self.heading:
            return first, crumb(name)
        return first, crumb(name, "portal:application", self.case_id), crumb(self.heading)

    def _way_back(self) -> Crumb | None:
        """Return the list the reader came from, at the row of this case."""
        title, address = self.request.session.get("last_list") or ("", "")
        if not address:
            return None
        # The title was kept in the language of that moment; the page knows it in every language.
        try:
            view: Any = getattr(resolve(address.partition("?")[0]).func, "view_class", None)
        except Resolver404:
            return None
        return Crumb(getattr(view, "title", "") or title, f"{address}#row-{self.case_id}")

    def get_success_url(self) -> str:
        """Return to the case."""
        return reverse("portal:application", args=[self.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the case."""
        context = super().get_context_data(**kwargs)
        context["case"] = self.case
        return context
