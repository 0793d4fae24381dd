"""Show the one-time code of a login of the demonstration."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from demo import codes
from parties.models import SecondFactor, User


class Command(BaseCommand):
    """``manage.py demo_code USER``; in a demonstration or a test only."""

    help = "Print the one-time code that a login of the demonstration enters to sign."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code and nothing else."""
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"no login is called {options['username']}")
        try:
            self.stdout.write(codes.code_of(person=person, at=clock.now()))
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        except SecondFactor.DoesNotExist as error:
            raise CommandError(
                f"{person.username} has no authenticator: set one up in the profile first"
            ) from error
