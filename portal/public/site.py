"""The front page and the yearly targets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog import queries
from parties import queries as parties
from portal.kit import PublicPageView


class Front(PublicPageView):
    """Open to all: the face of the platform."""

    template_name = "portal/public/front.html"
    title = _("Conditional public data of the city")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures of the front page."""
        context = super().get_context_data(**kwargs)
        context["targets"] = parties.targets()
        context["datasets"] = queries.search().total
        return context


class Targets(PublicPageView):
    """Open to all: the annex of the policy is a public document."""

    template_name = "portal/public/targets.html"
    title = _("Annual targets of the 68 units")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the units, narrowed to a group when one is asked for."""
        context = super().get_context_data(**kwargs)
        targets = parties.targets()
        group = self.request.GET.get("group", "")
        context["targets"] = targets
        context["groups"] = sorted(
            {(unit.group, unit.group_name) for unit in targets.units}, key=lambda pair: pair[0]
        )
        context["group"] = group
        context["units"] = [u for u in targets.units if not group or u.group == group]
        context["shown_total"] = sum(unit.target_datasets for unit in context["units"])
        return context
