"""Tables people hand in: every encoding, every wrong cell, all or nothing."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from core import tabular
from core.models import CalendarDay, CalendarYear
from core.tabular import Column, TableRefused

COLUMNS = (
    Column("name", tabular.text(length_max=10)),
    Column("number", tabular.whole_number(at_least=0, at_most=100)),
    Column("day", tabular.iso_date, required=False),
    Column("open", tabular.yes_or_no, required=False, default=False),
)
TEXT = "name,number,day,open\n市气象局,12,2026-09-14,是\n市水利局,0,,\n"


def read(path, **options):
    return [row.values for row in tabular.read(path=path, columns=COLUMNS, **options).rows]


EXPECTED = [
    {"name": "市气象局", "number": 12, "day": dt.date(2026, 9, 14), "open": True},
    {"name": "市水利局", "number": 0, "day": None, "open": False},
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_people_have(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert read(path) == EXPECTED


def test_a_workbook_is_read_with_its_own_dates_and_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["name", "number", "day", "open"])
    book.active.append(["市气象局", 12.0, dt.datetime(2026, 9, 14), True])
    book.active.append(["市水利局", 0, None, None])
    book.active.append([None, None, None, None])
    book.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx") == EXPECTED


def test_a_formula_in_a_workbook_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["name", "number"])
    book.active.append(["甲", "=1+1"])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(TableRefused) as refused:
        read(tmp_path / "t.xlsx")
    [error] = refused.value.errors
    assert (error.row, error.column) == (2, "number")


def test_every_wrong_cell_is_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "name,number,day,open\n,x,2026-13-01,maybe\n@cmd,-1,,\n甲,7,,,extra\n", encoding="utf-8"
    )
    with pytest.raises(TableRefused) as refused:
        read(path)
    assert [(e.row, e.column) for e in refused.value.errors] == [
        (2, "name"),
        (2, "number"),
        (2, "day"),
        (2, "open"),
        (3, "name"),
        (3, "number"),
        (4, ""),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,number\n",
        b"name,nummer\n\xe7\x94\xb2,1\n",
        b"name,name,number\na,b,1\n",
        b'name,number\n"a,1\n',
        b"\xff\xfen\x00a\x00",
        b"PK\x03\x04 not a workbook",
        "name,number\n甲,1\n甲,2\n".encode(),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(TableRefused):
        read(path, key=("name",))


def test_too_many_rows_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("name,number\n" + "甲,1\n" * 11, encoding="utf-8")
    with pytest.raises(TableRefused):
        read(path, rows_max=10)


@pytest.mark.django_db
class TestImportCalendar:
    FILE = "demo/data/cn_calendar_2025_2026.csv"

    def test_the_same_file_twice_changes_nothing(self, capsys):
        before = list(CalendarYear.objects.order_by("year").values())
        call_command("import_calendar", self.FILE)
        assert "nothing to change" in capsys.readouterr().out
        assert list(CalendarYear.objects.order_by("year").values()) == before

    def test_a_changed_day_is_said_and_only_its_year_is_touched(self, tmp_path, capsys):
        text = open(self.FILE, encoding="utf-8-sig").read()  # noqa: PTH123, SIM115
        assert "2026-10-10,WORK" in text
        lines = [line for line in text.splitlines() if not line.startswith("2026-10-10")]
        changed = tmp_path / "calendar.csv"
        changed.write_text("\n".join(lines), encoding="utf-8")
        call_command("import_calendar", str(changed))
        out = capsys.readouterr().out
        assert "2026: changed" in out
        assert "  - 2026-10-10 WORK" in out
        assert "2025:" not in out
        assert not CalendarDay.objects.filter(day="2026-10-10").exists()

    def test_a_make_up_day_on_a_weekday_is_refused_and_nothing_is_written(self, tmp_path):
        wrong = tmp_path / "calendar.csv"
        wrong.write_text(
            "date,day_type,name_zh,source_notice\n2027-01-04,WORK,元旦,https://www.gov.cn/x\n",
            encoding="utf-8",
        )
        with pytest.raises(CommandError):
            call_command("import_calendar", str(wrong))
        assert not CalendarYear.objects.filter(year=2027).exists()

    def test_a_trial_run_stores_nothing(self, tmp_path):
        new = tmp_path / "calendar.csv"
        new.write_text(
            "date,day_type,name_zh,source_notice\n2027-01-01,OFF,元旦,https://www.gov.cn/x\n",
            encoding="utf-8",
        )
        call_command("import_calendar", str(new), "--dry-run", verbosity=0)
        assert not CalendarYear.objects.filter(year=2027).exists()
