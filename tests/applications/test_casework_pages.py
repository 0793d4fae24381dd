"""The desk by hand: the case page of officials, the lists and forms beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from applications.models import (
    Application,
    Attachment,
    Clarification,
    Comment,
    Consultation,
    CorrectionNotice,
    Delegation,
    Remark,
)
from core import clock
from tests.applications.desk_support import PDF, colleague, resubmitted, take
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


def words_of(page: str, anchor: str) -> str:
    """Return the part of a page that begins at an anchor and ends with its section."""
    start = page.index(f'id="{anchor.removeprefix("#")}"')
    return page[start : page.index("</section>", start)]


@pytest.fixture
def case(city: City) -> Application:
    """Return a submitted case."""
    return build.submitted(city)


def test_a_case_is_taken_assigned_and_handed_back_by_hand(city: City, case: Application) -> None:
    other = colleague(city)
    handler = Reader(city.case)
    assert "尚未认领" in handler.get(url("application", case.pk))
    handler.post(url("application_take", case.pk), {"holder": ""})
    assert "由您承办" in handler.get(url("application", case.pk))
    handler.post(url("application_assign", case.pk), {"person": str(other.pk)})
    seen = handler.get(url("application", case.pk))
    assert other.full_name in seen
    # Without a reason nothing is taken from a colleague, and the page says why.
    handler.post(url("application_take", case.pk), {"holder": str(other.pk)})
    assert "请说明从同事处接手的理由" in handler.get(url("application", case.pk))
    case.refresh_from_db()
    assert case.holder == other
    Reader(other).post(url("application_hand_back", case.pk))
    case.refresh_from_db()
    assert case.holder is None


def test_the_applicant_never_reads_who_has_the_case(city: City, case: Application) -> None:
    take(case, city.case)
    page = Reader(city.agent).get(url("application", case.pk))
    assert city.authority.name in page
    assert "承办人" not in page
    assert "由您承办" not in page


def test_a_leave_is_delegated_and_ended_by_hand(city: City) -> None:
    other = colleague(city)
    handler = Reader(city.case)
    given = {"delegate_id": str(other.pk), "from_on": "2026-09-15", "until_on": "2026-09-18"}
    handler.post(url("application_leave"), {**given, "reason": ""}, status=422)
    assert not Delegation.objects.exists()
    handler.post(url("application_leave"), {**given, "reason": "年休假"})
    made = Delegation.objects.get()
    assert other.full_name in handler.get(url("application_leave"))
    handler.post(url("application_leave_end", made.pk))
    made.refresh_from_db()
    assert made.ended_at is not None
    Reader(city.agent).get(url("application_leave"), status=403)


class TestComments:
    def say(self, who: Reader, case: Application, **more: Any) -> None:
        given = {"section": "scenario", "item": "purpose_text", "text": "用途过宽", **more}
        who.post(url("application_comment", case.pk), given)

    def test_are_noted_answered_and_resolved_by_hand(self, city: City, case: Application) -> None:
        handler, decider = Reader(city.case), Reader(city.decider)
        self.say(handler, case)
        said = Comment.objects.get()
        page = decider.get(url("application", case.pk))
        assert "用途过宽" in page
        assert "仅内部可见" in page
        decider.post(url("application_reply", said.pk), {"text": "同意此意见"})
        assert "同意此意见" in handler.get(url("application", case.pk))
        handler.post(url("application_resolve", said.pk), {"resolved": "1"})
        assert "已办结" in handler.get(url("application", case.pk))
        outside = Reader(city.agent).get(url("application", case.pk))
        assert "用途过宽" not in outside
        assert "同意此意见" not in outside

    def test_for_the_applicant_are_confirmed_first_and_refused_words_stay(
        self, city: City, case: Application
    ) -> None:
        handler = Reader(city.case)
        self.say(handler, case, text="请留意期限", audience="applicant")
        assert not Comment.objects.exists()
        page = handler.get(url("application", case.pk))
        assert "请确认该内容将由申请人看到" in page
        assert ">请留意期限</textarea>" in page
        self.say(handler, case, text="请留意期限", audience="applicant", confirm="1")
        assert "请留意期限" in Reader(city.agent).get(url("application", case.pk))

    def test_begun_words_come_back_in_another_browser(self, city: City, case: Application) -> None:
        place = {"place": "comment:usage:region", "text": "写到一半"}
        Reader(city.case).post(url("application_words", case.pk), place, status=204)
        assert ">写到一半</textarea>" in Reader(city.case).get(url("application", case.pk))
        remark = {"place": "remark", "text": "备注写到一半"}
        Reader(city.case).post(url("application_words", case.pk), remark, status=204)
        assert "备注写到一半" in Reader(city.case).get(url("application_remark", case.pk))
        Reader(city.stranger).post(url("application_words", case.pk), place, status=404)


class TestCorrectionList:
    def test_is_built_previewed_and_sent_once_by_hand(self, city: City, case: Application) -> None:
        handler = Reader(city.case)
        for item, text in (("region", "地区不明"), ("term_months", "期限过长")):
            handler.post(
                url("application_comment", case.pk),
                {"section": "usage", "item": item, "text": text, "audience": "defect",
                 "required": "改正"},
            )  # fmt: skip
        page = handler.get(url("application_return", case.pk))
        assert page.index("地区不明") < page.index("期限过长")
        first, second = Comment.objects.order_by("id")
        rows = {
            "id-0": first.pk, "order-0": "2", "section-0": "usage", "item-0": "地区",
            "problem-0": "地区不明", "required-0": "写明",
            "id-1": second.pk, "order-1": "1", "section-1": "usage", "item-1": "期限",
            "problem-1": "期限过长", "required-1": "缩短",
        }  # fmt: skip
        shown = handler.post(url("application_return", case.pk), {**rows, "act": "preview"})
        assert not CorrectionNotice.objects.exists()
        page = handler.get(shown["Location"].partition("#")[0])
        preview = words_of(page, "#preview")
        assert preview.index("期限过长") < preview.index("地区不明")
        assert "申请人所见预览" in preview
        handler.post(url("application_return", case.pk), {**rows, "act": "send"})
        [notice] = CorrectionNotice.objects.all()
        assert [d["item"] for d in notice.defects] == ["期限", "地区"]
        # What the applicant sees is what was previewed.
        applicant = Reader(city.agent).get(url("application_correct", case.pk))
        assert applicant.index("期限过长") < applicant.index("地区不明")
        handler.post(url("application_return", case.pk), {**rows, "act": "send"}, status=409)
        assert CorrectionNotice.objects.count() == 1


class TestLooking:
    def test_three_views_stand_in_the_address_and_say_what_was_added_in_words(
        self, city: City, case: Application
    ) -> None:
        handler = Reader(city.case)
        handler.get(url("application", case.pk))
        resubmitted(city, case, region="江苏省无锡市新吴区")
        address = url("application", case.pk)
        for show in ("changes", "seen"):
            page = handler.get(f"{address}?show={show}", at=build.ACCEPTED)
            answers = words_of(page, "#section-usage")
            assert "新增" in answers
            assert "新吴区" in answers
            assert "产品" not in answers
        late = Reader(colleague(city)).get(f"{address}?show=seen", at=build.ACCEPTED)
        assert "没有变化" in late
        assert "您未查看过更早的提交" in late

    def test_a_section_is_marked_and_the_progress_is_shown(
        self, city: City, case: Application
    ) -> None:
        handler = Reader(city.case)
        assert "已看 0／5 部分" in handler.get(url("application", case.pk))
        handler.post(url("application_mark", case.pk), {"section": "usage", "seen": "1"})
        assert "已看 1／5 部分" in handler.get(url("application", case.pk))
        resubmitted(city, case, region="江苏省苏州市")
        assert "看后有变化" in handler.get(url("application", case.pk), at=build.ACCEPTED)

    def test_the_page_costs_the_same_queries_however_much_was_said(
        self, city: City, case: Application, queries_of: Any
    ) -> None:
        handler = Reader(city.case)

        def talk() -> None:
            actions.add_comment(
                application_id=case.pk, section="usage", item="region", text="地区不明",
                actor=city.case, at=build.SUBMITTED,
            )  # fmt: skip
            actions.add_remark(
                application_id=case.pk, text="备注", actor=city.case, at=build.SUBMITTED
            )
            actions.ask_clarification(
                application_id=case.pk, question="请说明", actor=city.case, at=build.SUBMITTED
            )

        talk()
        handler.get(url("application", case.pk))
        with clock.fixed(build.SUBMITTED):
            few = queries_of(lambda: handler.client.get(url("application", case.pk)))
            for _more in range(5):
                talk()
            many = queries_of(lambda: handler.client.get(url("application", case.pk)))
        assert many == few

    def test_the_queue_is_walked_by_links_that_keys_follow(
        self, city: City, case: Application
    ) -> None:
        later = build.submitted(city, at=build.ACCEPTED)
        page = Reader(city.case).get(url("application", case.pk), at=build.ACCEPTED)
        assert f'rel="next" href="{url("application", later.pk)}"' in page
        page = Reader(city.case).get(url("application", later.pk), at=build.ACCEPTED)
        assert f'rel="prev" href="{url("application", case.pk)}"' in page
        assert 'rel="next"' not in page

    def test_related_cases_and_decisions_stand_one_click_away(self, city: City) -> None:
        _city, decided = build.approved_application(city)
        case = build.submitted(city, at=build.DECIDED)
        page = Reader(city.case).get(url("application", case.pk), at=build.DECIDED)
        related = page[page.index("related-heading") :]
        assert related.count(f'href="{url("application", decided.pk)}"') == 2

    def test_the_timeline_says_who_reads_each_entry_and_turns_round(
        self, city: City, case: Application
    ) -> None:
        take(case, city.case)
        address = url("application", case.pk)
        page = Reader(city.case).get(address)
        timeline = page[page.index("timeline-heading") :]
        assert 'aria-label="仅内部可见"' in timeline
        assert 'aria-label="申请人可见"' in timeline
        assert timeline.index("接手") < timeline.index("提交</strong>")
        oldest = Reader(city.case).get(f"{address}?order=oldest")
        oldest = oldest[oldest.index("timeline-heading") :]
        assert oldest.index("提交</strong>") < oldest.index("接手</strong>")
        shared = Reader(city.case).get(f"{address}?acts=shared")
        assert "接手</strong>" not in shared[shared.index("timeline-heading") :]


class TestTalks:
    def test_a_question_is_asked_and_answered_by_hand_with_a_file(self, city: City) -> None:
        case = build.accepted(city)
        handler, agent = Reader(city.case), Reader(city.agent)
        asked = {"text": "请说明用途。", "stop_kinds": ["overall"], "stop_reason": "待说明"}
        at = build.ACCEPTED
        handler.post(url("application_ask", case.pk), asked, at=at, status=422)
        handler.post(url("application_ask", case.pk), {**asked, "confirm": "on"}, at=at)
        question = Clarification.objects.get()
        page = agent.get(url("application", case.pk), at=at)
        assert "答复前停止计时" in page
        assert city.authority.name in page
        assert "答复澄清问题" in agent.get(url("home"), at=at)
        address = url("application_clarify", question.pk)
        assert "待说明" in agent.get(address, at=at)
        wrong = SimpleUploadedFile("a.pdf", b"<html>", "application/pdf")
        agent.post(address, {"text": "说明如下", "papers": wrong}, at=at, status=422)
        right = SimpleUploadedFile("说明.pdf", PDF, "application/pdf")
        agent.post(address, {"text": "说明如下", "papers": right}, at=at)
        page = handler.get(url("application", case.pk), at=at)
        assert "说明如下" in page
        assert "说明.pdf" in page
        kept = Attachment.objects.get()
        for who, status in ((agent, 200), (handler, 200), (Reader(city.stranger), 404)):
            answer = who.client.get(url("application_attachment", kept.pk))
            assert answer.status_code == status
        Reader(city.stranger).get(address, status=404)

    def test_an_opinion_is_asked_and_given_by_hand(self, city: City) -> None:
        case, member, at = build.accepted(city), city.members[0], build.ACCEPTED
        handler = Reader(city.case)
        page = handler.get(url("application_consult", case.pk), at=at)
        assert member.full_name in page
        assert f'value="{city.case.pk}"' not in page
        handler.post(url("application_consult", case.pk), {"text": "？"}, at=at, status=422)
        asked = {"people": [str(member.pk)], "text": "范围是否相称？"}
        handler.post(url("application_consult", case.pk), asked, at=at)
        row = Consultation.objects.get()
        reader = Reader(member)
        assert "征求您的意见" in reader.get(url("home"), at=at)
        page = reader.get(url("application", case.pk), at=at)
        assert "范围是否相称？" in page
        assert build.SCENARIO["protection_certificate"] not in page
        reader.post(
            url("application_advise", row.pk), {"choice": "give", "text": "范围相称。"}, at=at
        )
        assert "范围相称。" in handler.get(url("application", case.pk), at=at)
        assert "范围相称。" not in Reader(city.agent).get(url("application", case.pk), at=at)
        Reader(city.members[1]).get(url("application_advise", row.pk), status=404)
        Reader(city.members[1]).get(url("application", case.pk), status=404)

    @pytest.mark.scenario(30)
    def test_an_internal_remark_and_its_file_do_not_exist_for_the_applicant(
        self, city: City, case: Application
    ) -> None:
        handler, agent = Reader(city.case), Reader(city.agent)
        address = url("application_remark", case.pk)
        file = SimpleUploadedFile("内部.pdf", PDF, "application/pdf")
        handler.post(address, {"text": "内部秘密", "audience": "internal", "papers": file})
        handler.post(address, {"text": "请知悉", "audience": "public"}, status=422)
        handler.post(address, {"text": "请知悉", "audience": "public", "confirm": "on"})
        assert Remark.objects.count() == 2
        page = agent.get(url("application", case.pk))
        assert "请知悉" in page
        assert "内部秘密" not in page
        assert "内部.pdf" not in page
        kept = Attachment.objects.get()
        assert agent.client.get(url("application_attachment", kept.pk)).status_code == 404
        agent.get(address, status=403)

    @pytest.mark.scenario(39)
    def test_a_reference_is_given_by_the_desk_alone(self, city: City, case: Application) -> None:
        given = {"reference": "数据局〔2026〕17号"}
        Reader(city.case).post(url("application_reference", case.pk), given)
        assert given["reference"] in Reader(city.decider).get(url("application", case.pk))
        agent = Reader(city.agent)
        assert given["reference"] not in agent.get(url("application", case.pk))
        agent.post(url("application_reference", case.pk), {"reference": "自编"}, status=403)
        case.refresh_from_db()
        assert case.external_reference == given["reference"]


def test_a_refusal_for_data_that_are_not_open_offers_a_demand_on_page_and_letter(
    city: City, case: Application
) -> None:
    handler, agent = Reader(city.case), Reader(city.agent)
    assert "通知书" in handler.get(url("application_refuse", case.pk))
    handler.post(
        url("application_refuse", case.pk),
        {"reason_code": "NON_OPEN", "reason": "所申请数据未列入开放目录。"},
    )
    page = agent.get(url("application", case.pk))
    assert "需求征集" in page
    paper = case.documents.get(kind="NON_ACCEPTANCE")
    assert "需求征集" in text_of(bytes(paper.file))


def text_of(pdf: bytes) -> str:
    """Return the words of a letter."""
    from io import BytesIO

    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")
