"""The public catalog: search with filters in the address, and the page of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog import queries
from parties import queries as parties
from parties.roles import Role
from portal.home.views import page_number
from portal.kit import Pagination, PublicPageView, crumb

FACET_TITLES: dict[str, str | Promise] = {
    "domain": _("Domain"),
    "openness": _("Opening class"),
    "level": _("Level"),
    "provider": _("Provider"),
    "frequency": _("Update frequency"),
}
LEVEL_TONES = {"L1": "green", "L2": "blue", "L3": "yellow", "L4": "red"}
OPENNESS_TONES = {"UNCONDITIONAL": "green", "CONDITIONAL": "blue", "NON_OPEN": "secondary"}


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of filters with its label; ``chosen`` when one of its values is set."""

    name: str
    title: str | Promise
    values: tuple[queries.FacetValue, ...]
    chosen: bool


class Catalog(PublicPageView):
    """Open to all: everyone may know what data there is."""

    area = "public"
    template_name = "portal/public/catalog.html"
    title = _("Data catalog")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the search, with its facets."""
        context = super().get_context_data(**kwargs)
        text = self.request.GET.get("q", "").strip()
        filters: dict[str, Sequence[str]] = {
            name: self.request.GET.getlist(name) for name in FACET_TITLES
        }
        found = queries.search(text=text, filters=filters, page=page_number(self.request))
        context["text"] = text
        context["filters"] = [(n, v) for n, several in filters.items() for v in several]
        context["found"] = found
        context["facets"] = [
            Facet(name, FACET_TITLES[name], values, any(v.chosen for v in values))
            for name, values in found.facets.items()
            if name in FACET_TITLES and values
        ]
        context["page"] = Pagination(found.page, found.pages, found.total)
        context["level_tones"], context["openness_tones"] = LEVEL_TONES, OPENNESS_TONES
        return context


class Dataset(PublicPageView):
    """Open to all: class, level, fields, conditions and who may apply are public."""

    area = "public"
    template_name = "portal/public/dataset.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the dataset; what is not published is shown to its own desks only."""
        self.dataset = queries.dataset_page(code=self.kwargs["code"], actor=self.request.user)
        context = super().get_context_data(**kwargs)
        context["dataset"] = self.dataset
        context["facts"] = _facts(self.dataset)
        context["apply_url"] = self._apply_url()
        context["level_tone"] = LEVEL_TONES.get(self.dataset.level, "secondary")
        context["openness_tone"] = OPENNESS_TONES.get(self.dataset.openness, "secondary")
        return context

    def get_title(self) -> str:
        """Return code and name."""
        return f"{self.dataset.code} {self.dataset.title}"

    def get_crumbs(self) -> Any:
        """Return the way back to the catalog."""
        return (crumb(_("Data catalog"), "portal:catalog"), crumb(self.dataset.title))

    def _apply_url(self) -> str:
        user = self.request.user
        if not self.dataset.applicable:
            return ""
        if user.is_authenticated and not parties.has_role(user, Role.APPLICANT_AGENT):
            return ""
        try:
            target = f"{reverse('portal:application_new')}?dataset={self.dataset.code}"
        except NoReverseMatch:
            return ""
        return target


def _facts(dataset: queries.DatasetPage) -> tuple[tuple[str | Promise, Any], ...]:
    return (
        (_("Code"), dataset.code),
        (_("Provider"), dataset.provider_name),
        (_("Domain"), dataset.domain_name),
        (_("Opening class"), dataset.openness_name),
        (_("Reason for the class"), dataset.reason_name),
        (_("Level"), dataset.level_name),
        (_("Update frequency"), dataset.frequency_name),
        (_("Forms of delivery"), "、".join(dataset.delivery_names)),
        (_("Version"), dataset.version or ""),
        (_("Rows"), f"{dataset.row_count:,}" if dataset.row_count else ""),
    )


urlpatterns = [
    path("catalog/", Catalog.as_view(), name="catalog"),
    path("catalog/<slug:code>/", Dataset.as_view(), name="dataset"),
]
