"""Seats by invitation: for one address, once, for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from applications import actions as cases
from applications import queries as case_queries
from core import clock
from core.errors import Forbidden, NotAllowedNow, NotFound
from parties import actions, errors, queries, tasks
from parties.models import Desk, Invitation, User
from parties.roles import Role
from tests.builders.applications import SUBMITTED, build_city, submitted
from tests.builders.companies import (
    PASSWORD,
    approved,
    build_office,
    code_of,
    person_data,
    registered,
)
from tests.builders.parties import MORNING, add_desk, person
from workflow import policy
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)


def invited(company: Any, email: str, *, role: str = Role.APPLICANT_SECURITY) -> Invitation:
    """Return an open invitation of a company's founder."""
    return actions.invite(
        organization_id=company.organization.pk,
        email=email,
        role=role,
        actor=company.founder,
        at=MORNING,
    )


def standing() -> tuple[Any, ...]:
    """Return what an invitation could change."""
    rows = Invitation.objects.order_by("pk").values_list("pk", "state", "accepted_by")
    desks = Desk.objects.order_by("pk").values_list("pk", "closed_at")
    return list(rows), list(desks), User.objects.count()


class Broken:
    """A mail server that refuses everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise ConnectionRefusedError("no server")


class TestMail:
    def test_carries_the_code_once_and_only_its_hash_is_kept(self) -> None:
        invitation = invited(registered(), "m@example.com")
        code = code_of(invitation, at=LATER)

        assert tasks.mail_due(at=LATER + timedelta(hours=1)) == 0
        invitation.refresh_from_db()
        assert len(mail.outbox) == 1
        assert invitation.code_hash is not None
        assert code not in str(Invitation.objects.values())
        assert code not in str(AuditEntry.objects.values("facts"))

    def test_that_failed_goes_again_with_a_new_code(self, caplog: Any) -> None:
        invitation = invited(registered(), "m@example.com")
        with override_settings(EMAIL_BACKEND=f"{__name__}.Broken"):
            assert tasks.mail_due(at=MORNING) == 0
        invitation.refresh_from_db()
        assert (invitation.code_hash, invitation.mail_attempts) == (None, 1)
        assert tasks.mail_due(at=MORNING + timedelta(seconds=119)) == 0

        code = code_of(invitation, at=MORNING + timedelta(seconds=120))

        assert code not in caplog.text

    def test_of_a_revoked_invitation_stays_unsent(self) -> None:
        company = registered()
        invitation = invited(company, "m@example.com")
        actions.revoke_invitation(invitation_id=invitation.pk, actor=company.founder, at=MORNING)

        assert tasks.mail_due(at=LATER) == 0
        assert mail.outbox == []


@pytest.mark.scenario(18)
def test_a_code_is_accepted_once_by_its_address_and_no_answer_ever_contains_it(
    client: Client,
) -> None:
    company, user = registered(), registered(name="别家示例有限公司")
    invitation = invited(company, "m@example.com")
    code = code_of(invitation, at=LATER)
    said: list[str] = []

    def accept(who: Client, sent: dict[str, str]) -> int:
        with clock.fixed(LATER):
            answer = who.post(reverse("portal:invitation_accept"), {"code": code, **sent})
            said.append(answer.content.decode() + str(answer.headers))
            if answer.status_code == 302:
                said.append(who.get(answer["Location"]).content.decode())
        return answer.status_code

    other = Client()
    other.force_login(user.founder)
    said.append(client.get(reverse("portal:invitation_accept")).content.decode())
    assert accept(other, {}) == 404
    assert accept(client, {"full_name": "", "username": "x", "password": PASSWORD}) == 422
    assert accept(
        client, {"full_name": "成员", "username": "member", "password": PASSWORD}
    ) == 302
    assert accept(other, {}) == 404
    # The same person, the same code again: it leads to the company and changes nothing.
    before = standing()
    assert accept(client, {}) == 302
    assert standing() == before

    member = User.objects.get(username="member")
    assert (member.email, queries.own_company(member)) == ("m@example.com", company.organization)
    manager = Client()
    manager.force_login(company.founder)
    said.append(manager.get(reverse("portal:company_seats")).content.decode())
    assert [text for text in said if code in text] == []


@pytest.mark.scenario(19)
class TestAccepting:
    def test_somebody_who_has_the_seat_is_told_so(self) -> None:
        company = registered()
        member = person(company.organization)
        invitation = invited(company, member.email)
        add_desk(member, company.organization, Role.APPLICANT_SECURITY)
        code = code_of(invitation, at=LATER)
        before = standing()

        with pytest.raises(errors.AlreadyJoined):
            actions.accept_invitation(code=code, actor=member, at=LATER)

        assert standing() == before

    def test_an_unknown_code_and_a_code_for_another_address_are_refused_alike(self) -> None:
        company, other = registered(), person(build_office().authority)
        code = code_of(invited(company, "m@example.com"), at=LATER)
        before = standing()

        told = set()
        for wrong in ("no-such-code", code, ""):
            with pytest.raises(errors.InvitationUnusable) as refused:
                actions.accept_invitation(code=wrong, actor=other, at=LATER)
            told.add(str(refused.value))

        assert len(told) == 1
        assert standing() == before

    def test_a_code_opens_until_its_last_moment_and_not_in_the_next(self) -> None:
        company, member = registered(), person(build_office().authority)
        invitation = invited(company, member.email)
        code = code_of(invitation, at=LATER)
        end = MORNING + timedelta(days=7)
        assert invitation.expires_at == end

        with pytest.raises(errors.InvitationUnusable):
            actions.accept_invitation(code=code, actor=member, at=end)
        with pytest.raises(errors.InvitationUnusable):
            actions.accept_with_new_account(code=code, person=person_data(), at=end)
        desk = actions.accept_invitation(
            code=code, actor=member, at=end - timedelta(microseconds=1)
        )

        assert desk.role == Role.APPLICANT_SECURITY

    def test_what_ran_out_expires_by_the_task_and_makes_room_for_a_new_one(self) -> None:
        company = registered()
        old = invited(company, "m@example.com")

        assert actions.expire_invitations(at=old.expires_at - timedelta(seconds=1)) == 0
        assert actions.expire_invitations(at=old.expires_at) == 1
        old.refresh_from_db()

        assert old.state == "EXPIRED"
        assert invited(company, "m@example.com").state == "OPEN"

    def test_a_code_of_a_barred_company_is_refused(self) -> None:
        office = build_office()
        company, member = approved(office), person(office.platform)
        code = code_of(invited(company, member.email), at=LATER)
        actions.bar_organization(
            organization_id=company.organization.pk,
            reason="违规",
            until=None,
            actor=queries.system_actor(),
            at=LATER,
        )
        before = standing()

        with pytest.raises(errors.CompanyBarred):
            actions.accept_invitation(code=code, actor=member, at=LATER)

        assert standing() == before


@pytest.mark.scenario(20)
class TestEnding:
    def test_a_revoked_code_opens_nothing(self) -> None:
        company, member = registered(), person(build_office().authority)
        invitation = invited(company, member.email)
        code = code_of(invitation, at=LATER)
        actions.revoke_invitation(invitation_id=invitation.pk, actor=company.founder, at=LATER)
        before = standing()

        with pytest.raises(errors.InvitationUnusable):
            actions.accept_invitation(code=code, actor=member, at=LATER)
        with pytest.raises(NotAllowedNow):
            actions.revoke_invitation(
                invitation_id=invitation.pk, actor=company.founder, at=LATER
            )

        assert standing() == before

    def test_the_last_agent_stays_while_a_case_is_open_whoever_ends_the_seat(self) -> None:
        city = build_city()
        case = submitted(city)
        [desk] = Desk.objects.filter(user=city.agent)
        before = standing()

        with pytest.raises(errors.LastSeat):
            actions.end_seat(desk_id=desk.pk, actor=city.legal_rep, at=SUBMITTED)
        with pytest.raises(errors.LastSeat):
            actions.close_desk(desk_id=desk.pk, actor=queries.system_actor(), at=SUBMITTED)
        assert standing() == before

        cases.withdraw_application(
            application_id=case.pk, actor=city.agent, at=SUBMITTED, reason=""
        )
        assert actions.end_seat(desk_id=desk.pk, actor=city.legal_rep, at=SUBMITTED).closed_at

    def test_somebody_without_a_seat_or_of_another_company_cannot_be_ended(self) -> None:
        city = build_city()
        [theirs] = Desk.objects.filter(user=city.stranger)
        before = standing()

        for number in (theirs.pk, 0):
            with pytest.raises(NotFound):
                actions.end_seat(desk_id=number, actor=city.legal_rep, at=SUBMITTED)
        with pytest.raises(Forbidden):
            actions.end_seat(desk_id=theirs.pk, actor=city.case, at=SUBMITTED)

        assert standing() == before

    def test_who_lost_the_seat_reads_nothing_from_that_moment_on(self, client: Client) -> None:
        city = build_city()
        case = submitted(city)
        member = person(city.applicant, Role.APPLICANT_SECURITY)
        client.force_login(member)
        address = reverse("portal:application", args=[case.pk])
        assert client.get(address).status_code == 200
        [desk] = Desk.objects.filter(user=member)

        actions.end_seat(desk_id=desk.pk, actor=city.legal_rep, at=SUBMITTED)

        assert client.get(address).status_code == 404
        assert client.get(reverse("portal:company_seats")).status_code == 404
        assert not policy.holds(member, "parties.see_organization", city.applicant)
        with pytest.raises(NotFound):
            case_queries.case_page(application_id=case.pk, actor=member, at=SUBMITTED)

    def test_an_agent_neither_ends_nor_appoints_the_legal_representative(self) -> None:
        city = build_city()
        [desk] = Desk.objects.filter(user=city.legal_rep)
        before = standing()

        with pytest.raises(Forbidden):
            actions.end_seat(desk_id=desk.pk, actor=city.agent, at=SUBMITTED)
        with pytest.raises(Forbidden):
            actions.invite(
                organization_id=city.applicant.pk,
                email="second@example.com",
                role=Role.APPLICANT_LEGAL_REP,
                actor=city.agent,
                at=SUBMITTED,
            )

        assert standing() == before


@pytest.mark.scenario(48)
class TestOneAddressOneCompany:
    def test_an_address_that_is_invited_or_has_a_seat_conflicts(self) -> None:
        company = registered()
        invited(company, "m@example.com")
        before = standing()

        for address in ("M@Example.com", company.founder.email.upper()):
            with pytest.raises(errors.AddressInvited):
                invited(company, address)

        assert standing() == before

    def test_joining_another_company_ends_seats_and_invitations_of_the_old_one(self) -> None:
        old, new = registered(), registered(name="新东家示例有限公司")
        mover = old.founder
        add_desk(person(old.organization), old.organization, Role.APPLICANT_AGENT)
        given = invited(old, "friend@example.com")
        friend_code = code_of(given, at=LATER)
        code = code_of(invited(new, mover.email, role=Role.APPLICANT_AGENT), at=LATER)
        before = standing()
        with pytest.raises(errors.SeatElsewhere):
            actions.accept_invitation(code=code, actor=mover, at=LATER)
        assert standing() == before

        actions.accept_invitation(code=code, actor=mover, at=LATER, leave_other=True)

        assert queries.own_company(mover) == new.organization
        assert not policy.holds(mover, "parties.see_organization", old.organization)
        given.refresh_from_db()
        assert given.state == "REVOKED"
        with pytest.raises(errors.InvitationUnusable):
            actions.accept_with_new_account(code=friend_code, person=person_data(), at=LATER)

    def test_the_last_agent_cannot_leave_open_cases_behind_that_way(self) -> None:
        city, new = build_city(), registered()
        submitted(city)
        code = code_of(invited(new, city.agent.email), at=LATER)
        before = standing()

        with pytest.raises(errors.LastSeat):
            actions.accept_invitation(code=code, actor=city.agent, at=LATER, leave_other=True)

        assert standing() == before


@pytest.mark.django_db(transaction=True)
def test_two_people_taking_one_invitation_at_once_give_one_seat(together: Any) -> None:
    for number in range(5):
        company = registered()
        code = code_of(invited(company, f"m{number}@example.com"), at=LATER)

        def take(name: str, code: str = code) -> Any:
            return lambda: actions.accept_with_new_account(
                code=code, person=person_data(username=name), at=LATER
            )

        results = together(take(f"first{number}"), take(f"second{number}"))

        assert sum(isinstance(r, Desk) for r in results) == 1
        assert Desk.objects.filter(organization=company.organization).count() == 2
        assert User.objects.filter(email=f"m{number}@example.com").count() == 1
