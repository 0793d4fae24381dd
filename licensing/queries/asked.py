"""How many public questions one address may ask in a while; pages and API count together."""

from __future__ import annotations

from datetime import datetime

from core import limits

WINDOW_SECONDS = 600
NUMBERS_MAX = 120
FILES_MAX = 30


def count_number_asked(*, source: str, at: datetime) -> None:
    """
    Count a question about a license by its number.

    :raises TooManyRequests: the address asked NUMBERS_MAX times within WINDOW_SECONDS.
    """
    limits.count(
        kind="verify_number", source=source, most=NUMBERS_MAX, seconds=WINDOW_SECONDS, at=at
    )


def count_file_asked(*, source: str, at: datetime) -> None:
    """
    Count a file that is to be compared with the register.

    :raises TooManyRequests: the address asked FILES_MAX times within WINDOW_SECONDS.
    """
    limits.count(kind="verify_file", source=source, most=FILES_MAX, seconds=WINDOW_SECONDS, at=at)
