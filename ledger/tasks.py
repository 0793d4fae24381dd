"""What the ledger does by itself: seal the chain often, count the till every night."""

from __future__ import annotations

import logging

from celery import shared_task

from ledger import integrity, sealing
from ledger.errors import LedgerBusy

logger = logging.getLogger(__name__)

# Name of the task to seconds between two runs.
SCHEDULE = {"ledger.seal": 600.0, "ledger.verify": 86_400.0}


@shared_task(name="ledger.seal")
def seal() -> int:
    """Seal what was posted since the last block; give way to postings and try again next time."""
    try:
        return sealing.seal()
    except LedgerBusy:
        logger.info("ledger busy, sealing waits for its next turn")
        return 0


@shared_task(name="ledger.verify")
def verify() -> str:
    """Recompute the books and say loudly when they differ."""
    problem = integrity.verify().problem
    if problem:
        logger.critical("the ledger does not verify: %s", problem)
    return problem or "verified"
