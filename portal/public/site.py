"""The front page and the yearly targets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog import queries
from oversight import queries as oversight
from parties import queries as parties
from portal.kit import PublicPageView
from portal.public.catalog import FACET_TITLES

NOTICES_SHOWN = 5


class Front(PublicPageView):
    """Open to all: the face of the platform."""

    template_name = "portal/public/front.html"
    title = _("Conditional public data of the city")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures of the front page."""
        context = super().get_context_data(**kwargs)
        context["targets"] = parties.targets()
        context["datasets"] = queries.search().total
        context["notices"] = oversight.public_notices(at=self.at).rows[:NOTICES_SHOWN]
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


class Statistics(PublicPageView):
    """Open to all: what there is, counted; every chart is a table as well."""

    template_name = "portal/public/statistics.html"
    title = _("Statistics")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the counts, each with the address of the datasets it counts."""
        context = super().get_context_data(**kwargs)
        found = queries.search()
        context["total"] = found.total
        context["counts"] = [
            (name, FACET_TITLES[name], found.facets[name])
            for name in ("domain", "level", "openness", "frequency")
            if found.facets.get(name)
        ]
        context["chart"] = _bars(found.facets.get("domain", ()))
        return context


def _bars(values: Any) -> dict[str, Any]:
    """Return a bar chart as the script takes it, the longest bar on top."""
    shown = list(reversed(values))
    return {
        "grid": {"left": 8, "right": 24, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [value.name for value in shown]},
        "series": [{"type": "bar", "data": [value.count for value in shown], "barMaxWidth": 22}],
    }
