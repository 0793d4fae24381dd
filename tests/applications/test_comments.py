"""Comments on entries, remarks, the correction list, and what was handed in before."""

from __future__ import annotations

from typing import Any

import pytest

from applications import actions, queries
from applications.errors import CorrectionUsedUp
from applications.models import Application, Attachment, Comment, CorrectionNotice, Remark
from core import hashing
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from notify.models import Message
from tests.applications.desk_support import PDF, acts, colleague, resubmitted
from tests.applications.form_support import sign
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Application:
    """Return a submitted case."""
    return build.submitted(city)


def comment(case: Application, who: Any, **more: Any) -> Comment:
    """Comment on the purpose unless told otherwise."""
    given = {"section": "scenario", "item": "purpose_text", "text": "用途过宽", **more}
    return actions.add_comment(application_id=case.pk, actor=who, at=build.SUBMITTED, **given)


def view(case: Application, who: Any, show: str = "all") -> Any:
    """Return the case as a reviewer reads it."""
    return queries.desk_view(application_id=case.pk, actor=who, show=show)


def entry(seen: Any, key: str) -> Any:
    """Return one entry of the view."""
    return next(e for s in seen.sections for e in s.entries if e.key == key)


def section(seen: Any, key: str) -> Any:
    """Return one section of the view."""
    return next(s for s in seen.sections if s.key == key)


class TestComments:
    def test_stands_beside_its_entry_with_its_answers(self, city: City, case: Application) -> None:
        said = comment(case, city.case)
        actions.reply_to_comment(
            comment_id=said.pk, text="已电话核实", actor=city.decider, at=build.SUBMITTED
        )
        [shown] = entry(view(case, city.decider), "purpose_text").comments
        assert (shown.text, shown.author_name) == ("用途过宽", "承办人")
        assert [r.text for r in shown.replies] == ["已电话核实"]
        assert section(view(case, city.case), "scenario").unresolved == 1

    def test_is_internal_unless_it_is_said_to_be_for_the_applicant(
        self, city: City, case: Application
    ) -> None:
        comment(case, city.case)
        comment(case, city.case, text="请留意期限", for_applicant=True)
        side = queries.desk_side(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        assert [(n.text, n.author) for n in side.talks.notes] == [
            ("请留意期限", city.authority.name)
        ]
        assert view(case, city.agent) is None
        told = Message.objects.filter(recipient=city.agent).values_list("body", flat=True)
        assert "请留意期限" in told
        assert "用途过宽" not in told

    def test_is_marked_outdated_and_stays_readable_when_the_entry_was_changed(
        self, city: City, case: Application
    ) -> None:
        comment(case, city.case, section="usage", item="region", text="地区不明")
        comment(case, city.case, section="usage", item="term_months", text="期限可以")
        resubmitted(city, case, region="江苏省苏州市")
        seen = view(case, city.case)
        [old] = entry(seen, "region").comments
        assert (old.text, old.outdated) == ("地区不明", True)
        assert not entry(seen, "term_months").comments[0].outdated

    def test_a_comment_on_a_dataset_that_was_dropped_moves_to_its_section(
        self, city: City, case: Application
    ) -> None:
        comment(case, city.case, section="datasets", item="items.D07.fields", text="字段过多")
        actions.request_correction(
            application_id=case.pk,
            defects=[{"section": "datasets", "item": "D07", "problem": "过多", "required": "删"}],
            actor=city.case,
            at=build.SUBMITTED,
        )
        actions.set_items(
            application_id=case.pk,
            items=[
                {
                    "code": "D01",
                    "fields": ["name"],
                    "filters": {},
                    "justification": "只需要核验企业登记名称。",
                }
            ],
            actor=city.agent,
            at=build.ACCEPTED,
        )
        sign(city, case)
        actions.resubmit_application(
            application_id=case.pk, answers={"1": "已删"}, actor=city.agent, at=build.ACCEPTED
        )
        [moved] = section(view(case, city.case), "datasets").comments
        assert (moved.text, moved.outdated) == ("字段过多", True)

    def test_is_resolved_and_opened_again(self, city: City, case: Application) -> None:
        said = comment(case, city.case)
        actions.resolve_comment(comment_id=said.pk, actor=city.case, at=build.SUBMITTED)
        assert section(view(case, city.case), "scenario").unresolved == 0
        with pytest.raises(NotAllowedNow):
            actions.reply_to_comment(
                comment_id=said.pk, text="再说", actor=city.case, at=build.SUBMITTED
            )
        actions.resolve_comment(
            comment_id=said.pk, actor=city.case, at=build.SUBMITTED, resolved=False
        )
        assert section(view(case, city.case), "scenario").unresolved == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"text": "  "},
            {"section": "nonsense"},
            {"item": "nonsense"},
            {"item": "region"},
            {"text": "长" * 2001},
        ],
    )
    def test_refuses_what_points_nowhere_or_says_nothing(
        self, city: City, case: Application, wrong: dict[str, Any]
    ) -> None:
        refuses(case, InvalidInput, lambda: comment(case, city.case, **wrong))
        assert not Comment.objects.exists()

    def test_refuses_whoever_does_not_work_on_the_case(
        self, city: City, case: Application
    ) -> None:
        refuses(case, Forbidden, lambda: comment(case, city.agent))
        refuses(case, NotFound, lambda: comment(case, city.stranger))
        refuses(case, Forbidden, lambda: comment(case, city.decider, for_applicant=True))
        refuses(case, Forbidden, lambda: comment(case, city.decider, is_defect=True))
        said = comment(case, city.case)
        with pytest.raises(NotFound):
            actions.reply_to_comment(
                comment_id=said.pk, text="？", actor=city.agent, at=build.SUBMITTED
            )
        assert Comment.objects.count() == 1

    def test_begun_words_are_there_in_another_browser_and_for_nobody_else(
        self, city: City, case: Application
    ) -> None:
        place = "comment:scenario:purpose_text"
        actions.save_opinion_draft(
            application_id=case.pk, place=place, text="想到一半", actor=city.case,
            at=build.SUBMITTED,
        )  # fmt: skip
        assert entry(view(case, city.case), "purpose_text").draft == "想到一半"
        assert entry(view(case, colleague(city)), "purpose_text").draft == ""
        comment(case, city.case)
        assert entry(view(case, city.case), "purpose_text").draft == ""


