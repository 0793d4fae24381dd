"""Rated lines: what each license of an agreement owes for a month, by which price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from catalog.models import Dataset
from contracts.models import Agreement
from licensing.models import License
from settlement import pricing
from settlement.charges import Rules
from settlement.errors import NothingToSettle, PriceMissing, RuleMissing
from settlement.metering import Metered, metered
from settlement.models import (
    Dispute,
    FeeSchedule,
    PriceVersion,
    SplitPolicy,
    Statement,
    StatementLine,
    TaxRate,
)
from settlement.periods import Month

# How many settled months are looked through for usage that was stored late.
LATE_MONTHS_MAX = 12


@dataclass(frozen=True, slots=True)
class InForce:
    """The versions of the rules that apply to a month."""

    split: SplitPolicy
    fees: FeeSchedule
    tax: TaxRate

    def rules(self, *, sandbox: bool) -> Rules:
        """Return them as figures; ``sandbox`` says whether the month's sandbox fee is due."""
        return Rules(
            tax_rate=self.tax.rate,
            weights=tuple(Decimal(share["weight"]) for share in self.split.shares),
            platform_rate=self.fees.platform_rate,
            sandbox_fen=self.fees.sandbox_fen_per_month if sandbox else 0,
        )


def rules_in_force(day: date) -> InForce:
    """
    Return the rules in force on a day.

    :raises RuleMissing: there is no split policy, fee schedule or tax rate.
    """
    split = SplitPolicy.objects.filter(effective_on__lte=day).order_by("-version").first()
    fees = FeeSchedule.objects.filter(effective_on__lte=day).order_by("-version").first()
    tax = TaxRate.objects.filter(effective_on__lte=day).order_by("-effective_on").first()
    if split is None or fees is None or tax is None:
        raise RuleMissing
    return InForce(split, fees, tax)


def price_in_force(dataset: Dataset, *, day: date) -> PriceVersion:
    """
    Return the published price of a dataset on a day.

    :raises PriceMissing: there is none.
    """
    found = (
        dataset.prices.filter(published_at__isnull=False, effective_on__lte=day)
        .order_by("-effective_on", "-number")
        .first()
    )
    if found is None:
        raise PriceMissing(dataset=dataset.code)
    return found


def lines_of(
    agreement: Agreement, month: Month, *, free: Iterable[str], purpose_class: str, at: datetime
) -> list[StatementLine]:
    """
    Return the unsaved lines of an agreement for a month, as the meter stands at ``at``.

    ``free`` are the codes of datasets that cost nothing under the agreement's terms.

    :raises NothingToSettle: no license was valid in the month.
    :raises PriceMissing: a dataset has no published price.
    """
    licenses = list(
        License.objects.filter(
            agreement=agreement, valid_from__lte=month.last, valid_to__gte=month.first
        )
        .select_related("dataset")
        .order_by("dataset__code", "issued_at", "id")
    )
    if not licenses:
        raise NothingToSettle
    unpaid = frozenset(free)
    lines = []
    for license_ in licenses:
        price = price_in_force(license_.dataset, day=month.first)
        used = metered(
            license_id=license_.id,
            model=price.model,
            from_at=month.from_at,
            to_at=month.to_at,
            stored_before=at,
        )
        rated = pricing.rate(
            quantity=used.quantity,
            price=_price(price),
            purpose_class=purpose_class,
            free=license_.dataset.code in unpaid or _is_bought(license_, price),
        )
        lines.append(_line(license_, price, used, rated))
    lines += _late_lines(agreement, month, at=at)
    lines += _carried_lines(agreement)
    for position, line in enumerate(lines, start=1):
        line.position = position
    return lines


def _is_bought(license_: License, price: PriceVersion) -> bool:
    """Return whether a product that is paid once has been paid with an earlier month."""
    return (
        price.model == PriceVersion.Model.FIXED_PRODUCT
        and StatementLine.objects.filter(
            license=license_, gross_fen__gt=0, statement__state__in=Statement.STANDING
        ).exists()
    )


def _price(price: PriceVersion) -> pricing.Price:
    return pricing.price_from(model=price.model, base=str(price.base_price), tiers=price.tiers)


