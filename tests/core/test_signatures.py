"""Signed documents hold for us and for others; one turned bit does not."""

from __future__ import annotations

import hashlib
import io
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from core.signatures import checking, keys, signing
from core.signatures.errors import ClosedToSignatures, NotSignable, SignedAlready
from tests.core.signing_facts import (
    AUTHORITY,
    COMPANY,
    LEFT,
    NOON,
    RIGHT,
    document,
    flipped,
    pdfsig,
    pyhanko,
)

pytestmark = pytest.mark.django_db


def identity(holder: keys.Holder, algorithm: str = keys.P256) -> keys.Identity:
    return keys.identity_of(holder=holder, at=NOON, algorithm=algorithm)


def signed_once(algorithm: str = keys.P256) -> bytes:
    return signing.sign_pdf(
        content=document(), identity=identity(AUTHORITY, algorithm), place=LEFT, at=NOON
    )


def signed_twice() -> bytes:
    first = signing.sign_pdf(
        content=document(),
        identity=identity(AUTHORITY),
        place=LEFT,
        at=NOON,
        further=[RIGHT],
        lines=[AUTHORITY.name, "2026年9月14日 12:00:00", "演示证书，不具有法律效力"],
    )
    return signing.sign_pdf(
        content=first,
        identity=identity(COMPANY),
        place=RIGHT,
        at=NOON,
        lines=[COMPANY.name, "2026年9月14日 12:00:00"],
    )


