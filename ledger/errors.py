"""Everything the ledger refuses, each with a code for machines and a sentence for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class LedgerError(DomainError):
    """A posting or a question that the ledger refuses; nothing was written."""

    code = "ledger_refused"
    status = 422
    default_message = _("The ledger refused this posting. Nothing was written.")


class InvalidEntry(LedgerError):
    """A field of a journal is missing or too long; the fact ``field`` names it."""

    code = "ledger_invalid_entry"
    default_message = _("The journal field %(field)s is missing or too long. Correct it.")


class EmptyJournal(LedgerError):
    """A journal with fewer than two legs."""

    code = "ledger_empty_journal"
    default_message = _("A journal needs at least two legs.")


class ZeroLeg(LedgerError):
    """A leg that moves nothing."""

    code = "ledger_zero_leg"
    default_message = _("The leg on account %(account)s is zero. Leave it out.")


class FloatRefused(LedgerError):
    """An amount that is not a whole number of fen by type."""

    code = "ledger_float_refused"
    default_message = _("The amount on account %(account)s must be whole fen, given as an integer.")


class AmountTooLarge(LedgerError):
    """An amount beyond what the ledger stores."""

    code = "ledger_amount_too_large"
    default_message = _("The amount on account %(account)s is too large. Split it.")


class Unbalanced(LedgerError):
    """Debits and credits differ in one currency."""

    code = "ledger_unbalanced"
    default_message = _(
        "Debits and credits differ by %(difference_fen)s fen in %(currency)s. Correct the legs."
    )


class UnknownAccount(LedgerError):
    """An account that was never opened."""

    code = "ledger_unknown_account"
    default_message = _("Account %(account)s does not exist. Open it first.")


class AccountClosed(LedgerError):
    """A posting to a closed account."""

    code = "ledger_account_closed"
    status = 409
    default_message = _("Account %(account)s is closed. Choose an open account.")


class AccountDiffers(LedgerError):
    """An account code opened again with other facts; ``field`` names the first that differs."""

    code = "ledger_account_differs"
    status = 409
    default_message = _(
        "Account %(account)s is already open with another %(field)s. Use another code."
    )


class AccountNotEmpty(LedgerError):
    """An account that still carries a balance cannot be closed."""

    code = "ledger_account_not_empty"
    status = 409
    default_message = _("Account %(account)s still carries a balance. Clear it before closing.")


class InvalidAccount(LedgerError):
    """An account whose code, name, kind, currency or limits do not fit."""

    code = "ledger_invalid_account"
    default_message = _("The %(field)s of account %(account)s is not valid. Correct it.")


class LimitBreached(LedgerError):
    """A posting that would leave an account below its minimum or above its maximum."""

    code = "ledger_limit_breached"
    status = 409
    default_message = _(
        "Account %(account)s would stand at %(available_fen)s fen, beyond its limit of "
        "%(limit_fen)s fen."
    )


class PeriodClosed(LedgerError):
    """A posting dated into a period that no longer takes it."""

    code = "ledger_period_closed"
    status = 409
    default_message = _("The accounting period of %(effective_on)s is closed. Date it later.")


class UnknownPeriod(LedgerError):
    """A period that was never opened."""

    code = "ledger_unknown_period"
    status = 404
    default_message = _("There is no such accounting period.")


class PeriodConflict(LedgerError):
    """A period that overlaps another, or a step its state does not allow."""

    code = "ledger_period_conflict"
    status = 409
    default_message = _("The accounting period overlaps another or is already closed.")


class UnknownTemplate(LedgerError):
    """A posting template that nobody declared."""

    code = "ledger_unknown_template"
    default_message = _("The posting template %(template)s was never declared.")


class TemplateForbidsPair(LedgerError):
    """A debit and a credit account that the template does not let meet."""

    code = "ledger_template_forbids_pair"
    default_message = _(
        "The template %(template)s does not allow a debit on %(debit)s against a credit on "
        "%(credit)s."
    )


class KeyReused(LedgerError):
    """The same key with another content; ``field`` names the first field that differs."""

    code = "ledger_key_reused"
    status = 409
    default_message = _(
        "The key %(key)s was already used with another %(field)s. Use a new key for a new journal."
    )


class KeyContended(LedgerError):
    """Others kept taking the same keys; the call may be repeated as it is."""

    code = "ledger_key_contended"
    status = 409
    default_message = _("Another process is posting under the same key. Try again.")


class UnknownJournal(LedgerError):
    """A journal that does not exist."""

    code = "ledger_unknown_journal"
    status = 404
    default_message = _("There is no such journal.")


class OverReversal(LedgerError):
    """A reversal of more than what still stands of the original."""

    code = "ledger_over_reversal"
    default_message = _(
        "Only %(standing_fen)s fen of the original still stand on account %(account)s."
    )


class BatchTooLarge(LedgerError):
    """More journals or legs in one call than the ledger takes at once."""

    code = "ledger_batch_too_large"
    default_message = _("At most %(rows_max)s rows fit in one call. Split it.")


class LedgerBusy(LedgerError):
    """Postings are under way and did not end in time; the step may be repeated."""

    code = "ledger_busy"
    status = 409
    default_message = _("Postings are under way. Try again in a moment.")
