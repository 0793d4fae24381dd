"""Questions to the applicant, opinions asked of other officials, the office's own reference."""

from __future__ import annotations

from typing import Any

import pytest

from applications import actions, queries
from applications.models import Application, Attachment, Clarification
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from notify.models import Message
from parties.roles import Role
from tests.applications.conftest import due
from tests.applications.desk_support import PDF, acts, ask, take
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import person
from workflow import deadlines, inbox, outbox
from workflow.deadlines import ClockError
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Application:
    """Return a case in provider review."""
    return build.accepted(city)


def question(case: Application, who: Any, *, at: Any = build.ACCEPTED, **more: Any) -> Any:
    """Ask the applicant something."""
    given = {"question": "请说明 D01 各字段的用途。", **more}
    return actions.ask_clarification(application_id=case.pk, actor=who, at=at, **given)


def answer(asked: Any, who: Any, *, at: Any = build.REVIEWED, **more: Any) -> Any:
    """Answer a question."""
    given = {"text": "用于核验登记状态。", **more}
    return actions.answer_clarification(clarification_id=asked.pk, actor=who, at=at, **given)


def status(subject: Any, kind: str, at: Any = build.ACCEPTED) -> str:
    """Return the status of a clock."""
    return next(c.status for c in deadlines.of_subject(subject, at=at) if c.kind == kind)


