"""What pages and other apps may know of statements and prices."""

from settlement.queries.lists import (
    MonthRow,
    StatementList,
    StatementRow,
    months,
    settleable,
    statements,
    statements_of,
)
from settlement.queries.page import (
    AccountView,
    DisputeRow,
    DocumentRow,
    FeeRow,
    LineRow,
    ShareRow,
    StatementPage,
    StepRow,
    statement_document,
    statement_page,
)
from settlement.queries.prices import PriceRow, price_desk, price_list, priceable_datasets

__all__ = [
    "AccountView",
    "DisputeRow",
    "DocumentRow",
    "FeeRow",
    "LineRow",
    "MonthRow",
    "PriceRow",
    "ShareRow",
    "StatementList",
    "StatementPage",
    "StatementRow",
    "StepRow",
    "months",
    "price_desk",
    "price_list",
    "priceable_datasets",
    "settleable",
    "statement_document",
    "statement_page",
    "statements",
    "statements_of",
]
