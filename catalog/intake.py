"""Read datasets and their field lists from the tables a provider hands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog import choices, levels
from catalog.fields import FieldSpec
from core import tabular
from core.ids import uscc_is_valid
from core.tabular import Column, Row, RowError, TableRefused

DATASETS_MAX = 2_000
DATASETS_SHEET, FIELDS_SHEET = "datasets", "fields"
_CODE = tabular.text(length_max=12, pattern=r"[A-Z][A-Z0-9]{1,11}")


def _uscc(value: str) -> str:
    if not uscc_is_valid(value):
        raise tabular.WrongCell(_("no valid unified social credit code"))
    return value


DATASET_COLUMNS = (
    Column("code", _CODE),
    Column("title", tabular.text(length_max=120)),
    Column("provider_seq", tabular.whole_number(at_least=1, at_most=500)),
    Column("provider_name", tabular.text(length_max=120)),
    Column("provider_uscc", _uscc),
    Column("domain", tabular.one_of(choices.DomainChoice.values)),
    Column("openness", tabular.one_of(choices.OpennessChoice.values)),
    Column("openness_reason", tabular.one_of(choices.ReasonChoice.values)),
    Column("level", tabular.one_of(choices.LevelChoice.values)),
    Column("update_frequency", tabular.one_of(choices.FrequencyChoice.values)),
    Column("delivery_modes", tabular.several_of(choices.DeliveryChoice.values)),
    Column("requires_consent", tabular.yes_or_no),
    Column("description", tabular.text(length_max=2_000)),
    Column("conditions", tabular.text(length_max=2_000), required=False, default=""),
    Column("supervision_measures", tabular.text(length_max=2_000), required=False, default=""),
)
FIELD_COLUMNS = (
    Column("dataset", _CODE),
    Column("name", tabular.text(length_max=60, pattern=r"[a-z][a-z0-9_]{0,59}")),
    Column("title", tabular.text(length_max=80)),
    Column("data_type", tabular.one_of(choices.DataTypeChoice.values)),
    Column("level", tabular.one_of(choices.LevelChoice.values)),
    Column("sensitivity", tabular.one_of(choices.SensitivityChoice.values)),
    Column("filterable", tabular.yes_or_no),
    Column("example", tabular.text(length_max=120), required=False, default=""),
)
_DESCRIPTION = (
    "title",
    "domain",
    "openness",
    "openness_reason",
    "update_frequency",
    "delivery_modes",
    "requires_consent",
    "description",
    "conditions",
    "supervision_measures",
)


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """One dataset as a table states it, with its fields; ``row`` is its row in the table."""

    row: int
    code: str
    provider_sequence: int
    provider_name: str
    provider_uscc: str
    description: dict[str, Any]
    fields: tuple[FieldSpec, ...]


def read_datasets(*, path: Path, fields_path: Path | None = None) -> tuple[DatasetSpec, ...]:
    """
    Return the datasets of two CSV files, or of one workbook with sheets "datasets" and "fields".

    :raises TableRefused: a cell does not fit, or datasets and fields do not fit each other.
    """
    in_one = fields_path is None
    datasets = tabular.read(
        path=path,
        columns=DATASET_COLUMNS,
        key=("code",),
        sheet=DATASETS_SHEET if in_one else None,
        rows_max=DATASETS_MAX,
    )
    fields = tabular.read(
        path=fields_path or path,
        columns=FIELD_COLUMNS,
        key=("dataset", "name"),
        sheet=FIELDS_SHEET if in_one else None,
    )
    by_code: dict[str, list[Row]] = {row["code"]: [] for row in datasets.rows}
    errors = [
        RowError(row.number, "fields.dataset", row["dataset"], _("no such dataset in the file"))
        for row in fields.rows
        if row["dataset"] not in by_code
    ]
    for row in fields.rows:
        by_code.get(row["dataset"], []).append(row)
    for row in datasets.rows:
        errors += _mismatches(row, by_code[row["code"]])
    if errors:
        raise TableRefused(errors=errors[: tabular.ERRORS_MAX])
    return tuple(_spec(row, by_code[row["code"]]) for row in datasets.rows)


def _mismatches(row: Row, fields: Sequence[Row]) -> list[RowError]:
    if not fields:
        return [RowError(row.number, "code", row["code"], _("no field is declared for it"))]
    found = []
    highest = levels.highest(one["level"] for one in fields)
    if row["level"] != highest:
        reason = _("the highest level of its fields is %(level)s") % {"level": highest}
        found.append(RowError(row.number, "level", row["level"], reason))
    widest = levels.widest_openness(level=highest, sensitivities=[f["sensitivity"] for f in fields])
    if levels.is_wider(row["openness"], widest):
        reason = _("its fields allow %(widest)s at most") % {"widest": widest}
        found.append(RowError(row.number, "openness", row["openness"], reason))
    if row["openness_reason"] not in levels.REASONS[row["openness"]]:
        reason = _("not a reason of the class %(openness)s") % {"openness": row["openness"]}
        found.append(RowError(row.number, "openness_reason", row["openness_reason"], reason))
    return found


def _spec(row: Row, fields: Sequence[Row]) -> DatasetSpec:
    return DatasetSpec(
        row=row.number,
        code=row["code"],
        provider_sequence=row["provider_seq"],
        provider_name=row["provider_name"],
        provider_uscc=row["provider_uscc"],
        description={name: row[name] for name in _DESCRIPTION},
        fields=tuple(
            FieldSpec(
                name=one["name"],
                title=one["title"],
                data_type=one["data_type"],
                level=one["level"],
                sensitivity=one["sensitivity"],
                filterable=one["filterable"],
                example=one["example"],
            )
            for one in fields
        ),
    )
