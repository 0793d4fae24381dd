"""The committee: what is before it, panel, interests, file room, score sheet, board, minutes."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from applications.queries import PanelPage
from core.errors import Forbidden, InvalidInput, NotFound
from portal.applications import committee_forms as forms
from portal.applications.common import page_number
from portal.applications.listing import FilteredList
from portal.kit import ActionView, ActView, Crumb, Page, PageView, crumb, document_response


class Agenda(FilteredList):
    """What the committee has before it."""

    list_name = "agenda"
    area = "applications"
    title = gettext_lazy("Committee agenda")
    template_name = "portal/applications/committee_cases.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows, each leading to its panel."""
        context = super().get_context_data(**kwargs)
        context["route"] = "portal:application_panel"
        context["page"] = queries.agenda(
            actor=self.request.user,
            at=self.at,
            page=page_number(self.request),
            filters=self.filters,
        )
        return context


class OfPanel(Page):
    """A page about the panel of one case; it shows no more of the case than its name."""

    area = "applications"
    heading: Any = ""

    @property
    def case_id(self) -> UUID:
        """The case named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def panel(self) -> PanelPage:
        """The panel as this person may see it."""
        return queries.panel_page(
            application_id=self.case_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step, the number and the scenario."""
        return f"{self.heading} · {self.panel.number} {self.panel.scenario_name}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the agenda and the panel."""
        first = crumb(_("Committee agenda"), "portal:application_agenda")
        return first, crumb(self.panel.number, "portal:application_panel", self.case_id), crumb(
            self.heading
        )

    def get_success_url(self) -> str:
        """Go to the panel."""
        return reverse("portal:application_panel", args=[self.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the panel, and where "Cancel" leads."""
        context = super().get_context_data(**kwargs)
        context["panel"] = self.panel
        context["back_url"] = OfPanel.get_success_url(self)
        return context


class Panel(OfPanel, ActionView):
    """Seat a panel; once it sits, the vote board."""

    heading = gettext_lazy("Panel")
    template_name = "portal/applications/panel.html"
    form_class = forms.PanelForm
    submit_label = gettext_lazy("Seat the panel")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people in office who may sit."""
        return {**super().get_form_kwargs(), "candidates": self.panel.candidates}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the small forms of the sitting panel."""
        context = super().get_context_data(**kwargs)
        panel = self.panel
        context["substitute_form"] = forms.OnePersonForm(people=_free(panel), prefix="s")
        context["preside_form"] = forms.OnePersonForm(people=_seated(panel), prefix="p")
        context["adjourn_form"] = forms.ReasonForm(prefix="a")
        context["conclude_form"] = forms.ConcludeForm(
            initial={"conditions": "\n".join(panel.security_conditions)}
        )
        if panel.may_seat and not panel.open:
            context["rosters"] = [
                r for r in queries.rosters(actor=self.request.user, at=self.at) if r.may_edit
            ]
        return context

    def perform(self, form: Any) -> str:
        """Seat the panel."""
        actions.seat_panel(
            application_id=self.case_id,
            members=form.cleaned_data["members"],
            chair=form.cleaned_data["chair"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The panel is seated. Each member declares interests before voting.")


class SeatRoster(OfPanel, ActView):
    """Seat a whole roster."""

    def perform(self) -> str:
        """Seat it."""
        try:
            roster_id = UUID(self.request.POST.get("roster", ""))
        except ValueError:
            raise NotFound from None
        actions.seat_roster(
            application_id=self.case_id,
            roster_id=roster_id,
            actor=self.request.user,
            at=self.at,
        )
        return _("The panel is seated. Each member declares interests before voting.")


class Substitute(OfPanel, ActionView):
    """Seat a substitute."""

    heading = gettext_lazy("Substitute")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.OnePersonForm
    submit_label = gettext_lazy("Seat the substitute")
    prefix = "s"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people in office who may sit."""
        return {**super().get_form_kwargs(), "people": _free(self.panel)}

    def perform(self, form: Any) -> str:
        """Seat one more member."""
        actions.seat_substitute(
            application_id=self.case_id,
            member=form.cleaned_data["member"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The substitute is seated.")


class Preside(OfPanel, ActionView):
    """Let another seated member preside."""

    heading = gettext_lazy("Hand over the chair")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.OnePersonForm
    submit_label = gettext_lazy("Hand over the chair")
    prefix = "p"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the seated members."""
        return {**super().get_form_kwargs(), "people": _seated(self.panel)}

    def perform(self, form: Any) -> str:
        """Hand the chair over."""
        actions.hand_over_chair(
            application_id=self.case_id,
            member=form.cleaned_data["member"],
            actor=self.request.user,
            at=self.at,
        )
        return _("Another member presides now.")


class Adjourn(OfPanel, ActionView):
    """Adjourn a sitting without a quorum."""

    heading = gettext_lazy("Adjourn the sitting")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Adjourn the sitting")
    prefix = "a"

    def perform(self, form: Any) -> str:
        """Adjourn it."""
        actions.adjourn_panel(
            application_id=self.case_id,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The sitting is adjourned. The same panel sits again and votes anew.")


class Interest(OfPanel, ActionView):
    """Declare interests before the file room opens."""

    heading = gettext_lazy("Declaration of interests")
    template_name = "portal/applications/interest.html"
    form_class = forms.InterestForm
    submit_label = gettext_lazy("Declare")

    def perform(self, form: Any) -> str:
        """Declare none, or recuse oneself."""
        conflict = form.cleaned_data["conflict"].strip()
        recused = form.cleaned_data["choice"] == "conflict"
        if recused and not conflict:
            raise InvalidInput(fields={"conflict": _("State the reason.")})
        actions.declare_interest(
            application_id=self.case_id,
            conflict=conflict if recused else "",
            actor=self.request.user,
            at=self.at,
        )
        self.recused = recused
        return _("You are recused.") if recused else _("Your declaration is on record.")

    def get_success_url(self) -> str:
        """Go on to the score sheet; who is recused goes back to the panel."""
        name = "application_panel" if self.recused else "application_vote"
        return reverse(f"portal:{name}", args=[self.case_id])


class FileRoom(OfPanel, PageView):
    """The papers of a case, open to a member who has declared no interest in it."""

    heading = gettext_lazy("File room")
    template_name = "portal/applications/file_room.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the case; who has not declared, or is barred, reads why it is closed."""
        context = super().get_context_data(**kwargs)
        if may_read(self.panel):
            context["case"] = queries.case_page(
                application_id=self.case_id, actor=self.request.user, at=self.at
            )
        return context


class Vote(OfPanel, ActionView):
    """The score sheet; others' votes stay hidden until the panel is closed."""

    heading = gettext_lazy("Review and vote")
    template_name = "portal/applications/vote.html"
    form_class = forms.BallotForm
    submit_label = gettext_lazy("Cast the ballot")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Score by the criteria of the round; begin with what was kept."""
        if not self.panel.own_status:
            raise NotFound
        return {**super().get_form_kwargs(), "panel": self.panel}

    def get_initial(self) -> dict[str, Any]:
        """Return the unfinished sheet."""
        drafts = self.panel.own_drafts
        return forms.initial_of(drafts[0].content) if drafts else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the case once the file room is open to this member."""
        context = super().get_context_data(**kwargs)
        if may_read(self.panel):
            context["case"] = queries.case_page(
                application_id=self.case_id, actor=self.request.user, at=self.at
            )
        return context

    def perform(self, form: Any) -> str:
        """Cast the ballot."""
        actions.cast_ballot(
            application_id=self.case_id, actor=self.request.user, at=self.at, **form.ballot()
        )
        return _("Your ballot is cast. It cannot be changed.")


class Sheet(OfPanel, ActView):
    """Keep the unfinished sheet, by hand or every few seconds by the page."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it; the page's own saving gets no page back."""
        response = super().post(request, *args, **kwargs)
        by_itself = request.headers.get("X-Requested-With") == "autosave"
        if not by_itself:
            return response
        return HttpResponse(status=204 if self.kept else 409)

    def perform(self) -> str:
        """Keep it."""
        self.kept = 0
        self.kept = actions.save_sheet(
            application_id=self.case_id,
            content=forms.sheet_of(self.request.POST),
            actor=self.request.user,
            at=self.at,
        )
        by_itself = self.request.headers.get("X-Requested-With") == "autosave"
        return "" if by_itself else _("Saved. Nobody else sees it.")

    def get_success_url(self) -> str:
        """Return to the sheet."""
        return reverse("portal:application_vote", args=[self.case_id])


class Conclude(OfPanel, ActionView):
    """Close the vote and draft the minutes."""

    heading = gettext_lazy("Close the vote")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.ConcludeForm
    submit_label = gettext_lazy("Close the vote and draft the minutes")

    def perform(self, form: Any) -> str:
        """Close it."""
        actions.close_panel(
            application_id=self.case_id,
            conditions=form.cleaned_data["conditions"].splitlines(),
            actor=self.request.user,
            at=self.at,
        )
        return _("The vote is closed and counted.")


class Sign(OfPanel, ActionView):
    """Read the drafted minutes and sign them."""

    heading = gettext_lazy("Minutes and signatures")
    template_name = "portal/applications/minutes.html"
    form_class = forms.SignForm
    submit_label = gettext_lazy("Sign the minutes")

    def get_initial(self) -> dict[str, Any]:
        """Bind the signature to what is shown."""
        if self.panel.minutes is None:
            raise NotFound
        return {"content_hash": self.panel.minutes.content_hash}

    def perform(self, form: Any) -> str:
        """Sign."""
        actions.sign_minutes(
            application_id=self.case_id,
            content_hash=form.cleaned_data["content_hash"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The minutes are signed.")


class MinutesDraft(OfPanel, PageView):
    """The drafted minutes as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file that is signed."""
        minutes = self.panel.minutes
        if minutes is None:
            raise NotFound
        number, content = queries.minutes_draft(minutes_id=minutes.id, actor=request.user)
        return document_response(content, f"{number}.pdf", "application/pdf", inline=True)


def may_read(panel: PanelPage) -> bool:
    """
    Return whether the file room is open to the reader of a panel.

    :raises Forbidden: the reader is neither of the panel nor of its secretariat.
    """
    if not panel.own_status and not panel.may_seat:
        raise Forbidden
    declared = panel.own_status in ("declared", "voted")
    return (declared and not panel.own_barred) or (panel.may_seat and not panel.own_status)


def _free(panel: PanelPage) -> tuple[tuple[str, str], ...]:
    return tuple((c.id, c.full_name) for c in panel.candidates if not c.barred)


def _seated(panel: PanelPage) -> tuple[tuple[str, str], ...]:
    return tuple(
        (s.member_id, s.member_name)
        for s in panel.seats
        if not s.is_chair and s.status not in ("recused", "left")
    )
