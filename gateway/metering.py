"""
What is billed of what was called. Pure.

A call is billed when it succeeded and is no retry. A success is a retry when, within RETRY_SECONDS
before it, the same credential asked the same of the same dataset and either got a server error, or
is named by this call (``retry_of``, or the same ``request_id``) and was not itself a retry or
refused. So a chain of retries cannot outlive the first call by more than RETRY_SECONDS.
Source: domain §3.7 (Meter), docs/sources.md#meter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

RETRY_SECONDS = 60
RETRY_WINDOW = timedelta(seconds=RETRY_SECONDS)
# The field ``bytes`` below hides the name of the type.
Hash = bytes
BILLABLE, SERVER_ERROR, RETRY, REFUSED = "", "SERVER_ERROR", "RETRY", "REFUSED"
_TEXT_CHARACTERS_MAX = {
    "source": 60,
    "event_id": 80,
    "request_id": 80,
    "retry_of": 80,
    "dataset_code": 40,
    "scenario_code": 40,
    "reason": 40,
}


class InvalidUsage(InvalidInput):
    """A usage event that cannot be one: no identity, no license, an impossible status."""

    code = "invalid_usage"
    default_message = _("Usage event %(event)s cannot be recorded: %(problem)s.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """
    One call, as its source tells it.

    ``source`` and ``event_id`` identify it for ever. ``status`` is the HTTP status answered;
    ``fields_hash`` and ``query_hash`` are what was asked; ``occurred_at`` is aware; ``bytes``
    counts the body sent.
    """

    source: str
    event_id: str
    license_id: UUID | None
    credential_id: UUID | None
    dataset_code: str
    scenario_code: str
    fields_hash: str
    query_hash: str
    rows: int
    bytes: int
    status: int
    occurred_at: datetime
    reason: str = ""
    detail: str = ""
    request_id: str = ""
    retry_of: str = ""
    client_address: str = ""

    def payload_hash(self) -> Hash:
        """Return the SHA-256 of everything the event says."""
        said = (
            self.license_id,
            self.credential_id,
            self.dataset_code,
            self.scenario_code,
            self.fields_hash,
            self.query_hash,
            self.rows,
            self.bytes,
            self.status,
            self.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.reason,
            self.request_id,
            self.retry_of,
        )
        return hashlib.sha256("\x1f".join(map(str, said)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier call that may make a later one a retry."""

    source: str
    event_id: str
    request_id: str
    credential_id: UUID | None
    dataset_code: str
    query_hash: str
    occurred_at: datetime
    status: int
    excluded_because: str


def check(usages: Iterable[Usage]) -> None:
    """
    Refuse events that cannot be recorded as they are.

    :raises InvalidUsage: the first such event and what is wrong with it.
    """
    for usage in usages:
        problem = _problem_of(usage)
        if problem:
            raise InvalidUsage(event=usage.event_id or "?", problem=problem)


def succeeded(usage: Usage) -> bool:
    """Return whether a call delivered what it asked for."""
    return usage.status < 300 and not usage.reason


def classify(usages: Sequence[Usage], *, earlier: Iterable[Earlier]) -> list[str]:
    """
    Return for each event why it is not billed, or "" when it is; in the order of the events.

    Events of one batch know each other in the order given.
    """
    book = _Book(earlier)
    reasons = []
    for usage in usages:
        reason = _reason(usage, book)
        book.add(
            Earlier(
                usage.source,
                usage.event_id,
                usage.request_id,
                usage.credential_id,
                usage.dataset_code,
                usage.query_hash,
                usage.occurred_at,
                usage.status,
                reason,
            )
        )
        reasons.append(reason)
    return reasons


class _Book:
    """What was called before, by what a later call may match it with."""

    def __init__(self, earlier: Iterable[Earlier]) -> None:
        self._failures: dict[tuple[UUID | None, str, str], list[datetime]] = {}
        self._named: dict[tuple[str, str], Earlier] = {}
        self._requests: dict[tuple[UUID | None, str], Earlier] = {}
        for one in earlier:
            self.add(one)

    def add(self, one: Earlier) -> None:
        """Take one call into the book."""
        if one.status >= 500:
            key = (one.credential_id, one.dataset_code, one.query_hash)
            self._failures.setdefault(key, []).append(one.occurred_at)
        self._named.setdefault((one.source, one.event_id), one)
        if one.request_id and one.excluded_because in (BILLABLE, SERVER_ERROR):
            # The latest one that counts: what came long before it is out of the window anyway.
            self._requests[one.credential_id, one.request_id] = one

    def failed_before(self, usage: Usage) -> bool:
        """Return whether the same question got a server error shortly before."""
        key = (usage.credential_id, usage.dataset_code, usage.query_hash)
        return any(_shortly(at, usage.occurred_at) for at in self._failures.get(key, ()))

    def repeats(self, usage: Usage) -> bool:
        """Return whether the call names a call it repeats, and really repeats it."""
        candidates = [
            self._named.get((usage.source, usage.retry_of)) if usage.retry_of else None,
            self._requests.get((usage.credential_id, usage.retry_of)) if usage.retry_of else None,
            self._requests.get((usage.credential_id, usage.request_id))
            if usage.request_id
            else None,
        ]
        return any(one is not None and _is_repeat(usage, one) for one in candidates)


def _is_repeat(usage: Usage, one: Earlier) -> bool:
    return (
        one.excluded_because in (BILLABLE, SERVER_ERROR)
        and one.credential_id == usage.credential_id
        and one.dataset_code == usage.dataset_code
        and one.query_hash == usage.query_hash
        and _shortly(one.occurred_at, usage.occurred_at)
    )


def _shortly(before: datetime, at: datetime) -> bool:
    return timedelta(0) <= at - before <= RETRY_WINDOW


def _reason(usage: Usage, book: _Book) -> str:
    if usage.status >= 500:
        return SERVER_ERROR
    if not succeeded(usage):
        return REFUSED
    return RETRY if book.failed_before(usage) or book.repeats(usage) else BILLABLE


def _problem_of(usage: Usage) -> str | Promise:
    if not usage.source or not usage.event_id:
        return _("source and event_id are needed")
    if any(len(getattr(usage, name)) > most for name, most in _TEXT_CHARACTERS_MAX.items()):
        return _("a text is too long")
    if not 100 <= usage.status <= 599 or usage.rows < 0 or usage.bytes < 0:
        return _("status, rows or bytes are out of range")
    if usage.occurred_at.tzinfo is None:
        return _("occurred_at has no time zone")
    if succeeded(usage) and usage.license_id is None:
        return _("a successful call needs a license")
    if 300 <= usage.status < 500 and not usage.reason:
        return _("a refused call needs a reason")
    return ""
