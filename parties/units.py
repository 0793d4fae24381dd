"""The units of the policy's annex and their targets, from a table. Source: clause B32."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import tabular
from parties.models import Organization, PublicUnit

UNITS_MAX = 500
COLUMNS = (
    tabular.Column("seq", tabular.whole_number(at_least=1, at_most=UNITS_MAX)),
    tabular.Column("unit_zh", tabular.text(length_max=60)),
    tabular.Column("target_datasets_2023", tabular.whole_number(at_least=0, at_most=100_000)),
)
# Last number of each group in the annex of the 2023 policy.
GROUP_ENDS = (
    (14, PublicUnit.Group.PARTY),
    (52, PublicUnit.Group.GOVERNMENT),
    (60, PublicUnit.Group.ENTERPRISE),
    (UNITS_MAX, PublicUnit.Group.DISTRICT),
)


@dataclass(frozen=True, slots=True)
class UnitsImported:
    """What an import of units did; ``total`` is the sum of all targets after it."""

    count: int
    total: int
    added: tuple[str, ...]
    changed: tuple[str, ...]


def read_units(*, path: Path) -> tuple[PublicUnit, ...]:
    """
    Return the units a file states.

    :raises tabular.TableRefused: a cell does not fit, a name stands twice, a number is missing.
    """
    table = tabular.read(path=path, columns=COLUMNS, key=("seq",), rows_max=UNITS_MAX)
    errors: list[tabular.RowError] = []
    names: dict[str, int] = {}
    for expected, row in enumerate(sorted(table.rows, key=lambda r: r["seq"]), start=1):
        if row["seq"] != expected:
            reason = _("number %(number)d is missing") % {"number": expected}
            errors.append(tabular.RowError(row.number, "seq", str(row["seq"]), reason))
            break
    for row in table.rows:
        if names.setdefault(row["unit_zh"], row.number) != row.number:
            reason = _("the same as in row %(row)d") % {"row": names[row["unit_zh"]]}
            errors.append(tabular.RowError(row.number, "unit_zh", row["unit_zh"], reason))
    if errors:
        raise tabular.TableRefused(errors=errors)
    return tuple(
        PublicUnit(
            sequence=row["seq"],
            name=row["unit_zh"],
            target_datasets=row["target_datasets_2023"],
            group=next(group for end, group in GROUP_ENDS if row["seq"] <= end),
        )
        for row in table.rows
    )


def store_units(*, units: tuple[PublicUnit, ...]) -> UnitsImported:
    """Add units that are not there and correct those that differ; the same file changes nothing."""
    added, changed = [], []
    with transaction.atomic():
        known = {u.sequence: u for u in PublicUnit.objects.select_for_update()}
        organizations = {o.short_name: o for o in Organization.objects.filter(kind="PROVIDER")}
        for unit in units:
            before = known.get(unit.sequence)
            unit.organization = organizations.get(unit.name)
            if before is None:
                unit.save(force_insert=True)
                added.append(f"{unit.sequence} {unit.name} {unit.target_datasets}")
            elif _text(before) != _text(unit):
                changed.append(f"{_text(before)} -> {_text(unit)}")
                before.name, before.target_datasets = unit.name, unit.target_datasets
                before.group = unit.group
                before.save()
        rows = PublicUnit.objects.values_list("target_datasets", flat=True)
    return UnitsImported(len(rows), sum(rows), tuple(added), tuple(changed))


def _text(unit: PublicUnit) -> str:
    return f"{unit.sequence} {unit.name} {unit.target_datasets} {unit.group}"


def unit_name(*, sequence: int) -> str | None:
    """Return the name of a unit by its number in the annex, or None."""
    return PublicUnit.objects.filter(sequence=sequence).values_list("name", flat=True).first()


def link_unit(*, sequence: int, organization: Organization) -> None:
    """Say which organization a unit of the annex is; linking again changes nothing."""
    with transaction.atomic():
        unit = PublicUnit.objects.select_for_update().get(sequence=sequence)
        if unit.organization_id != organization.id:
            unit.organization = organization
            unit.save(update_fields=["organization"])
