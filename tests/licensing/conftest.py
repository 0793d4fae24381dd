"""Fixtures of the licensing tests: one stage per module, in a transaction that is rolled back."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.builders.licensing import Licensed, licensed


@pytest.fixture(scope="module")
def _shared_stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Licensed]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield licensed()
        transaction.set_rollback(True)


@pytest.fixture
def stage(_shared_stage: Licensed, db: None) -> Licensed:
    """Return an agreement in force with two active licenses and an approved client."""
    return copy.deepcopy(_shared_stage)
