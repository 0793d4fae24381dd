"""
What a statement comes to: tax, fees, shares and the amount payable. Pure.

All amounts are whole fen. The gross of data use is tax-inclusive and is shared net of tax; fees are
tax-inclusive too and stay with the exchange. Source: domain §3.7, docs/sources.md#settlement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import largest_remainder, net_and_tax, round_fen

PLATFORM, SANDBOX = "PLATFORM_SERVICE_FEE", "COMPUTE_FEE"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee beside the use of data; ``tax_fen`` is contained in ``amount_fen``."""

    code: str
    amount_fen: int
    tax_fen: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force for one period; ``weights`` are the shares in the order of the policy."""

    tax_rate: Decimal
    weights: tuple[Decimal, ...]
    platform_rate: Decimal
    sandbox_fen: int


@dataclass(frozen=True, slots=True)
class Charges:
    """What a statement comes to; ``shares`` follow the order of the weights."""

    gross_fen: int
    net_fen: int
    tax_fen: int
    shares: tuple[int, ...]
    fees: tuple[Fee, ...]
    opening_fen: int

    @property
    def fees_fen(self) -> int:
        """Return the sum of the fees, tax included."""
        return sum(fee.amount_fen for fee in self.fees)

    @property
    def payable_fen(self) -> int:
        """Return what is to be paid: opening, gross and fees."""
        return self.opening_fen + self.gross_fen + self.fees_fen


def charges(*, lines_fen: Sequence[int], rules: Rules, advance_fen: int = 0) -> Charges:
    """
    Return what lines come to under the rules.

    ``advance_fen`` is what the buyer has paid too much before; as much of it as is needed becomes
    the (negative) opening.
    """
    gross = sum(lines_fen)
    net, tax = net_and_tax(gross_fen=gross, rate=rules.tax_rate)
    platform = round_fen(gross * rules.platform_rate)
    fees = tuple(
        Fee(code, amount, net_and_tax(gross_fen=amount, rate=rules.tax_rate)[1])
        for code, amount in ((PLATFORM, platform), (SANDBOX, rules.sandbox_fen))
        if amount
    )
    due = gross + sum(fee.amount_fen for fee in fees)
    return Charges(
        gross_fen=gross,
        net_fen=net,
        tax_fen=tax,
        shares=largest_remainder(total_fen=net, weights=rules.weights),
        fees=fees,
        opening_fen=-min(advance_fen, due),
    )
