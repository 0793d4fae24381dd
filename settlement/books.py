"""
What settlement writes into the books: the chart of accounts, and the journals of a statement.

The use of data is owed gross (1122), its tax goes to 2221, its net first to 2241 and from there to
the parties by the split policy; fees are the exchange's own income, net of tax. Money comes into
the clearing account (1002) and leaves it for the parties when it is there, never before.
Every journal has the number of its statement as reference and a key made from it.
Source: domain §3.7 (Roles), docs/decisions/0004-ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Sum

from contracts.models import Agreement
from core.money import to_yuan
from ledger import accounts, balances, posting, templates
from ledger.errors import UnknownAccount
from ledger.journal import Entry, Leg
from settlement.charges import PLATFORM, SANDBOX
from settlement.models import Statement

CLEARING, TAX, UNDISTRIBUTED = "1002", "2221", "2241"
RECEIVABLE, ADVANCE = "1122", "2203"
FEE_INCOME = {PLATFORM: "600102", SANDBOX: "600103"}
_NAMES = {
    CLEARING: "清算账户存款",
    TAX: "应交增值税",
    UNDISTRIBUTED: "待分配数据使用费",
    FEE_INCOME[PLATFORM]: "交易服务费收入",
    FEE_INCOME[SANDBOX]: "沙箱算力费收入",
}
_KINDS = {"1": "asset", "2": "liability", "6": "income"}

templates.declare("settlement-charge", allowed={(RECEIVABLE, UNDISTRIBUTED), (RECEIVABLE, TAX)})
templates.declare("settlement-split", allowed={(UNDISTRIBUTED, "2202"), (UNDISTRIBUTED, "6001")})
templates.declare("settlement-fee", allowed={(RECEIVABLE, "6001"), (RECEIVABLE, TAX)})
templates.declare("settlement-advance", allowed={(ADVANCE, RECEIVABLE)})
templates.declare("settlement-payment", allowed={(CLEARING, RECEIVABLE), (CLEARING, ADVANCE)})
templates.declare("settlement-payout", allowed={("2202", CLEARING)})


def receivable_of(agreement_number: str) -> str:
    """Return the account of what one agreement owes."""
    return f"{RECEIVABLE}:{agreement_number}"


def advance_of(agreement_number: str) -> str:
    """Return the account of what was paid too much under one agreement."""
    return f"{ADVANCE}:{agreement_number}"


def advance_available(agreement: Agreement) -> int:
    """Return the fen paid too much under an agreement that no open statement has taken up yet."""
    try:
        standing = balances.balance(account=advance_of(agreement.number)).balance_fen
    except UnknownAccount:
        return 0
    taken = Statement.objects.filter(
        agreement=agreement,
        state__in=[Statement.State.DRAFT, Statement.State.ISSUED, Statement.State.CONFIRMED],
    ).aggregate(fen=Sum("opening_fen"))["fen"]
    return max(standing + (taken or 0), 0)


def post_charges(statement: Statement, *, on: date) -> tuple[str, ...]:
    """
    Post what a statement owes and how it is shared; returns the keys.

    Posting the same statement again changes nothing. All or nothing.

    :raises LedgerError: the ledger refuses; nothing was written.
    """
    _open_chart(statement)
    return _post([*_charge(statement, on), *_fees(statement, on), *_advance(statement, on)])


def post_payment(statement: Statement, *, received_fen: int, on: date) -> tuple[str, ...]:
    """
    Post a payment and the payouts that it makes possible; returns the keys.

    What was received beyond the amount due becomes an advance of the buyer.

    :raises LedgerError: the ledger refuses; nothing was written.
    """
    _open_chart(statement)
    number = statement.agreement.number
    surplus = received_fen - statement.payable_fen
    paid = _entry(
        statement,
        "payment",
        "settlement-payment",
        f"收到对账单{statement.number}款项",
        [
            (CLEARING, received_fen),
            (receivable_of(number), -statement.payable_fen),
            (advance_of(number), -surplus),
        ],
        on,
    )
    return _post([*paid, *_payouts(statement, on)])


def post_payouts(statement: Statement, *, on: date) -> tuple[str, ...]:
    """Post the payouts of a statement that an advance has paid in full."""
    return _post(list(_payouts(statement, on)))


def _charge(statement: Statement, on: date) -> Iterator[Entry]:
    receivable = receivable_of(statement.agreement.number)
    yield from _entry(
        statement,
        "charge",
        "settlement-charge",
        f"对账单{statement.number}数据使用费",
        [
            (receivable, statement.gross_fen),
            (UNDISTRIBUTED, -statement.net_fen),
            (TAX, -statement.tax_fen),
        ],
        on,
    )
    shares = [(share.account, -share.amount_fen) for share in statement.shares.all()]
    yield from _entry(
        statement,
        "split",
        "settlement-split",
        f"对账单{statement.number}收入分配，分配方案第{statement.split_policy.version}版",
        [(UNDISTRIBUTED, statement.net_fen), *shares],
        on,
    )


def _fees(statement: Statement, on: date) -> Iterator[Entry]:
    for fee in statement.fee_lines.all():
        yield from _entry(
            statement,
            fee.code,
            "settlement-fee",
            f"对账单{statement.number}{fee.name}",
            [
                (receivable_of(statement.agreement.number), fee.amount_fen),
                (FEE_INCOME[fee.code], fee.tax_fen - fee.amount_fen),
                (TAX, -fee.tax_fen),
            ],
            on,
        )


def _advance(statement: Statement, on: date) -> Iterator[Entry]:
    number = statement.agreement.number
    yield from _entry(
        statement,
        "advance",
        "settlement-advance",
        f"对账单{statement.number}抵扣预收款",
        [
            (advance_of(number), -statement.opening_fen),
            (receivable_of(number), statement.opening_fen),
        ],
        on,
    )


def _payouts(statement: Statement, on: date) -> Iterator[Entry]:
    for share in statement.shares.all():
        if _kind(share.account) == "liability":
            yield from _entry(
                statement,
                f"payout-{share.party}",
                "settlement-payout",
                f"对账单{statement.number}向{share.name}划付{to_yuan(share.amount_fen):,.2f}元",
                [(share.account, share.amount_fen), (CLEARING, -share.amount_fen)],
                on,
            )


def _entry(
    statement: Statement,
    step: str,
    template: str,
    description: str,
    amounts: Sequence[tuple[str, int]],
    on: date,
) -> Iterator[Entry]:
    """Yield the entry, or nothing when no money moves."""
    legs = tuple(Leg(account, fen) for account, fen in amounts if fen)
    if legs:
        yield Entry(
            key=f"{statement.number}:{step}",
            template=template,
            description=description,
            legs=legs,
            effective_on=on,
            reference=statement.number,
        )


def _post(entries: Sequence[Entry]) -> tuple[str, ...]:
    done = posting.post_many(entries=entries, all_or_nothing=True)
    return tuple(one.key for one in done)


def _open_chart(statement: Statement) -> None:
    """Open the accounts that a statement needs; those that are open stay as they are."""
    number = statement.agreement.number
    names = _NAMES | {share.account: share.name for share in statement.shares.all()}
    names[receivable_of(number)] = f"应收账款 {number}"
    names[advance_of(number)] = f"预收账款 {number}"
    for code, name in sorted(names.items()):
        try:
            accounts.get_account(code=code)
        except UnknownAccount:
            # Nobody can take more out of an advance than was paid in.
            floor = 0 if code.startswith(ADVANCE) else None
            accounts.open_account(code=code, name=name, kind=_kind(code), min_available_fen=floor)


def _kind(account: str) -> str:
    return _KINDS[account[0]]
