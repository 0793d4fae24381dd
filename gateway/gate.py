"""
May this call pass? Default deny; asked for every call, answered from memory. Pure.

Source: domain §3.3 (Credential), §3.5 (scope, scenario), §3.11; docs/sources.md#gate.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR

from gateway.reasons import Reason
from gateway.snapshot import Grant, Holder, Network, Snapshot

ROWS_MAX = 1_000
ROWS_DEFAULT = 100
VERIFY_ONLY, SANDBOX = "VERIFY_ONLY", "SANDBOX"
_CURSOR = re.compile(r"(\d{1,9})\.(\d{1,18})")
_LICENSE_REASONS = {
    "ISSUED": Reason.LICENSE_NOT_ACTIVE,
    "SUSPENDED": Reason.LICENSE_SUSPENDED,
    "EXPIRED": Reason.LICENSE_EXPIRED,
}
_CREDENTIAL_REASONS = {
    "SUSPENDED": Reason.CREDENTIAL_SUSPENDED,
    "EXPIRED": Reason.CREDENTIAL_EXPIRED,
}
# What opens: an active key, and one that was replaced until its overlap is over.
_OPENING = frozenset({"ACTIVE", "ROTATED"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came: ``fields`` None means all granted ones; nothing in it is trusted."""

    key_hash: str
    dataset: str
    scenario: str
    fields: tuple[str, ...] | None
    filters: tuple[tuple[str, str], ...]
    limit: str | None
    cursor: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be delivered: every name in it is one the license grants."""

    holder: Holder
    grant: Grant
    fields: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    limit: int
    after_row: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not; ``detail`` names what was asked for, ``holder`` and ``grant`` as far as known."""

    reason: Reason
    detail: str = ""
    holder: Holder | None = None
    grant: Grant | None = None


def decide(snapshot: Snapshot, call: Call, *, at: datetime) -> Allowed | Refused:
    """
    Return what a call may have of what it asks for, or why it gets nothing.

    A call is answered as a whole: one field too many refuses it, so that the record shows what was
    tried.
    """
    if not call.key_hash:
        return Refused(Reason.NO_CREDENTIAL)
    holder = snapshot.holders.get(call.key_hash)
    if holder is None:
        return Refused(Reason.UNKNOWN_CREDENTIAL)
    reason = _reason_against_holder(holder, call, at)
    if reason is not None:
        return Refused(reason, holder=holder)
    grant = holder.grants.get(call.dataset)
    if grant is None:
        return Refused(Reason.NOT_LICENSED, call.dataset, holder)
    reason = _reason_against_grant(grant, at)
    if reason is None:
        reason = _reason_against_use(grant, call, snapshot)
    if reason is not None:
        detail = call.scenario if reason is Reason.SCENARIO_MISMATCH else ""
        return Refused(reason, detail, holder, grant)
    return _narrow(holder, grant, call, at)


def quota_ceiling(quota: int, grant: Grant, *, at: datetime) -> int:
    """Return how many calls of a quota remain under the restriction in force, rounded down."""
    restriction = grant.restriction
    if restriction is None or not restriction.holds(at):
        return quota
    return int((quota * restriction.factor).to_integral_value(ROUND_FLOOR))


def write_cursor(*, version: int, row: int) -> str:
    """Return the cursor that continues after a row of a version."""
    return base64.urlsafe_b64encode(f"{version}.{row}".encode()).decode().rstrip("=")


def read_cursor(text: str, *, version: int) -> int | None:
    """Return the row a cursor continues after; None when it is not one of this version."""
    try:
        padded = text + "=" * (-len(text) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    found = _CURSOR.fullmatch(plain)
    if found is None or int(found[1]) != version:
        return None
    return int(found[2])


def _reason_against_holder(holder: Holder, call: Call, at: datetime) -> Reason | None:
    if holder.state not in _OPENING:
        return _CREDENTIAL_REASONS.get(holder.state, Reason.CREDENTIAL_REVOKED)
    if at < holder.valid_from:
        return Reason.CREDENTIAL_NOT_YET_VALID
    if at >= holder.valid_to:
        return Reason.CREDENTIAL_EXPIRED
    if holder.networks and not _within(call.address, holder.networks):
        return Reason.ADDRESS_NOT_ALLOWED
    return None


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    # An IPv4 caller may arrive on an IPv6 socket.
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)


