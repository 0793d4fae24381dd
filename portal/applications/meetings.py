"""Meetings of the committee: the list, one meeting with its agenda, the pack for print."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, documents, queries
from applications.queries import MeetingPage
from core import clock
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from portal.applications import committee_forms as forms
from portal.kit import ActionView, ActView, Crumb, Page, PageView, crumb, document_response


class Meetings(PageView):
    """The meetings of the committee."""

    area = "applications"
    title = gettext_lazy("Meetings")
    template_name = "portal/applications/meetings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the meetings."""
        context = super().get_context_data(**kwargs)
        context["meetings"] = queries.meetings(actor=self.request.user)
        context["arranges"] = parties.has_role(self.request.user, Role.COMMITTEE_SECRETARY)
        return context


class New(ActionView):
    """Plan a meeting."""

    area = "applications"
    title = gettext_lazy("Plan a meeting")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.MeetingForm
    submit_label = gettext_lazy("Plan the meeting")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=reverse("portal:committee_meetings"))

    def perform(self, form: Any) -> str:
        """Plan it."""
        self.meeting = actions.plan_meeting(actor=self.request.user, at=self.at, **_when(form))
        return _("The meeting is planned. Put cases on its agenda, then call it.")

    def get_success_url(self) -> str:
        """Go to the meeting."""
        return reverse("portal:committee_meeting", args=[self.meeting.pk])


class OfMeeting(Page):
    """A page about one meeting."""

    area = "applications"

    @property
    def meeting_id(self) -> UUID:
        """The meeting named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def meeting(self) -> MeetingPage:
        """The meeting as this person may see it."""
        return queries.meeting_page(
            meeting_id=self.meeting_id, actor=self.request.user, at=self.at
        )

    def get_success_url(self) -> str:
        """Return to the meeting."""
        return reverse("portal:committee_meeting", args=[self.meeting_id])


class Meeting(OfMeeting, PageView):
    """One meeting: agenda in order, quorum of each case, recusals."""

    template_name = "portal/applications/meeting.html"

    def get_title(self) -> str:
        """Name the meeting."""
        return f"{_('Meeting')} {self.meeting.number}"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list."""
        return crumb(_("Meetings"), "portal:committee_meetings"), crumb(self.meeting.number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the meeting."""
        context = super().get_context_data(**kwargs)
        context["meeting"] = self.meeting
        context["cancel_form"] = forms.ReasonForm()
        return context


class Move(OfMeeting, ActionView):
    """Change when and where a meeting takes place."""

    title = gettext_lazy("Change time or place")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.MeetingForm
    submit_label = gettext_lazy("Save")

    def get_initial(self) -> dict[str, Any]:
        """Begin with what is planned."""
        page = self.meeting
        return {
            "planned_at": page.planned_at.astimezone(clock.SHANGHAI),
            "place": page.place,
            "online": page.online,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Move it."""
        actions.move_meeting(
            meeting_id=self.meeting_id, actor=self.request.user, at=self.at, **_when(form)
        )
        return _("Saved. Everybody invited is told.")


class Put(OfMeeting, ActView):
    """Put a case on the agenda."""

    def perform(self) -> str:
        """Put it at the end."""
        actions.put_on_agenda(
            meeting_id=self.meeting_id,
            application_id=_uuid(self.request.POST.get("application", "")),
            actor=self.request.user,
            at=self.at,
        )
        return _("The case is on the agenda.")


class Order(OfMeeting, ActView):
    """Move one case up or down, or take it off the agenda."""

    def perform(self) -> str:
        """Write the new order."""
        order = [row.application_id for row in self.meeting.items]
        act, _colon, key = self.request.POST.get("move", "").partition(":")
        if key in order:
            at = order.index(key)
            order.pop(at)
            if act != "remove":
                order.insert(max(0, at - 1) if act == "up" else at + 1, key)
        actions.order_agenda(
            meeting_id=self.meeting_id, application_ids=order, actor=self.request.user, at=self.at
        )
        return _("The order of the agenda is saved.")


class Call(OfMeeting, ActView):
    """Call a meeting."""

    def perform(self) -> str:
        """Invite who was chosen."""
        actions.call_meeting(
            meeting_id=self.meeting_id,
            members=[_uuid(one) for one in self.request.POST.getlist("members")],
            actor=self.request.user,
            at=self.at,
        )
        return _("The meeting is called. Everybody invited is told.")


class Close(OfMeeting, ActView):
    """Put on record that a meeting was held."""

    def perform(self) -> str:
        """Close it."""
        actions.close_meeting(meeting_id=self.meeting_id, actor=self.request.user, at=self.at)
        return _("It is on record that the meeting was held.")


class Cancel(OfMeeting, ActView):
    """Cancel a meeting."""

    def perform(self) -> str:
        """Cancel it."""
        actions.cancel_meeting(
            meeting_id=self.meeting_id,
            reason=self.request.POST.get("reason", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The meeting is canceled. Everybody invited is told.")


class Pack(OfMeeting, PageView):
    """The agenda and its cases as one file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file."""
        facts = queries.agenda_pack(meeting_id=self.meeting_id, actor=request.user, at=self.at)
        content = documents.render_agenda(facts)
        return document_response(content, f"{facts.number}.pdf", "application/pdf", inline=True)


def _when(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("planned_at", "place", "online")}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
