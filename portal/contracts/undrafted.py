"""Decided cases whose agreement could not be drafted: who says what, and the next try."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import actions, queries
from portal.kit import ActView, Crumb, PageView, crumb


class Undrafted(PageView):
    """Every decided case without agreement, with everything that stands in the way."""

    area = "contracts"
    title = gettext_lazy("Agreements that cannot be drafted yet")
    template_name = "portal/contracts/undrafted.html"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list."""
        return crumb(_("Agreements"), "portal:agreements"), crumb(str(self.title))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the cases."""
        context = super().get_context_data(**kwargs)
        context["rows"] = queries.undrafted(actor=self.request.user)
        return context


class Draft(ActView):
    """Draft one of them after what stood in the way is settled."""

    drafted_id: Any = None

    def perform(self) -> str:
        """Draft it."""
        self.drafted_id = actions.draft_undrafted(
            application_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        ).pk
        return _("The agreement is drafted.")

    def get_success_url(self) -> str:
        """Go to the agreement."""
        return reverse("portal:agreement", args=[self.drafted_id])
