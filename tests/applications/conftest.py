"""Fixtures of the application tests."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from applications.models import Application
from tests.builders.applications import City, build_city, drafted
from workflow.models import Deadline
from workflow.models.audit import AuditEntry


@pytest.fixture(scope="module")
def _shared_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """
    Build one city for all tests of a module, inside a transaction that is rolled back at its end.

    Each test runs in a savepoint of it, so a test sees the city as it was built.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_city()
        transaction.set_rollback(True)


@pytest.fixture
def city(_shared_city: City, db: None) -> City:
    """Return a city with offices, people and two published datasets, fresh to the test."""
    return copy.deepcopy(_shared_city)


@pytest.fixture
def draft(city: City) -> Application:
    """Return a complete draft."""
    return drafted(city)


def due(subject: Any, kind: str) -> str:
    """Return the last day of the newest clock of a kind, as text."""
    row = Deadline.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), kind=kind
    ).latest("id")
    return row.due_on.isoformat()


def running(subject: Any) -> set[str]:
    """Return the kinds of clocks that run for a subject."""
    rows = Deadline.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), closed_on=None
    )
    return set(rows.values_list("kind", flat=True))


def acts_on(subject: Any) -> int:
    """Return how many done acts are on record for a subject."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), outcome="DONE"
    ).count()
