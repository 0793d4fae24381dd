"""What keeps the platform itself tidy."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.db import connection

SCHEDULE = {"config.purge_broker": 600.0}

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
