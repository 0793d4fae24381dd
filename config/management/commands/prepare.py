"""Make a fresh folder presentable: a database of this version, and in a demo the story in it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """One process for both steps, because starting Django twice costs a second."""

    help = "Run setup_database and, in a demo with an empty database, tell the story into it."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **options: Any) -> None:
        """Set the database up; load the story only where nobody has worked yet."""
        call_command("setup_database", verbosity=options["verbosity"])
        if settings.DEMO and not apps.get_model("catalog", "Dataset").objects.exists():
            call_command("tell_story", "--into-default")
