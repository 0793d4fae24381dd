"""Statements to read: the list by month, the page whose totals open into their rows, the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parties import queries as parties
from parties.roles import Role
from portal.audit.books import READERS
from portal.kit import Crumb, Page, PageView, Pagination, SignedIn, crumb, document_response
from portal.settlement.words import statement_tone, strip_of
from settlement import queries

TEXT_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done; ``post`` is a button, else a page; ``barred`` says why not."""

    title: str | Promise
    url: str
    tone: str
    post: bool
    barred: str
    confirm: str | Promise = ""


_ASK_CONFIRM = gettext_lazy(
    "Confirm the whole statement? Its lines can no longer be disputed then."
)
# Per transition: words, address, tone, whether it is a plain button, and what is asked before.
STEPS: dict[str, tuple[str | Promise, str, str, bool, str | Promise]] = {
    "issue": (gettext_lazy("Issue to the buyer"), "statement_issue", "primary", True, ""),
    "discard": (gettext_lazy("Discard the draft"), "statement_discard", "outline-danger", True, ""),
    "confirm": (
        gettext_lazy("Confirm the statement"), "statement_confirm", "primary", True, _ASK_CONFIRM,
    ),
    "post": (gettext_lazy("Post to the books"), "statement_post", "primary", True, ""),
    "release": (gettext_lazy("Release the payouts"), "statement_release", "primary", True, ""),
    "settle": (gettext_lazy("Record the payment"), "statement_payment", "primary", False, ""),
}  # fmt: skip


class Statements(PageView):
    """The statements a person may see, and the batches of the months."""

    area = "settlement"
    title = gettext_lazy("Statements")
    template_name = "portal/settlement/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the batches and the page of statements asked for."""
        context = super().get_context_data(**kwargs)
        wanted = self.request.GET
        text = wanted.get("q", "").strip()[:TEXT_CHARACTERS_MAX]
        month = _month(wanted.get("month", ""))
        number = wanted.get("page", "")
        found = queries.statements(
            actor=self.request.user,
            at=self.at,
            page=int(number) if number.isdecimal() and len(number) < 6 else 1,
            month=month,
            text=text,
        )
        context["rows"] = [(row, statement_tone(row.state)) for row in found.rows]
        context["page"] = Pagination(found.page, found.pages, found.total)
        context["months"] = queries.months(actor=self.request.user)
        context["month"], context["text"] = month, text
        context["may_draft"] = parties.has_role(self.request.user, Role.EXCHANGE_SETTLER)
        return context


class OfStatement(Page):
    """A page about one statement; who may not see it is told there is nothing."""

    area = "settlement"
    heading: Any = ""

    @property
    def statement_id(self) -> UUID:
        """The statement named in the address."""
        return self.kwargs["pk"]

    @cached_property
    def statement(self) -> queries.StatementPage:
        """The statement as this reader may see it."""
        return queries.statement_page(
            statement_id=self.statement_id, actor=self.request.user, at=self.at
        )

    def get_title(self) -> str:
        """Name the step, the number and the buyer."""
        name = f"{self.statement.number} {self.statement.licensee_name}"
        return f"{self.heading} · {name}" if self.heading else name

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list and the statement."""
        first, number = crumb(_("Statements"), "portal:statements"), self.statement.number
        if not self.heading:
            return first, crumb(number)
        return first, crumb(number, "portal:statement", self.statement_id), crumb(self.heading)

    def get_success_url(self) -> str:
        """Return to the statement."""
        return reverse("portal:statement", args=[self.statement_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the statement."""
        context = super().get_context_data(**kwargs)
        context["statement"] = self.statement
        context["tone"] = statement_tone(self.statement.state)
        return context


class Statement(OfStatement, PageView):
    """One statement: every total opens into the rows that make it."""

    template_name = "portal/settlement/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add strip, facts and buttons."""
        context = super().get_context_data(**kwargs)
        page = self.statement
        offered = {offer.name: offer.barred for offer in page.offers}
        context["strip"] = strip_of(page)
        context["facts"] = [
            (_("Buyer"), page.licensee_name),
            (_("Unified social credit code"), page.licensee_uscc),
            (_("Issued by"), page.exchange_name),
        ]
        context["buttons"] = [
            Button(
                title, reverse(f"portal:{route}", args=[page.id]), tone, post, offered[name], ask
            )
            for name, (title, route, tone, post, ask) in STEPS.items()
            if name in offered
        ]
        context["may_dispute"] = "dispute" in offered
        context["may_answer"] = "resolve" in offered
        context["rounding_yuan"] = sum(share.rounding_yuan for share in page.shares)
        context["reads_books"] = any(
            parties.has_role(self.request.user, role) for role in READERS
        )
        return context


class Document(SignedIn):
    """The statement as PDF, XLSX or JSON."""

    area = "settlement"

    def get(self, request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
        """Hand the stored file over."""
        name, file, content_type = queries.statement_document(
            statement_id=pk, kind=kind.upper(), actor=request.user
        )
        return document_response(file, name, content_type)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None
