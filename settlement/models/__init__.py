"""Prices, rules of sharing, statements and what became of them."""

from settlement.models.rules import FeeSchedule, PriceVersion, SplitPolicy, TaxRate
from settlement.models.statements import (
    Dispute,
    FeeLine,
    Payment,
    SplitShare,
    Statement,
    StatementDocument,
    StatementGroupPermission,
    StatementLine,
    StatementUserPermission,
)

__all__ = [
    "Dispute",
    "FeeLine",
    "FeeSchedule",
    "Payment",
    "PriceVersion",
    "SplitPolicy",
    "SplitShare",
    "Statement",
    "StatementDocument",
    "StatementGroupPermission",
    "StatementLine",
    "StatementUserPermission",
    "TaxRate",
]
