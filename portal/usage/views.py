"""Usage of a license by day and by reason of refusal; what every gate knows."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.errors import Forbidden
from gateway import queries
from gateway.reasons import label
from parties.queries import desks_of
from parties.roles import Role
from portal.kit import Crumb, PageView, crumb

WATCHERS = frozenset({Role.PLATFORM_OPS, Role.SECURITY_OFFICER, Role.AUDITOR})


class Usage(PageView):
    """What was called under one license in the last 31 days."""

    area = "usage"
    template_name = "portal/usage/usage.html"

    @cached_property
    def usage(self) -> queries.UsagePage:
        """The usage as this reader may see it."""
        return queries.usage_page(
            license_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the license."""
        row = self.usage.card.row
        return f"{_('Usage')} · {row.number} {row.dataset_code}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the license."""
        row = self.usage.card.row
        return (
            crumb(_("Licenses"), "portal:licenses"),
            crumb(row.number, "portal:license", row.id),
            crumb(_("Usage")),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the days, the chart of them, and the refusals with their words."""
        context = super().get_context_data(**kwargs)
        language = get_language() or "zh-hans"
        context["usage"] = self.usage
        context["chart"] = _chart(self.usage)
        context["by_reason"] = [
            (code, label(code, language=language), calls) for code, calls in self.usage.by_reason
        ]
        context["refusals"] = [
            (one, label(one.reason, language=language)) for one in self.usage.refusals
        ]
        return context


class Gates(PageView):
    """Every gate and whether it knows the present state of licenses."""

    area = "usage"
    title = gettext_lazy("Gates")
    template_name = "portal/usage/gates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the gates; for the people of the platform only."""
        if not WATCHERS & {desk.role for desk in desks_of(self.request.user)}:
            raise Forbidden
        context = super().get_context_data(**kwargs)
        context["gates"] = queries.gates(at=self.at)
        context["conflicts"] = queries.conflict_count()
        return context


def _chart(usage: queries.UsagePage) -> dict[str, Any]:
    """Return the days as ECharts reads them; the table beside it says the same."""
    series = (
        (_("Billed"), [d.billable for d in usage.days]),
        (_("Refused"), [d.refused for d in usage.days]),
        (_("Server errors"), [d.server_errors for d in usage.days]),
        (_("Retries"), [d.retries for d in usage.days]),
    )
    return {
        "legend": {"bottom": 0},
        "grid": {"left": 60, "right": 20, "top": 20, "bottom": 60},
        "xAxis": {"type": "category", "data": [d.day.isoformat() for d in usage.days]},
        "yAxis": {"type": "value"},
        "series": [
            {"name": name, "type": "bar", "stack": "calls", "data": data} for name, data in series
        ],
    }
