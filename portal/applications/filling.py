"""Filling in: one topic of a draft a page; saved now and then, merged with what others wrote."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import actions, merging, queries
from applications.errors import DraftChanged
from core.errors import DomainError, InvalidInput, NotFound
from portal.applications import entries, files, formfields, forms
from portal.applications.drafting import OfDraft
from portal.kit import Form, PageView, add_problem

BY_SCRIPT = "autosave"
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
        context["base"] = entries.base_of(self.draft, self.asked)
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
                if not self.by_script:
                    files.save(request, form=form, draft_id=self.draft_id, at=self.at)
        except DraftChanged as error:
            return self._ask_which(form, error) if error.clashes else self._refuse(form, error)
        except DomainError as error:
            return self._refuse(form, error)
        if self.by_script:
            return self._saved(form)
        if form is not None and form.errors:
            messages.warning(request, _("What could be saved is saved. The rest needs correction."))
            return self._again(form, status=422)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(self._leave())

    @property
    def by_script(self) -> bool:
        """Whether the page saves by itself, so that nobody waits for a page."""
        return self.request.headers.get("X-Requested-With") == BY_SCRIPT

    def _saved(self, form: Any) -> HttpResponse:
        """Answer the script: the revision, the marks, and what others wrote meanwhile."""
        del self.draft
        now = entries.stored(self.draft, self.asked)
        mine = {} if form is None else self._flat(form)
        theirs = entries.came_in(entries.base_in(self.request) or {}, mine, now)
        labels = {} if form is None else {n: str(f.label) for n, f in form.fields.items()}
        answer = JsonResponse(
            {
                "revision": self.draft.revision,
                "unsaved": [] if form is None else [labels[n] for n in form.errors if n in labels],
                "base": json.loads(entries.base_of(self.draft, self.asked)),
                "came_in": [
                    {
                        "entry": name,
                        "name": entries.control_of(name),
                        "label": labels.get(entries.control_of(name), name),
                        "value": value,
                    }
                    for name, value in theirs.items()
                ],
            }
        )
        answer["X-Revision"] = str(self.draft.revision)
        return answer

    def _ask_which(self, form: Any, error: DraftChanged) -> HttpResponse:
        """Show both texts of each entry that two people changed; everything typed is carried on."""
        del self.draft
        context = {
            **self.get_context_data(),
            "changed": str(error),
            "choices": entries.choices(error, form),
            "typed": entries.typed(self.request),
            "revision": self._on_screen(),
            "base": entries.base_chosen_from(self.request, error),
            "had_files": bool(self.request.FILES),
        }
        name = "merge_dialog" if self.by_script else "merge"
        return TemplateResponse(
            self.request, f"portal/applications/{name}.html", context, status=error.status
        )

    def _refuse(self, form: Any, error: DomainError) -> HttpResponse:
        if self.by_script:
            return JsonResponse({"problem": str(error)}, status=error.status)
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
        user = self.request.user
        if self.section.key == "commitments":
            # What is signed was on screen: nothing is merged under a signature.
            actions.sign_commitments(
                application_id=self.draft_id,
                codes=form.cleaned_data.get("codes", []),
                actor=user,
                at=self.at,
                revision=self._on_screen(),
            )
            return
        actions.edit_application(
            application_id=self.draft_id,
            changes=entries.as_chosen(
                self.request, self._changes(form), entries.stored(self.draft, self.asked)
            ),
            actor=user,
            at=self.at,
            revision=self._on_screen(),
            base=entries.base_in(self.request),
        )

    def _changes(self, form: django_forms.Form) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        clean = form.cleaned_data
        columns = formfields.columns_in(clean)
        if self.section.key == "commitments":
            return {}
        changes = {"security_plan": columns} if self.section.key == "security" else columns
        answers = formfields.answers_in(self.asked, clean)
        return {**changes, "answers": answers} if answers else changes

    def _flat(self, form: django_forms.Form) -> dict[str, Any]:
        return merging.flat(self._changes(form))

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
            application_id=self.draft_id,
            items=entries.items_as_chosen(self.request, items, self.draft),
            actor=self.request.user,
            at=self.at,
            revision=self._on_screen(),
            base=entries.base_in(self.request),
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
