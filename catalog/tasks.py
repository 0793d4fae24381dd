"""What the catalog does by itself: look again at what is open."""

from __future__ import annotations

import logging

from celery import shared_task

from catalog import actions, queries
from core import clock
from core.errors import NotFound

logger = logging.getLogger(__name__)

SCHEDULE = {"catalog.rescan_open_datasets": 24 * 3600}


@shared_task(name="catalog.rescan_open_datasets")
def rescan_open_datasets() -> int:
    """Scan every open dataset for sensitive fields; return how many were suspended."""
    suspended = 0
    for row in queries.published():
        try:
            scan = actions.rescan_published(dataset_id=row.id, at=clock.now())
        except NotFound:
            # It was suspended or withdrawn since the list was read.
            continue
        if scan.hits:
            logger.warning("dataset %s suspended by the scheduled scan", row.code)
            suspended += 1
    return suspended
