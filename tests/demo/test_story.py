"""
The stories, told once on a server of their own by the application's restricted role.

Everything the product promises of them is read from what they left behind.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from config import embedded
from tests.platform.conftest import ROOT, bare_environment, remove_traces

SECONDS_MAX = 600


class Told:
    """A folder in which the story was told, and the commands of the product on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = embedded.Cluster(data_dir=folder / "postgres", fast=False)
        self.environment = bare_environment() | {
            "DATADEED_VAR_DIR": str(folder),
            "DATADEED_DATABASE": "datadeed_story",
            "DATADEED_DEMO": "explicit",
            "DATADEED_LOG_LEVEL": "ERROR",
        }

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
        )

    def connect(self, role: str) -> psycopg.Connection:
        login = self.cluster.describe(user=role)
        return psycopg.connect(
            host=login["HOST"], port=login["PORT"], user=login["USER"], dbname="datadeed_story"
        )


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    folder = Path(tempfile.mkdtemp(prefix="datadeed-story-"))
    folder.chmod(0o711)
    world = Told(folder)
    try:
        for words in (("setup_database", "--fresh"), ("tell_story",)):
            done = world.manage(*words)
            assert done.returncode == 0, done.stdout + done.stderr
        yield world
    finally:
        embedded.stop(cluster=world.cluster)
        remove_traces(world.cluster)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def report(told: Told) -> dict:
    return json.loads((told.folder / "demo" / "report.json").read_text(encoding="utf-8"))


class TestFirstStory:
    def test_every_deadline_falls_on_the_day_the_official_calendar_gives(self, report):
        assert report["s1"]["deadlines"] == {
            "acceptance": "2026-09-17",
            "provider_review": "2026-09-22",
            "security_review": "2026-09-30",
            "committee": "2026-10-16",
            "overall": "2026-10-20",
            "signing": "2026-11-03",
            "credential": "2026-10-23",
        }

    def test_errors_and_retries_are_metered_and_not_billed(self, report):
        usage = report["s1"]["usage"]
        assert usage["D01"] == {
            "billable": "312400",
            "server_errors": "4100",
            "retries": "1250",
            "refused": "2",
        }
        assert usage["D07"]["billable"] == "8200"

    def test_the_statement_comes_out_to_the_fen(self, report):
        statement = report["s1"]["statement"]
        assert {key: statement[key] for key in ("D01", "D07", "gross", "net", "vat")} == {
            "D01": "13496.00",
            "D07": "8200.00",
            "gross": "21696.00",
            "net": "20467.92",
            "vat": "1228.08",
        }
        assert statement["split"] == ["8187.17", "9210.56", "1023.40", "2046.79"]
        assert statement["platform_fee"] == "1084.80"
        assert statement["sandbox_fee"] == "2000.00"
        assert statement["payable"] == "24780.80"
        assert statement["state"] == "PAID"


class TestSecondStory:
    def test_the_request_for_closed_data_is_refused_with_the_reason_that_they_are_closed(
        self, report
    ):
        assert report["s2"]["first"] == {"state": "NOT_ACCEPTED", "refusal": "NON_OPEN"}

    def test_the_days_of_the_ethics_opinion_do_not_count(self, report):
        second = report["s2"]
        assert second["correction_due"] == "2026-03-25"
        assert (second["limit"], second["limit_after_stop"]) == ("2026-04-14", "2026-04-21")

    def test_one_member_is_recused_one_dissents_and_the_conditions_are_part_of_the_approval(
        self, report
    ):
        second = report["s2"]
        assert (second["recused"], second["votes_against"]) == ("1", "1")
        assert second["result"] == "APPROVED_WITH_CONDITIONS"
        assert len(second["conditions"]) == 3
        assert second["terms"] == {
            "mode": "SANDBOX",
            "group_size_min": "10",
            "output_check": "True",
        }

    def test_research_for_the_public_is_free_and_its_agreement_takes_effect(self, report):
        assert (report["s2"]["agreement"], report["s2"]["free"]) == ("EFFECTIVE", "True")

    def test_the_refused_rival_may_object_until_ten_working_days_after_the_decision(self, report):
        assert report["s2"]["rival"] == {"result": "REJECTED", "objection_due": "2026-05-07"}


def test_the_violation_story_ends_closed_published_and_destroyed(report):
    assert report["s3"]["statement_due"] == "2026-06-25"
    assert report["s3"]["destruction_due"] == "2026-07-22"
    assert report["s3"]["measure"] == "CLOSE"
    assert report["s3"]["certificates"] == "rejected verified"
    assert "/notices/" in report["s3"]["notice_url"]


