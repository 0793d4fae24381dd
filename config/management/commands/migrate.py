"""Django's migrate, as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from config import ownership


class Command(migrate.Command):
    """The application's role may not change tables, so this command changes the role."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as Django does."""
        with ownership.as_owner():
            super().handle(*args, **options)
