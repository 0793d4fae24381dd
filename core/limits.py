"""
How often an open page may be asked from one address: counted in the database, by windows of time.

One statement per request, no other service, the same count for every process. Of an address only
a keyed digest is kept, for a short time.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import RequestTally

KEPT_HOURS = 24


class TooManyRequests(DomainError):
    """More requests from one address than the page takes in a while."""

    code: ClassVar[str] = "too_many_requests"
    status: ClassVar[int] = 429
    default_message = _(
        "Too many requests from this address. Try again in %(minutes)s minutes."
    )

    def __init__(self, *, retry_seconds: int) -> None:
        super().__init__(minutes=-(-retry_seconds // 60))
        self.retry_seconds = retry_seconds


def count(*, kind: str, source: str, most: int, seconds: int, at: datetime) -> None:
    """
    Count one request of a kind from an address, ``most`` of which pass in every window.

    :raises TooManyRequests: this one is more; ``retry_seconds`` says when the next window begins.
    """
    moment = int(at.timestamp())
    begun = moment - moment % seconds
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_requesttally (kind, source_hash, begun_at, requests)"
            " VALUES (%s, %s, %s, 1) ON CONFLICT (kind, source_hash, begun_at)"
            " DO UPDATE SET requests = core_requesttally.requests + 1 RETURNING requests",
            [kind, _digest(source), datetime.fromtimestamp(begun, UTC)],
        )
        counted = cursor.fetchone()[0]
    if counted > most:
        raise TooManyRequests(retry_seconds=begun + seconds - moment)


def forget(*, at: datetime) -> int:
    """Delete counts that no window looks at any more; return how many."""
    old = RequestTally.objects.filter(begun_at__lt=at - timedelta(hours=KEPT_HOURS))
    return old.delete()[0]


def _digest(source: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), source.encode(), hashlib.sha256).hexdigest()
