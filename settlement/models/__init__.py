"""Prices, rules of sharing, statements and what became of them."""

from settlement.models.records import Dispute, Payment, StatementDocument
from settlement.models.rules import FeeSchedule, PriceVersion, SplitPolicy, TaxRate
from settlement.models.statements import (
    FeeLine,
    SplitShare,
    Statement,
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
