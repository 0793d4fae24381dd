"""The preview of a version: the applicant's own page, drawn from what is drafted."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications import answers, queries
from applications.queries import DraftPage
from core.errors import NotFound
from portal.applications import files, formfields
from portal.applications.definitions import OfForm
from portal.applications.filling import Fill


class Preview(OfForm, Fill):
    """
    One section of the form as an applicant fills it in; nothing is stored.

    It is the page of the draft itself, given a draft that is in no database. The section and what
    the version is merged with stand in the query, because a drafted key may be no word of an
    address yet.
    """

    template_name = "portal/applications/form/preview.html"

    @property
    def heading(self) -> str:  # type: ignore[override]
        """What the page is."""
        return pgettext("form", "Preview")

    @cached_property
    def draft(self) -> DraftPage:
        """
        The draft as an applicant would have it.

        :raises NotFound: it cannot be merged with what the query names.
        """
        return queries.preview_draft(
            page=self.page, partner=self.partner, answers={}, at=self.at
        )

    @property
    def partner(self) -> str:
        """What the version is shown with: a dataset, the general part, or nothing."""
        return self.request.GET.get("with", "")

    @cached_property
    def section(self) -> Any:
        """
        The section in the query, by default the first; None when the version has none.

        :raises NotFound: the form has no such section.
        """
        key = self.request.GET.get("section", "")
        if not key:
            return next(iter(self.draft.sections), None)
        for section in self.draft.sections:
            if section.key == key:
                return section
        raise NotFound

    def get_template_names(self) -> list[str]:
        """Show one page for all sections."""
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the other sections, and what the version can be merged with."""
        if self.section is None:
            # There is no section to fill in, so the page of one is passed by.
            context = super(Fill, self).get_context_data(
                form=None, section=None, version=self.page
            )
        else:
            context = super().get_context_data(**kwargs)
        partners = queries.preview_partners(page=self.page, at=self.at)
        alone = _("This part alone")
        if self.page.code:
            choices = [("", alone), ("general", _("With the general part"))]
        else:
            choices = [("", alone), *((c, f"{c} {title}") for c, title in partners)]
        context["preview"] = True
        context["partners"] = [(code, title, code == self.partner) for code, title in choices]
        context["partner"] = self.partner
        context["steps"] = [
            (s.title or s.key, self._address(s.key), self.section and s.key == self.section.key)
            for s in self.draft.sections
        ]
        context["clashes"] = queries.preview_clashes(
            page=self.page, partner=self.partner, at=self.at
        )
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """
        Say of what was entered what a submission would say; nothing is stored.

        :raises NotFound: the version has no section.
        """
        if self.section is None:
            raise NotFound
        form = self._form(data=request.POST, files=request.FILES)
        form.is_valid()
        entered = formfields.answers_in(self.asked, form.cleaned_data)
        columns = formfields.columns_in(form.cleaned_data)
        bound = {**columns, "security_plan": columns}
        gaps = answers.find_gaps(
            form={"sections": [self.asked]}, answers=entered, bound=bound, files=self._chosen()
        )
        for name, problem in gaps.get(self.section.key, {}).items():
            shown = name if name in form.fields else formfields.PREFIX + name
            if not form.has_error(shown):
                form.add_error(shown if shown in form.fields else None, str(problem))
        context = self.get_context_data(form=form)
        context["checked"] = True
        return self.render_to_response(context)

    @property
    def _shelf(self) -> files.Shelf:
        return files.Shelf(locked=False)

    def _chosen(self) -> dict[str, Any]:
        """Return the files chosen for the check, which are not kept."""
        fields = [f["key"] for f in self.asked["fields"] if f["type"] == "FILE"]
        return {k: self.request.FILES.getlist(formfields.PREFIX + k) for k in fields}

    def _initial(self) -> dict[str, Any]:
        return {}

    def _next_url(self) -> str:
        return ""

    def _address(self, section: str) -> str:
        return "?" + urlencode({"with": self.partner, "section": section})
