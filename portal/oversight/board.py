"""The board of supervision, and what concerns everybody else."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from oversight import queries
from parties import queries as parties
from portal.kit import PageView
from portal.oversight.common import STAFF


class Supervision(PageView):
    """Alerts by grade, cases, evaluations and exits that are open."""

    area = "oversight"
    template_name = "portal/oversight/board.html"
    title = _("Supervision desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what this reader may see."""
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context["board"] = queries.supervision_board(actor=user)
        context["is_staff"] = any(parties.has_role(user, role) for role in STAFF)
        context["may_report"] = bool(queries.reportable_parties(actor=user))
        return context


class Obligations(Supervision):
    """The same for data users, providers and assessors: their own only."""

    title = _("Evaluations and exits")
