"""
Fixtures of the contract tests.

Walking a case to its agreement takes seconds, so a module builds one, at the stage it names in
``STAGE``, in a transaction around all its tests; each test works in a savepoint of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from contracts.models import Agreement
from tests.builders import contracts as builders
from tests.builders.applications import City

Case = tuple[City, Agreement]


@pytest.fixture(scope="module")
def _world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[City, UUID]]:
    build = getattr(builders, f"{request.module.STAGE}_agreement")
    with django_db_blocker.unblock(), transaction.atomic():
        city, agreement = build()
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def case(_world: tuple[City, UUID], db: None) -> Case:
    """The city of this module and its agreement, read again."""
    city, agreement_id = _world
    return city, Agreement.objects.get(pk=agreement_id)
