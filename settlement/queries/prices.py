"""Prices as the public reads them, and as the exchange works on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from catalog.models import Dataset
from core import clock
from core.errors import Forbidden
from parties import queries as parties
from settlement.models import PriceVersion
from settlement.policies import PRICING_ROLES

PRICES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class PriceStep:
    """Units up to ``up_to`` (None: no bound) at ``price`` yuan each."""

    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One version of a price; yuan, tax included."""

    id: UUID
    dataset_code: str
    dataset_title: str
    number: int
    model: str
    model_name: str
    base_price: Decimal
    steps: tuple[PriceStep, ...]
    legal_basis: str
    effective_on: date
    drafted_by: str
    published_by: str
    published_at: datetime | None
    may_publish: bool


def price_list(*, at: datetime) -> tuple[PriceRow, ...]:
    """
    Return the price in force of every published dataset that has one, by dataset.

    Public: what may be charged is published before it is charged.
    """
    today = clock.local_date(at)
    rows = (
        PriceVersion.objects.filter(
            published_at__isnull=False,
            effective_on__lte=today,
            dataset__state=Dataset.State.PUBLISHED,
        )
        .select_related("dataset", "drafted_by", "published_by")
        .order_by("dataset__code", "-effective_on", "-number")[:PRICES_MAX]
    )
    newest: dict[str, PriceVersion] = {}
    for row in rows:
        newest.setdefault(row.dataset.code, row)
    return _rows(newest.values(), actor=None)


def price_desk(*, actor: Any) -> tuple[PriceRow, ...]:
    """
    Return every version of every price for the exchange: drafts first, then by dataset.

    :raises Forbidden: the actor is not of the exchange.
    """
    if not any(parties.has_role(actor, role) for role in PRICING_ROLES):
        raise Forbidden
    rows = PriceVersion.objects.select_related("dataset", "drafted_by", "published_by")
    drafts = rows.filter(published_at=None).order_by("dataset__code", "number")[:PRICES_MAX]
    others = rows.exclude(published_at=None).order_by("dataset__code", "-number")[:PRICES_MAX]
    return _rows([*drafts, *others], actor=actor)


def priceable_datasets(*, actor: Any) -> tuple[tuple[UUID, str], ...]:
    """
    Return (id, name) of the datasets that may get a price.

    :raises Forbidden: the actor is not of the exchange.
    """
    if not any(parties.has_role(actor, role) for role in PRICING_ROLES):
        raise Forbidden
    rows = Dataset.objects.filter(openness="CONDITIONAL").order_by("code")
    return tuple((row.id, f"{row.code} {row.title}") for row in rows[:PRICES_MAX])


def _rows(rows: Iterable[PriceVersion], *, actor: Any) -> tuple[PriceRow, ...]:
    return tuple(
        PriceRow(
            id=row.id,
            dataset_code=row.dataset.code,
            dataset_title=row.dataset.title,
            number=row.number,
            model=row.model,
            model_name=str(row.get_model_display()),
            base_price=row.base_price.normalize(),
            steps=tuple(
                PriceStep(
                    None if tier["up_to"] is None else Decimal(tier["up_to"]),
                    Decimal(tier["price"]),
                )
                for tier in row.tiers
            ),
            legal_basis=row.legal_basis,
            effective_on=row.effective_on,
            drafted_by=row.drafted_by.full_name,
            published_by=row.published_by.full_name if row.published_by else "",
            published_at=row.published_at,
            may_publish=actor is not None
            and row.published_at is None
            and row.drafted_by_id != actor.pk,
        )
        for row in rows
    )