def _reason_against_grant(grant: Grant, at: datetime) -> Reason | None:
    # The cause first: a license suspended with its dataset is refused for the dataset.
    if grant.license_state in ("REVOKED", "SURRENDERED"):
        return Reason.LICENSE_REVOKED
    if grant.dataset_state != "PUBLISHED":
        return Reason.DATASET_NOT_PUBLISHED
    if grant.agreement_state != "EFFECTIVE":
        return Reason.AGREEMENT_NOT_IN_FORCE
    if grant.license_state != "ACTIVE":
        return _LICENSE_REASONS.get(grant.license_state, Reason.LICENSE_NOT_ACTIVE)
    if at < grant.starts_at:
        return Reason.LICENSE_NOT_ACTIVE
    if at >= grant.ends_at:
        return Reason.LICENSE_EXPIRED
    return None


def _reason_against_use(grant: Grant, call: Call, snapshot: Snapshot) -> Reason | None:
    if not call.scenario:
        return Reason.SCENARIO_MISSING
    if call.scenario != grant.scenario:
        return Reason.SCENARIO_MISMATCH
    if grant.mode == SANDBOX and not _within(call.address, snapshot.sandbox):
        return Reason.SANDBOX_ONLY
    return None


def _narrow(holder: Holder, grant: Grant, call: Call, at: datetime) -> Allowed | Refused:
    restriction = grant.restriction
    blocked = restriction.blocked if restriction and restriction.holds(at) else frozenset()
    granted = tuple(name for name in grant.fields if name in grant.columns)
    wanted = call.fields if call.fields is not None else granted
    for name in wanted:
        if name not in granted:
            return Refused(Reason.FIELD_NOT_GRANTED, name, holder, grant)
        if name in blocked and call.fields is not None:
            return Refused(Reason.FIELD_BLOCKED, name, holder, grant)
    fields = tuple(name for name in wanted if name not in blocked)
    if not fields:
        return Refused(Reason.FIELD_BLOCKED, "", holder, grant)
    refused = _filter_refusal(grant, call, blocked)
    if refused is not None:
        return Refused(refused[0], refused[1], holder, grant)
    limit = _limit(call.limit, grant)
    if limit is None:
        return Refused(Reason.LIMIT_INVALID, call.limit or "", holder, grant)
    after = -1 if call.cursor is None else read_cursor(call.cursor, version=grant.version)
    if after is None or (grant.mode == VERIFY_ONLY and call.cursor is not None):
        return Refused(Reason.CURSOR_INVALID, "", holder, grant)
    return Allowed(holder, grant, fields, call.filters, limit, after)


def _filter_refusal(
    grant: Grant, call: Call, blocked: frozenset[str]
) -> tuple[Reason, str] | None:
    for name, value in call.filters:
        if name not in grant.filters or name not in grant.columns or name in blocked:
            return Reason.FILTER_NOT_GRANTED, name
        if name in grant.rows and value not in grant.rows[name]:
            return Reason.FILTER_VALUE_NOT_GRANTED, name
    if grant.mode == VERIFY_ONLY and not call.filters:
        return Reason.CASE_NOT_NAMED, ""
    return None


def _limit(text: str | None, grant: Grant) -> int | None:
    stated = grant.rows_per_call
    most = ROWS_MAX if stated is None else min(ROWS_MAX, stated)
    if most < 1:
        # No rows a call is a limit like any other, not the absence of one.
        return None
    if grant.mode == VERIFY_ONLY:
        # Two rows are read so that an ambiguous question can be told from an answer.
        return 2 if text in (None, "1") else None
    if text is None:
        return min(ROWS_DEFAULT, most)
    if not re.fullmatch(r"[0-9]{1,4}", text):
        return None
    return int(text) if 1 <= int(text) <= most else None
