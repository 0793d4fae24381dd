"""The books: journals newest first, and the trial balance that must come out at nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger import balances, journals
from parties.roles import Role
from portal.audit.views import ForRoles, books_crumbs
from portal.kit import PageView

READERS = (Role.AUDITOR, Role.EXCHANGE_SETTLER, Role.EXCHANGE_FINANCE, Role.TREASURY_VIEWER)
JOURNALS_PER_PAGE = 30


class Journals(ForRoles, PageView):
    """Journals with their legs; every leg names its account and the balance after it."""

    roles = READERS
    template_name = "portal/audit/journals.html"
    title = _("Books")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of journals, narrowed to an account or a document when asked."""
        self.require_role()
        context = super().get_context_data(**kwargs)
        account = self.request.GET.get("account", "").strip()[:80]
        reference = self.request.GET.get("reference", "").strip()[:120]
        before = self.request.GET.get("before", "")
        rows = journals.journals(
            account=account or None,
            reference=reference or None,
            before_sequence=int(before) if before.isdigit() and len(before) < 19 else None,
            rows_max=JOURNALS_PER_PAGE + 1,
        )
        context["account"], context["reference"] = account, reference
        context["journals"] = rows[:JOURNALS_PER_PAGE]
        context["before"] = (
            rows[JOURNALS_PER_PAGE - 1].sequence if len(rows) > JOURNALS_PER_PAGE else None
        )
        return context


class TrialBalance(ForRoles, PageView):
    """Every account with its totals; debits and credits must be equal."""

    roles = READERS
    template_name = "portal/audit/trial_balance.html"
    title = _("Trial balance")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the totals of every account."""
        self.require_role()
        context = super().get_context_data(**kwargs)
        found = balances.trial_balance()
        context["balance"] = found
        context["debits"] = sum(row.debits_fen for row in found.rows)
        context["credits"] = sum(row.credits_fen for row in found.rows)
        return context

    def get_crumbs(self) -> Any:
        """Return the way back to the journals."""
        return books_crumbs(self.title)
