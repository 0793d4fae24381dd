"""The review desks of the providers and of platform security."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.queries import BranchPage
from applications.scope import TRANSFORM_RULES
from contracts.queries import stated_profiles
from core.errors import InvalidInput
from portal.applications import forms
from portal.applications.common import OfCase, page_number
from portal.applications.listing import FilteredList
from portal.kit import ActionView, ActView, Crumb, Form, PageView, crumb

ANSWER_PARTS = ("decision", "rule", "reason", "legal_basis")


class Branches(PageView):
    """The reviews of my department."""

    area = "applications"
    title = gettext_lazy("Provider reviews")
    template_name = "portal/applications/branches.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the open or the answered branches."""
        context = super().get_context_data(**kwargs)
        context["show"] = "done" if self.request.GET.get("show") == "done" else "open"
        context["branches"] = queries.branch_queue(
            actor=self.request.user, at=self.at, show=context["show"]
        )
        return context


class Branch(ActionView):
    """The field grid: allow, transform or refuse, field by field."""

    area = "applications"
    template_name = "portal/applications/branch.html"
    form_class = Form
    submit_label = gettext_lazy("Save the opinion")

    @cached_property
    def branch(self) -> BranchPage:
        """The branch named in the address."""
        branch_id: UUID = self.kwargs["pk"]
        return queries.branch_page(branch_id=branch_id, actor=self.request.user, at=self.at)

    def get_title(self) -> str:
        """Name provider and case."""
        return f"{_('Provider review')} · {self.branch.number} · {self.branch.provider_name}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the queue."""
        return crumb(_("Provider reviews"), "portal:application_branches"), crumb(
            self.branch.number
        )

    def get_success_url(self) -> str:
        """Stay on the branch."""
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the grid, as stored or as just sent, with what is wrong beside each field."""
        context = super().get_context_data(**kwargs)
        offers = {offer.name: offer.barred for offer in self.branch.offers}
        context.update(
            branch=self.branch,
            grid=self._grid(getattr(self, "problems", {})),
            may_draft=offers.get("draft_opinion") == "",
            may_confirm=offers.get("confirm") == "",
            confirm_barred=offers.get("confirm", ""),
            draft_barred=offers.get("draft_opinion", ""),
            profiles=stated_profiles(codes=[item.code for item in self.branch.items]),
            decisions=forms.DECISIONS,
            rules=list(TRANSFORM_RULES.items()),
        )
        return context

    def perform(self, form: Any) -> str:
        """Store the opinion."""
        try:
            actions.draft_provider_opinion(
                branch_id=self.branch.id,
                opinion=self._posted(),
                actor=self.request.user,
                at=self.at,
            )
        except InvalidInput as error:
            self.problems = {name: str(text) for name, text in error.fields.items()}
            raise
        return _("The opinion is saved. The leader of your department confirms it.")

    def _posted(self) -> dict[str, Any]:
        posted = self.request.POST.copy()
        if "allow_rest" in posted:
            for item in self.branch.items:
                for field in item.fields:
                    name = f"{item.code}.{field.name}.decision"
                    posted[name] = posted.get(name) or "ALLOW"
        return {
            item.code: {
                "fields": {
                    field.name: {
                        part: posted.get(f"{item.code}.{field.name}.{part}", "")
                        for part in ANSWER_PARTS
                    }
                    for field in item.fields
                },
                "note": posted.get(f"{item.code}.note", ""),
            }
            for item in self.branch.items
        }

    def _grid(self, problems: dict[str, str]) -> list[dict[str, Any]]:
        sent = self._posted() if self.request.method == "POST" else {}
        grid = []
        for item in self.branch.items:
            answers = sent.get(item.code, {}).get("fields", {})
            rows = []
            for field in item.fields:
                stored = {part: getattr(field, part) for part in ANSWER_PARTS}
                rows.append(
                    {
                        "field": field,
                        "name": f"{item.code}.{field.name}",
                        "answer": answers.get(field.name) or stored,
                        "problem": problems.get(f"{item.code}.{field.name}", ""),
                    }
                )
            grid.append({"item": item, "rows": rows, "note": self.branch.notes.get(item.code, "")})
        return grid


class ConfirmBranch(ActView):
    """Confirm an opinion."""

    def perform(self) -> str:
        """Confirm it; the last provider moves the case on."""
        actions.confirm_provider_opinion(
            branch_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The opinion is confirmed.")

    def get_success_url(self) -> str:
        """Stay on the branch."""
        return reverse("portal:application_branch", args=[self.kwargs["pk"]])


class DelegateBranch(ActView):
    """Give an opinion to a colleague, or back to the desk."""

    def perform(self) -> str:
        """Give it."""
        actions.delegate_branch(
            branch_id=self.kwargs["pk"],
            to=self.request.POST.get("to", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("It is on record who drafts the opinion.")

    def get_success_url(self) -> str:
        """Stay on the branch."""
        return reverse("portal:application_branch", args=[self.kwargs["pk"]])


class SecurityQueue(FilteredList):
    """The cases that wait for the security review."""

    list_name = "security"
    area = "applications"
    title = gettext_lazy("Security reviews")
    template_name = "portal/applications/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows, each leading to its review."""
        context = super().get_context_data(**kwargs)
        context["route"] = "portal:application_security"
        context["page"] = queries.security_queue(
            actor=self.request.user,
            at=self.at,
            page=page_number(self.request),
            filters=self.filters,
        )
        return context


class Security(OfCase, ActionView):
    """The security review of one case."""

    heading = gettext_lazy("Security review")
    template_name = "portal/applications/security.html"
    form_class = forms.AssessmentForm
    submit_label = gettext_lazy("Pass to the committee")

    def perform(self, form: Any) -> str:
        """Record the assessment."""
        actions.pass_security_review(
            application_id=self.case_id,
            assessment=form.cleaned_data,
            actor=self.request.user,
            at=self.at,
        )
        return _("The security review is concluded. The committee has the case now.")


class RenewSecurity(OfCase, ActionView):
    """The next version of the security assessment, when the last one has run out."""

    heading = gettext_lazy("Renew the security assessment")
    template_name = "portal/applications/security.html"
    form_class = forms.AssessmentForm
    submit_label = gettext_lazy("Record the renewed assessment")

    def get_initial(self) -> dict[str, Any]:
        """Begin with what was found the last time."""
        last = self.case.assessment
        if last is None:
            return {}
        return {
            "findings": "\n".join(last.findings),
            "conclusion": last.conclusion,
            "conditions": "\n".join(last.conditions),
        }

    def perform(self, form: Any) -> str:
        """Record it; the earlier versions are kept."""
        actions.renew_assessment(
            application_id=self.case_id,
            assessment=form.cleaned_data,
            actor=self.request.user,
            at=self.at,
        )
        return _("The renewed assessment is on record. The case can be decided.")
