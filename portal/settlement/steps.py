"""What is done to statements: by the exchange, by the buyer, by finance."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import NotFound
from core.money import to_fen, to_yuan
from portal.kit import ActionView, ActView, Crumb, crumb
from portal.settlement import forms
from portal.settlement.statements import OfStatement
from settlement import actions, queries
from settlement.periods import month_before, month_of

MONTHS_OFFERED = 12


class Draft(ActionView):
    """Draw up the statements of a month."""

    area = "settlement"
    title = submit_label = gettext_lazy("Draw up statements")
    template_name = "portal/settlement/act.html"
    form_class = forms.DraftForm
    extra_context = {
        "hint": gettext_lazy(
            "Usage counts by its own time in the month, as far as the meter has stored it by now."
        )
    }
    drafted: UUID | None = None

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back."""
        return crumb(_("Statements"), "portal:statements"), crumb(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the months that are over and the agreements with licenses."""
        return {
            **super().get_form_kwargs(),
            "months": _ended_months(clock.local_date(self.at)),
            "agreements": queries.settleable(actor=self.request.user),
        }

    def perform(self, form: Any) -> str:
        """Draw them up."""
        month = month_of(date.fromisoformat(form.cleaned_data["month"]))
        period: dict[str, Any] = {"period_from": month.first, "period_to": month.last}
        who: dict[str, Any] = {"actor": self.request.user, "at": self.at}
        if form.cleaned_data["agreement"]:
            agreement_id = UUID(form.cleaned_data["agreement"])
            drafted = actions.draft_statement(agreement_id=agreement_id, **period, **who)
            self.drafted = drafted.pk
            return _("Statement %(number)s is drawn up.") % {"number": drafted.number}
        count = actions.draft_statements(**period, **who)
        return _("Statements drawn up: %(n)d.") % {"n": count}

    def get_success_url(self) -> str:
        """Go to the draft, or to the batch of the month."""
        if self.drafted:
            return reverse("portal:statement", args=[self.drafted])
        return reverse("portal:statements")


class _Button(OfStatement, ActView):
    """One step without a form."""

    action: ClassVar[Any] = None
    done: ClassVar[str | Promise] = ""

    def perform(self) -> str | Promise:
        """Do it."""
        type(self).action(statement_id=self.statement_id, actor=self.request.user, at=self.at)
        return self.done


class Issue(_Button):
    """Send a draft to the buyer."""

    action = staticmethod(actions.issue_statement)
    done = gettext_lazy("The statement is issued. The buyer's time for confirmation is running.")


class Discard(_Button):
    """Throw a draft away."""

    action = staticmethod(actions.discard_statement)
    done = gettext_lazy("The draft is discarded. The month can be drawn up again.")


class Confirm(_Button):
    """Agree for the buyer."""

    action = staticmethod(actions.confirm_statement)
    done = gettext_lazy("The statement is confirmed. The time for payment is running.")


class Post(_Button):
    """Enter it into the books."""

    action = staticmethod(actions.post_statement)
    done = gettext_lazy("The statement stands in the books. Finance releases the payouts next.")


class Release(_Button):
    """Let the payouts go when the money is there."""

    action = staticmethod(actions.release_statement)
    done = gettext_lazy("The payouts are released. They leave when the payment is recorded.")


class Payment(OfStatement, ActionView):
    """Record what the bank reported."""

    template_name = "portal/settlement/act.html"
    form_class = forms.PaymentForm
    heading = submit_label = gettext_lazy("Record the payment")

    def get_initial(self) -> dict[str, Any]:
        """Propose what is due, received today."""
        return {
            "amount": to_yuan(self.statement.payable_fen),
            "received_on": clock.local_date(self.at),
        }

    def perform(self, form: Any) -> str:
        """Record it."""
        actions.record_payment(
            statement_id=self.statement_id,
            bank_reference=form.cleaned_data["bank_reference"],
            amount_fen=to_fen(form.cleaned_data["amount"]),
            received_on=form.cleaned_data["received_on"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The payment is recorded, and the payouts are posted.")


class Dispute(OfStatement, ActionView):
    """Freeze a line."""

    template_name = "portal/settlement/act.html"
    form_class = forms.DisputeForm
    heading = submit_label = gettext_lazy("Dispute a line")
    rest: UUID | None = None

    @cached_property
    def line(self) -> queries.LineRow:
        """The line named in the address."""
        found = [one for one in self.statement.lines if one.id == self.kwargs["line"]]
        if not found:
            raise NotFound
        return found[0]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which line it is."""
        return super().get_context_data(**kwargs) | {"line": self.line}

    def perform(self, form: Any) -> str:
        """Dispute it and go on with the rest."""
        actions.dispute_line(
            statement_id=self.statement_id,
            line_id=self.line.id,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        after = queries.statement_page(
            statement_id=self.statement_id, actor=self.request.user, at=self.at
        )
        self.rest = after.replacement[0] if after.replacement else None
        return _("The line is frozen. This is the statement of the rest.")

    def get_success_url(self) -> str:
        """Go to the revision with the rest."""
        return reverse("portal:statement", args=[self.rest or self.statement_id])


class Answer(OfStatement, ActionView):
    """Answer a dispute."""

    template_name = "portal/settlement/act.html"
    form_class = forms.AnswerForm
    heading = submit_label = gettext_lazy("Answer the dispute")

    @cached_property
    def line(self) -> queries.LineRow:
        """The disputed line."""
        for one in self.statement.lines:
            if one.dispute and one.dispute.id == self.kwargs["dispute"]:
                return one
        raise NotFound

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which line it is and what the buyer said."""
        return super().get_context_data(**kwargs) | {"line": self.line}

    def perform(self, form: Any) -> str:
        """Answer it."""
        assert self.line.dispute is not None
        actions.answer_dispute(
            dispute_id=self.line.dispute.id,
            outcome=form.cleaned_data["outcome"],
            answer=form.cleaned_data["answer"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The dispute is answered.")


def _ended_months(today: date) -> tuple[date, ...]:
    months, month = [], month_before(today)
    for _number in range(MONTHS_OFFERED):
        months.append(month.first)
        month = month_before(month.first)
    return tuple(months)
