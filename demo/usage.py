"""
A month of calls as other gates of the city reported them: the same every time, none of them alike.

Server errors are spread over the month; the first of them are followed by the client's retry, the
same question ten seconds later, which the meter must not bill.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.meter import Usage

SOURCE = "city-gate-2"
RETRY_AFTER = timedelta(seconds=10)
BYTES_PER_ROW = 180


@dataclass(frozen=True, slots=True)
class Month:
    """What one license was used for between two moments; counts are calls."""

    license_id: UUID
    credential_id: UUID
    dataset_code: str
    scenario_code: str
    begins: datetime
    ends: datetime
    billable: int
    server_errors: int = 0
    retries: int = 0

    @property
    def calls(self) -> int:
        """How many calls there are in all."""
        return self.billable + self.server_errors + self.retries


def calls(month: Month, *, series: str = "call") -> Iterator[Usage]:
    """
    Yield the calls of a month in the order in which they happened, retries after their error.

    ``series`` keeps the names of two spans of one month apart.
    """
    first_calls = month.billable + month.server_errors
    step = (month.ends - month.begins) / max(first_calls, 1)
    # Errors at even distances; every call has its place, so nothing is left to chance.
    every = first_calls // month.server_errors if month.server_errors else first_calls + 1
    errors = 0
    for number in range(first_calls):
        moment = month.begins + step * number
        failed = errors < month.server_errors and number % every == every // 2
        yield _call(month, f"{series}-{number:06d}", moment, status=502 if failed else 200)
        if failed:
            errors += 1
            if errors <= month.retries:
                again = moment + RETRY_AFTER
                yield _call(month, f"{series}-{number:06d}", again, status=200, again=True)


def _call(month: Month, name: str, moment: datetime, *, status: int, again: bool = False) -> Usage:
    name = f"{month.dataset_code}-{month.begins:%Y%m}-{name}"
    rows = 0 if status != 200 else 1 + moment.minute % 20
    return Usage(
        source=SOURCE,
        event_id=f"{name}-r" if again else name,
        license_id=month.license_id,
        credential_id=month.credential_id,
        dataset_code=month.dataset_code,
        scenario_code=month.scenario_code,
        fields_hash=hashlib.sha256(month.dataset_code.encode()).hexdigest(),
        query_hash=hashlib.sha256(name.encode()).hexdigest(),
        rows=rows,
        bytes=rows * BYTES_PER_ROW,
        status=status,
        occurred_at=moment,
        request_id=name,
    )