def _line(
    license_: License, price: PriceVersion, used: Metered, rated: pricing.Rated, **changes: Any
) -> StatementLine:
    facts = {
        "quantity": used.quantity,
        "steps": [_step(step) for step in rated.steps],
        "gross_fen": rated.gross_fen,
        "server_errors": used.count.server_errors,
        "retries": used.count.retries,
        "refused": used.count.refused,
    }
    return StatementLine(
        license=license_,
        price=price,
        from_at=used.from_at,
        to_at=used.to_at,
        stored_before=used.stored_before,
        first_event_id=used.count.first_id,
        last_event_id=used.count.last_id,
        event_set_hash=used.count.event_set_hash,
        **(facts | changes),
    )


def _step(step: pricing.Step) -> dict[str, str]:
    return {
        "quantity": f"{step.quantity:f}",
        "unit_price": f"{step.unit_price.normalize():f}",
        "yuan": f"{step.yuan:f}",
    }


def _late_lines(agreement: Agreement, month: Month, *, at: datetime) -> list[StatementLine]:
    """Charge what reached the meter after its month was settled, at the price of its month."""
    settled = (
        StatementLine.objects.filter(
            statement__agreement=agreement,
            statement__state__in=Statement.STANDING,
            kind__in=[StatementLine.Kind.USAGE, StatementLine.Kind.CARRIED],
            from_at__lt=month.from_at,
        )
        .select_related("license__dataset", "price", "statement")
        .order_by("-from_at", "license__dataset__code", "id")
    )
    oldest = _months_back(month, LATE_MONTHS_MAX)
    lines, seen = [], set()
    for line in settled.filter(from_at__gte=oldest):
        if (line.license_id, line.from_at) in seen:
            continue
        seen.add((line.license_id, line.from_at))
        late = _late_line(line, at=at)
        if late is not None:
            lines.append(late)
    return lines


def _late_line(line: StatementLine, *, at: datetime) -> StatementLine | None:
    used = metered(
        license_id=line.license_id,
        model=line.price.model,
        from_at=line.from_at,
        to_at=line.to_at,
        stored_before=at,
    )
    billed = StatementLine.objects.filter(
        license_id=line.license_id,
        from_at=line.from_at,
        statement__state__in=[Statement.State.DRAFT, *Statement.STANDING],
    ).aggregate(units=Sum("quantity"), fen=Sum("gross_fen"))
    quantity = used.quantity - billed["units"]
    if quantity <= 0:
        return None
    # What was free in its month stays free: its only steps cost nothing.
    free = bool(line.steps) and all(Decimal(s["unit_price"] or 1) == 0 for s in line.steps)
    whole = pricing.rate(quantity=used.quantity, price=_price(line.price), free=free)
    gross_fen = whole.gross_fen - billed["fen"]
    step = {"quantity": f"{quantity:f}", "unit_price": "", "yuan": str(Decimal(gross_fen) / 100)}
    return _line(
        line.license,
        line.price,
        used,
        whole,
        kind=StatementLine.Kind.LATE,
        quantity=quantity,
        steps=[step],
        gross_fen=gross_fen,
        server_errors=0,
        retries=0,
        refused=0,
    )


def _carried_lines(agreement: Agreement) -> list[StatementLine]:
    """Take up lines that were frozen by a dispute and stand after its answer."""
    answered = (
        StatementLine.objects.filter(
            statement__agreement=agreement, disputes__outcome=Dispute.Outcome.STANDS
        )
        .exclude(
            pk__in=StatementLine.objects.filter(origin__isnull=False)
            .exclude(statement__state__in=_GONE)
            .values("origin_id")
        )
        .order_by("from_at", "id")
    )
    return [copy_of(line, kind=StatementLine.Kind.CARRIED, origin=line) for line in answered]


_GONE = (Statement.State.VOID, Statement.State.DISPUTED, Statement.State.REPLACED)
_COPIED = (
    "license_id", "price_id", "quantity", "steps", "gross_fen", "server_errors", "retries",
    "refused", "from_at", "to_at", "stored_before", "first_event_id", "last_event_id",
    "event_set_hash",
)  # fmt: skip


def copy_of(line: StatementLine, **changes: Any) -> StatementLine:
    """Return an unsaved line with the figures of another."""
    facts = {"kind": line.kind, "origin_id": line.origin_id, "position": line.position}
    if "origin" in changes:
        del facts["origin_id"]
    return StatementLine(**{name: getattr(line, name) for name in _COPIED}, **(facts | changes))


def _months_back(month: Month, months: int) -> datetime:
    first = month.first
    year, number = divmod(first.year * 12 + first.month - 1 - months, 12)
    return type(month)(date(year, number + 1, 1), month.last).from_at
