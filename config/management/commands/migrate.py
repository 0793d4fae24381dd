"""Django's migrate, as the owner of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django_fsm
from django.core.management.commands import migrate

from config import ownership


class Command(migrate.Command):
    """The application's role may not change tables, so this command changes the role."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as Django does."""
        with ownership.as_owner(), _without_state_machines():
            super().handle(*args, **options)


class _Nobody:
    """A signal that nobody can connect to."""

    def connect(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing."""


@contextmanager
def _without_state_machines() -> Iterator[None]:
    """
    Keep the fields of historical models from listening for every class that comes after them.

    A historical model has no transitions, but each of its state fields asks to hear of each class
    that is made; with thousands of them migrating takes twice the time.
    """
    machines: Any = django_fsm
    listening = machines.class_prepared
    machines.class_prepared = _Nobody()
    try:
        yield
    finally:
        machines.class_prepared = listening
