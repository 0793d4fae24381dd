"""What can be done in settlement."""

from settlement.actions.disputing import answer_dispute, dispute_line
from settlement.actions.drafting import discard_statement, draft_statement, draft_statements
from settlement.actions.issuing import confirm_overdue, confirm_statement, issue_statement
from settlement.actions.paying import post_statement, record_payment, release_statement
from settlement.actions.prices import PricesImported, draft_price, import_prices, publish_price

__all__ = [
    "PricesImported",
    "answer_dispute",
    "confirm_overdue",
    "confirm_statement",
    "discard_statement",
    "dispute_line",
    "draft_price",
    "draft_statement",
    "draft_statements",
    "import_prices",
    "issue_statement",
    "post_statement",
    "publish_price",
    "record_payment",
    "release_statement",
]
