"""
What a quantity costs under a price. Pure, exact until the line, rounded once.

Prices are yuan, tax included, as exact decimals; a line is whole fen, rounded half up.
Source: domain §3.7 (price models, meter), docs/sources.md#pricing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.money import FEN_PER_YUAN, exact, round_fen

# Public governance and public benefit are free by law; they are metered and shown all the same.
FREE_PURPOSES = frozenset({"PUBLIC_GOVERNANCE", "PUBLIC_BENEFIT"})
TIERS_MAX = 20


class Model(StrEnum):
    """The price models of the field."""

    FREE = "FREE"
    FIXED_PRODUCT = "FIXED_PRODUCT"
    PER_CALL = "PER_CALL"
    TIERED_CALL = "TIERED_CALL"
    PER_RECORD = "PER_RECORD"
    SUBSCRIPTION_PERIOD = "SUBSCRIPTION_PERIOD"
    HYBRID = "HYBRID"


class UnusablePrice(ValueError):
    """A price that cannot be applied: gaps between tiers, a negative or a missing figure."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Units in (the previous bound, ``up_to``] at ``unit_price``; the last has no bound."""

    up_to: Decimal | None
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """
    A price as it is applied.

    ``base`` is due once a period (fixed product, subscription, the fixed part of a hybrid);
    ``tiers`` price the units.
    """

    model: Model
    base: Decimal = Decimal(0)
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        if self.base < 0 or len(self.tiers) > TIERS_MAX:
            raise UnusablePrice("a negative base price, or too many tiers")
        if (self.model in _UNIT_MODELS) != bool(self.tiers):
            raise UnusablePrice(f"{self.model} and its tiers do not fit")
        if (self.model in _BASE_MODELS) != bool(self.base):
            raise UnusablePrice(f"{self.model} and its base price do not fit")
        _check_tiers(self.tiers)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rated line: how many units at which price, and what that makes exactly."""

    quantity: Decimal
    unit_price: Decimal
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated line; ``steps`` explain it, ``rounding`` is what the one rounding moved, in fen."""

    gross_fen: int
    steps: tuple[Step, ...]
    rounding: Decimal


_UNIT_MODELS = frozenset({Model.PER_CALL, Model.TIERED_CALL, Model.PER_RECORD, Model.HYBRID})
_BASE_MODELS = frozenset({Model.FIXED_PRODUCT, Model.SUBSCRIPTION_PERIOD, Model.HYBRID})


def rate(
    *, quantity: Decimal | int, price: Price, purpose_class: str = "", free: bool = False
) -> Rated:
    """
    Return what a quantity of units costs in one period.

    A free purpose, or ``free`` for another reason, makes it nothing; the quantity is still stated.

    :raises UnusablePrice: the quantity is negative.
    """
    units = exact(quantity)
    if units < 0:
        raise UnusablePrice("a negative quantity")
    if free or purpose_class in FREE_PURPOSES or price.model is Model.FREE:
        return Rated(0, (Step(units, Decimal(0), Decimal(0)),), Decimal(0))
    steps = [Step(Decimal(1), price.base, price.base)] if price.base else []
    steps += _by_tier(units, price.tiers)
    exact_fen = sum((s.yuan for s in steps), Decimal(0)) * FEN_PER_YUAN
    gross_fen = round_fen(exact_fen)
    return Rated(gross_fen, tuple(steps), gross_fen - exact_fen)


def price_from(*, model: str, base: str, tiers: Sequence[Mapping[str, Any]]) -> Price:
    """
    Return a price from its stored form; ``tiers`` are {"up_to": text or None, "price": text}.

    :raises UnusablePrice: the figures do not make a price.
    """
    return Price(
        model=Model(model),
        base=exact(base),
        tiers=tuple(
            Tier(None if t["up_to"] is None else exact(t["up_to"]), exact(t["price"]))
            for t in tiers
        ),
    )


def _by_tier(units: Decimal, tiers: Sequence[Tier]) -> list[Step]:
    steps, below = [], Decimal(0)
    for tier in tiers:
        inside = (units if tier.up_to is None else min(units, tier.up_to)) - below
        if inside <= 0:
            break
        steps.append(Step(inside, tier.unit_price, inside * tier.unit_price))
        below += inside
    return steps


def _check_tiers(tiers: Sequence[Tier]) -> None:
    below = Decimal(0)
    for number, tier in enumerate(tiers):
        last = number == len(tiers) - 1
        if tier.unit_price < 0 or (tier.up_to is None) != last:
            raise UnusablePrice("a negative price, or a bound where none belongs")
        if tier.up_to is not None:
            if tier.up_to <= below:
                raise UnusablePrice("tiers must rise")
            below = tier.up_to
