"""How far the issuing of licenses is; the page asks again by itself until all is done."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import actions, queries
from portal.kit import ActView, Crumb, PageView, Pagination, crumb

TONES = {"WAITING": "secondary", "ISSUING": "blue", "DONE": "green", "FAILED": "red"}


class Issuing(PageView):
    """All that is being issued, or one batch; ``part=rows`` is the moving part, for the poll."""

    area = "licensing"
    title = gettext_lazy("Issuing of licenses")

    def get_template_names(self) -> list[str]:
        """Return the moving part alone when the page asks how far it is."""
        part = self.request.GET.get("part") == "rows"
        return [f"portal/licensing/issuing{'_rows' if part else ''}.html"]

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the licenses."""
        return crumb(_("Licenses"), "portal:licenses"), crumb(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how far it is, and a page of agreements."""
        context = super().get_context_data(**kwargs)
        number = self.request.GET.get("page", "")
        found = queries.issue_page(
            actor=self.request.user,
            at=self.at,
            batch_id=self.kwargs.get("pk"),
            page=int(number) if number.isdecimal() and len(number) < 6 else 1,
        )
        context["found"], context["progress"] = found, found.progress
        context["rows"] = [(row, TONES[row.stage]) for row in found.rows]
        context["page"] = Pagination(found.page, found.pages, found.total)
        context["here"] = self.request.path
        context["time_left"] = time_left(found.progress.seconds_left)
        return context


class IssuingOfBatch(Issuing):
    """What is issued for the agreements that somebody signed together."""

    title = gettext_lazy("Issuing of licenses signed for together")


class Again(ActView):
    """Have the licenses of a failed job issued after all."""

    def perform(self) -> str:
        """Put it before the workers again."""
        actions.resume_issue(job_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        return _("The licenses are before the workers again.")

    def get_success_url(self) -> str:
        """Stay at the progress."""
        return reverse("portal:issuing")


def time_left(seconds: int | None) -> str:
    """Return how long it will take, in words."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute")
    minutes = -(-seconds // 60)
    if minutes < 60:
        return _("about %(n)s minutes") % {"n": minutes}
    return _("about %(h)s hours %(m)s minutes") % {"h": minutes // 60, "m": minutes % 60}
