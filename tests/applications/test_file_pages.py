"""Files on the pages: put without script, handed over as files to keep, listed for who may read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from applications.models import AnswerFile, Application
from tests.applications.file_support import (
    PNG,
    attach,
    drafted,
    pdf,
    resubmit,
    returned,
    submitted,
)
from tests.applications.form_support import sign
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


def upload(name: str = "方案.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, pdf() if content is None else content, "text/html")


def send(agent: Reader, draft: Application, *, key: str = "plan", **more: Any) -> Any:
    """Send a file as the script does."""
    return agent.client.post(
        url("application_file_attach", draft.pk, key),
        more,
        headers={"X-Requested-With": "upload"},
    )


def before_the_panel(city: City, case: Application) -> None:
    """Bring a submitted case before a panel whose members have not declared yet."""
    actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
    for branch in case.branches.order_by("id"):
        build.answer_branch(city, branch, at=build.REVIEWED)
    actions.pass_security_review(
        application_id=case.pk, assessment=build.ASSESSMENT, actor=city.security, at=build.SECURED
    )
    actions.seat_panel(
        application_id=case.pk, members=city.panel, chair=city.chair, actor=city.secretary,
        at=build.CONCLUDED,
    )  # fmt: skip


class TestWithoutScript:
    def test_the_rule_is_stated_before_and_a_file_is_stored_with_the_rest(
        self, city: City
    ) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        place = url("application_fill", draft.pk, "papers")
        shown = agent.get(place)
        assert "格式：PDF, PNG；最多2个文件，单个不超过1 MB。" in shown
        assert 'enctype="multipart/form-data"' in shown
        assert 'accept=".pdf,.png"' in shown

        answer = agent.post(
            place, {"x_plan": [upload(), upload("图.png", PNG)], "x_has_system": "NO", "stay": "1"}
        )

        assert answer.headers["Location"] == place
        draft.refresh_from_db()
        assert draft.answers == {"has_system": "NO"}
        assert [f.name for f in draft.files.all()] == ["方案.pdf", "图.png"]
        assert [f.media_type for f in draft.files.all()] == ["application/pdf", "image/png"]
        again = agent.get(place)
        assert "方案.pdf" in again
        assert "本栏目文件数已满" in again

    def test_what_is_refused_is_told_at_its_field_and_the_rest_is_stored(self, city: City) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        place = url("application_fill", draft.pk, "papers")

        answer = agent.post(
            place,
            {"x_plan": [upload("坏.pdf", b"<html>"), upload()], "x_has_system": "NO"},
            status=422,
        )

        text = answer.content.decode()
        assert "坏.pdf：请选择下列格式的文件：PDF, PNG" in text
        assert [f.name for f in draft.files.all()] == ["方案.pdf"]
        assert "方案.pdf" in text
        draft.refresh_from_db()
        assert draft.answers == {"has_system": "NO"}

    def test_a_file_is_replaced_and_removed_by_buttons_of_the_form(self, city: City) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        place = url("application_fill", draft.pk, "papers")
        old = attach(city, draft)

        agent.post(place, {f"swap-{old.pk}": upload("新.pdf", pdf("新")), "stay": "1"})

        [new] = draft.files.all()
        assert (new.name, bytes(new.content)) == ("新.pdf", pdf("新"))
        answer = agent.post(place, {"drop": str(new.pk)})
        assert answer.headers["Location"] == place
        assert not draft.files.exists()

    def test_a_missing_file_is_told_in_its_section_and_the_draft_cannot_be_submitted(
        self, city: City
    ) -> None:
        draft, agent = sign(city, drafted(city)), Reader(city.agent)
        agent.post(url("application_fill", draft.pk, "papers"), {"x_has_system": "NO"})
        shown = agent.get(url("application_fill", draft.pk, "papers"))
        assert "提交前请上传该附件。" in shown
        agent.post(url("application_check", draft.pk), status=422)
        draft.refresh_from_db()
        assert draft.state == "DRAFT"

    def test_a_save_by_the_browser_itself_takes_no_files(self, city: City) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        answer = agent.client.post(
            url("application_fill", draft.pk, "papers"),
            {"x_plan": upload(), "x_has_system": "YES"},
            headers={"X-Requested-With": "autosave"},
        )
        assert answer.status_code == 200
        assert not draft.files.exists()


class TestByScript:
    def test_the_field_comes_back_with_the_revision_that_was_made(self, city: City) -> None:
        draft, agent = drafted(city), Reader(city.agent)

        answer = send(agent, draft, file=upload())

        draft.refresh_from_db()
        [file] = draft.files.all()
        assert answer.status_code == 200
        assert answer.headers["X-Revision"] == str(draft.revision)
        text = answer.content.decode()
        assert url("application_file", file.pk) in text
        assert "<html" not in text

        swapped = send(agent, draft, file=upload("新.pdf", pdf("新")), replaces=str(file.pk))
        assert "新.pdf" in swapped.content.decode()
        [new] = draft.files.all()
        gone = agent.client.post(
            url("application_file_remove", draft.pk, new.pk),
            headers={"X-Requested-With": "upload"},
        )
        assert gone.status_code == 200
        assert "新.pdf" not in gone.content.decode()
        assert not draft.files.exists()

    @pytest.mark.parametrize(
        ("sent", "status", "said"),
        [
            ({"file": upload("a.exe", b"MZ")}, 422, "PDF, PNG"),
            ({"file": upload("大.pdf", b"%PDF-" + b"0" * 2_000_000)}, 422, "1 MB"),
            ({}, 422, "请选择文件"),
            ({"file": upload(), "replaces": "999999"}, 404, ""),
        ],
        ids=["kind", "size", "nothing", "unknown"],
    )
    def test_a_refusal_is_one_line_of_text_and_stores_nothing(
        self, city: City, sent: dict[str, Any], status: int, said: str
    ) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        for file in sent.values():
            if not isinstance(file, str):
                file.seek(0)

        answer = send(agent, draft, **sent)

        assert answer.status_code == status
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert said in answer.content.decode()
        assert not AnswerFile.objects.exists()

    def test_a_silent_scanner_is_told_so_that_it_can_be_tried_again(
        self, city: City, settings: Any
    ) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        settings.CLAMD_SOCKET = "/nowhere/clamd"
        answer = send(agent, draft, file=upload())
        assert (answer.status_code, AnswerFile.objects.count()) == (503, 0)
        assert "稍后再试" in answer.content.decode()

    @pytest.mark.parametrize("who", ["stranger", "case", "legal_rep"])
    def test_nobody_else_sends_or_removes(self, city: City, who: str) -> None:
        draft = drafted(city)
        file = attach(city, draft)
        other = Reader(getattr(city, who))
        assert send(other, draft, file=upload("图.png", PNG)).status_code in (403, 404)
        gone = other.client.post(
            url("application_file_remove", draft.pk, file.pk),
            headers={"X-Requested-With": "upload"},
        )
        assert gone.status_code in (403, 404)
        assert list(draft.files.all()) == [file]


class TestReading:
    @pytest.mark.scenario(14)
    def test_a_file_is_handed_over_to_keep_and_never_to_be_shown(self, city: City) -> None:
        case = submitted(city)
        file = case.files.get(field="plan")
        place = url("application_file", file.pk)

        answer = Reader(city.case).client.get(place)

        assert answer.content == pdf()
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "no-store" in answer.headers["Cache-Control"]
        for who in (city.stranger, city.members[0]):
            Reader(who).get(place, status=404)

    def test_the_check_page_and_the_case_of_the_applicant_list_them(self, city: City) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        link = url("application_file", attach(city, draft).pk)
        assert link in agent.get(url("application_check", draft.pk))
        assert link in agent.get(url("application", draft.pk))

    def test_the_desk_and_the_file_room_of_the_panel_list_them(self, city: City) -> None:
        case = submitted(city)
        link = url("application_file", case.files.get(field="plan").pk)
        assert link in Reader(city.case).get(url("application", case.pk))

        before_the_panel(city, case)

        member = Reader(city.members[0])
        room = url("application_file_room", case.pk)
        assert link not in member.get(room, at=build.CONCLUDED)
        member.get(link, at=build.CONCLUDED, status=404)
        actions.declare_interest(
            application_id=case.pk, conflict="", actor=city.members[0], at=build.CONCLUDED
        )
        assert link in member.get(room, at=build.CONCLUDED)
        assert member.client.get(link).content == pdf()

    def test_the_desk_sees_which_file_was_replaced(self, city: City) -> None:
        case = returned(city, submitted(city))
        old = case.files.get(field="plan")
        new = attach(city, case, content=pdf("新"), replaces=old.pk)
        resubmit(city, case)

        shown = Reader(city.case).get(url("application", case.pk) + "?show=changes")

        gone, come = shown.split('<ins class="dd-added">', 1)
        assert url("application_file", old.pk) in gone.rsplit('<del class="dd-removed">', 1)[1]
        assert url("application_file", new.pk) in come.split("</ins>", 1)[0]


class TestDeletion:
    @pytest.mark.scenario(10)
    def test_a_draft_is_deleted_after_one_more_question_and_leads_nowhere(
        self, city: City
    ) -> None:
        draft, agent = drafted(city), Reader(city.agent)
        file = attach(city, draft)
        place = url("application_delete", draft.pk)
        assert place in agent.get(url("application_tasks", draft.pk))
        assert place in agent.get(url("application", draft.pk))
        assert "不能恢复" in agent.get(place)

        answer = agent.post(place)

        assert answer.headers["Location"] == url("applications")
        listed = agent.get(url("applications"))
        assert "草稿已删除" in listed
        assert str(draft.pk) not in listed
        agent.get(url("application", draft.pk), status=404)
        agent.get(url("application_tasks", draft.pk), status=404)
        agent.get(url("application_file", file.pk), status=404)
        agent.get(place, status=404)

    @pytest.mark.scenario(10)
    def test_what_was_handed_in_offers_no_deletion_and_takes_none(self, city: City) -> None:
        case = build.submitted(city)
        agent, place = Reader(city.agent), url("application_delete", case.pk)
        assert place not in agent.get(url("application", case.pk))
        agent.get(place, status=409)
        agent.post(place, status=409)
        officer = Reader(city.case)
        assert place not in officer.get(url("application", case.pk))
        officer.get(place, status=403)
        officer.post(place, status=403)
        assert Application.objects.filter(pk=case.pk).exists()

    @pytest.mark.parametrize("ending", ["withdrawn", "lapsed"])
    def test_a_case_that_ended_stays_readable_and_is_copied_as_new(
        self, city: City, ending: str
    ) -> None:
        case = submitted(city)
        if ending == "withdrawn":
            actions.withdraw_application(
                application_id=case.pk, reason="", actor=city.agent, at=build.SUBMITTED
            )
        else:
            returned(city, case)
            assert actions.lapse_overdue(at=build.day("2026-12-01")) == 1
        agent = Reader(city.agent)
        assert "方案.pdf" in agent.get(url("application", case.pk))
        agent.post(url("application_copy", case.pk))
        made = Application.objects.get(copied_from=case)
        assert [f.name for f in made.files.all()] == ["方案.pdf", "内情.pdf"]
