"""A counter at which statements are drawn up, and the books as they were."""

from __future__ import annotations

import pytest

from tests.builders.settlement import Counter, build_counter


@pytest.fixture
def counter(db: None) -> Counter:
    """Return an exchange with an agreement in force and prices."""
    return build_counter()
