"""What clocks count by: the rules with their versions, and the official calendar."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.clock_keeping import ESCALATION_ROLES
from core import clock
from core.errors import InvalidInput
from core.tabular import TableRefused
from parties.roles import Role
from portal import wording
from portal.applications import clock_forms as forms
from portal.applications.common import page_number
from portal.kit import ActionView, ActView, Crumb, PageView, crumb

ERROR_LINES_MAX = 20


class Rules(PageView):
    """The rules of one sort with every version, and what is proposed."""

    area = "applications"
    title = gettext_lazy("Rules of time limits")
    template_name = "portal/applications/clocks/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rules."""
        context = super().get_context_data(**kwargs)
        of = "ESCALATION" if self.request.GET.get("of") == "ESCALATION" else "DEADLINE"
        context["of"] = of
        context["rules"] = queries.clock_rules(of=of, actor=self.request.user, at=self.at)
        context["may_propose"] = queries.may_propose_rules(actor=self.request.user)
        return context


class ProposeRule(ActionView):
    """Propose a version, beginning with the one in force."""

    area = "applications"
    title = gettext_lazy("Propose a new version of a rule")
    template_name = "portal/applications/clocks/act.html"
    form_class = forms.RuleForm
    submit_label = gettext_lazy("Propose")
    extra_context = {
        "hint": gettext_lazy(
            "Clocks that run keep the version they started with. Somebody else approves yours."
        )
    }

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Lead back to the rules."""
        return crumb(Rules.title, "portal:clock_rules"), crumb(self.get_title())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the rules there are."""
        offered = [
            (f"{of}:{rule.clock_kind}", f"{word} · {wording.clock_kind(rule.clock_kind)}")
            for of, word in (("DEADLINE", _("Time limit")), ("ESCALATION", _("Escalation")))
            for rule in self._rules(of)
        ]
        roles = [(str(role), str(Role(role).label)) for role in ESCALATION_ROLES]
        return {**super().get_form_kwargs(), "rules": offered, "roles": roles}

    def get_initial(self) -> dict[str, Any]:
        """Begin with the version in force and the next day."""
        chosen = self.request.GET.get("rule", "")
        of, _colon, kind = chosen.partition(":")
        initial: dict[str, Any] = {"effective_on": clock.local_date(self.at) + timedelta(days=1)}
        if of not in ("DEADLINE", "ESCALATION"):
            return initial
        found = next((r for r in self._rules(of) if r.clock_kind == kind), None)
        if found is None or found.present is None:
            return initial
        return {
            **initial,
            "rule": chosen,
            "working_days": found.present.working_days,
            "legal_basis": found.present.legal_basis,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Propose it."""
        data = dict(form.cleaned_data)
        of, _colon, kind = data.pop("rule").partition(":")
        actions.propose_rule(of=of, clock_kind=kind, actor=self.request.user, at=self.at, **data)
        return _("The version is proposed. Somebody else approves it.")

    def get_success_url(self) -> str:
        """Return to the rules."""
        return reverse("portal:clock_rules")

    def _rules(self, of: str) -> tuple[queries.RulePage, ...]:
        return queries.clock_rules(of=of, actor=self.request.user, at=self.at)


class SettleRule(ActView):
    """Approve or refuse a proposed version."""

    def perform(self) -> str:
        """Settle it."""
        key: UUID = self.kwargs["pk"]
        approve = self.request.POST.get("answer") == "approve"
        actions.settle_rule(
            proposal_id=key,
            approve=approve,
            note=self.request.POST.get("note", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The version is approved.") if approve else _("The version is refused.")


class Calendars(PageView):
    """The published years and the calendars that were handed in."""

    area = "applications"
    title = gettext_lazy("Official calendar")
    template_name = "portal/applications/clocks/calendars.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add years and imports."""
        context = super().get_context_data(**kwargs)
        context["calendars"] = queries.calendars(actor=self.request.user)
        return context


class HandIn(ActionView):
    """Hand a calendar in; the next page shows what it would move."""

    area = "applications"
    title = gettext_lazy("Hand in a calendar")
    template_name = "portal/applications/clocks/act.html"
    form_class = forms.CalendarForm
    submit_label = gettext_lazy("Check and foretell")
    extra_context = {
        "hint": gettext_lazy(
            "Nothing changes yet. You see which time limits would move; somebody else approves."
        )
    }
    found: Any = None

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Lead back to the calendars."""
        return crumb(Calendars.title, "portal:calendars"), crumb(self.get_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Let only those in who may hand one in; say where "Cancel" leads."""
        queries.calendars(actor=self.request.user)
        return super().get_context_data(**kwargs, back_url=reverse("portal:calendars"))

    def perform(self, form: Any) -> str:
        """Hand it in."""
        upload = form.cleaned_data["file"]
        with _as_file(upload) as path:
            try:
                self.found = actions.propose_calendar(
                    path=path, filename=str(upload.name), actor=self.request.user, at=self.at
                )
            except TableRefused as error:
                lines = [str(error), *(str(one) for one in error.errors[:ERROR_LINES_MAX])]
                raise InvalidInput(fields={"file": " ".join(lines)}) from error
        return _("The calendar is handed in. Somebody else approves it.")

    def get_success_url(self) -> str:
        """Go to what it would move."""
        return reverse("portal:calendar_import", args=[self.found.pk])


class Import(PageView):
    """One calendar: what it changes, and which clocks it moves or moved; the work under way."""

    area = "applications"
    template_name = "portal/applications/clocks/import.html"

    def get_template_names(self) -> list[str]:
        """Return the progress alone when the page asks how far it is."""
        if self.request.GET.get("part") == "progress":
            return ["portal/applications/clocks/progress.html"]
        return [str(self.template_name)]

    def get_title(self) -> str:
        """Name the years."""
        years = "、".join(str(year) for year in self.page.years)
        return _("Official calendar of %(years)s") % {"years": years}

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Lead back to the calendars."""
        return crumb(Calendars.title, "portal:calendars"), crumb(self.get_title())

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Read it once."""
        self.page = queries.calendar_page(
            import_id=self.kwargs["pk"], actor=request.user, page=page_number(request)
        )
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add it."""
        polled = self.request.GET.get("part") == "progress"
        return super().get_context_data(**kwargs, page=self.page, polled=polled)


class SettleCalendar(ActView):
    """Approve or refuse a calendar."""

    def perform(self) -> str:
        """Settle it."""
        key: UUID = self.kwargs["pk"]
        approve = self.request.POST.get("answer") == "approve"
        actions.settle_calendar(
            import_id=key,
            approve=approve,
            note=self.request.POST.get("note", ""),
            actor=self.request.user,
            at=self.at,
        )
        if approve:
            return _("The calendar holds. Running clocks are being recomputed.")
        return _("The calendar is refused.")


@contextmanager
def _as_file(upload: UploadedFile) -> Iterator[Path]:
    """Yield an uploaded file as a path; it is gone afterwards."""
    with tempfile.NamedTemporaryFile(suffix=".table") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
