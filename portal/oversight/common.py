"""What the pages of supervision have in common: buttons, crumbs, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oversight import queries
from parties import queries as parties
from parties.roles import Role
from portal.kit import Crumb, Page, crumb

Text = str | Promise
# Who supervises; the others come here for their own evaluations, cases and exits.
STAFF = (
    Role.AUTHORITY_SUPERVISOR,
    Role.AUTHORITY_DECIDER,
    Role.AUTHORITY_CASE,
    Role.PLATFORM_OPS,
    Role.SECURITY_OFFICER,
    Role.AUDITOR,
)
OTHERS = (
    Role.APPLICANT_AGENT,
    Role.APPLICANT_LEGAL_REP,
    Role.APPLICANT_SECURITY,
    Role.ASSESSOR,
    Role.PROVIDER_OFFICER,
    Role.PROVIDER_LEADER,
    Role.EXCHANGE_SETTLER,
)


@dataclass(frozen=True, slots=True)
class Step:
    """How a step of a subject is done: its page or button, and its words."""

    title: Text
    route: str
    tone: str = "primary"
    post: bool = False
    confirm: Text = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A step open to this reader; ``barred`` says why duties keep the reader from it."""

    title: Text
    url: str
    tone: str
    post: bool
    confirm: Text
    barred: str


def buttons(
    steps: Mapping[str, Step], offers: Iterable[Any], *, pk: UUID, more: Iterable[str] = ()
) -> tuple[Button, ...]:
    """Return the buttons of what a reader may do, in the order of the steps."""
    offered = {offer.name: offer.barred for offer in offers} | dict.fromkeys(more, "")
    return tuple(
        Button(
            title=step.title,
            url=reverse(f"portal:{step.route}", args=[pk]),
            tone=step.tone,
            post=step.post,
            confirm=step.confirm,
            barred=offered[name],
        )
        for name, step in steps.items()
        if name in offered
    )


class OfSubject(Page):
    """A page about one subject of supervision; who may not see it is told there is nothing."""

    area = "oversight"
    heading: Any = ""
    route = ""
    fetch: Any = None
    key = ""

    @cached_property
    def subject(self) -> Any:
        """The page of the subject as this reader may see it."""
        fetch = type(self).fetch
        return fetch(**{self.key: self.kwargs["pk"]}, actor=self.request.user, at=self.at)

    @property
    def number(self) -> str:
        """How people call the subject."""
        return self.subject.row.number

    def get_title(self) -> str:
        """Name the step and the number."""
        return f"{self.heading} · {self.number}" if self.heading else self.number

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the board and the subject."""
        first = crumb(_("Evaluations and exits"), "portal:obligations")
        if any(parties.has_role(self.request.user, role) for role in STAFF):
            first = crumb(_("Supervision desk"), "portal:supervision")
        if not self.heading:
            return first, crumb(self.number)
        own = crumb(self.number, f"portal:{self.route}", self.kwargs["pk"])
        return first, own, crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the subject."""
        return reverse(f"portal:{self.route}", args=[self.kwargs["pk"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the subject and the way back."""
        context = super().get_context_data(**kwargs)
        context["subject"] = self.subject
        context.setdefault("back_url", self.get_success_url())
        return context


class OfCase(OfSubject):
    """A page about one violation case."""

    route, key, fetch = "case", "case_id", queries.case_page


class OfEvaluation(OfSubject):
    """A page about one evaluation."""

    route, key, fetch = "evaluation", "evaluation_id", queries.evaluation_page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures of the meter as people read numbers."""
        context = super().get_context_data(**kwargs)
        context["figures"] = [(name, f"{value:,}") for name, value in self.subject.figures]
        return context


class OfExit(OfSubject):
    """A page about one exit."""

    route, key, fetch = "exit", "exit_id", queries.exit_page


class OfAlert(OfSubject):
    """A page about one alert."""

    route, key, fetch = "alert", "alert_id", queries.alert_page

    @property
    def number(self) -> str:
        """Alerts have no number: their grade and rule name them."""
        row = self.subject.row
        return f"{row.grade_name} · {row.rule_name}"
