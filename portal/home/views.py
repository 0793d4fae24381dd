"""The workbench and the messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import clock
from notify import actions, queries
from parties import queries as parties
from parties.roles import Role
from portal.kit import ActView, PageView, Pagination, seen_last
from workflow import glance, inbox

# One thing each role most often comes for: the button at the top of the workbench.
FIRST_STEPS: tuple[tuple[str, str | Promise, str, str], ...] = (
    (Role.APPLICANT_AGENT, _("Apply for data"), "portal:application_new", "plus"),
    (Role.APPLICANT_LEGAL_REP, _("Open our agreements"), "portal:agreements", "signature"),
    (Role.AUTHORITY_CASE, _("Open the acceptance desk"), "portal:application_desk", "inbox"),
    (Role.AUTHORITY_DECIDER, _("Open the decisions"), "portal:application_decisions", "gavel"),
    (Role.PROVIDER_OFFICER, _("Open our reviews"), "portal:application_branches", "list-check"),
    (Role.PROVIDER_LEADER, _("Open our reviews"), "portal:application_branches", "list-check"),
    (Role.SECRECY_REVIEWER, _("Open the opening list"), "portal:opening_list", "list-check"),
    (
        Role.SECURITY_OFFICER,
        _("Open the security reviews"),
        "portal:application_security_queue",
        "shield-check",
    ),
    (Role.COMMITTEE_SECRETARY, _("Open the agenda"), "portal:application_agenda", "users"),
    (Role.COMMITTEE_CHAIR, _("Open the agenda"), "portal:application_agenda", "users"),
    (Role.COMMITTEE_MEMBER, _("Open the agenda"), "portal:application_agenda", "users"),
    (Role.EXPERT, _("Open the agenda"), "portal:application_agenda", "users"),
    (Role.PLATFORM_OPS, _("Review client applications"), "portal:clients", "plug-connected"),
    (Role.AUDITOR, _("Open the audit trail"), "portal:audit", "shield-check"),
    (Role.PUBLIC_USER, _("Search the catalog"), "portal:catalog", "search"),
)


TOPIC_CHARACTERS_MAX = 40
RECENT_MAX = 6


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One row of the work list with its address and its deadline in words."""

    title: str
    number: str
    subject: str
    url: str
    due_on: date | None
    due_text: str
    due_tone: str
    provisional: bool


class Workbench(PageView):
    """What I must do, by when; what I was told; where I was."""

    template_name = "portal/home/workbench.html"
    title = _("Workbench")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add work list, counts, messages and pages seen last."""
        context = super().get_context_data(**kwargs)
        today = clock.local_date(self.at)
        # Work list and first step ask for the same desks; one question answers both.
        with glance.glancing():
            items = inbox.waiting_for(self.request.user, at=self.at)
            context["first_step"] = _first_step(self.request)
        context["work"] = [_work_row(item, today=today) for item in items]
        context["overdue"] = sum(1 for i in items if i.due_status == "overdue")
        context["due_today"] = sum(1 for i in items if i.due_on == today)
        context["due_soon"] = sum(1 for i in items if i.due_status == "soon")
        context["messages_latest"] = queries.latest(actor=self.request.user)
        context["recent"] = seen_last(self.request, most=RECENT_MAX)
        return context


class Inbox(PageView):
    """My messages, newest first; the topic stands in the address."""

    template_name = "portal/home/inbox.html"
    title = _("Messages")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of messages."""
        context = super().get_context_data(**kwargs)
        unread_only = self.request.GET.get("show") == "unread"
        topic = self.request.GET.get("topic", "")[:TOPIC_CHARACTERS_MAX]
        box = queries.inbox(
            actor=self.request.user,
            page=page_number(self.request),
            unread_only=unread_only,
            topic=topic,
        )
        context["topic"] = topic
        context["box"] = box
        context["unread_only"] = unread_only
        context["page"] = Pagination(box.number, box.pages, box.total)
        return context


class OpenMessage(ActView):
    """Mark a message as read and go where it leads."""

    def perform(self) -> str:
        """Mark it; the page it leads to says the rest."""
        self.link = actions.mark_read(
            message_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return ""

    def get_success_url(self) -> str:
        """Return the page the message is about."""
        return self.link or reverse("portal:inbox")


class ReadAll(ActView):
    """Mark every message as read."""

    def perform(self) -> str:
        """Mark them and say how many there were."""
        count = actions.mark_all_read(actor=self.request.user, at=self.at)
        told = ngettext(
            "%(n)d message is marked as read.", "%(n)d messages are marked as read.", count
        )
        return told % {"n": count}

    def get_success_url(self) -> str:
        """Return to the messages."""
        return reverse("portal:inbox")


def page_number(request: HttpRequest) -> int:
    """Return the page asked for; what is no number is the first page."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _work_row(item: inbox.WorkItem, *, today: date) -> WorkRow:
    tones = {"overdue": "red", "soon": "yellow", "stopped": "secondary"}
    words = {
        "overdue": gettext("Overdue"),
        "soon": gettext("Due today") if item.due_on == today else gettext("Due soon"),
        "stopped": gettext("The clock stands"),
        "normal": gettext("In time"),
    }
    try:
        url = reverse(item.route, args=[item.subject_id])
    except NoReverseMatch:
        url = ""
    return WorkRow(
        title=item.title,
        number=item.number,
        subject=item.subject,
        url=url,
        due_on=item.due_on,
        due_text=words.get(item.due_status, ""),
        due_tone=tones.get(item.due_status, "blue"),
        provisional=item.provisional,
    )


def _first_step(request: HttpRequest) -> tuple[str | Promise, str, str] | None:
    held = {desk.role for desk in parties.desks_of(request.user)}
    for role, title, route, icon in FIRST_STEPS:
        if role in held:
            try:
                return title, reverse(route), icon
            except NoReverseMatch:
                continue
    return None
