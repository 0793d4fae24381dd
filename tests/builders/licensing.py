"""Licenses and keys, brought there through the real actions; the days are those of story S1."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from catalog.models import Dataset, DatasetVersion
from contracts.models import Agreement
from core import hashing
from licensing import actions
from licensing.models import ClientApplication, License
from parties.queries import system_actor
from tests.builders.applications import City, day
from tests.builders.contracts import SIGNED, effective_agreement

ISSUED = SIGNED
APPROVED = day("2026-10-21")


@dataclass
class Licensed:
    """A city with an agreement in force, its two licenses and one approved client application."""

    city: City
    agreement: Agreement
    licenses: dict[str, License]
    client: ClientApplication

    def license(self, code: str) -> License:
        """Return the license of a dataset as it is now."""
        return License.objects.select_related("dataset", "agreement").get(
            pk=self.licenses[code].pk
        )


def issued(city: City | None = None, **changes: Any) -> tuple[City, Agreement, dict[str, License]]:
    """Return a city, an agreement in force and its licenses by dataset code."""
    city, agreement = effective_agreement(city, **changes)
    made = actions.issue_licenses(agreement_id=agreement.pk, actor=system_actor(), at=ISSUED)
    return city, agreement, {one.dataset.code: one for one in made}


def licensed(city: City | None = None, **changes: Any) -> Licensed:
    """Return everything up to an approved client application."""
    city, agreement, licenses = issued(city, **changes)
    client = actions.register_client(
        agreement_id=agreement.pk,
        name="授信核验系统",
        purpose="在授信环节核验企业登记状态。",
        ip_allow_list=[],
        actor=city.agent,
        at=APPROVED,
    )
    actions.approve_client(client_id=client.pk, actor=city.ops, at=APPROVED)
    client.refresh_from_db()
    return Licensed(city, agreement, licenses, client)


def key_of(stage: Licensed, *, at: Any = APPROVED) -> actions.IssuedSecret:
    """Return a fresh key of the stage's client application."""
    requested = actions.request_credential(client_id=stage.client.pk, actor=stage.city.agent, at=at)
    return actions.issue_credential(credential_id=requested.pk, actor=stage.city.agent, at=at)


def fill(dataset: Dataset, *, data_dir: Path, select: str) -> DatasetVersion:
    """Write rows for the present version of a dataset: a DuckDB SELECT, as Parquet."""
    version = dataset.current_version
    assert version is not None
    relative = f"{dataset.code}/v{version.number}.parquet"
    target = data_dir / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(select).write_parquet(str(target))
    version.storage_path = relative
    version.sha256 = hashing.digest(target.read_bytes())
    rows = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchall()
    version.row_count = rows[0][0]
    version.filled_at = version.created_at
    version.save()
    return version
