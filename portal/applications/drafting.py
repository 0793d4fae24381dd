"""Writing an application: list, task list, one topic a page, check and submit, correction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.queries import DraftPage
from applications.states import ApplicationState
from core.errors import DomainError, InvalidInput, NotFound
from portal.applications import files, formfields, forms
from portal.applications.common import page_number
from portal.applications.listing import FilteredList
from portal.kit import ActionView, Crumb, Form, Page, PageView, add_problem, crumb

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


SECTION_FORMS: dict[str, type[Form]] = {
    "scenario": forms.ScenarioForm,
    "usage": forms.UsageForm,
    "security": forms.SecurityPlanForm,
    "commitments": forms.CommitmentsForm,
}


class Fill(OfDraft, PageView):
    """
    One topic a page. What can be stored is stored, also when the rest is not right yet.

    The browser saves by itself now and then; such a request is answered without a page.
    """

    template_name = "portal/applications/fill.html"

    @cached_property
    def section(self) -> Any:
        """
        The section named in the address.

        :raises NotFound: the form has no such section.
        """
        for section in self.draft.sections:
            if section.key == self.kwargs["section"]:
                return section
        raise NotFound

    @property
    def heading(self) -> str:  # type: ignore[override]
        """The name of the section."""
        return str(self.section.title)

    def get_template_names(self) -> list[str]:
        """The datasets have a page of their own kind."""
        if self.section.key == "datasets":
            return ["portal/applications/fill_datasets.html"]
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form with what is stored, or the datasets with what is chosen of them."""
        context = super().get_context_data(**kwargs)
        context["section"] = self.section
        context["locked"] = not self.draft.editable or self.section.status == "locked"
        context["next_url"] = self._next_url()
        if self.section.key == "datasets":
            context.update(self._datasets())
        elif "form" not in context:
            context["form"] = self._form(initial=self._initial())
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Store what can be stored; go on, or show what cannot."""
        form = None
        try:
            if self.section.key == "datasets":
                self._save_items()
            else:
                form = self._form(data=request.POST, files=request.FILES)
                form.is_valid()
                self._save_form(form)
                if request.headers.get("X-Requested-With") != "autosave":
                    files.save(request, form=form, draft_id=self.draft_id, at=self.at)
        except DomainError as error:
            return self._refuse(form, error)
        if request.headers.get("X-Requested-With") == "autosave":
            del self.draft
            return HttpResponse(status=204, headers={"X-Revision": str(self.draft.revision)})
        if form is not None and form.errors:
            messages.warning(request, _("What could be saved is saved. The rest needs correction."))
            return self._again(form, status=422)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(self._leave())

    def _refuse(self, form: Any, error: DomainError) -> HttpResponse:
        if self.request.headers.get("X-Requested-With") == "autosave":
            return HttpResponse(status=error.status)
        if form is None:
            details = error.fields.items() if isinstance(error, InvalidInput) else ()
            text = "；".join(f"{code}：{problem}" for code, problem in details)
            messages.error(self.request, f"{error} {text}")
            return self._again(None, status=error.status)
        add_problem(form, error)
        return self._again(form, status=error.status)

    def _again(self, form: Any, *, status: int) -> HttpResponse:
        self.__dict__.pop("draft", None)
        self.__dict__.pop("section", None)
        if form is not None:
            files.show_anew(form, self._shelf)
        extra = {} if form is None else {"form": form}
        return self.render_to_response(self.get_context_data(**extra), status=status)

    @property
    def asked(self) -> dict[str, Any]:
        """What the form definition asks in this section."""
        for section in self.draft.form["sections"]:
            if section["key"] == self.section.key:
                return dict(section)
        return {"key": self.section.key, "fields": []}

    def _form(self, **given: Any) -> Form:
        form = SECTION_FORMS.get(self.section.key, Form)(**given)
        answers = self.draft.content["answers"]
        return formfields.extend(form, self.asked, answers, self._shelf)

    @property
    def _shelf(self) -> files.Shelf:
        locked = not self.draft.editable or self.section.status == "locked"
        return files.Shelf.of(self.draft, locked=locked)

    def _save_form(self, form: django_forms.Form) -> None:
        user, clean = self.request.user, form.cleaned_data
        if self.section.key == "commitments":
            actions.sign_commitments(
                application_id=self.draft_id,
                codes=clean.get("codes", []),
                actor=user,
                at=self.at,
                revision=self._on_screen(),
            )
            return
        columns = formfields.columns_in(clean)
        changes = {"security_plan": columns} if self.section.key == "security" else columns
        answers = formfields.answers_in(self.asked, clean)
        if answers:
            changes = {**changes, "answers": answers}
        actions.edit_application(
            application_id=self.draft_id,
            changes=changes,
            actor=user,
            at=self.at,
            revision=self._on_screen(),
        )

    def _on_screen(self) -> int | None:
        """Return the revision the person had on screen; a form without one is not compared."""
        text = self.request.POST.get("revision", "")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def _save_items(self) -> None:
        posted = self.request.POST
        codes = [code for code in posted.getlist("code") if f"remove-{code}" not in posted]
        added = posted.get("add", "")
        filters = {item["code"]: item["filters"] for item in self.draft.content["items"]}
        items = [
            {
                "code": code,
                "fields": posted.getlist(f"fields-{code}"),
                "filters": filters.get(code, {}),
                "justification": posted.get(f"why-{code}", ""),
            }
            for code in [*codes, *([added] if added and added not in codes else [])]
        ]
        actions.set_items(
            application_id=self.draft_id, items=items, actor=self.request.user, at=self.at
        )

    def _datasets(self) -> dict[str, Any]:
        chosen = {item["code"]: item for item in self.draft.content["items"]}
        known = queries.dataset_choices(codes=tuple(chosen))
        return {
            "chosen": [(choice, chosen[choice.code]) for choice in known],
            "choices": [c for c in queries.dataset_choices() if c.code not in chosen],
            "problems": dict(self.section.problems),
        }

    def _initial(self) -> dict[str, Any]:
        content = self.draft.content
        if self.section.key == "security":
            return dict(content["security_plan"])
        if self.section.key == "commitments":
            return {"codes": content["commitments"].get("codes", [])}
        return content

    def _next_url(self) -> str:
        if self.draft.state == "CORRECTION_REQUESTED":
            return reverse("portal:application_correct", args=[self.draft_id])
        keys = [section.key for section in self.draft.sections]
        following = keys.index(self.section.key) + 1
        if following == len(keys):
            return reverse("portal:application_check", args=[self.draft_id])
        return reverse("portal:application_fill", args=[self.draft_id, keys[following]])

    def _leave(self) -> str:
        if {"stay", files.DROP} & set(self.request.POST) or self.request.POST.get("add"):
            return self.request.path
        if "later" in self.request.POST:
            return reverse("portal:application_tasks", args=[self.draft_id])
        return self._next_url()


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
