"""Install the first base template and the first profiles of the datasets that are there."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contracts import actions
from core import clock
from parties.queries import system_actor


class Command(BaseCommand):
    """Idempotent: what is there is left alone."""

    help = "Install the base template and the term profiles of known datasets."

    def handle(self, *args: Any, **options: Any) -> None:
        """Install what is missing and say what was."""
        at, system = clock.now(), system_actor()
        template = actions.install_base_template(actor=system, at=at)
        codes = actions.install_term_profiles(actor=system, at=at)
        self.stdout.write(f"Base template: {template or 'was there'}")
        self.stdout.write(f"Term profiles: {', '.join(codes) or 'none missing'}")