def test_books_and_trail_verify_and_the_annex_adds_up(report):
    assert report["ledger"]["trial_balance"] == "0"
    assert report["audit"]["verified"] is True
    assert int(report["audit"]["entries"]) > 0
    assert report["units"] == {"count": "68", "sum": "2637"}


class TestDocuments:
    @pytest.mark.parametrize(
        "kind", ["DECISION", "MINUTES", "SIGNED", "ORIGINAL", "NOTICE", "PDF", "XLSX", "JSON"]
    )
    def test_every_kind_of_document_is_there(self, told, kind):
        assert list((told.folder / "demo" / "documents").glob(f"*-{kind}.*"))

    def test_the_license_embeds_its_fonts_and_its_code_leads_to_the_verification(self, told):
        [path] = (told.folder / "demo" / "documents").glob("*00003号-ORIGINAL.pdf")
        fonts = _run("pdffonts", path).splitlines()[2:]
        assert fonts
        assert all(line.split()[-5] == "yes" for line in fonts)
        text = _run("pdftotext", path, "-")
        assert "锡城示例征信科技有限公司" in text
        assert "锡数许〔2026〕00003号" in text
        _run("qpdf", "--check", path)
        assert len(PdfReader(path).pages) == 1
        picture = told.folder / "license"
        _run("pdftoppm", "-r", "200", "-png", "-singlefile", path, picture)
        codes = zxingcpp.read_barcodes(Image.open(picture.with_suffix(".png")))
        assert [code.text for code in codes] == [
            f"http://127.0.0.1:8000/verify/{_machine_number(told)}"
        ]

    def test_the_stored_hash_is_the_hash_of_the_file(self, told):
        with told.connect(embedded.OWNER_ROLE) as connection:
            rows = connection.execute(
                "SELECT file, content_hash FROM licensing_licensedocument"
            ).fetchall()
        assert rows
        assert all(sha256(bytes(file)).hexdigest() == hash_ for file, hash_ in rows)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_auditentry SET actor_name = 'x'",
        "DELETE FROM workflow_auditentry",
        "TRUNCATE workflow_auditentry",
        "UPDATE ledger_leg SET amount_fen = 0",
        "DELETE FROM ledger_journal",
        "TRUNCATE ledger_leg",
    ],
)
def test_the_application_cannot_rewrite_history(told, statement):
    with (
        told.connect(embedded.APP_ROLE) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


class TestExport:
    def test_hledger_accepts_the_books(self, told):
        exported = told.manage("export_journal", "--format", "hledger")
        assert exported.returncode == 0, exported.stderr
        journal = told.folder / "books.journal"
        journal.write_text(exported.stdout, encoding="utf-8")
        _run("hledger", "-f", journal, "check")
        assert "WX-DZ-2026-11-00001" in exported.stdout

    def test_beancount_accepts_the_books(self, told):
        exported = told.manage("export_journal", "--format", "beancount")
        assert exported.returncode == 0, exported.stderr
        books = told.folder / "books.beancount"
        books.write_text(exported.stdout, encoding="utf-8")
        _run(Path(sys.executable).parent / "bean-check", books)


def test_a_second_telling_into_the_same_database_is_refused(told):
    again = told.manage("tell_story")
    assert again.returncode != 0
    assert "needs an empty one" in again.stderr


def test_an_entry_altered_by_the_owner_is_named_by_the_verification(told):
    # Last in the file: it breaks the trail for good.
    assert told.manage("verify_audit").returncode == 0
    with told.connect(embedded.OWNER_ROLE) as connection:
        connection.execute("ALTER TABLE workflow_auditentry DISABLE TRIGGER USER")
        row = connection.execute(
            "UPDATE workflow_auditentry SET actor_name = 'somebody else' WHERE id ="
            " (SELECT id FROM workflow_auditentry ORDER BY id OFFSET 100 LIMIT 1) RETURNING id"
        ).fetchone()
    checked = told.manage("verify_audit")
    assert checked.returncode != 0
    assert f"entry {row[0]} " in checked.stderr


def _run(*words: object) -> str:
    done = subprocess.run([str(w) for w in words], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _machine_number(told: Told) -> str:
    with told.connect(embedded.OWNER_ROLE) as connection:
        row = connection.execute(
            "SELECT machine_number FROM licensing_license WHERE serial = 3"
        ).fetchone()
    return row[0]
