"""Datasets from tables: all or nothing, row by row, twice the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from catalog.models import Dataset, DatasetField, DatasetVersion
from parties.models import Organization, PublicUnit
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
DATASETS, FIELDS = "demo/data/datasets.csv", "demo/data/dataset_fields.csv"


@pytest.fixture(autouse=True)
def units():
    call_command("import_units", "demo/data/targets_2023.csv", verbosity=0)


def everything():
    """Return what an import could have changed."""
    return [
        list(Dataset.objects.order_by("code").values()),
        list(DatasetVersion.objects.order_by("id").values()),
        list(DatasetField.objects.order_by("id").values()),
        list(Organization.objects.order_by("id").values()),
        AuditEntry.objects.count(),
    ]


def altered(tmp_path, source, **changes):
    """Write a copy of a CSV with some cells changed: ``{(row, column): value}``."""
    rows = list(csv.DictReader(io.StringIO(Path(source).read_text(encoding="utf-8"))))
    for (number, column), value in changes["cells"].items():
        rows[number - 2][column] = value
    target = tmp_path / Path(source).name
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return str(target)


def test_fifteen_datasets_come_in_as_drafts_with_fields_and_providers(capsys):
    call_command("import_datasets", DATASETS, FIELDS)
    assert Dataset.objects.filter(state="DRAFT", level="").count() == 15
    assert Organization.objects.filter(kind="PROVIDER", state="VERIFIED").count() == 15
    first = Dataset.objects.get(code="D01")
    assert [f.name for f in first.versions.get().fields.order_by("position")][:3] == [
        "uscc",
        "name",
        "status",
    ]
    assert PublicUnit.objects.get(sequence=41).organization == first.provider
    assert "15 datasets added" in capsys.readouterr().out


def test_the_same_tables_twice_change_nothing(capsys):
    call_command("import_datasets", DATASETS, FIELDS, verbosity=0)
    before = everything()
    call_command("import_datasets", DATASETS, FIELDS)
    assert everything() == before
    assert "0 datasets added, 0 entries changed, 15 datasets unchanged" in capsys.readouterr().out


def test_a_workbook_says_the_same_as_the_two_files(tmp_path):
    book = openpyxl.Workbook()
    for name, source in (("datasets", DATASETS), ("fields", FIELDS)):
        sheet = book.create_sheet(name)
        for line in csv.reader(io.StringIO(Path(source).read_text(encoding="utf-8"))):
            sheet.append(line)
    book.save(tmp_path / "catalog.xlsx")
    call_command("import_datasets", str(tmp_path / "catalog.xlsx"), verbosity=0)
    before = everything()
    call_command("import_datasets", DATASETS, FIELDS, verbosity=0)
    assert everything() == before


def test_a_changed_table_says_what_it_changes(tmp_path, capsys):
    call_command("import_datasets", DATASETS, FIELDS, verbosity=0)
    datasets = altered(tmp_path, DATASETS, cells={(2, "update_frequency"): "WEEKLY"})
    fields = altered(tmp_path, FIELDS, cells={(3, "title"): "企业全称"})
    call_command("import_datasets", datasets, fields)
    out = capsys.readouterr().out
    assert "~ D01 update_frequency: DAILY -> WEEKLY" in out
    assert "~ D01 fields -> v1 (9)" in out
    assert (
        Dataset.objects.get(code="D01").versions.get().fields.get(name="name").title == "企业全称"
    )


def test_a_trial_run_stores_nothing():
    before = everything()
    call_command("import_datasets", DATASETS, FIELDS, "--dry-run", verbosity=0)
    assert everything() == before


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({(2, "level"): "L9"}, "level"),
        ({(2, "level"): "L1"}, "level"),
        ({(3, "openness"): "UNCONDITIONAL"}, "openness"),
        ({(4, "openness_reason"): "TRADE_SECRET"}, "openness_reason"),
        ({(5, "provider_uscc"): "113202000000U04185"}, "provider_uscc"),
        ({(6, "provider_seq"): "99"}, "provider_seq"),
        ({(7, "description"): "=HYPERLINK(1)"}, "description"),
        ({(8, "code"): "D01"}, "code"),
        ({(9, "title"): ""}, "title"),
    ],
)
def test_one_wrong_cell_refuses_the_whole_table(tmp_path, cells, column):
    [(row, _column)] = cells
    before = everything()
    with pytest.raises(CommandError) as refused:
        call_command("import_datasets", altered(tmp_path, DATASETS, cells=cells), FIELDS)
    assert f"{row}" in str(refused.value)
    assert column in str(refused.value)
    assert everything() == before


def test_a_field_that_speaks_of_persons_refuses_an_open_class(tmp_path):
    fields = altered(tmp_path, FIELDS, cells={(2, "sensitivity"): "PI"})
    with pytest.raises(CommandError, match="NON_OPEN"):
        call_command("import_datasets", DATASETS, fields)
    assert not Dataset.objects.exists()


def test_a_header_that_does_not_fit_is_refused(tmp_path):
    wrong = tmp_path / "datasets.csv"
    wrong.write_text("code,titel\nD01,x\n", encoding="utf-8")
    with pytest.raises(CommandError, match="titel"):
        call_command("import_datasets", str(wrong), FIELDS)
    assert not Dataset.objects.exists()