class TestCorrectionList:
    def points(self, *texts: str) -> list[dict[str, Any]]:
        return [
            {"section": "usage", "item": "期限", "problem": text, "required": "改正"}
            for text in texts
        ]

    def save(self, city: City, case: Application, points: list[dict[str, Any]]) -> Any:
        return actions.save_correction_list(
            application_id=case.pk, points=points, actor=city.case, at=build.SUBMITTED
        )

    def test_is_built_from_comments_reordered_and_sent_once(
        self, city: City, case: Application
    ) -> None:
        comment(case, city.case, is_defect=True, required="写明具体用途")
        comment(
            case, city.case, section="usage", item="region", text="地区不明", is_defect=True
        )
        listed = queries.correction_list(application_id=case.pk, actor=city.case)
        assert [p.text for p in listed] == ["用途过宽", "地区不明"]
        points = [
            {"id": p.id, "section": p.section, "item": p.label, "problem": p.text,
             "required": p.required or "写明"}
            for p in reversed(listed)
        ]  # fmt: skip
        self.save(city, case, points)
        actions.send_correction_list(application_id=case.pk, actor=city.case, at=build.SUBMITTED)
        notice = CorrectionNotice.objects.get(application=case)
        assert [(d["section"], d["problem"]) for d in notice.defects] == [
            ("usage", "地区不明"),
            ("scenario", "用途过宽"),
        ]
        assert all(c.sent_in == notice for c in Comment.objects.all())
        assert queries.correction_list(application_id=case.pk, actor=city.case) == ()

    def test_a_second_list_in_the_same_submission_is_refused(
        self, city: City, case: Application
    ) -> None:
        resubmitted(city, case)
        case.refresh_from_db()
        refuses(case, CorrectionUsedUp, lambda: self.save(city, case, self.points("又一处")))
        refuses(
            case,
            CorrectionUsedUp,
            lambda: actions.send_correction_list(
                application_id=case.pk,
                points=self.points("又一处"),
                actor=city.case,
                at=build.ACCEPTED,
            ),
        )
        assert not Comment.objects.exists()

    def test_a_point_taken_off_the_page_is_no_defect_any_more(
        self, city: City, case: Application
    ) -> None:
        first, second = self.save(city, case, self.points("甲", "乙"))
        self.save(city, case, [{"id": second.pk, "section": "usage", "item": "期限",
                                "problem": "乙改", "required": "改正"}])  # fmt: skip
        listed = queries.correction_list(application_id=case.pk, actor=city.case)
        assert [p.text for p in listed] == ["乙改"]
        assert Comment.objects.get(pk=first.pk).resolved_at is not None

    @pytest.mark.scenario(47)
    def test_refuses_a_list_without_a_section_and_an_empty_one(
        self, city: City, case: Application
    ) -> None:
        def send(points: list[dict[str, Any]]) -> None:
            actions.send_correction_list(
                application_id=case.pk, points=points, actor=city.case, at=build.SUBMITTED
            )

        refuses(case, InvalidInput, lambda: send([]))
        nameless = [{**self.points("缺章节")[0], "section": ""}]
        refuses(case, InvalidInput, lambda: send(nameless))
        silent = [{**self.points("缺要求")[0], "required": ""}]
        refuses(case, InvalidInput, lambda: send(silent))
        assert not Comment.objects.exists()
        send(self.points("期限过长"))
        # Only the named section unlocks, and the signature that the return has voided.
        page = queries.draft_page(application_id=case.pk, actor=city.agent, at=build.ACCEPTED)
        assert {s.key for s in page.sections if s.status != "locked"} == {"usage", "commitments"}

    def test_is_not_for_others_than_the_desk(self, city: City, case: Application) -> None:
        for who in (city.agent, city.decider):
            refuses(
                case,
                Forbidden,
                lambda who=who: actions.save_correction_list(
                    application_id=case.pk, points=self.points("甲"), actor=who, at=build.SUBMITTED
                ),
            )
            assert queries.correction_list(application_id=case.pk, actor=who) == ()


