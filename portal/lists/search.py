"""The search over everything a person may open: a page, and the overlay of Ctrl+K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.queries import finding
from catalog import queries as catalog
from contracts import queries as contracts
from core.ids import normalize_uscc
from licensing import queries as licensing
from parties.queries.finding import visible_organizations
from portal.applications.common import page_number
from portal.kit import PageView, seen_last

GROUP_ROWS_MAX = 10
OVERLAY_ROWS_MAX = 5
WORD_CHARACTERS_MIN = 2
RECENT_MAX = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: where it is, what it is called, what stands beside it."""

    url: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one kind; ``total`` is how many fit, None where only the first are known."""

    key: str
    title: str | Promise
    hits: tuple[Hit, ...]
    total: int | None = None


class Search(PageView):
    """Find by number, scenario, company, code or license; ``part=hits`` is for the overlay."""

    title = _("Search")

    def get_template_names(self) -> list[str]:
        """Return the results alone when the overlay asks."""
        part = self.request.GET.get("part") == "hits"
        return ["portal/lists/hits.html" if part else "portal/lists/search.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was found, group by group, and what was seen last when nothing was asked."""
        context = super().get_context_data(**kwargs)
        text = self.request.GET.get("q", "").replace("\x00", " ").strip()
        asked = finding.read_search(text=text)
        few = self.request.GET.get("part") == "hits"
        most = OVERLAY_ROWS_MAX if few else GROUP_ROWS_MAX
        cases = finding.find_cases(
            actor=self.request.user,
            at=self.at,
            asked=asked,
            page=page_number(self.request),
            most=most if few else None,
        )
        groups = [_cases(cases)]
        if len(asked.words) >= WORD_CHARACTERS_MIN and not asked.filters.state:
            groups += self._others(asked.words[: finding.TEXT_CHARACTERS_MAX], most)
        context.update(
            text=text,
            asked=asked,
            page=cases,
            groups=[group for group in groups if group.hits],
            recent=seen_last(self.request, most=RECENT_MAX),
        )
        return context

    def _others(self, text: str, most: int) -> list[Group]:
        """Return companies, licenses, agreements and datasets that fit."""
        user = self.request.user
        companies = visible_organizations(actor=user, text=normalize(text), most=most)
        licenses = licensing.my_licenses(actor=user, at=self.at, text=text)
        agreements = contracts.my_agreements(actor=user, at=self.at, text=text)
        datasets = catalog.search(text=text)
        return [
            Group(
                "companies",
                _("Companies"),
                tuple(Hit(_to("organization", o.id), o.name, o.uscc) for o in companies),
            ),
            Group(
                "licenses",
                _("Licenses"),
                tuple(
                    Hit(
                        _to("license", row.id),
                        row.number,
                        f"{row.dataset_title} · {row.state_name}",
                    )
                    for row in licenses.rows[:most]
                ),
                licenses.total,
            ),
            Group(
                "agreements",
                _("Agreements"),
                tuple(
                    Hit(_to("agreement", row.id), row.number, row.scenario)
                    for row in agreements.rows[:most]
                ),
                agreements.total,
            ),
            Group(
                "datasets",
                _("Datasets"),
                tuple(
                    Hit(_to("dataset", row.code), f"{row.code} {row.title}", row.provider_name)
                    for row in datasets.rows[:most]
                ),
                datasets.total,
            ),
        ]


def normalize(text: str) -> str:
    """Return a code without the spaces it is grouped by; any other text as it is."""
    code = normalize_uscc(text)
    return code if code.isascii() and code.isalnum() and any(c.isdigit() for c in code) else text


def _cases(found: finding.CaseHits) -> Group:
    hits = tuple(
        Hit(
            _to("application_tasks" if row.state == "DRAFT" else "application", row.id),
            f"{row.number} {row.scenario_name}".strip() or str(_("Untitled draft")),
            f"{row.applicant_name} · {row.state_name}",
        )
        for row in found.rows
    )
    return Group("cases", _("Applications"), hits, found.total)


def _to(route: str, key: Any) -> str:
    return reverse(f"portal:{route}", args=[key])
