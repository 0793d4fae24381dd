"""Bring the database to where this version of the product needs it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from config import ownership
from config.celery import app
from core import clock
from workflow import baseline

SERVER_VERSION_MIN = 150_000


class Command(BaseCommand):
    """Roles, tables, rights, and what every installation needs before its first case."""

    help = "Create roles, migrate as the owner, grant rights, install the baseline. Repeatable."
    # The tables that checks ask for are made here.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a switch that begins with an empty scratch database."""
        parser.add_argument(
            "--fresh",
            action="store_true",
            help="Drop and create the database first; only one named by DATADEED_DATABASE.",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Do the four steps in this order; each may be repeated without harm."""
        role = settings.DATABASES["default"]["USER"]
        quiet = int(options["verbosity"]) == 0
        if options["fresh"] and not settings.ENVIRONMENT.database_name:
            raise CommandError(
                "--fresh destroys a database. Name a scratch one with DATADEED_DATABASE=…"
            )
        try:
            with ownership.as_owner():
                if options["fresh"]:
                    ownership.recreate_database(name=settings.ENVIRONMENT.database_name)
                self._check_server()
                if ownership.are_separate():
                    password = settings.DATABASES["default"]["PASSWORD"]
                    ownership.create_app_role(name=role, password=password)
                call_command("migrate", interactive=False, verbosity=0)
                # Before the grants, which reach every partition there is.
                call_command("ensure_partitions", verbosity=0)
                tables = self._grant(role)
        except ownership.UnableToSeparateRoles as error:
            raise CommandError(str(error)) from error
        if settings.BROKER_IS_DATABASE:
            self._create_broker_tables()
        baseline.install_all(at=clock.now())
        if not quiet:
            self.stdout.write(f"The database is ready: {tables} tables, role {role}.")

    def _check_server(self) -> None:
        connection.ensure_connection()
        if connection.connection.info.server_version < SERVER_VERSION_MIN:
            raise CommandError("This PostgreSQL is too old. Version 15 or newer is needed.")

    def _grant(self, role: str) -> int:
        if not ownership.are_separate():
            self.stderr.write(
                "The application connects as the owner of the tables: the audit trail and the "
                "ledger are not protected by rights. Set DATABASE_OWNER_URL to separate the two."
            )
            with connection.cursor() as cursor:
                cursor.execute("CREATE SCHEMA IF NOT EXISTS broker")
            return len(connection.introspection.table_names())
        with transaction.atomic():
            return ownership.grant_rights(role=role, with_broker=settings.BROKER_IS_DATABASE)

    def _create_broker_tables(self) -> None:
        """Let the transport make its tables now: two workers doing so at once would collide."""
        with app.connection_for_write() as broker:
            app.amqp.queues[app.conf.task_default_queue](broker.default_channel).declare()
            # The transport keeps its engine for good, and with it a connection in a transaction.
            for engine, _ in broker.default_channel._engines.values():
                engine.dispose()
            broker.default_channel._engines.clear()