class TestRemarks:
    def remark(self, case: Application, who: Any, **more: Any) -> Remark:
        given = {"text": "内部意见", **more}
        return actions.add_remark(application_id=case.pk, actor=who, at=build.SUBMITTED, **given)

    @pytest.mark.scenario(30)
    def test_an_internal_remark_is_invisible_outside_and_a_public_one_is_told(
        self, city: City, case: Application
    ) -> None:
        files = [actions.Upload("内部.pdf", PDF)]
        self.remark(case, city.case, text="内部秘密", files=files)
        self.remark(
            case, city.case, text="请知悉", is_public=True, files=[actions.Upload("通知.pdf", PDF)]
        )
        hidden, shown = Attachment.objects.order_by("id")
        outside = queries.desk_side(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        assert [r.text for r in outside.talks.remarks] == ["请知悉"]
        assert [r.author for r in outside.talks.remarks] == [city.authority.name]
        page = queries.case_page(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        assert "add_remark" not in {e.action for e in page.timeline}
        assert "add_public_remark" in {e.action for e in page.timeline}
        bodies = set(Message.objects.filter(recipient=city.agent).values_list("body", flat=True))
        assert "请知悉" in bodies
        assert "内部秘密" not in bodies
        # Told to the applicant who applies; the legal representative reads it on the case.
        assert not Message.objects.filter(recipient=city.legal_rep, body="请知悉").exists()
        with pytest.raises(NotFound):
            queries.attachment(attachment_id=hidden.pk, actor=city.agent)
        assert queries.attachment(attachment_id=shown.pk, actor=city.agent)[2] == PDF
        assert queries.attachment(attachment_id=hidden.pk, actor=city.decider)[2] == PDF
        with pytest.raises(NotFound):
            queries.attachment(attachment_id=shown.pk, actor=city.stranger)
        # Neither letter nor minutes speaks of it.
        actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
        assert all("内部秘密".encode() not in bytes(d.file) for d in case.documents.all())

    @pytest.mark.parametrize(
        "content", [b"", b"MZ\x90\x00", b"%PDF-" + b"0" * (10 * 1024 * 1024)]
    )
    def test_refuses_an_empty_a_large_and_a_foreign_file_and_keeps_nothing(
        self, city: City, case: Application, content: bytes
    ) -> None:
        files = [actions.Upload("plan.pdf", content)]
        refuses(case, InvalidInput, lambda: self.remark(case, city.case, files=files))
        assert not Remark.objects.exists()
        assert not Attachment.objects.exists()

    def test_takes_a_file_of_exactly_the_limit_under_its_plain_name(
        self, city: City, case: Application
    ) -> None:
        content = b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024 - 3)
        self.remark(case, city.case, files=[actions.Upload("C:\\tmp\\照片.jpg", content)])
        kept = Attachment.objects.get()
        assert (kept.name, kept.media_type) == ("照片.jpg", "image/jpeg")
        assert kept.content_hash == hashing.digest(content)

    def test_refuses_whoever_may_not_write_there(self, city: City, case: Application) -> None:
        refuses(case, Forbidden, lambda: self.remark(case, city.agent))
        refuses(case, Forbidden, lambda: self.remark(case, city.agent, is_public=True))
        refuses(case, Forbidden, lambda: self.remark(case, city.decider, is_public=True))
        assert acts(case)[-1] == "submit"
