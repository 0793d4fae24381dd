"""Between writing and handing in: what is missing, where it is mended, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from applications import queries
from applications.errors import FormIncomplete
from core.errors import Forbidden
from portal.applications import drafting, filling, formfields
from portal.applications.files import PREFIX

# Where the check page shows a section; those of a definition have anchors named after their keys.
ANCHORS = {
    "datasets": "items-heading",
    "scenario": "scenario-heading",
    "usage": "usage-heading",
    "security": "plan-heading",
    "commitments": "promise-heading",
}


class Section(filling.Fill):
    """One topic a page. Opened from the check page (``?return=check``) it leads back there."""

    @property
    def is_returning(self) -> bool:
        """Say whether the person came from the check page of a draft."""
        return self.request.GET.get("return") == "check" and self.draft.state == "DRAFT"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where the person came from."""
        context = super().get_context_data(**kwargs)
        context["returning"] = self.is_returning
        # A section nobody has begun lacks everything; saying so helps only whoever came to mend it.
        if self.is_returning or self.section.status != "untouched":
            gaps = queries.outstanding(draft=self.draft)
            context["gaps"] = [gap for gap in gaps if gap.section == self.section.key]
        context["previous_url"] = "" if self.is_returning else self._previous_url()
        return context

    def _previous_url(self) -> str:
        keys = [section.key for section in self.draft.sections if section.status != "locked"]
        if self.section.key not in keys or keys[0] == self.section.key:
            return ""
        before = keys[keys.index(self.section.key) - 1]
        return reverse("portal:application_fill", args=[self.draft_id, before])

    def _next_url(self) -> str:
        if not self.is_returning:
            return super()._next_url()
        anchor = ANCHORS.get(self.section.key, f"further-{self.section.key}")
        return reverse("portal:application_check", args=[self.draft_id]) + f"#{anchor}"

    def _leave(self) -> str:
        leads = super()._leave()
        stays = leads == self.request.path and self.is_returning
        return f"{leads}?return=check" if stays else leads


class Problems(filling.Fill):
    """What is wrong with what was typed so far, by field. Nothing is stored."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """
        Answer with the rules that a save and a submission apply; what is empty is no mistake.

        :raises Forbidden: the person may not write here, or not now.
        """
        if not self.draft.editable:
            raise Forbidden
        form = self._form(data=request.POST)
        form.is_valid()
        found = {
            name: str(errors[0]) for name, errors in form.errors.items() if name in form.fields
        }
        for section, name, text in queries.warnings_of(self.draft.form, self._typed(form)):
            shown = name if name in form.fields else PREFIX + name
            if section == self.section.key and shown in form.fields:
                found.setdefault(shown, text)
        return JsonResponse(
            {"problems": {form[name].auto_id: text for name, text in found.items()}}
        )

    def _typed(self, form: Any) -> dict[str, Any]:
        content, clean = self.draft.content, form.cleaned_data
        columns = formfields.columns_in(clean)
        if self.section.key == "security":
            columns = {"security_plan": {**content["security_plan"], **columns}}
        answers = {**content["answers"], **formfields.answers_in(self.asked, clean)}
        return {**content, **columns, "answers": answers}


class Check(drafting.Check):
    """Every answer once more, with what is missing and where to mend it; then the submission."""

    is_refused = False

    def perform(self, form: Any) -> str:
        """Submit the draft; remember that it was incomplete, so that the page names each gap."""
        try:
            return super().perform(form)
        except FormIncomplete:
            self.is_refused = True
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is missing."""
        context = super().get_context_data(**kwargs)
        context["outstanding"] = queries.outstanding(draft=self.draft)
        context["is_refused"] = self.is_refused
        return context
