"""A stranger's file is kept when ending and bytes agree, and nothing in it acts by itself."""

from __future__ import annotations

import zlib

import pytest
from django.utils.translation import override

from core import hostile, uploads
from core.errors import InvalidInput

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /OpenAction [3 0 R /Fit] >>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def packed(
    objects: bytes, *, about: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
) -> bytes:
    """Return a PDF that holds some objects in a packed stream."""
    return (
        b"%PDF-1.7\n1 0 obj\n<< " + about + b" >>\nstream\n"
        + zlib.compress(objects) + b"\nendstream\nendobj\n"
    )  # fmt: skip


def problem(name: str, content: bytes, **rule: object) -> str:
    """Return why a file is refused, in English."""
    with override("en"), pytest.raises(InvalidInput) as caught:
        uploads.read(name=name, content=content, **rule)  # type: ignore[arg-type]
    with override("en"):
        return str(caught.value.fields["file"])


class TestTheRule:
    def test_keeps_the_bytes_and_says_what_they_are(self) -> None:
        kept = uploads.read(name="C:\\我的 文件\\方案?.pdf", content=PDF)

        assert (kept.name, kept.media_type, kept.content) == ("方案.pdf", "application/pdf", PDF)
        assert len(kept.content_hash) == 64

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.exe", b"MZ\x90\x00"),
            ("a.pdf.exe", PDF),
            ("a", PDF),
            ("a.png", PDF),
            ("a.pdf", PNG),
            ("a.pdf", b"<html>%PDF-"),
            ("a.svg", b"<svg onload='x()'>"),
        ],
    )
    def test_refuses_an_ending_it_does_not_take_or_that_the_bytes_belie(
        self, name: str, content: bytes
    ) -> None:
        assert "PDF, PNG, JPEG" in problem(name, content)

    def test_a_place_may_take_fewer_kinds_and_smaller_files_but_never_larger_ones(self) -> None:
        assert "PDF." in problem("a.png", PNG, kinds=("PDF",))
        assert "2 MB" in problem("a.pdf", PDF + b"0" * 2 * uploads.MEGABYTE,
                                 bytes_max=2 * uploads.MEGABYTE)
        assert "10 MB" in problem("a.pdf", PDF + b"0" * uploads.UPLOAD_BYTES_MAX,
                                  bytes_max=99 * uploads.MEGABYTE)
        assert "not empty" in problem("a.pdf", b"")

    def test_a_file_exactly_at_the_limit_is_kept(self) -> None:
        whole = PDF + b"0" * (uploads.MEGABYTE - len(PDF))
        assert uploads.read(name="a.pdf", content=whole, bytes_max=uploads.MEGABYTE)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ('x"; filename="y.pdf', "x filename=y.pdf"),
            ("长" * 300 + ".jpeg", "长" * 115 + ".jpeg"),
            ("a\r\nb\x00.pdf", "ab.pdf"),
        ],
    )
    def test_a_name_keeps_no_path_and_no_sign_that_means_something_elsewhere(
        self, given: str, kept: str
    ) -> None:
        assert uploads.plain_name(given) == kept
        assert len(uploads.plain_name(given)) <= uploads.NAME_CHARACTERS_MAX


class TestTheLookInside:
    @pytest.mark.parametrize(
        "said",
        [
            b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
            b"<< /S /J#61vaScript >>",
            b"<< /S /#4c#61unch /F (calc.exe) >>",
            b"<< /OpenAction 7 0 R >>",
            b"<< /OpenAction<</S/URI>> >>",
            b"<< /Type /EmbeddedFile >>",
            b"<< /Names << /EmbeddedFiles 9 0 R >> >>",
            b"<< /AcroForm << /XFA [(a) 3 0 R] >> >>",
        ],
    )
    def test_refuses_what_acts_by_itself_in_plain_sight_or_packed(self, said: bytes) -> None:
        assert "scripts" in problem("a.pdf", PDF + b"2 0 obj\n" + said + b"\nendobj\n")
        assert "scripts" in problem("a.pdf", packed(b"7 0 " + said))

    def test_takes_a_packed_pdf_in_which_nothing_acts(self) -> None:
        harmless = packed(b"7 0 << /Type /Page /Annots [] /JavaScripted true >>")
        assert uploads.read(name="a.pdf", content=harmless)

    def test_takes_words_about_scripts_and_pictures_of_any_bytes(self) -> None:
        talk = b"2 0 obj\n<< /Length 40 >>\nstream\n(JavaScript, Launch) Tj /XFAB\nendstream\n"
        assert uploads.read(name="a.pdf", content=PDF + talk)
        assert uploads.read(name="a.png", content=PNG + b"/JavaScript ")

    @pytest.mark.parametrize(
        "content",
        [
            packed(b"7 0 <<>>", about=b"/Type /ObjStm /Filter /ASCIIHexDecode").replace(
                b"\x78\x9c", b"37"
            ),
            packed(b"3720302000", about=b"/Type/ObjStm/Filter[/FlateDecode/ASCIIHexDecode]"),
            packed(b"7 0 " + bytes(range(256)))[:-60],
        ],
        ids=["packed in another way", "packed twice", "cut off"],
    )
    def test_refuses_a_pdf_that_it_cannot_look_into(self, content: bytes) -> None:
        assert "cannot be looked into" in problem("a.pdf", content)

    def test_stops_unfolding_at_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hostile, "UNFOLDED_BYTES_MAX", 100_000)
        assert "cannot be looked into" in problem("a.pdf", packed(b"7 0 " + b"0" * 1_000_000))

    def test_refuses_an_encrypted_pdf(self) -> None:
        assert "encrypted" in problem("a.pdf", PDF + b"trailer\n<< /Encrypt 5 0 R >>\n")

    def test_refuses_the_test_string_of_the_antivirus_industry_in_any_kind(self) -> None:
        assert "harmful" in problem("a.png", PNG + EICAR)
        assert "harmful" in problem("a.pdf", PDF + EICAR)
