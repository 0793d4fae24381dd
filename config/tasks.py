"""What keeps the platform itself tidy."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config import ownership

logger = logging.getLogger(__name__)

SCHEDULE = {"config.purge_broker": 600.0, "config.prepare_partitions": 24 * 3600.0}

# Messages taken by a worker stay as invisible rows; after this time nobody asks for them.
TAKEN_MESSAGE_MINUTES_MAX = 60


@shared_task(name="config.purge_broker")
def purge_broker() -> int:
    """Delete taken messages from the database broker; return how many."""
    if not settings.BROKER_IS_DATABASE:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM broker.kombu_message WHERE NOT visible"
            # The transport notes the wall clock of the process, which Django sets to our zone.
            " AND timestamp < (now() AT TIME ZONE %s) - make_interval(mins => %s)",
            [settings.TIME_ZONE, TAKEN_MESSAGE_MINUTES_MAX],
        )
        return int(cursor.rowcount)


@shared_task(name="config.prepare_partitions")
def prepare_partitions() -> bool:
    """
    Make the partitions of the coming months; return whether this process was allowed to.

    Only the owner of the tables may. A worker that is not given DATABASE_OWNER_URL says so and
    leaves it to ``manage.py ensure_partitions``; until then usage goes to the default partition,
    and nothing is lost.
    """
    with ownership.as_owner():
        if not _owns_usage():
            logger.warning("partitions_need_the_owner: run manage.py ensure_partitions as owner")
            return False
        call_command("ensure_partitions", verbosity=0)
    return True


def _owns_usage() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
            " WHERE oid = 'gateway_usageevent'::regclass"
        )
        return bool(cursor.fetchone()[0])
