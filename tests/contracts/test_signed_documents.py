"""The signed agreement: one signature a party in one document, that outside programs accept."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader

from contracts import actions, queries, terms
from contracts.models import Agreement, AgreementDocument
from core import hashing
from core.signatures import checking, keys
from tests.builders.contracts import SIGNED, sign
from tests.contracts.conftest import Case
from tests.core.signing_facts import flipped, pdfsig, pyhanko

STAGE = "ready"
pytestmark = pytest.mark.django_db
KINDS = AgreementDocument.Kind


@pytest.fixture
def signed(case: Case) -> bytes:
    """Return the agreement as everybody has signed it."""
    city, agreement = case
    for who in (city.legal_rep, city.leader, city.second_leader):
        sign(agreement, who)
    return bytes(agreement.documents.get(kind=KINDS.SIGNED).file)


def plain(content: bytes) -> str:
    """Return the text of a PDF without any white space."""
    told = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


@pytest.mark.scenario(51)
class TestTheSignedDocument:
    def test_holds_for_poppler_for_pyhanko_and_for_us(
        self, signed: bytes, case: Case, tmp_path: Path
    ) -> None:
        city, _agreement = case
        told = pdfsig(tmp_path, signed)
        assert told.count("Signature Validation: Signature is Valid.") == 3
        assert "Total document signed" in told
        lines = pyhanko(tmp_path, signed, keys.trust_roots()[0])
        assert len(lines) == 3
        assert all(line.startswith("INTACT:TRUSTED") for line in lines)
        report = checking.verify_pdf(content=signed, at=SIGNED)
        assert report.sound
        assert [one.holder_id for one in report.signatures] == [
            city.applicant.uscc, city.provider.uscc, city.second_provider.uscc,
        ]  # fmt: skip
        assert [one.field for one in report.signatures] == [
            one.holder_id for one in report.signatures
        ]
        (tmp_path / "signed.pdf").write_bytes(signed)
        checked = subprocess.run(
            ["qpdf", "--check", str(tmp_path / "signed.pdf")], capture_output=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        fonts = subprocess.run(
            ["pdffonts", "-"], input=signed, capture_output=True, check=True
        ).stdout.decode().splitlines()[2:]
        assert all(line.split()[-5] == "yes" for line in fonts)

    def test_of_one_flipped_byte_is_reported_by_all_three_and_by_our_page(
        self, signed: bytes, tmp_path: Path
    ) -> None:
        bad = flipped(signed)
        assert "Digest Mismatch" in pdfsig(tmp_path, bad)
        assert not any(
            line.startswith("INTACT") for line in pyhanko(tmp_path, bad, keys.trust_roots()[0])
        )
        assert not checking.verify_pdf(content=bad, at=SIGNED).sound
        page = Client().post(
            reverse("portal:verify_agreement"),
            {"file": SimpleUploadedFile("协议.pdf", bad, "application/pdf")},
        )
        assert "is-red" in page.content.decode()
        good = Client().post(
            reverse("portal:verify_agreement"),
            {"file": SimpleUploadedFile("协议.pdf", signed, "application/pdf")},
        )
        assert "is-green" in good.content.decode()

    def test_keeps_every_byte_of_the_text_that_was_up_for_signature(
        self, signed: bytes, case: Case
    ) -> None:
        _city, agreement = case
        text = bytes(agreement.documents.get(kind=KINDS.TEXT).file)
        parts = [bytes(one.file) for one in agreement.documents.filter(kind=KINDS.PART)]
        whole = [text, *parts, signed]
        assert all(later.startswith(earlier) for earlier, later in pairwise(whole))
        assert len(parts) == 2

    def test_certifies_what_may_still_be_added_and_shows_each_signature_in_its_box(
        self, signed: bytes, case: Case, tmp_path: Path
    ) -> None:
        city, agreement = case
        (tmp_path / "signed.pdf").write_bytes(signed)
        with (tmp_path / "signed.pdf").open("rb") as file:
            reader = PdfFileReader(file)
            first, *others = reader.embedded_signatures
            assert first.docmdp_level is not None
            assert first.docmdp_level.value == 2
            assert all(one.sig_field["/Rect"] for one in (first, *others))
            boxes = [tuple(one.sig_field["/Rect"]) for one in (first, *others)]
            assert len(set(boxes)) == 3
        text = plain(signed)
        now = Agreement.objects.get(pk=agreement.pk)
        for words in (
            city.legal_rep.full_name, city.leader.full_name, city.second_leader.full_name,
            "2026年10月20日10:00", "2026年10月20日至2027年10月19日",
            "不构成可靠的电子签名",
        ):  # fmt: skip
            assert words in text, words
        assert text.count(now.text_hash) >= 4

    def test_is_bound_to_its_signature_rows(self, signed: bytes, case: Case) -> None:
        _city, agreement = case
        report = checking.verify_pdf(content=signed, at=SIGNED)
        rows = list(agreement.signatures.order_by("pk"))
        assert [row.certificate_hash for row in rows] == [
            one.fingerprint for one in report.signatures
        ]
        assert {row.text_hash for row in rows} == {agreement.text_hash}
        assert rows[-1].document is not None
        assert rows[-1].document.content_hash == hashing.digest(signed)

    def test_of_a_text_that_changed_by_one_character_is_begun_anew(self, case: Case) -> None:
        city, agreement = case
        sign(agreement, city.legal_rep)
        old = bytes(agreement.documents.get(kind=KINDS.PART).file)
        days = terms.dump(terms.parse(agreement.terms))["retention"]["days"]
        proposal = actions.propose_change(
            agreement_id=agreement.pk, changes={"retention": {"days": days - 1}},
            reason="少留一日", actor=city.officer, at=SIGNED,
        )  # fmt: skip
        actions.accept_change(proposal_id=proposal.pk, actor=city.legal_rep, at=SIGNED)
        assert not agreement.signatures.filter(voided_at=None).exists()
        assert queries.check_copy(content=old, at=SIGNED).verdict == "SUPERSEDED"

        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)
        sign(agreement, city.legal_rep)

        new = bytes(agreement.documents.filter(kind=KINDS.PART).last().file)  # type: ignore[union-attr]
        text = bytes(agreement.documents.filter(kind=KINDS.TEXT).last().file)  # type: ignore[union-attr]
        assert new.startswith(text)
        assert not new.startswith(old[: len(text)])
        report = checking.verify_pdf(content=new, at=SIGNED)
        assert len(report.signatures) == 1
        assert report.sound
        assert queries.check_copy(content=new, at=SIGNED).verdict == "INCOMPLETE"

    def test_declined_and_closed_again_unchanged_holds_no_void_signature(
        self, case: Case
    ) -> None:
        city, agreement = case
        sign(agreement, city.legal_rep)
        actions.decline_to_sign(
            agreement_id=agreement.pk, reason="再议", actor=city.leader, at=SIGNED
        )
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)
        sign(agreement, city.legal_rep)
        last = agreement.documents.filter(kind=KINDS.PART).last()
        assert last is not None
        assert len(checking.verify_pdf(content=bytes(last.file), at=SIGNED).signatures) == 1


def test_the_public_check_knows_no_strangers_file_and_pauses_after_ten(db: None) -> None:
    client, address = Client(), reverse("portal:verify_agreement")

    def ask() -> int:
        file = SimpleUploadedFile("x.pdf", b"%PDF-1.7 nothing", "application/pdf")
        return client.post(address, {"file": file}).status_code

    assert "is-red" in client.post(
        address, {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7", "application/pdf")}
    ).content.decode()
    assert [ask() for _ in range(9)] == [200] * 9
    assert ask() == 429
