"""
The world of supervision, built once for all tests of this folder.

The walk to a working key takes seconds, so it happens once, inside a transaction that is rolled
back at the end; each test works on a savepoint of its own. Tests that need real commits build
their own world (tests/oversight_races).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction

from tests.builders.oversight import World
from tests.builders.oversight import world as build
from tests.conftest import _install


@pytest.fixture(scope="package")
def shared_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Build the world inside a transaction that nobody commits."""
    from core.models import CalendarYear

    with django_db_blocker.unblock():
        if not CalendarYear.objects.exists():
            _install()
        # A test case of Django closes the connection behind itself; ours carries the world.
        with transaction.atomic(), mock.patch.object(connection, "close"):
            yield build()
            transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    """Return a licensee with two licenses and a working key; the test leaves no trace."""
    return shared_world
