"""Calls per second, by token bucket, in this process. Pure but for the time handed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

BUCKETS_MAX = 100_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Rates:
    """
    One bucket per key, as large as one second of its rate.

    Each gate counts for itself: with n gates a licensee may reach n times its rate, which protects
    the gate; what is paid for is limited by quotas, which all gates share.
    """

    def __init__(self) -> None:
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, key: Hashable, *, per_second: int, now: float) -> bool:
        """Take one call at ``now``, in seconds of a steady clock; False when it came too soon."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(float(per_second), now)
            if len(self._buckets) > BUCKETS_MAX:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
            gained = max(now - bucket.filled_at, 0.0) * per_second
            bucket.tokens = min(float(per_second), bucket.tokens + gained)
            bucket.filled_at = now
        if bucket.tokens < 1.0:
            return False
        bucket.tokens -= 1.0
        return True
