"""
A counter at which statements are drawn up.

A whole city with its agreement takes seconds to build, so a module builds it once, for good, and
its tests work on it in transactions of their own; the module leaves the bare baseline behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.core.management import call_command

from tests.builders.settlement import Counter, build_counter


@pytest.fixture(scope="module")
def stocked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Counter]:
    """Return the counter of this module, committed, with the baseline under it."""
    with django_db_blocker.unblock():
        built = build_counter()
    yield built
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def counter(stocked: Counter, db: None) -> Counter:
    """Return the counter for one test; what the test does to it is undone."""
    return deepcopy(stocked)
