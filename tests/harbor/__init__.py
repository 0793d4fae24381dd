"""A small subject of its own, so that the engine is tested without a business noun."""
