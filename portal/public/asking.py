"""
How often one address may ask about licenses: enough for an office, not for trying numbers through.

Pages and the public API count together.
"""

from __future__ import annotations

from datetime import datetime

from axes.helpers import get_client_ip_address
from django.http import HttpRequest

from licensing import queries


def count_number(request: HttpRequest, *, at: datetime) -> None:
    """
    Count a question about a number.

    :raises TooManyRequests: the address has asked too often.
    """
    queries.count_number_asked(source=source_of(request), at=at)


def count_file(request: HttpRequest, *, at: datetime) -> None:
    """
    Count a file to compare; reading it costs more, so fewer are taken.

    :raises TooManyRequests: the address has asked too often.
    """
    queries.count_file_asked(source=source_of(request), at=at)


def source_of(request: HttpRequest) -> str:
    """Return the address a request came from, as the sign-in page counts it."""
    return str(get_client_ip_address(request) or "")
