"""A person leaves: agents appointed, cases handed over; and what a company must be to apply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from applications import actions as cases
from applications import queries as case_queries
from applications.models import Application
from applications.policies import affiliation
from core.errors import Forbidden, InvalidInput, NotFound
from parties import actions, errors, handover
from parties.models import Desk, Invitation, User
from parties.roles import Role
from tests.builders.applications import SUBMITTED, accepted, build_city, drafted, submitted
from tests.builders.companies import (
    approved,
    build_office,
    registered,
)
from tests.builders.parties import MORNING, add_desk, person
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)


def standing() -> tuple[Any, ...]:
    """Return what an invitation could change."""
    rows = Invitation.objects.order_by("pk").values_list("pk", "state", "accepted_by")
    desks = Desk.objects.order_by("pk").values_list("pk", "closed_at")
    return list(rows), list(desks), User.objects.count()


@pytest.mark.scenario(21)
class TestAppointingAnAgent:
    def appoint(self, city: Any, actor: Any, member: Any, old: Any, reason: str = "离职") -> Desk:
        return actions.appoint_agent(
            organization_id=city.applicant.pk,
            member_id=member.pk,
            instead_of_id=old.pk,
            reason=reason,
            actor=actor,
            at=SUBMITTED,
        )

    def test_the_new_agent_edits_the_returned_case_and_the_old_one_reads_it(self) -> None:
        city = build_city()
        case = submitted(city)
        member = person(city.applicant, Role.APPLICANT_SECURITY)
        cases.request_correction(
            application_id=case.pk,
            defects=[
                {"section": "scenario", "item": "用途", "problem": "不清", "required": "写明"}
            ],
            actor=city.case,
            at=SUBMITTED,
        )
        self.appoint(city, city.case, member, city.agent)
        change = {"changes": {"purpose_text": "新"}, "at": SUBMITTED}

        cases.edit_application(application_id=case.pk, actor=member, **change)
        with pytest.raises(Forbidden):
            cases.edit_application(application_id=case.pk, actor=city.agent, **change)

        case.refresh_from_db()
        assert (case.drafted_by, case.purpose_text) == (member, "新")
        assert case_queries.case_page(application_id=case.pk, actor=city.agent, at=SUBMITTED)

    def test_agents_and_members_cannot_and_a_stranger_cannot_be_appointed(self) -> None:
        city = build_city()
        member = person(city.applicant, Role.APPLICANT_SECURITY)
        before = standing()

        for actor in (city.agent, member, city.legal_rep, city.supervisor):
            with pytest.raises(Forbidden):
                self.appoint(city, actor, member, city.agent)
        with pytest.raises(NotFound):
            self.appoint(city, city.stranger, member, city.agent)
        with pytest.raises(NotFound):
            self.appoint(city, city.case, city.stranger, city.agent)
        with pytest.raises(InvalidInput):
            self.appoint(city, city.case, member, city.agent, reason=" ")

        assert standing() == before


@pytest.mark.scenario(44)
class TestVerificationOfTheApplicant:
    def test_without_an_approved_profile_no_draft_can_be_made(self) -> None:
        office, company = build_office(), registered()
        with pytest.raises(errors.NotVerified):
            cases.start_application(actor=company.founder, at=LATER)
        assert not Application.objects.exists()

        ready = approved(office, name="已核验示例有限公司")
        build_city()
        assert cases.start_application(actor=ready.founder, at=LATER).applicant == (
            ready.organization
        )

    def test_a_verification_that_ran_out_keeps_a_draft_from_being_submitted(self) -> None:
        city = build_city()
        case = drafted(city)
        last = city.applicant.verified_until
        assert last is not None
        days = (last - SUBMITTED.date()).days

        with pytest.raises(errors.NotVerified):
            cases.submit_application(
                application_id=case.pk, actor=city.agent, at=SUBMITTED + timedelta(days=days + 1)
            )
        case.refresh_from_db()
        assert (case.state, case.number) == ("DRAFT", None)
        with pytest.raises(errors.NotVerified):
            cases.start_application(actor=city.agent, at=SUBMITTED + timedelta(days=days + 1))
        assert Application.objects.count() == 1


class TestHandOver:
    def give(self, city: Any, where: Any, who: Any, to: Any, actor: Any) -> handover.Outcome:
        return actions.hand_over_cases(
            organization_id=where.pk,
            person_id=who.pk,
            to_id=to.pk,
            reason="调离",
            actor=actor,
            at=SUBMITTED,
        )

    def test_at_the_authority_the_colleague_holds_the_cases_each_with_a_record(self) -> None:
        city = build_city()
        colleague = person(city.authority, Role.AUTHORITY_CASE)
        first, second = accepted(city), accepted(city)
        assert len(handover.affected(person=city.case, organization=city.authority)) == 2

        outcome = self.give(city, city.authority, city.case, colleague, city.supervisor)

        assert outcome == handover.Outcome(2, 0)
        for case in (first, second):
            case.refresh_from_db()
            assert (case.holder, case.handler) == (colleague, city.case)
            [entry] = AuditEntry.objects.filter(subject_id=str(case.pk), action="hand_over")
            assert entry.facts["reason"] == "调离"
            [held] = case.holdings.filter(until_at=None)
            assert (held.person, held.given_by) == (colleague, city.supervisor)

    def test_a_colleague_near_to_the_applicant_does_not_get_the_case(self) -> None:
        city = build_city()
        colleague = person(city.authority, Role.AUTHORITY_CASE)
        add_desk(colleague, city.applicant, Role.APPLICANT_SECURITY)
        case = accepted(city)

        outcome = self.give(city, city.authority, city.case, colleague, city.supervisor)

        case.refresh_from_db()
        assert (outcome, case.holder) == (handover.Outcome(0, 1), None)

    def test_in_a_company_the_cases_stay_and_a_colleague_answers_for_them(self) -> None:
        city = build_city()
        colleague = person(city.applicant, Role.APPLICANT_AGENT)
        case, draft = submitted(city), drafted(city)

        outcome = self.give(city, city.applicant, city.agent, colleague, city.legal_rep)

        assert outcome == handover.Outcome(2, 0)
        for one in (case, draft):
            one.refresh_from_db()
            assert (one.drafted_by, one.applicant) == (colleague, city.applicant)

    def test_at_a_provider_the_opinions_assigned_go_over_and_the_others_stay(self) -> None:
        city = build_city()
        colleague = person(city.provider, Role.PROVIDER_OFFICER)
        mine, others = (
            accepted(city).branches.get(provider=city.provider) for _number in range(2)
        )
        cases.delegate_branch(
            branch_id=mine.pk, to=city.officer.pk, actor=city.leader, at=SUBMITTED
        )
        [shown] = handover.affected(person=city.officer, organization=city.provider)
        assert (shown.subject_id, shown.route) == (str(mine.pk), "portal:application_branch")

        outcome = self.give(city, city.provider, city.officer, colleague, city.ops)

        assert outcome == handover.Outcome(1, 0)
        mine.refresh_from_db()
        others.refresh_from_db()
        assert (mine.assignee, others.assignee) == (colleague, None)
        [entry] = AuditEntry.objects.filter(subject_id=str(mine.pk), action="hand_over")
        assert entry.facts["reason"] == "调离"

    def test_an_opinion_goes_back_to_the_desk_when_the_colleague_is_no_officer(self) -> None:
        city = build_city()
        add_desk(city.officer, city.provider, Role.PROVIDER_LEADER)
        branch = accepted(city).branches.get(provider=city.provider)
        cases.delegate_branch(
            branch_id=branch.pk, to=city.officer.pk, actor=city.leader, at=SUBMITTED
        )

        outcome = self.give(city, city.provider, city.officer, city.leader, city.ops)

        branch.refresh_from_db()
        assert (outcome, branch.assignee) == (handover.Outcome(0, 1), None)

    def test_strangers_cannot_and_only_a_colleague_of_the_same_role_can_get_them(self) -> None:
        city = build_city()
        case = submitted(city)
        other = person(city.applicant, Role.APPLICANT_SECURITY)

        with pytest.raises(NotFound):
            self.give(city, city.applicant, city.agent, other, city.stranger)
        with pytest.raises(Forbidden):
            self.give(city, city.authority, city.case, city.decider, city.case)
        for nobody in (other, city.stranger, city.agent):
            with pytest.raises(errors.NoColleague):
                self.give(city, city.applicant, city.agent, nobody, city.legal_rep)

        case.refresh_from_db()
        assert case.drafted_by == city.agent
        assert not AuditEntry.objects.filter(action="hand_over", outcome="DONE").exists()


def test_somebody_at_an_affiliate_of_the_applicant_is_kept_from_the_case(queries_of: Any) -> None:
    city = build_city()
    case = submitted(city)
    other = city.stranger.desks.get().organization
    assert affiliation(city.stranger, case) is None
    before = queries_of(lambda: affiliation(city.stranger, case))

    other.parent = city.applicant
    other.save(update_fields=["parent"])

    with override("en"):
        assert "affiliate" in str(affiliation(city.stranger, case))
    assert queries_of(lambda: affiliation(city.stranger, case)) == before
