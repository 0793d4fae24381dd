"""Opinions asked of other officials, and the office's own reference."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from applications import actions, queries
from applications.errors import CannotBeAsked
from applications.models import Application, Consultation
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from notify.models import Message
from parties.roles import Role
from tests.applications.desk_support import ask, colleague, take
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import add_desk
from workflow import inbox
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Application:
    """Return a case in provider review."""
    return build.accepted(city)


class TestConsultation:
    @pytest.mark.scenario(22)
    def test_whoever_is_asked_sees_the_case_and_nobody_else_learns_of_it(
        self, city: City, case: Application
    ) -> None:
        first, second = city.members[:2]
        [asked] = ask(case, city, first)
        [waiting] = list(inbox.waiting_for(first, at=build.ACCEPTED))
        assert (waiting.duty, waiting.number) == ("applications.advise", case.number)
        assert waiting.due_on == asked.due_on
        assert queries.case_page(application_id=case.pk, actor=first, at=build.ACCEPTED).number
        assert inbox.waiting_for(second, at=build.ACCEPTED) == ()
        with pytest.raises(NotFound):
            queries.case_page(application_id=case.pk, actor=second, at=build.ACCEPTED)
        with pytest.raises(NotFound):
            queries.consultation(consultation_id=asked.pk, actor=second)
        for outside in (city.agent, city.legal_rep):
            page = queries.case_page(application_id=case.pk, actor=outside, at=build.ACCEPTED)
            assert "ask_opinion" not in {e.action for e in page.timeline}
            side = queries.desk_side(application_id=case.pk, actor=outside, at=build.ACCEPTED)
            assert side.consultations == ()
            assert not Message.objects.filter(recipient=outside, body=asked.question).exists()

    @pytest.mark.scenario(23)
    def test_each_answers_once_per_request_and_goes_on_reading(
        self, city: City, case: Application
    ) -> None:
        first, second = city.members[:2]
        [asked] = ask(case, city, first)
        given = actions.give_opinion(
            consultation_id=asked.pk, text="范围相称。", actor=first, at=build.REVIEWED
        )
        entry = AuditEntry.objects.filter(subject_id=str(case.pk), action="give_opinion").get()
        assert entry.facts["request"] == str(given.request)
        refuses(
            given,
            NotAllowedNow,
            lambda: actions.give_opinion(
                consultation_id=asked.pk, text="再说一次。", actor=first, at=build.REVIEWED
            ),
        )
        assert queries.case_page(application_id=case.pk, actor=first, at=build.REVIEWED).number
        actions.add_remark(
            application_id=case.pk, text="补充一点", actor=first, at=build.REVIEWED
        )
        assert inbox.waiting_for(first, at=build.REVIEWED) == ()
        [later] = ask(case, city, second, at=build.REVIEWED)
        actions.give_opinion(
            consultation_id=later.pk, text="同意。", actor=second, at=build.REVIEWED
        )
        side = queries.desk_side(application_id=case.pk, actor=city.case, at=build.REVIEWED)
        assert [(c.person_name, c.state) for c in side.consultations] == [
            (first.full_name, "GIVEN"),
            (second.full_name, "GIVEN"),
        ]
        # The first reads the own opinion, not that of the second.
        own = queries.desk_side(application_id=case.pk, actor=first, at=build.REVIEWED)
        assert [c.person_name for c in own.consultations] == [first.full_name]

    @pytest.mark.scenario(24)
    def test_refuses_oneself_nobody_and_somebody_unknown(
        self, city: City, case: Application
    ) -> None:
        for people, error in (
            ([], InvalidInput),
            ([uuid4()], InvalidInput),
            (["nonsense"], InvalidInput),
            ([city.agent.pk], InvalidInput),
            ([city.members[0].pk, uuid4()], InvalidInput),
            ([city.case.pk], CannotBeAsked),
        ):
            refuses(
                case,
                error,
                lambda people=people: actions.ask_opinion(
                    application_id=case.pk,
                    people=people,
                    question="范围是否相称？",
                    actor=city.case,
                    at=build.ACCEPTED,
                ),
            )
        assert not Consultation.objects.exists()
        # Without a request there is no opinion: not by the handler, nor by anybody else.
        [asked] = ask(case, city, city.members[0])
        refuses(
            asked,
            Forbidden,
            lambda: actions.give_opinion(
                consultation_id=asked.pk, text="同意。", actor=city.case, at=build.REVIEWED
            ),
        )
        refuses(
            asked,
            NotFound,
            lambda: actions.give_opinion(
                consultation_id=asked.pk, text="同意。", actor=city.members[1], at=build.REVIEWED
            ),
        )

    def test_refuses_the_handler_the_holder_and_people_of_the_applicant(
        self, city: City, case: Application
    ) -> None:
        other, member = colleague(city), city.members[0]
        take(case, other, frm=city.case.pk, reason="调岗", at=build.ACCEPTED)
        add_desk(member, city.applicant, Role.APPLICANT_SECURITY)
        for who in (other, member):
            refuses(case, CannotBeAsked, lambda who=who: ask(case, city, who))
        assert not Consultation.objects.exists()

    def test_somebody_who_has_joined_the_applicant_since_gives_no_opinion(
        self, city: City, case: Application
    ) -> None:
        member = city.members[0]
        [asked] = ask(case, city, member)
        add_desk(member, city.applicant, Role.APPLICANT_SECURITY)
        refuses(
            asked,
            Forbidden,
            lambda: actions.give_opinion(
                consultation_id=asked.pk, text="同意。", actor=member, at=build.REVIEWED
            ),
        )

    def test_refuses_to_ask_twice_while_the_first_request_waits(
        self, city: City, case: Application
    ) -> None:
        ask(case, city, city.members[0])
        refuses(case, CannotBeAsked, lambda: ask(case, city, city.members[0]))
        assert Consultation.objects.count() == 1

    def test_only_the_desk_asks(self, city: City, case: Application) -> None:
        for who, error in (
            (city.agent, Forbidden), (city.decider, Forbidden), (city.stranger, NotFound)
        ):  # fmt: skip
            refuses(
                case,
                error,
                lambda who=who: actions.ask_opinion(
                    application_id=case.pk,
                    people=[city.members[0].pk],
                    question="？",
                    actor=who,
                    at=build.ACCEPTED,
                ),
            )
        assert not Consultation.objects.exists()

    def test_declines_with_a_reason(self, city: City, case: Application) -> None:
        [asked] = ask(case, city, city.members[0])
        with pytest.raises(InvalidInput):
            actions.give_opinion(
                consultation_id=asked.pk,
                text=" ",
                decline=True,
                actor=city.members[0],
                at=build.REVIEWED,
            )
        actions.give_opinion(
            consultation_id=asked.pk,
            text="非本人专业。",
            decline=True,
            actor=city.members[0],
            at=build.REVIEWED,
        )
        asked.refresh_from_db()
        assert (asked.state, asked.text) == ("DECLINED", "非本人专业。")

    def test_recalled_it_waits_for_nobody_and_the_person_goes_on_reading(
        self, city: City, case: Application
    ) -> None:
        member = city.members[0]
        [asked] = ask(case, city, member)
        actions.recall_consultation(
            consultation_id=asked.pk, actor=city.case, at=build.REVIEWED
        )
        assert inbox.waiting_for(member, at=build.REVIEWED) == ()
        asked.refresh_from_db()
        refuses(
            asked,
            NotAllowedNow,
            lambda: actions.give_opinion(
                consultation_id=asked.pk, text="同意。", actor=member, at=build.REVIEWED
            ),
        )
        assert queries.case_page(application_id=case.pk, actor=member, at=build.REVIEWED).number

    def test_does_not_read_what_is_private_nor_what_the_office_notes(
        self, city: City, case: Application
    ) -> None:
        member = city.members[0]
        ask(case, city, member)
        actions.add_comment(
            application_id=case.pk,
            section="scenario",
            text="内部意见",
            actor=city.case,
            at=build.ACCEPTED,
        )
        private = {"protection_certificate", "security_plan.incident", "commitments.signer"}

        def keys(who: Any) -> set[str]:
            seen = queries.desk_view(application_id=case.pk, actor=who)
            assert seen is not None
            return {e.key for s in seen.sections for e in s.entries}

        assert keys(city.case) >= private
        assert keys(city.decider) >= private
        assert keys(member)
        assert not keys(member) & private
        page = queries.case_page(application_id=case.pk, actor=member, at=build.ACCEPTED)
        assert (page.protection_certificate, page.signer) == ("", "")
        assert "add_comment" not in {e.action for e in page.timeline}
        seen = queries.desk_view(application_id=case.pk, actor=member)
        assert seen is not None
        assert seen.unresolved == 0


    def test_reads_no_papers_until_seated_on_the_panel(self, city: City) -> None:
        case, member = build.accepted(city), city.panel[1]
        ask(case, city, member)
        paper = case.documents.get(kind="ACCEPTANCE")
        with pytest.raises(NotFound):
            queries.document(document_id=paper.pk, actor=member)
        page = queries.case_page(application_id=case.pk, actor=member, at=build.ACCEPTED)
        assert page.documents == ()
        other = build.seated(city)
        with pytest.raises(CannotBeAsked):
            ask(other, city, city.case)
        ask(other, city, member, at=build.CONCLUDED)
        page = queries.case_page(application_id=other.pk, actor=member, at=build.CONCLUDED)
        assert page.assessment is not None


class TestReference:
    def give(self, case: Application, who: Any, text: str) -> Any:
        return actions.assign_reference(
            application_id=case.pk, reference=text, actor=who, at=build.ACCEPTED
        )

    @pytest.mark.scenario(39)
    def test_the_desk_gives_a_case_the_number_of_its_own_files(
        self, city: City, case: Application
    ) -> None:
        self.give(case, city.case, " 数据局〔2026〕17号 ")
        case.refresh_from_db()
        assert case.external_reference == "数据局〔2026〕17号"
        # It is found by its old number and by the new one.
        for text in (case.number, "数据局〔2026〕17号"):
            found = queries.find_by_number(actor=city.decider, text=str(text))
            assert [row.id for row in found] == [case.pk]
        assert queries.find_by_number(actor=city.stranger, text="数据局〔2026〕17号") == ()
        for who, error in (
            (city.agent, Forbidden), (city.decider, Forbidden), (city.stranger, NotFound)
        ):  # fmt: skip
            refuses(case, error, lambda who=who: self.give(case, who, "自编号"))
        case.refresh_from_db()
        assert case.external_reference == "数据局〔2026〕17号"

    def test_refuses_one_that_is_too_long_or_taken(self, city: City, case: Application) -> None:
        other = build.submitted(city)
        self.give(other, city.case, "甲")
        for text in ("甲", "长" * 61):
            refuses(case, InvalidInput, lambda text=text: self.give(case, city.case, text))
        case.refresh_from_db()
        assert case.external_reference == ""
        self.give(case, city.case, "长" * 60)
        self.give(case, city.case, "")
        case.refresh_from_db()
        assert case.external_reference == ""
