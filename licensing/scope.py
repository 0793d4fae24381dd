"""
From the terms of an agreement to the scope of one license. Pure.

Source: domain §3.5 (scope, quota, desensitization), docs/sources.md#license-scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from licensing.errors import InvalidRestriction

KEEP, MASK, GENERALIZE, HASH, SUPPRESS = "KEEP", "MASK", "GENERALIZE", "HASH", "SUPPRESS"
TRANSFORMS = frozenset({KEEP, MASK, GENERALIZE, HASH, SUPPRESS})
VERIFY_ONLY = "VERIFY_ONLY"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the dataset's version, as far as a scope needs to know it."""

    name: str
    filterable: bool


def scope_of(stated: Mapping[str, Any], *, columns: Iterable[Column]) -> dict[str, Any]:
    """
    Return the scope of a license from what the agreement states of one dataset.

    ``filters`` are the fields a call may filter by: the filterable ones among those granted; where
    only verification is allowed, every filterable field, because the caller must name the case it
    asks about and gets nothing of it back but yes or no. ``rows`` are the only values certain
    fields may have. An unknown transformation withholds its field.
    """
    fields = tuple(stated.get("fields") or ())
    rows = {name: sorted(map(str, v)) for name, v in (stated.get("filters") or {}).items()}
    transforms = {
        name: rule if rule in TRANSFORMS else SUPPRESS
        for name, rule in (stated.get("transforms") or {}).items()
        if rule != KEEP
    }
    mode = stated.get("mode")
    named = [
        c.name
        for c in columns
        if c.filterable and (mode == VERIFY_ONLY or c.name in fields) and c.name not in transforms
    ]
    return {
        "fields": list(fields),
        "filters": sorted({*named, *rows}),
        "rows": rows,
        "transforms": transforms,
        "mode": mode,
        "version": stated.get("version"),
        "period": _period(stated),
    }


def _period(stated: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return {field, from, to} of the records that may be read; None where nothing is stated."""
    if not stated.get("period_field"):
        return None
    return {
        "field": stated["period_field"],
        "from": stated.get("period_from"),
        "to": stated.get("period_to"),
    }


def restriction_of(
    *,
    scope: Mapping[str, Any],
    quota_factor: Decimal | str | int | None,
    until: datetime | None,
    blocked_fields: Iterable[str],
    at: datetime,
) -> dict[str, Any]:
    """
    Return a restriction as it is stored: {quota_factor, until, blocked_fields}.

    ``quota_factor`` is the part of the quota that remains, from 0 to 1; ``until`` is aware.

    :raises InvalidRestriction: it restricts nothing, or names what the license does not grant.
    """
    blocked = sorted(set(blocked_fields))
    problems: dict[str, Any] = {}
    if set(blocked) - set(scope["fields"]):
        problems["blocked_fields"] = _("Choose among the fields this license grants.")
    try:
        factor = Decimal(1) if quota_factor is None else Decimal(str(quota_factor))
    except InvalidOperation:
        factor = Decimal(-1)
    if not (factor.is_finite() and 0 <= factor <= 1):
        problems["quota_factor"] = _("Enter a share between 0 and 1.")
    if until is not None and until <= at:
        problems["until"] = _("Enter a moment in the future.")
    if not problems and factor == 1 and not blocked:
        problems["quota_factor"] = _("Restrict the quota, or block at least one field.")
    if problems:
        raise InvalidRestriction(fields=problems)
    return {
        "quota_factor": format(factor, "f"),
        "until": until.astimezone(UTC).isoformat(timespec="seconds") if until else None,
        "blocked_fields": blocked,
    }
