"""The exported journal, read by tools that are not ours."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ledger import accounts, export, posting
from ledger.journal import Entry, Leg
from tests.ledger.support import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(chart) -> None:
    accounts.open_account(code="2202", name='应付"各方"; 汇总, \\一', kind="liability")
    accounts.open_account(code="1003", name="美元账户", kind="asset", currency="USD")
    accounts.open_account(code="3001", name="美元资本", kind="equity", currency="USD")
    accounts.open_account(code="6601", name="手续费", kind="expense")
    posting.post_many(
        entries=[
            move("1002", "6001", 2169600, on=date(2026, 9, 30)),
            move("1003", "3001", 5, on=date(2026, 10, 2)),
            move("6601", "1002", 100, on=date(2026, 9, 1)),
            Entry(
                key="split", template="test-any", effective_on=date(2026, 10, 1),
                description='拆分 "一" ; 二 | 三 \\ \n四', reference="statement:1",
                legs=(Leg("1002", 10600), Leg("2202", -600), Leg("2202:P-1", -10000)),
            ),
        ],
        all_or_nothing=True,
    )


def exported(tmp_path: Path, style: str, *options: str) -> Path:
    target = tmp_path / f"journal.{style}"
    call_command("export_journal", "--format", style, "--output", str(target), *options)
    return target


def hledger(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["hledger", *map(str, arguments)], capture_output=True, text=True, check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )


def bean_check(file: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("bean-check")
    return subprocess.run(
        [str(program), "--no-cache", str(file)], capture_output=True, text=True, check=False
    )


OPTIONS = [[], ["--to", "2026-09-30"], ["--from", "2026-10-01"], ["--to", "2020-01-01"]]


@pytest.mark.parametrize("options", OPTIONS)
def test_hledger_accepts_the_journal_strictly(posted, tmp_path, options):
    found = hledger("check", "--strict", "-f", exported(tmp_path, "hledger", *options))

    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("options", OPTIONS)
def test_beancount_accepts_the_journal(posted, tmp_path, options):
    found = bean_check(exported(tmp_path, "beancount", *options))

    assert found.returncode == 0, found.stderr + found.stdout


def test_both_refuse_a_journal_that_was_changed(posted, tmp_path):
    for style in export.FORMATS:
        file = exported(tmp_path, style)
        file.write_text(file.read_text().replace("  21696.00 CNY\n", "  21696.01 CNY\n"))

    assert hledger("check", "-f", tmp_path / "journal.hledger").returncode != 0
    assert bean_check(tmp_path / "journal.beancount").returncode != 0


def test_both_recount_the_balances_we_assert(posted, tmp_path):
    for style in export.FORMATS:
        file = exported(tmp_path, style)
        text = file.read_text()
        assert text.count(" 21801.00 ") == 1
        file.write_text(text.replace(" 21801.00 ", " 21801.01 "))

    assert "balance assertion" in hledger("check", "-f", tmp_path / "journal.hledger").stderr
    assert bean_check(tmp_path / "journal.beancount").returncode != 0


def test_hledger_counts_the_same_balance(posted, tmp_path):
    file = exported(tmp_path, "hledger")

    found = hledger("balance", "-f", file, "--flat", "-O", "csv", "1002")

    assert '"1002","21801.00 CNY"' in found.stdout


def test_dates_are_inclusive_and_text_survives(posted):
    out = StringIO()
    call_command(
        "export_journal", "--format", "hledger", "--from", "2026-10-01", "--to", "2026-10-01",
        stdout=out,
    )

    assert "拆分" in out.getvalue()
    assert "2026-10-02" not in out.getvalue()
    assert "closing balances" not in out.getvalue()


def test_empty_books_export_to_an_empty_file(db, tmp_path):
    assert exported(tmp_path, "hledger").read_text() == ""


def test_reads_page_by_page(posted, monkeypatch):
    whole = list(export.lines(style="hledger"))
    monkeypatch.setattr(export, "PAGE_JOURNALS", 1)

    assert list(export.lines(style="hledger")) == whole
