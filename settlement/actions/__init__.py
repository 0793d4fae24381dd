"""What can be done in settlement."""

from settlement.actions.prices import draft_price, import_prices, publish_price

__all__ = ["draft_price", "import_prices", "publish_price"]