def told_by(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


class TestOneSignature:
    @pytest.mark.parametrize("algorithm", keys.ALGORITHMS)
    def test_holds_the_certificate_once_names_it_by_its_hash_and_leaves_out_the_root(
        self, algorithm: str
    ) -> None:
        reader = PdfFileReader(io.BytesIO(signed_once(algorithm)))
        [signature] = reader.embedded_signatures
        [found] = [one.chosen for one in signature.signed_data["certificates"]]
        der = identity(AUTHORITY, algorithm).certificate.public_bytes(Encoding.DER)
        assert found.dump() == der
        [attributes] = [
            attribute["values"]
            for attribute in signature.signer_info["signed_attrs"]
            if attribute["type"].native == "signing_certificate_v2"
        ]
        [named] = attributes[0]["certs"]
        assert named["cert_hash"].native == hashlib.sha256(der).digest()

    @pytest.mark.parametrize("algorithm", keys.ALGORITHMS)
    def test_holds_for_poppler_for_pyhanko_and_for_us(
        self, tmp_path: Path, algorithm: str
    ) -> None:
        content = signed_once(algorithm)
        [root] = keys.trust_roots()

        told = pdfsig(tmp_path, content)
        assert told.count("Signature Validation: Signature is Valid.") == 1
        assert "Total document signed" in told
        assert "ETSI.CAdES.detached" in told
        [line] = pyhanko(tmp_path, content, root)
        assert line.startswith("INTACT:TRUSTED,UNTOUCHED")
        report = checking.verify_pdf(content=content, at=NOON)
        assert report.sound
        [found] = report.signatures
        assert (found.signer_name, found.holder_id) == (AUTHORITY.name, AUTHORITY.id)
        assert found.signed_at == NOON
        assert (found.covers_document, found.modification, found.demo) == (True, "NONE", True)

    def test_leaves_what_stood_before_byte_for_byte(self) -> None:
        assert signed_once().startswith(document())

    def test_is_clean_for_qpdf_with_every_font_embedded(self, tmp_path: Path) -> None:
        path = tmp_path / "signed.pdf"
        path.write_bytes(signed_twice())

        assert "No syntax or stream encoding errors found" in told_by("qpdf", "--check", path)
        rows = told_by("pdffonts", path).splitlines()[2:]
        assert len(rows) >= 1
        assert all(row.split()[-5] == "yes" for row in rows)

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
    def test_one_turned_bit_is_reported_by_all_three(self, tmp_path: Path, share: float) -> None:
        content = signed_once()
        original = len(document())
        bad = flipped(content, at=None if share == 0.5 else int(original * share))
        [root] = keys.trust_roots()

        assert "Signature is Valid" not in pdfsig(tmp_path, bad)
        told = pyhanko(tmp_path, bad, root)
        assert not any(line.startswith("INTACT") for line in told)
        assert not checking.verify_pdf(content=bad, at=NOON).sound

    def test_one_turned_bit_in_the_text_is_named_broken(self, tmp_path: Path) -> None:
        bad = flipped(signed_once())

        report = checking.verify_pdf(content=bad, at=NOON)
        [found] = report.signatures
        assert (found.problem, found.intact) == (checking.BROKEN, False)
        assert "Digest Mismatch" in pdfsig(tmp_path, bad)

    def test_closes_the_document_to_others_and_changes_nothing(self) -> None:
        with pytest.raises(ClosedToSignatures):
            signing.sign_pdf(
                content=signed_once(), identity=identity(COMPANY), place=RIGHT, at=NOON
            )

    def test_of_a_stranger_of_the_same_name_is_not_trusted(self) -> None:
        from core.models import SigningKey

        content = signed_once()
        SigningKey.objects.all().delete()
        identity(AUTHORITY)

        report = checking.verify_pdf(content=content, at=NOON)
        [found] = report.signatures
        assert (found.intact, found.trusted, found.problem) == (True, False, checking.UNTRUSTED)
        assert not report.sound


class TestTwoSignatures:
    def test_one_after_the_other_both_hold(self, tmp_path: Path) -> None:
        content = signed_twice()
        [root] = keys.trust_roots()

        told = pdfsig(tmp_path, content)
        assert told.count("Signature Validation: Signature is Valid.") == 2
        assert "Total document signed" in told
        lines = pyhanko(tmp_path, content, root)
        assert len(lines) == 2
        assert all(line.startswith("INTACT:TRUSTED") for line in lines)
        report = checking.verify_pdf(content=content, at=NOON)
        assert report.sound
        assert report.signatures[1].signer_name == COMPANY.name
        assert [s.holder_id for s in report.signatures] == [AUTHORITY.id, COMPANY.id]
        assert [s.covers_document for s in report.signatures] == [False, True]
        assert report.signatures[0].modification == "FORM_FILLING"

    def test_a_place_is_signed_once(self) -> None:
        with pytest.raises(SignedAlready):
            signing.sign_pdf(
                content=signed_twice(), identity=identity(COMPANY), place=RIGHT, at=NOON
            )

    def test_a_text_added_after_the_first_is_told_of_both(self) -> None:
        writer = IncrementalPdfFileWriter(io.BytesIO(signed_twice()))
        RawContent(b"0 0 300 300 re f").add_to_page(writer, 0)
        out = io.BytesIO()
        writer.write(out)

        report = checking.verify_pdf(content=out.getvalue(), at=NOON)
        assert not report.sound
        assert {s.problem for s in report.signatures} == {checking.CHANGED_AFTER}
        assert all(s.intact for s in report.signatures)


class TestBytesOfStrangers:
    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"", checking.NOT_PDF),
            (b"%PDF-1.7", checking.UNREADABLE),
            (b"%PDF-1.7\n" + b"\xff\x00" * 4000, checking.UNREADABLE),
            (b"%PDF-1.7\n1 0 obj <</OpenAction 2 0 R>> endobj", checking.HOSTILE),
            (b"%PDF-1.7\n" + b"startxref\n" * 200, checking.TOO_MANY),
            (b"%PDF-" + bytes(11 * 1024 * 1024), checking.TOO_LARGE),
        ],
        ids=["nothing", "head", "noise", "acting", "many", "large"],
    )
    def test_are_named_and_never_fail(self, content: bytes, problem: str) -> None:
        report = checking.verify_pdf(content=content, at=NOON)

        assert (report.problem, report.signatures, report.sound) == (problem, (), False)

    def test_unsigned_is_no_signature(self) -> None:
        assert checking.verify_pdf(content=document(), at=NOON).problem == checking.UNSIGNED

    def test_are_not_signed(self) -> None:
        with pytest.raises(NotSignable):
            signing.sign_pdf(
                content=b"%PDF-1.7 nothing", identity=identity(AUTHORITY), place=LEFT, at=NOON
            )
