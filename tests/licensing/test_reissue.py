"""A certificate issued anew takes the place of the last one, which says so when it is shown."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import Forbidden, NotAllowedNow
from core.signatures import checking, keys
from licensing import actions, marks, queries
from licensing.errors import CauseMissing, NothingToCorrect, ReasonMissing
from licensing.models import License, LicenseDocument
from parties.models import Organization
from tests.builders.applications import day
from tests.builders.licensing import Licensed
from tests.core.signing_facts import pdfsig, pyhanko
from workflow.models import AuditEntry

AT = day("2026-11-03")


def facts(stage: Licensed, **changes: object) -> dict:
    return {
        "license_id": stage.licenses["D01"].pk,
        "cause": "LOST",
        "reason": "被许可人报告正本遗失。",
        "actor": stage.city.case,
        "at": AT,
    } | changes


def present(stage: Licensed, kind: str = "ORIGINAL") -> LicenseDocument:
    return LicenseDocument.objects.get(
        license=stage.licenses["D01"], kind=kind, retired_at=None
    )


def text_of(folder: Path, content: bytes) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True
    )
    return "".join(told.stdout.split())


class TestLost:
    def test_the_new_one_is_genuine_and_the_old_one_superseded(self, stage: Licensed) -> None:
        old = present(stage)
        before = bytes(old.file)
        row = actions.reissue_certificate(**facts(stage))

        new = present(stage)
        assert (new.version, new.cause) == (2, "LOST")
        assert row.state == License.State.ACTIVE
        assert row.certificate_hash == new.content_hash
        assert queries.file_check(content=bytes(new.file), at=AT).answer == "GENUINE"
        check = queries.file_check(content=before, at=AT)
        assert (check.answer, check.verdict, check.version) == ("SUPERSEDED", "REPLACED", 1)
        old.refresh_from_db()
        assert (bytes(old.file), old.retired_at) == (before, AT)

    def test_the_new_one_prints_the_same_facts_and_that_it_was_issued_anew(
        self, stage: Licensed, tmp_path: Path
    ) -> None:
        Organization.objects.filter(pk=stage.licenses["D01"].licensee_id).update(name="改名后")
        before = text_of(tmp_path, bytes(present(stage).file))
        actions.reissue_certificate(**facts(stage))
        after = text_of(tmp_path, bytes(present(stage).file))
        duplicate = text_of(tmp_path, bytes(present(stage, "DUPLICATE").file))

        licensee = stage.license("D01").licensee.name
        assert licensee == "改名后"
        assert licensee not in after
        assert "补发" not in before
        assert "本证于2026年11月3日补发（第2版），此前版本作废。" in after
        assert "副本补发" in duplicate

    def test_the_new_one_is_signed_with_its_version(self, stage: Licensed, tmp_path: Path) -> None:
        actions.reissue_certificate(**facts(stage))
        content = bytes(present(stage).file)
        [root] = keys.trust_roots()

        assert "Total document signed" in pdfsig(tmp_path, content)
        assert pyhanko(tmp_path, content, root)[0].startswith("INTACT:TRUSTED")
        report = checking.verify_pdf(content=content, at=AT)
        assert marks.read_reason(report.signatures[0].reason).version == 2

    def test_a_revoked_license_answers_revoked_with_either_version(self, stage: Licensed) -> None:
        old = bytes(present(stage).file)
        actions.reissue_certificate(**facts(stage))
        actions.revoke_license(
            license_id=stage.licenses["D01"].pk, reason="撤销", actor=stage.city.decider, at=AT
        )

        answers = [
            queries.file_check(content=content, at=AT).answer
            for content in (old, bytes(present(stage).file))
        ]
        assert answers == ["REVOKED", "REVOKED"]

    def test_a_third_version_retires_the_second(self, stage: Licensed) -> None:
        for _ in range(2):
            actions.reissue_certificate(**facts(stage))

        rows = LicenseDocument.objects.filter(license=stage.licenses["D01"])
        assert sorted(rows.values_list("version", flat=True)) == [1, 1, 2, 2, 3, 3]
        assert set(rows.filter(retired_at=None).values_list("version", flat=True)) == {3}


class TestCorrected:
    def test_prints_what_the_records_say_now(self, stage: Licensed, tmp_path: Path) -> None:
        Organization.objects.filter(pk=stage.licenses["D01"].licensee_id).update(
            name="锡城更名示例有限公司"
        )
        actions.reissue_certificate(**facts(stage, cause="CORRECTED", reason="企业更名。"))

        after = text_of(tmp_path, bytes(present(stage).file))
        assert "锡城更名示例有限公司" in after
        assert present(stage).cause == "CORRECTED"

    def test_refuses_when_the_records_say_the_same_and_writes_nothing(
        self, stage: Licensed
    ) -> None:
        with pytest.raises(NothingToCorrect):
            actions.reissue_certificate(**facts(stage, cause="CORRECTED"))
        assert LicenseDocument.objects.filter(license=stage.licenses["D01"]).count() == 2
        assert present(stage).version == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "error"),
        [({"cause": "WISH"}, CauseMissing), ({"reason": " "}, ReasonMissing)],
    )
    def test_what_is_not_stated_is_refused_and_writes_nothing(
        self, stage: Licensed, changes: dict, error: type[Exception]
    ) -> None:
        acts = AuditEntry.objects.filter(outcome="DONE").count()
        with pytest.raises(error):
            actions.reissue_certificate(**facts(stage, **changes))
        assert present(stage).version == 1
        assert AuditEntry.objects.filter(outcome="DONE").count() == acts

    @pytest.mark.parametrize("who", ["agent", "supervisor", "ops"])
    def test_whoever_does_not_issue_certificates_is_refused(
        self, stage: Licensed, who: str
    ) -> None:
        with pytest.raises(Forbidden):
            actions.reissue_certificate(**facts(stage, actor=getattr(stage.city, who)))
        assert present(stage).version == 1

    def test_a_license_that_is_not_active_gets_no_new_paper(self, stage: Licensed) -> None:
        actions.suspend_license(
            license_id=stage.licenses["D01"].pk, reason="核查", actor=stage.city.supervisor, at=AT
        )
        with pytest.raises(NotAllowedNow):
            actions.reissue_certificate(**facts(stage))
        assert present(stage).version == 1

    def test_the_database_keeps_one_present_version(self, stage: Licensed) -> None:
        row = present(stage)
        row.pk, row.version, row.cause = None, 2, "LOST"
        with pytest.raises(IntegrityError, match="one_current"), transaction.atomic():
            row.save(force_insert=True)


class TestPages:
    def test_the_card_offers_it_and_shows_every_version(self, stage: Licensed) -> None:
        pk = stage.licenses["D01"].pk
        desk, holder = Client(), Client()
        desk.force_login(stage.city.case)
        holder.force_login(stage.city.agent)
        url = reverse("portal:license_reissue", args=[pk])
        with clock.fixed(AT):
            assert url in desk.get(reverse("portal:license", args=[pk])).content.decode()
            assert url not in holder.get(reverse("portal:license", args=[pk])).content.decode()
            empty = desk.post(url, {"cause": "", "reason": ""})
            assert empty.status_code == 422
            same = desk.post(url, {"cause": "CORRECTED", "reason": "更正。"})
            assert same.status_code == 409
            assert "登记事项与证书所载一致" in same.content.decode()
            done = desk.post(url, {"cause": "LOST", "reason": "遗失。"}, follow=True)
            page = done.content.decode()
            paper = holder.get(reverse("portal:license_certificate", args=[pk, "original"]))
        assert "第2版" in page
        assert "已作废" in page
        assert paper.content == bytes(present(stage).file)
