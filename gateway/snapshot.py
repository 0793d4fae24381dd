"""
What a gate knows: every credential and what it opens, as one consistent reading. Pure.

The reading is one SQL statement, so that it holds together; it carries the version it was taken at.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import clock

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

VERSION_SQL = "SELECT coalesce((SELECT version FROM gateway_version), 0)"

# One statement is one snapshot, also under READ COMMITTED.
SNAPSHOT_SQL = """
SELECT coalesce((SELECT version FROM gateway_version), 0),
  coalesce((SELECT json_agg(json_build_object(
    'id', c.id, 'hash', c.secret_hash, 'prefix', c.prefix, 'state', c.state,
    'valid_from', c.valid_from, 'valid_to', c.valid_to, 'agreement', c.agreement_id,
    'networks', p.ip_allow_list))
   FROM licensing_credential c
   JOIN licensing_clientapplication p ON p.id = c.client_application_id
   WHERE c.secret_hash IS NOT NULL), '[]'::json),
  coalesce((SELECT json_agg(json_build_object(
    'id', l.id, 'account', coalesce(l.quota_account, l.id),
    'agreement', l.agreement_id, 'state', l.state, 'scenario', l.scenario_code,
    'scope', l.scope, 'quota', l.quota, 'restriction', l.restriction,
    'valid_from', l.valid_from, 'valid_to', l.valid_to,
    'agreement_state', a.state, 'dataset', d.code, 'dataset_state', d.state,
    'version', v.number, 'path', v.storage_path,
    'columns', (SELECT json_object_agg(f.name, f.data_type ORDER BY f.position)
                FROM catalog_datasetfield f WHERE f.version_id = v.id)))
   FROM licensing_license l
   JOIN contracts_agreement a ON a.id = l.agreement_id
   JOIN catalog_dataset d ON d.id = l.dataset_id
   LEFT JOIN catalog_datasetversion v ON v.id = d.current_version_id
   WHERE l.state <> 'SUPERSEDED'), '[]'::json)
"""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a measure takes away until a moment; ``factor`` is the part of the quota that stays."""

    factor: Decimal
    until: datetime | None
    blocked: frozenset[str]

    def holds(self, at: datetime) -> bool:
        """Return whether it is still in force."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Period:
    """The records that may be read: those whose date in a field lies in it, both days included."""

    field: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Grant:
    """
    One license as the gate sees it; ``ends_at`` is exclusive.

    ``account`` is what its quota is counted on: a reissued license goes on with that of the first.
    """

    license_id: UUID
    dataset: str
    license_state: str
    agreement_state: str
    dataset_state: str
    scenario: str
    fields: tuple[str, ...]
    filters: frozenset[str]
    rows: Mapping[str, frozenset[str]]
    transforms: Mapping[str, str]
    mode: str
    starts_at: datetime
    ends_at: datetime
    per_total: int | None = None
    per_month: int | None = None
    per_day: int | None = None
    rate_per_second: int | None = None
    rows_per_call: int | None = None
    restriction: Restriction | None = None
    version: int = 0
    path: str = ""
    period: Period | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    account: UUID | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """One credential: its state, where it may be used from, and what it opens by dataset code."""

    credential_id: UUID
    prefix: str
    state: str
    valid_from: datetime
    valid_to: datetime
    networks: tuple[Network, ...]
    grants: Mapping[str, Grant]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    Everything a gate may say yes to; ``holders`` by the hex SHA-256 of the key.

    ``sandbox`` are the networks of the secure sandbox, from which licenses bound to it are used.
    """

    version: int
    holders: Mapping[str, Holder]
    sandbox: tuple[Network, ...] = ()


EMPTY = Snapshot(version=-1, holders={})


def build(
    row: tuple[int, list[dict[str, Any]], list[dict[str, Any]]],
    *,
    sandbox: tuple[Network, ...] = (),
) -> Snapshot:
    """Return the snapshot of one row of SNAPSHOT_SQL."""
    version, credentials, licenses = row
    by_agreement: dict[str, dict[str, Grant]] = {}
    for one in licenses:
        by_agreement.setdefault(one["agreement"], {})[one["dataset"]] = _grant(one)
    holders = {
        one["hash"]: Holder(
            credential_id=UUID(one["id"]),
            prefix=one["prefix"],
            state=one["state"],
            valid_from=datetime.fromisoformat(one["valid_from"]),
            valid_to=datetime.fromisoformat(one["valid_to"]),
            networks=tuple(ipaddress.ip_network(n) for n in one["networks"]),
            grants=by_agreement.get(one["agreement"], {}),
        )
        for one in credentials
    }
    return Snapshot(version, holders, sandbox)


def _grant(one: dict[str, Any]) -> Grant:
    scope, quota, restriction = one["scope"], one["quota"], one["restriction"]
    return Grant(
        license_id=UUID(one["id"]),
        dataset=one["dataset"],
        license_state=one["state"],
        agreement_state=one["agreement_state"],
        dataset_state=one["dataset_state"],
        scenario=one["scenario"],
        fields=tuple(scope["fields"]),
        filters=frozenset(scope["filters"]),
        rows={name: frozenset(values) for name, values in scope["rows"].items()},
        transforms=scope["transforms"],
        mode=scope["mode"] or "",
        starts_at=clock.start_of_day(date.fromisoformat(one["valid_from"])),
        ends_at=clock.end_of_day(date.fromisoformat(one["valid_to"])),
        per_total=quota.get("per_total"),
        per_month=quota.get("per_month"),
        per_day=quota.get("per_day"),
        rate_per_second=quota.get("rate_per_second"),
        rows_per_call=quota.get("rows_per_call"),
        restriction=_restriction(restriction) if restriction else None,
        version=one["version"] or 0,
        path=one["path"] or "",
        period=_period(scope["period"]) if scope.get("period") else None,
        columns=one["columns"] or {},
        account=UUID(one["account"]),
    )


def _period(stated: dict[str, Any]) -> Period:
    first, last = (
        date.fromisoformat(stated[name]) if stated.get(name) else None for name in ("from", "to")
    )
    return Period(stated["field"], first, last)


def _restriction(stated: dict[str, Any]) -> Restriction:
    until = stated["until"]
    return Restriction(
        factor=Decimal(stated["quota_factor"]),
        until=datetime.fromisoformat(until) if until else None,
        blocked=frozenset(stated["blocked_fields"]),
    )
