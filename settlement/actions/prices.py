"""Price versions: drafted by one person, published by another, never changed after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from catalog.models import Dataset
from core import clock, money, tabular
from core.errors import Conflict, DomainError, Forbidden, InvalidInput, NotFound
from parties import queries as parties
from settlement import pricing
from settlement.errors import PriceInUse
from settlement.models import PriceVersion, Statement, StatementLine
from settlement.policies import PRICING_ROLES
from workflow import audit, transitions

PRICES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class PricesImported:
    """What an import of prices did; codes of the datasets."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]


@transitions.action
def draft_price(
    *,
    dataset_id: UUID,
    model: str,
    base_price: Decimal,
    tiers: Sequence[Mapping[str, Any]],
    effective_on: date,
    legal_basis: str,
    actor: Any,
    at: datetime,
) -> PriceVersion:
    """
    Draft the next version of the price of a dataset; it counts once another person published it.

    Prices are yuan, tax included; ``tiers`` are {"up_to": text or None, "price": text}.

    :raises InvalidInput: the figures do not make a price, or no basis is stated.
    :raises Forbidden: the actor is not of the exchange.
    """
    _require_exchange(actor)
    if not legal_basis.strip():
        raise InvalidInput(fields={"legal_basis": _("State the legal basis of the price.")})
    try:
        pricing.price_from(model=model, base=str(base_price), tiers=tiers)
    except (ValueError, KeyError) as error:
        raise InvalidInput(fields={"tiers": _("These figures do not make a price.")}) from error
    if effective_on.day != 1:
        # One month has one price: no statement is ever split over two.
        wrong = _("A price begins on the first day of a month.")
        raise InvalidInput(fields={"effective_on": wrong})
    dataset = Dataset.objects.select_for_update(of=("self",), no_key=True).filter(id=dataset_id)
    found = dataset.first()
    if found is None:
        raise NotFound
    draft = PriceVersion.objects.create(
        dataset=found,
        number=found.prices.count() + 1,
        model=model,
        base_price=base_price,
        tiers=[dict(tier) for tier in tiers],
        legal_basis=legal_basis.strip(),
        effective_on=effective_on,
        drafted_by=actor,
        drafted_at=at,
    )
    audit.record(found, "draft_price", actor=actor, at=at, facts={"version": draft.number})
    return draft


@transitions.action
def publish_price(*, price_id: UUID, actor: Any, at: datetime) -> PriceVersion:
    """
    Publish a drafted price; it applies from its first day on.

    :raises NotFound: there is no such draft.
    :raises Conflict: it is published already.
    :raises Forbidden: the actor drafted it, or is not of the exchange.
    :raises PriceInUse: a month from its first day on was settled at another price.
    """
    _require_exchange(actor)
    price = (
        PriceVersion.objects.select_for_update(of=("self",))
        .select_related("dataset")
        .filter(id=price_id)
        .first()
    )
    if price is None:
        raise NotFound
    if price.published_at is not None:
        raise Conflict(_("This price is published already."))
    if price.drafted_by_id == actor.pk:
        raise Forbidden(_("A price you drafted yourself is published by somebody else."))
    if _is_settled(price):
        raise PriceInUse
    price.published_by, price.published_at = actor, at
    price.save(update_fields=["published_by", "published_at"])
    audit.record(
        price.dataset, "publish_price", actor=actor, at=at, facts={"version": price.number}
    )
    return price


@transitions.action
def import_prices(*, path: Path, publisher: Any, at: datetime) -> PricesImported:
    """
    Import a price list, all or nothing; a price that stands already is left alone.

    :raises tabular.TableRefused: a cell does not fit; every such cell is named.
    :raises Forbidden: the publisher is not of the exchange.
    """
    _require_exchange(publisher)
    datasets = {d.code: d for d in Dataset.objects.all()[:PRICES_MAX]}
    table = tabular.read(
        path=path, columns=_columns(datasets), key=("dataset",), rows_max=PRICES_MAX
    )
    added, unchanged, wrong = [], [], []
    for row in table.rows:
        dataset = datasets[row["dataset"]]
        wanted = {name: row[name] for name in _PRICED}
        if dataset.prices.filter(published_at__isnull=False, **wanted).exists():
            unchanged.append(dataset.code)
            continue
        try:
            _import_one(dataset, row, publisher=publisher, at=at)
            added.append(dataset.code)
        except DomainError as error:
            wrong += _row_errors(row, error)
    if wrong:
        raise tabular.TableRefused(errors=wrong)
    return PricesImported(tuple(added), tuple(unchanged))


_PRICED = ("model", "base_price", "tiers", "effective_on")


def _import_one(dataset: Dataset, row: tabular.Row, *, publisher: Any, at: datetime) -> None:
    draft = draft_price(
        dataset_id=dataset.id,
        legal_basis=row["legal_basis"],
        actor=parties.system_actor(),
        at=at,
        **{name: row[name] for name in _PRICED},
    )
    publish_price(price_id=draft.id, actor=publisher, at=at)


def _row_errors(row: tabular.Row, error: DomainError) -> list[tabular.RowError]:
    named = error.fields if isinstance(error, InvalidInput) else {}
    found = [
        tabular.RowError(row.number, name, str(row.values.get(name, "")), reason)
        for name, reason in named.items()
    ]
    return found or [tabular.RowError(row.number, "dataset", row["dataset"], str(error))]


def _is_settled(price: PriceVersion) -> bool:
    return StatementLine.objects.filter(
        license__dataset_id=price.dataset_id,
        from_at__gte=clock.start_of_day(price.effective_on),
        statement__state__in=[Statement.State.DRAFT, *Statement.STANDING],
    ).exists()


def _columns(datasets: Mapping[str, Dataset]) -> tuple[tabular.Column, ...]:
    return (
        tabular.Column("dataset", tabular.one_of(datasets)),
        tabular.Column("model", tabular.one_of(PriceVersion.Model.values)),
        tabular.Column("base_price", _yuan),
        tabular.Column("tiers", _tiers, required=False, default=[]),
        tabular.Column("effective_on", tabular.iso_date),
        tabular.Column("legal_basis", tabular.text(length_max=300)),
    )


def _yuan(value: str) -> Decimal:
    try:
        return money.exact(value)
    except (ArithmeticError, ValueError) as error:
        raise tabular.WrongCell(_("not an exact number")) from error


def _tiers(value: str) -> list[dict[str, str | None]]:
    """Read "100000:0.05|500000:0.04|:0.03": bound and price of each step, the last unbounded."""
    tiers: list[dict[str, str | None]] = []
    for step in filter(None, value.split("|")):
        bound, colon, price = step.partition(":")
        if not colon:
            raise tabular.WrongCell(_("write each step as bound:price"))
        _yuan(price)
        if bound:
            _yuan(bound)
        tiers.append({"up_to": bound or None, "price": price})
    return tiers


def _require_exchange(actor: Any) -> None:
    if not getattr(actor, "is_system", False) and not any(
        parties.has_role(actor, role) for role in PRICING_ROLES
    ):
        raise Forbidden
