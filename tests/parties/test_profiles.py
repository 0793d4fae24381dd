"""Profiles of companies: handed in, approved or returned, in force version by version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties import actions, errors, queries, rules
from parties.models import Organization, PartyProfile, PartyRule
from parties.roles import Role
from tests.builders.companies import (
    ENTRIES,
    approved,
    build_office,
    proved,
    registered,
    waiting,
)
from tests.builders.parties import MORNING
from workflow import deadlines, inbox
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)


class TestProfile:
    def test_is_handed_in_only_with_the_required_proofs_and_entries(self) -> None:
        company = registered(bank_account="")

        with pytest.raises(errors.ProfileIncomplete) as refused:
            actions.submit_profile(profile_id=company.profile.pk, actor=company.founder, at=LATER)

        assert set(refused.value.fields) == {"bank_account", "evidence"}
        assert company.profile.state == "DRAFT"
        assert not deadlines.of_subject(company.profile, at=LATER)

    def test_a_version_keeps_the_rule_of_proofs_it_began_with(self) -> None:
        company = proved(registered())
        PartyRule.objects.create(
            kind=rules.REQUIRED_EVIDENCE,
            version=2,
            value=["BUSINESS_LICENSE", "AUTHORIZATION_LETTER", "OTHER"],
            legal_basis="新规则",
            effective_on=MORNING.date(),
        )
        younger = proved(registered(name="后来示例有限公司"))

        actions.submit_profile(profile_id=company.profile.pk, actor=company.founder, at=LATER)
        with pytest.raises(errors.ProfileIncomplete):
            actions.submit_profile(profile_id=younger.profile.pk, actor=younger.founder, at=LATER)

        assert (company.profile.state, younger.profile.state) == ("SUBMITTED", "DRAFT")

    def test_waits_on_the_case_handlers_list_with_its_clock_and_leaves_it(self) -> None:
        office, company = build_office(), waiting()

        [item] = inbox.waiting_for(office.case, at=MORNING, name="parties.review_profile")
        assert (item.subject_id, item.due_on is not None) == (str(company.profile.pk), True)
        actions.approve_profile(profile_id=company.profile.pk, actor=office.case, at=LATER)

        assert not inbox.waiting_for(office.case, at=LATER, name="parties.review_profile")
        [clock] = deadlines.of_subject(company.profile, at=LATER)
        assert clock.status == "closed"

    def test_approval_verifies_the_company_and_puts_its_entries_in_force(self) -> None:
        company = approved(build_office(), at=MORNING)

        assert company.organization.state == Organization.State.VERIFIED
        assert company.organization.bank_account == ENTRIES["bank_account"]
        assert company.organization.verified_until == MORNING.date() + timedelta(days=1095)

    def test_a_new_version_leaves_the_old_one_in_force_until_it_is_approved(self) -> None:
        office = build_office()
        company = approved(office)
        new = actions.begin_profile(
            organization_id=company.organization.pk, actor=company.founder, at=LATER
        )
        actions.edit_profile(
            profile_id=new.pk, entries={"address": "新址"}, actor=company.founder, at=LATER
        )
        actions.submit_profile(profile_id=new.pk, actor=company.founder, at=LATER)

        company.organization.refresh_from_db()
        assert company.organization.address == ENTRIES["address"]
        actions.approve_profile(profile_id=new.pk, actor=office.case, at=LATER)
        company.organization.refresh_from_db()

        assert company.organization.address == "新址"
        states = PartyProfile.objects.order_by("version").values_list("version", "state")
        assert list(states) == [(1, "SUPERSEDED"), (2, "APPROVED")]
        assert company.organization.verified_until == LATER.date() + timedelta(days=1095)

    def test_there_is_one_version_under_way_at_a_time(self) -> None:
        company = registered()

        with pytest.raises(errors.ProfileUnderWay):
            actions.begin_profile(
                organization_id=company.organization.pk, actor=company.founder, at=LATER
            )

        assert PartyProfile.objects.count() == 1

    def test_a_return_names_reasons_and_opens_it_again(self) -> None:
        office, company = build_office(), waiting()

        with pytest.raises(InvalidInput):
            actions.return_profile(
                profile_id=company.profile.pk, reason=" ", actor=office.case, at=LATER
            )
        actions.return_profile(
            profile_id=company.profile.pk, reason="执照不清晰", actor=office.case, at=LATER
        )
        assert company.profile.return_reasons == "执照不清晰"
        [item] = inbox.waiting_for(company.founder, at=LATER, name="parties.submit_profile")
        assert item.subject_id == str(company.profile.pk)
        actions.submit_profile(profile_id=company.profile.pk, actor=company.founder, at=LATER)

        assert company.profile.state == "SUBMITTED"
        assert company.organization.state == Organization.State.REGISTERED

    def test_is_approved_by_nobody_who_works_for_the_company_or_an_affiliate(self) -> None:
        office, company = build_office(), waiting()
        sister = approved(office, name="关联示例有限公司", contact_name="关联人")
        second = actions.begin_profile(
            organization_id=sister.organization.pk, actor=sister.founder, at=MORNING
        )
        actions.add_affiliate(
            profile_id=second.pk,
            name=ENTRIES["name"],
            uscc=company.organization.uscc,
            kind="SISTER",
            actor=sister.founder,
            at=MORNING,
        )
        actions.submit_profile(profile_id=second.pk, actor=sister.founder, at=MORNING)
        actions.approve_profile(profile_id=second.pk, actor=office.case, at=MORNING)
        own, near = office.case, office.second_case
        for who, where in ((own, company.organization), (near, sister.organization)):
            actions.open_desk(
                user_id=who.pk,
                organization_id=where.pk,
                role=Role.APPLICANT_SECURITY,
                actor=queries.system_actor(),
                at=MORNING,
            )

        for who in (own, near, office.supervisor, company.founder):
            with pytest.raises(Forbidden):
                actions.approve_profile(profile_id=company.profile.pk, actor=who, at=LATER)

        assert company.profile.state == "SUBMITTED"
        refused = AuditEntry.objects.filter(
            subject_id=str(company.profile.pk), action="approve", outcome="REFUSED"
        )
        assert refused.count() == 4

    def test_a_stranger_learns_nothing_of_it(self) -> None:
        company, stranger = waiting(), registered(name="外人示例有限公司").founder

        for call in (
            lambda: actions.edit_profile(
                profile_id=company.profile.pk, entries={}, actor=stranger, at=LATER
            ),
            lambda: actions.approve_profile(
                profile_id=company.profile.pk, actor=stranger, at=LATER
            ),
            lambda: queries.profile_page(
                profile_id=company.profile.pk, actor=stranger, at=LATER
            ),
        ):
            with pytest.raises(NotFound):
                call()

    def test_the_other_door_of_verification_is_closed_to_companies_with_a_profile(self) -> None:
        office, company = build_office(), waiting()

        with pytest.raises(errors.ReviewTheProfile):
            actions.verify_organization(
                organization_id=company.organization.pk, actor=office.case, at=LATER
            )
        with pytest.raises(Forbidden):
            actions.edit_organization(
                organization_id=company.organization.pk,
                changes={"bank_account": "1"},
                actor=company.founder,
                at=LATER,
            )

        company.organization.refresh_from_db()
        assert company.organization.state == Organization.State.REGISTERED


@pytest.mark.django_db(transaction=True)
def test_two_officers_answering_one_profile_at_once_give_one_answer(together: Any) -> None:
    for _ in range(5):
        office, company = build_office(), waiting()
        results = together(
            lambda c=company, o=office: actions.approve_profile(
                profile_id=c.profile.pk, actor=o.case, at=LATER
            ),
            lambda c=company, o=office: actions.return_profile(
                profile_id=c.profile.pk, reason="不清晰", actor=o.second_case, at=LATER
            ),
        )

        assert sum(isinstance(r, NotAllowedNow) for r in results) == 1
        answers = AuditEntry.objects.filter(
            subject_id=str(company.profile.pk), action__in=["approve", "send_back"], outcome="DONE"
        )
        assert answers.count() == 1
        verified = Organization.objects.get(pk=company.organization.pk).state == "VERIFIED"
        assert verified == (company.profile.state == "APPROVED")
