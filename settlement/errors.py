"""What settlement refuses, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, InvalidInput, NotAllowedNow


class NotAWholeMonth(InvalidInput):
    """A statement covers one calendar month, from its first day to its last."""

    code = "not_a_whole_month"
    default_message = _("A statement covers one calendar month: give its first and its last day.")


class PeriodNotOver(NotAllowedNow):
    """Usage is settled when its month is over."""

    code = "period_not_over"
    default_message = _("This month is not over yet. Draft the statement when it has ended.")


class NothingToSettle(NotAllowedNow):
    """The agreement has no license that was valid in the period."""

    code = "nothing_to_settle"
    default_message = _("No license of this agreement was valid in this month.")


class PriceMissing(NotAllowedNow):
    """A dataset without a published price cannot be charged."""

    code = "price_missing"
    default_message = _(
        "Dataset %(dataset)s has no published price for this month. Publish one, then try again."
    )


class RuleMissing(NotAllowedNow):
    """No split policy, fee schedule or tax rate is in force."""

    code = "settlement_rule_missing"
    default_message = _("No split policy, fee schedule or tax rate is in force in this month.")


class MeterDiffers(Conflict):
    """The usage records no longer give what the statement says."""

    code = "meter_differs"
    default_message = _(
        "The usage records of %(dataset)s differ from the statement. Have them examined; nothing"
        " was posted."
    )


class ObjectionPeriodOver(NotAllowedNow):
    """Lines are disputed within the time for confirmation."""

    code = "objection_period_over"
    default_message = _("The time for objections has passed. Write to the exchange instead.")


class PaymentTooSmall(InvalidInput):
    """A payment covers its statement in full."""

    code = "payment_too_small"
    default_message = _(
        "The amount received is less than what is due. Record it when the rest has arrived."
    )


class PaymentRecorded(Conflict):
    """Another payment is on record for this statement, or for this reference of the bank."""

    code = "payment_recorded"
    default_message = _(
        "Another payment is on record for this statement or under this bank reference."
    )


class PriceInUse(Conflict):
    """A month that has been settled keeps its price."""

    code = "price_in_use"
    default_message = _(
        "A statement was drawn up at the present price for that month. Choose a later first day."
    )
