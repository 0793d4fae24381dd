"""Writing an application: list, task list, one topic a page, check and submit, correction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.queries import DraftPage
from applications.states import ApplicationState
from core.errors import InvalidInput, NotFound
from portal.applications import forms
from portal.applications.common import page_number
from portal.applications.listing import FilteredList
from portal.kit import ActionView, Crumb, Form, Page, PageView, crumb

DEFECT_PREFIX = "answer_"


class Mine(FilteredList):
    """The applications of my organization."""

    list_name = "mine"
    area = "applications"
    title = gettext_lazy("My applications")
    template_name = "portal/applications/mine.html"
    states = tuple(ApplicationState)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the list."""
        context = super().get_context_data(**kwargs)
        context["page"] = queries.my_applications(
            actor=self.request.user,
            at=self.at,
            page=page_number(self.request),
            filters=self.filters,
        )
        return context


class New(ActionView):
    """Begin an application, with a dataset chosen in the catalog if there is one."""

    area = "applications"
    title = gettext_lazy("New application")
    template_name = "portal/applications/new.html"
    form_class = forms.NewForm
    submit_label = gettext_lazy("Begin the application")
    started: UUID

    def perform(self, form: Any) -> str:
        """Begin the draft and note the dataset that was on screen."""
        user = self.request.user
        draft = actions.start_application(
            scenario_name=form.cleaned_data["scenario_name"], actor=user, at=self.at
        )
        self.started = draft.pk
        code = self.request.GET.get("dataset", "")
        if code:
            item = {"code": code, "fields": [], "filters": {}, "justification": ""}
            try:
                actions.set_items(application_id=draft.pk, items=[item], actor=user, at=self.at)
            except InvalidInput:
                return _("The draft is saved. The dataset you chose is not open at present.")
        return _("The draft is saved. Fill in the sections in any order.")

    def get_success_url(self) -> str:
        """Go on to the task list."""
        return reverse("portal:application_tasks", args=[self.started])

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the list."""
        return crumb(_("My applications"), "portal:applications"), crumb(self.get_title())


class OfDraft(Page):
    """A page about one draft."""

    area = "applications"
    heading: str | Promise = ""

    @property
    def draft_id(self) -> UUID:
        """The draft named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def draft(self) -> DraftPage:
        """The draft as it is stored."""
        return queries.draft_page(
            application_id=self.draft_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step and the scenario."""
        name = self.draft.number or self.draft.scenario_name or _("Untitled draft")
        return f"{self.heading} · {name}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over list and task list."""
        return (
            crumb(_("My applications"), "portal:applications"),
            crumb(
                self.draft.number or self.draft.scenario_name or _("Untitled draft"),
                "portal:application_tasks",
                self.draft_id,
            ),
            crumb(self.heading),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the draft."""
        context = super().get_context_data(**kwargs)
        context["draft"] = self.draft
        return context


class Tasks(OfDraft, PageView):
    """The task list: what is done, what is left, what the checks would say now."""

    heading = gettext_lazy("Tasks")
    template_name = "portal/applications/tasks.html"


class Check(OfDraft, ActionView):
    """Every answer once more, then the submission."""

    heading = gettext_lazy("Check before you submit")
    template_name = "portal/applications/check.html"
    form_class = Form
    submit_label = gettext_lazy("Submit the application")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the case, which shows every answer in words."""
        context = super().get_context_data(**kwargs)
        context["case"] = queries.case_page(
            application_id=self.draft_id, actor=self.request.user, at=self.at
        )
        return context

    def perform(self, form: Any) -> str:
        """Submit the draft."""
        actions.submit_application(
            application_id=self.draft_id, actor=self.request.user, at=self.at
        )
        return ""

    def get_success_url(self) -> str:
        """Go on to the confirmation, whose address stays."""
        return reverse("portal:application_sent", args=[self.draft_id])


class Correct(OfDraft, ActionView):
    """What was returned, each with its reply; then the application is handed in again."""

    heading = gettext_lazy("Correction")
    template_name = "portal/applications/correct.html"
    submit_label = gettext_lazy("Submit the correction")

    def get_form(self, form_class: Any = None) -> Form:
        """Return one reply per defect."""
        form = Form(self.request.POST) if self.request.method == "POST" else Form()
        if self.draft.correction is None:
            raise NotFound
        for defect in self.draft.correction.defects:
            label = _("Reply to no. %(number)s: %(item)s") % {
                "number": defect.number,
                "item": defect.item,
            }
            form.fields[DEFECT_PREFIX + defect.number] = forms.area(
                label, rows=2, most=1_000, initial=defect.answer
            )
        return form

    def perform(self, form: Any) -> str:
        """Hand the application in again."""
        answers = {
            name.removeprefix(DEFECT_PREFIX): text for name, text in form.cleaned_data.items()
        }
        resubmit: Callable[..., Any] = actions.resubmit_application
        resubmit(
            application_id=self.draft_id, answers=answers, actor=self.request.user, at=self.at
        )
        return _("The correction is submitted. A new acceptance period runs.")

    def get_success_url(self) -> str:
        """Go on to the case."""
        return reverse("portal:application", args=[self.draft_id])
