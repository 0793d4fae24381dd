"""The certificate carries the authority's signature; the page under it stays as it was drawn."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.test import Client, override_settings
from django.urls import reverse

from core import clock, limits
from core.models import RequestTally, SigningKey
from core.signatures import checking, keys
from core.signatures.errors import KeysNotConfigured
from licensing import actions, marks, queries
from licensing.certificate import from_data
from licensing.documents import render_license
from licensing.models import License, LicenseDocument
from licensing.queries import asked
from parties.queries import system_actor
from tests.builders.applications import day
from tests.builders.licensing import ISSUED, Licensed
from tests.core.signing_facts import flipped, pdfsig, pyhanko

AT = day("2026-11-03")


def document(stage: Licensed, kind: str = "ORIGINAL") -> LicenseDocument:
    return LicenseDocument.objects.get(license=stage.licenses["D01"], kind=kind)


class TestSignature:
    @pytest.mark.parametrize("kind", ["ORIGINAL", "DUPLICATE"])
    def test_is_the_authority_s_and_holds_for_all_three(
        self, stage: Licensed, tmp_path: Path, kind: str
    ) -> None:
        content = bytes(document(stage, kind).file)
        [root] = keys.trust_roots()

        told = pdfsig(tmp_path, content)
        assert told.count("Signature Validation: Signature is Valid.") == 1
        assert "Total document signed" in told
        [line] = pyhanko(tmp_path, content, root)
        assert line.startswith("INTACT:TRUSTED")
        report = checking.verify_pdf(content=content, at=AT)
        assert report.sound
        authority = stage.license("D01").authority
        assert report.signatures[0].holder_id == authority.uscc
        assert report.signatures[0].signer_name == authority.name
        assert report.signatures[0].signed_at == stage.license("D01").issued_at

    def test_of_one_turned_bit_is_reported_by_all_three_and_by_the_page(
        self, stage: Licensed, tmp_path: Path
    ) -> None:
        bad = flipped(bytes(document(stage).file))
        [root] = keys.trust_roots()

        assert "Digest Mismatch" in pdfsig(tmp_path, bad)
        assert not any(line.startswith("INTACT") for line in pyhanko(tmp_path, bad, root))
        check = queries.file_check(content=bad, at=AT)
        assert (check.answer, check.seal.flaw) == ("ALTERED", "BROKEN")

    def test_leaves_the_page_as_the_facts_draw_it(self, stage: Licensed) -> None:
        for kind in ("ORIGINAL", "DUPLICATE"):
            row = document(stage, kind)
            drawn = render_license(from_data(row.facts))
            assert hashlib.sha256(drawn).hexdigest() == row.render_hash
            assert bytes(row.file).startswith(drawn)
            assert row.content_hash == hashlib.sha256(bytes(row.file)).hexdigest()

    def test_names_the_license_and_its_place_in_the_lists(self, stage: Licensed) -> None:
        row = stage.license("D01")
        report = checking.verify_pdf(content=bytes(document(stage).file), at=AT)

        expected = f"License {row.machine_number} status 2026#{row.serial} version 1"
        assert report.signatures[0].reason == expected
        stated = marks.read_reason(expected)
        assert (stated.machine_number, stated.place.index) == (row.machine_number, row.serial)
        assert marks.read_reason(expected.replace("#", "#1")) is None

    def test_is_said_to_be_a_demo_on_the_paper(self, stage: Licensed, tmp_path: Path) -> None:
        path = tmp_path / "paper.pdf"
        path.write_bytes(bytes(document(stage).file))
        text = subprocess.run(
            ["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "不具有法律上可靠电子签名的效力" in text.replace("\n", "")

    @override_settings(SIGNING_KEYS="pkcs11")
    def test_without_a_key_no_license_is_issued_and_nothing_is_written(
        self, stage: Licensed
    ) -> None:
        LicenseDocument.objects.filter(license=stage.licenses["D07"]).delete()
        License.objects.filter(pk=stage.licenses["D07"].pk).delete()
        before = License.objects.count(), LicenseDocument.objects.count()
        with pytest.raises(KeysNotConfigured, match="PKCS11_MODULE"):
            actions.issue_licenses(
                agreement_id=stage.agreement.pk, actor=system_actor(), at=ISSUED
            )
        assert (License.objects.count(), LicenseDocument.objects.count()) == before


class TestForgery:
    def test_saved_again_by_another_program_is_altered_not_unknown(
        self, stage: Licensed, tmp_path: Path
    ) -> None:
        path = tmp_path / "again.pdf"
        path.write_bytes(bytes(document(stage).file))
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            del pdf.Root.AcroForm, pdf.Root.Perms
            del pdf.pages[0].Annots
            pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        content = path.read_bytes()
        assert stage.license("D01").machine_number.encode() not in content

        check = queries.file_check(content=content, at=AT)
        assert check.answer == "ALTERED"
        assert check.license.number == stage.license("D01").number

    def test_a_page_drawn_with_other_facts_and_unsigned_is_altered(self, stage: Licensed) -> None:
        forged = document(stage).facts | {"licensee": "冒名示例科技有限公司"}
        check = queries.file_check(content=render_license(from_data(forged)), at=AT)

        assert (check.answer, check.seal.flaw) == ("ALTERED", "UNSIGNED")

    def test_one_signed_by_a_ca_of_the_same_name_is_altered(self, stage: Licensed) -> None:
        content = bytes(document(stage).file)
        LicenseDocument.objects.filter(pk=document(stage).pk).update(content_hash="0" * 64)
        SigningKey.objects.all().delete()
        keys.identity_of(holder=keys.Holder(id="x", name="y"), at=AT)

        check = queries.file_check(content=content, at=AT)
        assert (check.answer, check.seal.flaw) == ("ALTERED", "UNTRUSTED")
        assert check.seal.signer == ""


class TestPublicPage:
    def test_shows_nothing_that_is_not_on_the_paper(
        self, stage: Licensed, tmp_path: Path
    ) -> None:
        path = tmp_path / "paper.pdf"
        path.write_bytes(bytes(document(stage).file))
        told = subprocess.run(
            ["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True
        ).stdout
        printed = "".join(told.split())
        found = queries.verification(stage.license("D01").number, at=AT)

        for name in ("number", "machine_number", "licensee", "provider", "authority",
                     "dataset_code", "dataset_title", "scenario_name"):  # fmt: skip
            assert "".join(getattr(found, name).split()) in printed, name
        for one in (found.valid_from, found.valid_to, found.issued_on):
            assert f"{one.year}年{one.month}月{one.day}日" in printed

    def test_answers_so_many_questions_of_an_address_and_tells_when_to_come_back(
        self, stage: Licensed
    ) -> None:
        number = stage.license("D01").machine_number
        url = reverse("portal:verify_number", args=[number])
        client = Client(REMOTE_ADDR="203.0.113.7")
        with clock.fixed(AT):
            statuses = [client.get(url).status_code for _ in range(asked.NUMBERS_MAX)]
            refused = client.get(url)
            elsewhere = Client(REMOTE_ADDR="203.0.113.8").get(url)
            through_the_api = client.get(f"/api/v1/licenses/{number}/verification")
            empty_form = client.get(reverse("portal:verify"))

        assert set(statuses) == {200}
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= asked.WINDOW_SECONDS
        assert "请求过于频繁" in refused.content.decode()
        assert stage.license("D01").licensee.name not in refused.content.decode()
        assert (through_the_api.status_code, through_the_api["Retry-After"]) == (
            429,
            refused["Retry-After"],
        )
        assert (elsewhere.status_code, empty_form.status_code) == (200, 200)

    def test_answers_again_in_the_next_window_and_forgets_old_counts(self, db: None) -> None:
        facts = {"kind": "t", "source": "203.0.113.7", "most": 1, "seconds": 600}
        limits.count(**facts, at=day("2026-11-03"))
        with pytest.raises(limits.TooManyRequests) as refused:
            limits.count(**facts, at=day("2026-11-03"))
        limits.count(**facts, at=day("2026-11-04"))

        assert refused.value.retry_seconds <= 600
        assert not RequestTally.objects.filter(source_hash__contains="203.0").exists()
        assert limits.forget(at=day("2026-11-06")) == 2
