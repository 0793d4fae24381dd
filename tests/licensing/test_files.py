"""A certificate as a file: the original is known by its bytes, an altered one is called altered."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from licensing import actions, marks, queries
from licensing.models import LicenseDocument
from portal.public.certificates import UPLOAD_BYTES_MAX
from tests.builders.applications import day
from tests.builders.licensing import Licensed

AT = day("2026-11-03")


def paper(stage: Licensed, kind: str = "ORIGINAL") -> bytes:
    return bytes(LicenseDocument.objects.get(license=stage.licenses["D01"], kind=kind).file)


def send(content: bytes, name: str = "license.pdf") -> tuple[int, str]:
    client = Client(enforce_csrf_checks=True)
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    with clock.fixed(AT):
        answer = client.post(reverse("portal:verify_file"), {"file": file})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("kind", ["ORIGINAL", "DUPLICATE"])
def test_a_paper_is_known_as_it_was_issued(stage: Licensed, kind: str) -> None:
    check = queries.file_check(content=paper(stage, kind), at=AT)

    assert check.verdict == kind
    assert check.license is not None
    assert check.license.number == stage.license("D01").number
    assert check.license.standing == "VALID"


def test_the_answer_says_how_the_license_stands_now(stage: Licensed) -> None:
    actions.suspend_license(
        license_id=stage.licenses["D01"].pk, reason="核查", actor=stage.city.supervisor, at=AT
    )

    check = queries.file_check(content=paper(stage), at=AT)

    assert check.license is not None
    assert (check.verdict, check.license.standing) == ("ORIGINAL", "STOPPED")


def test_the_answer_is_one_word_for_paper_and_license_together(stage: Licensed) -> None:
    content = paper(stage)
    answers = [queries.file_check(content=content, at=AT).answer]
    common = {"license_id": stage.licenses["D01"].pk, "reason": "核查", "at": AT}
    actions.suspend_license(actor=stage.city.supervisor, **common)
    answers.append(queries.file_check(content=content, at=AT).answer)
    answers.append(queries.file_check(content=content, at=day("2032-01-01")).answer)
    actions.revoke_license(actor=stage.city.decider, **common)
    answers.append(queries.file_check(content=content, at=AT).answer)
    answers.append(queries.file_check(content=content + b" ", at=AT).answer)

    assert answers == ["GENUINE", "SUSPENDED", "EXPIRED", "REVOKED", "ALTERED"]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9, 1.0])
def test_one_changed_byte_anywhere_is_an_alteration(stage: Licensed, place: float) -> None:
    content = bytearray(paper(stage))
    at = min(int(len(content) * place), len(content) - 1)
    content[at] ^= 1

    check = queries.file_check(content=bytes(content), at=AT)

    assert check.verdict == "ALTERED"
    assert check.license is not None
    assert check.license.number == stage.license("D01").number


def test_a_foreign_file_and_an_invented_number_are_unknown(stage: Licensed) -> None:
    real = stage.license("D01").machine_number
    wrong = real[:-1] + ("0" if real[-1] != "0" else "1")
    for content in (b"%PDF-1.7 minutes", b"%PDF-1.7 (" + wrong.encode() + b")"):
        check = queries.file_check(content=content, at=AT)
        assert (check.verdict, check.license) == ("UNKNOWN", None)


def test_a_number_is_found_in_either_writing(stage: Licensed) -> None:
    number = stage.license("D01").machine_number
    wide = number.encode("utf-16-be")
    escaped = b"".join(b"\\000" + bytes([code]) for code in number.encode())
    for written in (number.encode(), wide, escaped):
        assert marks.claimed_number(b"%PDF-1.4 /Keywords (" + written + b")") == number


def test_everybody_may_ask_on_the_page_and_nothing_is_kept(stage: Licensed) -> None:
    before = LicenseDocument.objects.count()
    status, page = send(paper(stage))
    assert (status, "该文件为签发时的正本" in page) == (200, True)
    assert stage.license("D01").number in page
    assert "该许可证当前有效" in page
    assert "签名完好" in page
    assert "不具有法律上可靠电子签名的效力" in page
    status, page = send(paper(stage) + b"\n")
    assert (status, "该文件与签发的许可证不一致" in page) == (200, True)
    assert "签署后文件中又添加了内容" in page
    assert "该许可证当前有效" not in page
    status, page = send(b"%PDF-1.7 foreign")
    assert (status, "该文件并非本平台签发" in page) == (200, True)
    assert LicenseDocument.objects.count() == before


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "file"),
        (b"PK\x03\x04 no paper", 422, "请选择PDF格式的许可证文件"),
        (b"%PDF-" + b"0" * UPLOAD_BYTES_MAX, 422, "请选择不超过2 MiB的文件"),
        (b"%PDF-" + b"0" * (UPLOAD_BYTES_MAX + 100_000), 413, "请选择不超过2 MiB的文件"),
    ],
)
def test_what_is_no_small_pdf_is_refused(
    stage: Licensed, content: bytes, status: int, said: str
) -> None:
    answered, page = send(content)

    assert (answered, said in page) == (status, True)
    assert "dd-verdict" not in page


def test_the_page_of_the_number_offers_the_file_and_a_reload_leads_back(stage: Licensed) -> None:
    client = Client()

    assert reverse("portal:verify_file") in client.get(reverse("portal:verify")).content.decode()
    assert client.get(reverse("portal:verify_file"))["Location"] == reverse("portal:verify")
