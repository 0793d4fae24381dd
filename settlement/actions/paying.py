"""A confirmed statement is posted, released by somebody else, and paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import InvalidInput
from parties import queries as parties
from settlement import books
from settlement.actions.locks import ask, lock_statement
from settlement.errors import MeterDiffers, PaymentRecorded, PaymentTooSmall
from settlement.metering import metered
from settlement.models import Payment, Statement, StatementLine
from workflow import deadlines, transitions

REFERENCE_CHARACTERS_MAX = 60
PAYMENT_FEN_MAX = 10**14


@transitions.action
def post_statement(*, statement_id: UUID, actor: Any, at: datetime) -> Statement:
    """
    Post a confirmed statement to the books: debt, tax, shares and fees.

    The meter is counted once more by the same bounds first. Journals and state are one commit.

    :raises NotAllowedNow: it is not confirmed, or posted already.
    :raises MeterDiffers: the usage records no longer give what the statement says.
    :raises LedgerError: the ledger refuses.
    Source: domain §3.3, T21-T22.
    """
    subject = lock_statement(statement_id, actor=actor)
    ask(subject, "post", actor=actor, at=at, by=actor)
    _recount(subject)
    keys = books.post_charges(subject, on=clock.local_date(at))
    return transitions.perform(subject, "post", actor=actor, at=at, by=actor, journals=keys)


@transitions.action
def release_statement(*, statement_id: UUID, actor: Any, at: datetime) -> Statement:
    """
    Release the payouts of a posted statement; they leave with the payment.

    A statement on which nothing is to be paid is settled at once.

    :raises Forbidden: the actor posted it, or is not of the finance desk.
    :raises NotAllowedNow: it is not posted, or released already.
    Source: domain §3.3, T22.
    """
    subject = lock_statement(statement_id, actor=actor)
    transitions.perform(subject, "release", actor=actor, at=at, by=actor)
    if subject.payable_fen == 0:
        books.post_payouts(subject, on=clock.local_date(at))
        _settle(subject, actor=parties.system_actor(), at=at)
    return subject


@transitions.action
def record_payment(
    *,
    statement_id: UUID,
    bank_reference: str,
    amount_fen: int,
    received_on: date,
    actor: Any,
    at: datetime,
) -> Statement:
    """
    Record the buyer's payment, post it, and post the payouts it makes possible.

    ``amount_fen`` may exceed what is due: the rest is an advance on the next statement. The same
    payment recorded again changes nothing.

    :raises NotAllowedNow: the statement is not released.
    :raises PaymentTooSmall: less than what is due was received.
    :raises PaymentRecorded: another payment stands for this statement or under this reference.
    :raises InvalidInput: no reference, or a day that has not come yet.
    Source: domain §3.3, T22; §3.7 (Roles).
    """
    subject = lock_statement(statement_id, actor=actor)
    reference = bank_reference.strip()
    if _is_recorded(subject, reference, amount_fen, received_on):
        return subject
    ask(subject, "settle", actor=actor, at=at)
    _check(reference, amount_fen, received_on, at=at)
    if amount_fen < subject.payable_fen:
        raise PaymentTooSmall(fields={"amount": PaymentTooSmall.default_message})
    Payment.objects.create(
        statement=subject,
        bank_reference=reference,
        amount_fen=amount_fen,
        received_on=received_on,
        recorded_by=actor,
        recorded_at=at,
    )
    books.post_payment(subject, received_fen=amount_fen, on=clock.local_date(at))
    return _settle(subject, actor=actor, at=at, bank_reference=reference, amount_fen=amount_fen)


def _settle(subject: Statement, *, actor: Any, at: datetime, **facts: Any) -> Statement:
    deadlines.close_all(subject, at=at)
    return transitions.perform(subject, "settle", actor=actor, at=at, **facts)


def _recount(subject: Statement) -> None:
    lines = subject.lines.select_related("license__dataset", "price")
    for line in lines.order_by("position"):
        if line.kind == StatementLine.Kind.CARRIED:
            continue
        found = metered(
            license_id=line.license_id,
            model=line.price.model,
            from_at=line.from_at,
            to_at=line.to_at,
            stored_before=line.stored_before,
        )
        if found.count.event_set_hash != line.event_set_hash:
            raise MeterDiffers(dataset=line.license.dataset.code)


def _is_recorded(subject: Statement, reference: str, amount_fen: int, received_on: date) -> bool:
    """Return whether exactly this payment stands already."""
    known = Payment.objects.filter(bank_reference=reference).first()
    if known is None:
        return False
    same = (known.statement_id, known.amount_fen, known.received_on) == (
        subject.pk,
        amount_fen,
        received_on,
    )
    if not same:
        raise PaymentRecorded
    return True


def _check(reference: str, amount_fen: int, received_on: date, *, at: datetime) -> None:
    wrong: dict[str, str | Promise] = {}
    if not reference or len(reference) > REFERENCE_CHARACTERS_MAX:
        wrong["bank_reference"] = _("Give the reference of the bank, at most 60 characters.")
    if type(amount_fen) is not int or not 0 < amount_fen <= PAYMENT_FEN_MAX:
        wrong["amount"] = _("Give the amount received in yuan, with at most two decimals.")
    if received_on > clock.local_date(at):
        wrong["received_on"] = _("The day of receipt has not come yet.")
    if wrong:
        raise InvalidInput(fields=wrong)