class TestQuestions:
    def test_a_question_that_costs_no_time_leaves_the_clocks_running(
        self, city: City, case: Application
    ) -> None:
        asked = question(case, city.case)
        assert status(case, "overall") == "normal"
        assert [w.subject_id for w in inbox.waiting_for(city.agent, at=build.ACCEPTED)] == [
            str(asked.pk)
        ]
        side = queries.desk_side(application_id=case.pk, actor=city.agent, at=build.ACCEPTED)
        [row] = side.talks.clarifications
        assert (row.stopped, row.may_answer, row.state) == ((), True, "ASKED")

    def test_the_named_clocks_stand_until_the_answer_and_the_days_are_added(
        self, city: City, case: Application
    ) -> None:
        before = due(case, "overall")
        asked = question(
            case, city.case, stop_kinds=["overall", "provider_review"], stop_reason="待企业说明"
        )
        branches = list(case.branches.order_by("id"))
        assert status(case, "overall") == "stopped"
        assert {status(b, "provider_review") for b in branches} == {"stopped"}
        answer(asked, city.agent, at=day("2026-09-18"))
        assert status(case, "overall") == "normal"
        assert {status(b, "provider_review") for b in branches} == {"normal"}
        # Two working days stood: Thursday the 17th and Friday the 18th.
        assert (before, due(case, "overall")) == ("2026-10-20", "2026-10-22")
        stops = AuditEntry.objects.filter(subject_id=str(case.pk), action="stop_clock")
        assert stops.get().facts["reason"] == "待企业说明"

    def test_a_clock_stands_until_the_last_of_two_questions_is_answered(
        self, city: City, case: Application
    ) -> None:
        stop = {"stop_kinds": ["overall"], "stop_reason": "待说明"}
        first, second = (question(case, city.case, **stop) for _ in range(2))
        answer(first, city.agent)
        assert status(case, "overall") == "stopped"
        answer(second, city.agent)
        assert status(case, "overall") == "normal"

    def test_a_clock_that_was_let_run_by_hand_does_not_hinder_the_answer(
        self, city: City, case: Application
    ) -> None:
        asked = question(case, city.case, stop_kinds=["overall"], stop_reason="待说明")
        actions.resume_clock(
            application_id=case.pk, kind="overall", actor=city.case, at=build.REVIEWED
        )
        assert answer(asked, city.agent).state == "ANSWERED"

    def test_recalled_it_lets_the_clocks_run_and_is_not_answered_any_more(
        self, city: City, case: Application
    ) -> None:
        asked = question(case, city.case, stop_kinds=["overall"], stop_reason="待说明")
        actions.recall_clarification(
            clarification_id=asked.pk, actor=city.case, at=build.REVIEWED
        )
        assert status(case, "overall") == "normal"
        refuses(case, NotAllowedNow, lambda: answer(asked, city.agent))
        assert inbox.waiting_for(city.agent, at=build.ACCEPTED) == ()

    def test_the_answer_keeps_its_files_for_both_sides_and_tells_the_office(
        self, city: City, case: Application
    ) -> None:
        asked = question(case, city.case)
        answer(asked, city.agent, files=[actions.Upload("说明.pdf", PDF)])
        kept = Attachment.objects.get()
        for who in (city.agent, city.case, city.decider):
            assert queries.attachment(attachment_id=kept.pk, actor=who) == (
                "说明.pdf",
                "application/pdf",
                PDF,
            )
        with pytest.raises(NotFound):
            queries.attachment(attachment_id=kept.pk, actor=city.stranger)
        assert Message.objects.filter(recipient=city.case, body="用于核验登记状态。").exists()
        assert acts(case)[-1] == "answer_clarification"

    def test_refuses_a_foreign_file_and_leaves_the_question_open(
        self, city: City, case: Application
    ) -> None:
        asked = question(case, city.case, stop_kinds=["overall"], stop_reason="待说明")
        refuses(
            case,
            InvalidInput,
            lambda: answer(asked, city.agent, files=[actions.Upload("a.pdf", b"<html>")]),
        )
        asked.refresh_from_db()
        assert (asked.state, Attachment.objects.count()) == ("ASKED", 0)
        assert status(case, "overall") == "stopped"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"question": " "},
            {"stop_kinds": ["overall"]},
            {"stop_kinds": ["acceptance"], "stop_reason": "等"},
        ],
    )
    def test_refuses_an_empty_question_and_a_stop_without_reason(
        self, city: City, case: Application, wrong: dict[str, Any]
    ) -> None:
        refuses(case, InvalidInput, lambda: question(case, city.case, **wrong))
        assert not Clarification.objects.exists()

    def test_refuses_to_stop_what_does_not_run(self, city: City, case: Application) -> None:
        refuses(
            case,
            ClockError,
            lambda: question(case, city.case, stop_kinds=["committee"], stop_reason="等"),
        )
        assert not Clarification.objects.exists()

    def test_refuses_whoever_may_not_write_or_answer(self, city: City, case: Application) -> None:
        for who in (city.agent, city.decider):
            refuses(case, Forbidden, lambda who=who: question(case, who))
        refuses(case, NotFound, lambda: question(case, city.stranger))
        # A security officer may ask, but stops no clock of the case.
        refuses(
            case,
            Forbidden,
            lambda: question(case, city.security, stop_kinds=["overall"], stop_reason="等"),
        )
        assert not Clarification.objects.exists()
        asked = question(case, city.security)
        for who, error in ((city.case, Forbidden), (city.stranger, NotFound)):
            refuses(case, error, lambda who=who: answer(asked, who))
        assert asked.office == city.platform

    def test_a_case_that_was_returned_or_has_ended_is_not_asked(self, city: City) -> None:
        case = build.submitted(city)
        actions.withdraw_application(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        refuses(case, NotAllowedNow, lambda: question(case, city.case))

    def test_what_is_open_is_recalled_when_the_case_ends(
        self, city: City, case: Application
    ) -> None:
        asked, [opinion] = question(case, city.case), ask(case, city, city.members[0])
        actions.withdraw_application(application_id=case.pk, actor=city.agent, at=build.REVIEWED)
        outbox.deliver_due(at=build.REVIEWED)
        asked.refresh_from_db()
        opinion.refresh_from_db()
        assert (asked.state, opinion.state) == ("RECALLED", "RECALLED")


@pytest.mark.scenario(35)
def test_the_applicant_reads_offices_and_the_office_reads_names(city: City) -> None:
    case = build.accepted(city)
    asked = question(case, city.case)
    answer(asked, city.agent)
    actions.add_remark(
        application_id=case.pk, text="请知悉", is_public=True, actor=city.case, at=build.REVIEWED
    )
    inside = queries.case_page(application_id=case.pk, actor=city.decider, at=build.REVIEWED)
    outside = queries.case_page(application_id=case.pk, actor=city.agent, at=build.REVIEWED)
    accepted = next(e for e in outside.timeline if e.action == "accept")
    assert accepted.actor_name == city.authority.name
    assert next(e for e in inside.timeline if e.action == "accept").actor_name.startswith("承办人")
    # The people of the applicant keep their names.
    assert next(e for e in outside.timeline if e.action == "submit").actor_name.startswith("周示例")
    officials = ("承办人", "市监专员", "市监负责人", "审批人")
    assert not [e for e in outside.timeline if e.actor_name.startswith(officials)]
    side = queries.desk_side(application_id=case.pk, actor=city.agent, at=build.REVIEWED)
    assert [c.asked_by for c in side.talks.clarifications] == [city.authority.name]
    assert [r.author for r in side.talks.remarks] == [city.authority.name]
    inner = queries.desk_side(application_id=case.pk, actor=city.decider, at=build.REVIEWED)
    assert [c.asked_by for c in inner.talks.clarifications] == ["承办人"]
    for message in Message.objects.filter(recipient__in=[city.agent, city.legal_rep]):
        assert not any(name in message.subject + message.body for name in officials)
    for paper in case.documents.all():
        assert not any(name in text_of(bytes(paper.file)) for name in officials)


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF."""
    from io import BytesIO

    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_every_desk_of_the_applicant_reads_the_case_from_the_same_side(city: City) -> None:
    contact = person(city.applicant, Role.APPLICANT_SECURITY, full_name="安全联系人")
    case = build.submitted(city)
    take(case, city.case)
    actions.add_remark(
        application_id=case.pk, text="内部秘密", actor=city.case, at=build.SUBMITTED
    )
    page = queries.case_page(application_id=case.pk, actor=contact, at=build.SUBMITTED)
    assert page.is_applicant
    assert not {"take_over", "add_remark"} & {e.action for e in page.timeline}
    side = queries.desk_side(application_id=case.pk, actor=contact, at=build.SUBMITTED)
    assert (side.holding, side.talks.remarks) == (None, ())
    assert queries.desk_view(application_id=case.pk, actor=contact) is None
