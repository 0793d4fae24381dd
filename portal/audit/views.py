"""The audit view: who did what, what was refused, whether the chain holds."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from core.errors import Forbidden
from parties import queries as parties
from parties.roles import Role
from portal.audit.forms import Wanted
from portal.kit import ActView, PageView, SignedIn, crumb
from workflow import audit, outbox, trail

EXPORT_COLUMNS = (
    "number", "at", "actor_id", "actor_name", "subject_type", "subject_id", "sequence", "action",
    "refused", "before", "after", "facts", "previous_hash", "hash",
)  # fmt: skip
# A cell that begins like this would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ForRoles(SignedIn):
    """A page for the desks named in ``roles`` only."""

    roles: ClassVar[tuple[str, ...]] = ()

    def require_role(self) -> None:
        """
        Refuse everybody who holds none of the roles.

        :raises Forbidden: the person holds none of them.
        """
        if not any(parties.has_role(self.request.user, role) for role in self.roles):
            raise Forbidden


class Trail(ForRoles, PageView):
    """The trail with its filters in the address, and how far it is sealed."""

    roles = (Role.AUDITOR,)
    template_name = "portal/audit/trail.html"
    title = _("Audit trail")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of entries and the state of the chain."""
        self.require_role()
        context = super().get_context_data(**kwargs)
        form = Wanted(self.request.GET or None)
        older = self.request.GET.get("older", "")
        context["form"] = form
        context["trail"] = trail.entries(
            wanted=form.wanted(), older_than=int(older) if _is_number(older) else None
        )
        context["seal"] = trail.seal_status()
        context["verified"] = self.request.session.get("audit_verified")
        context["query"] = _without(self.request, "older")
        return context


class Export(ForRoles, View):
    """The entries wanted as a CSV file, each with its hash and the one before it."""

    roles = (Role.AUDITOR,)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the file; it is read row by row, so its size does not matter."""
        self.require_role()
        rows = trail.export(wanted=Wanted(request.GET or None).wanted())
        response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = (
            f'attachment; filename="audit-{self.at:%Y%m%d-%H%M%S}.csv"'
        )
        response["Cache-Control"] = "private, no-store"
        return response


class VerifyTrail(ForRoles, ActView):
    """Recompute every hash of the trail now."""

    roles = (Role.AUDITOR,)

    def perform(self) -> str:
        """Check the whole chain and keep the answer for this session."""
        self.require_role()
        found = audit.verify()
        self.request.session["audit_verified"] = {
            "ok": found.ok,
            "entries": found.entries,
            "seals": found.seals,
            "fault": found.fault,
            "at": self.at.isoformat(),
        }
        if not found.ok:
            text = gettext("The audit trail does not verify: %(fault)s") % {"fault": found.fault}
            messages.error(self.request, text)
            return ""
        return gettext("Every hash was recomputed: %(n)d entries, all of them hold.") % {
            "n": found.entries
        }

    def get_success_url(self) -> str:
        """Return to the trail."""
        return reverse("portal:audit")


class DeadLetters(ForRoles, PageView):
    """Deliveries that failed as often as they may, with what went wrong."""

    roles = (Role.AUDITOR, Role.PLATFORM_OPS)
    template_name = "portal/audit/dead_letters.html"
    title = _("Dead letters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the dead letters; the button is for operations only."""
        self.require_role()
        context = super().get_context_data(**kwargs)
        context["letters"] = trail.dead_letters()
        context["may_redrive"] = parties.has_role(self.request.user, Role.PLATFORM_OPS)
        return context


class Redrive(ForRoles, ActView):
    """Deliver a dead letter once more."""

    roles = (Role.PLATFORM_OPS,)

    def perform(self) -> str | Promise:
        """Put it back into the queue; the act is audited."""
        self.require_role()
        outbox.redrive(delivery_id=self.kwargs["pk"], actor=self.request.user, at=self.at)
        return _("The letter is back in the queue and will be delivered shortly.")

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse("portal:dead_letters")


def books_crumbs(title: str | Promise) -> Any:
    """Return the way back from a page of the books."""
    return (crumb(_("Books"), "portal:journals"), crumb(title))


def _csv(rows: Iterator[trail.TrailRow]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The mark tells spreadsheets that the file is UTF-8.
    yield "\ufeff" + writer.writerow(EXPORT_COLUMNS)
    for row in rows:
        yield writer.writerow([_cell(getattr(row, name)) for name in EXPORT_COLUMNS])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()
