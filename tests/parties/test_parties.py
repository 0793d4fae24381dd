"""Organizations, people, desks."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from core.errors import Forbidden, InvalidInput, NotAllowedNow
from parties import actions, errors, queries
from parties.models import Desk, Organization, User
from parties.roles import Kind, Role
from tests.conftest import NOON
from workflow import policy
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
USCC = "913202000000DEM185"


@pytest.fixture
def system():
    return queries.system_actor()


@pytest.fixture
def organization(system):
    return actions.register_organization(
        name="锡城示例征信科技有限公司",
        short_name="锡城征信",
        uscc=USCC,
        kind=Kind.APPLICANT,
        actor=system,
        at=NOON,
    )


@pytest.fixture
def person(system):
    return actions.create_user(
        username="zhao.min", full_name="赵敏", password="a-long-pass-phrase", actor=system, at=NOON
    )


class TestRegisterOrganization:
    def test_leaves_a_registered_organization_and_a_record(self, organization):
        assert organization.state == Organization.State.REGISTERED
        assert AuditEntry.objects.filter(subject_id=str(organization.id), action="create").exists()

    def test_refuses_a_wrong_check_character_and_writes_nothing(self, system):
        with pytest.raises(InvalidInput) as refused:
            actions.register_organization(
                name="甲",
                short_name="甲",
                uscc="913202000000DEM184",
                kind=Kind.APPLICANT,
                actor=system,
                at=NOON,
            )
        assert set(refused.value.fields) == {"uscc"}
        assert not Organization.objects.exists()

    def test_refuses_a_code_that_is_in_use(self, organization, system):
        with pytest.raises(errors.UsccInUse):
            actions.register_organization(
                name="乙", short_name="乙", uscc=USCC, kind="PROVIDER", actor=system, at=NOON
            )
        assert Organization.objects.count() == 1

    def test_refuses_a_second_authority(self, system):
        codes = ("913202000000DEM185", "913202000000DEM260")
        first, second = (
            {"name": "数据局", "short_name": "数据局", "uscc": code, "kind": Kind.AUTHORITY}
            for code in codes
        )
        actions.register_organization(**first, actor=system, at=NOON)
        with pytest.raises(errors.SecondOfItsKind):
            actions.register_organization(**second, actor=system, at=NOON)
        assert queries.the(Kind.AUTHORITY).uscc == codes[0]

    def test_refuses_a_stranger(self, person):
        with pytest.raises(Forbidden):
            actions.register_organization(
                name="丙", short_name="丙", uscc=USCC, kind="PROVIDER", actor=person, at=NOON
            )
        assert not Organization.objects.exists()

    def test_lets_an_authority_that_came_later_verify_it(self, organization, person, system):
        authority = actions.register_organization(
            name="数据局",
            short_name="数据局",
            uscc="913202000000DEM260",
            kind=Kind.AUTHORITY,
            actor=system,
            at=NOON,
        )
        actions.open_desk(
            user_id=person.id,
            organization_id=authority.id,
            role=Role.AUTHORITY_CASE,
            actor=system,
            at=NOON,
        )
        verified = actions.verify_organization(
            organization_id=organization.id, actor=person, at=NOON
        )
        assert (verified.state, verified.verified_by) == (Organization.State.VERIFIED, person)


class TestVerifyAndBar:
    def test_refuses_a_second_verification(self, organization, system):
        actions.verify_organization(organization_id=organization.id, actor=system, at=NOON)
        with pytest.raises(NotAllowedNow):
            actions.verify_organization(organization_id=organization.id, actor=system, at=NOON)

    def test_refuses_a_stranger_and_records_the_attempt(self, organization, person):
        with pytest.raises(Forbidden):
            actions.verify_organization(organization_id=organization.id, actor=person, at=NOON)
        organization.refresh_from_db()
        assert organization.state == Organization.State.REGISTERED
        assert AuditEntry.objects.filter(action="verify", outcome="REFUSED").count() == 1

    def test_bars_only_with_a_reason(self, organization, system):
        actions.verify_organization(organization_id=organization.id, actor=system, at=NOON)
        with pytest.raises(InvalidInput):
            actions.bar_organization(
                organization_id=organization.id, reason=" ", until=None, actor=system, at=NOON
            )
        barred = actions.bar_organization(
            organization_id=organization.id, reason="非法获取", until=None, actor=system, at=NOON
        )
        assert barred.state == Organization.State.BARRED
        freed = actions.lift_bar(
            organization_id=organization.id, reason="信用修复", actor=system, at=NOON
        )
        assert (freed.state, freed.bar_reason) == (Organization.State.VERIFIED, "")


class TestUsers:
    def test_refuses_a_superuser_in_the_database(self, person):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(id=person.id).update(is_superuser=True)

    def test_refuses_a_weak_password_and_writes_nothing(self, system):
        with pytest.raises(InvalidInput) as refused:
            actions.create_user(
                username="li", full_name="李", password="password", actor=system, at=NOON
            )
        assert set(refused.value.fields) == {"password"}
        assert not User.objects.filter(username="li").exists()

    def test_refuses_a_user_name_in_use(self, person, system):
        with pytest.raises(errors.UsernameTaken):
            actions.create_user(
                username="Zhao.Min",
                full_name="赵",
                password="another-long-phrase",
                actor=system,
                at=NOON,
            )

    def test_the_system_actor_cannot_sign_in(self, system):
        assert not system.is_active
        assert not system.has_usable_password()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(id=system.id).update(is_active=True)

    def test_a_person_signs_in_with_the_password(self, person, rf):
        request = rf.post("/")
        found = authenticate(request, username="zhao.min", password="a-long-pass-phrase")
        assert found == person
        assert authenticate(request, username="zhao.min", password="wrong") is None


class TestDesks:
    def open(self, person, organization, role, system):
        return actions.open_desk(
            user_id=person.id, organization_id=organization.id, role=role, actor=system, at=NOON
        )

    def test_opening_gives_the_group_and_closing_takes_it(self, person, organization, system):
        desk = self.open(person, organization, Role.APPLICANT_AGENT, system)
        assert queries.has_role(person, Role.APPLICANT_AGENT)
        assert queries.organization_for(person, Role.APPLICANT_AGENT) == organization
        assert policy.holds(person, "parties.see_organization", organization)

        actions.close_desk(desk_id=desk.id, actor=system, at=NOON)
        assert not queries.has_role(person, Role.APPLICANT_AGENT)
        assert not policy.holds(person, "parties.see_organization", organization)
        with pytest.raises(Forbidden):
            queries.organization_for(person, Role.APPLICANT_AGENT)

    def test_opening_twice_is_one_desk(self, person, organization, system):
        first = self.open(person, organization, Role.APPLICANT_AGENT, system)
        assert self.open(person, organization, Role.APPLICANT_AGENT, system) == first
        assert AuditEntry.objects.filter(action="open_desk").count() == 1

    def test_refuses_a_role_of_another_kind(self, person, organization, system):
        with pytest.raises(errors.WrongDesk):
            self.open(person, organization, Role.AUDITOR, system)
        assert not Desk.objects.exists()

    def test_refuses_officer_and_secrecy_reviewer_in_one_person(self, person, system):
        provider = actions.register_organization(
            name="市气象局",
            short_name="市气象局",
            uscc="913202000000DEM260",
            kind=Kind.PROVIDER,
            actor=system,
            at=NOON,
        )
        self.open(person, provider, Role.PROVIDER_OFFICER, system)
        with pytest.raises(errors.IncompatibleDesks):
            self.open(person, provider, Role.SECRECY_REVIEWER, system)
        assert [d.role for d in queries.desks_of(person)] == [Role.PROVIDER_OFFICER]


@pytest.mark.django_db(transaction=True)
def test_two_registrars_giving_exclusive_roles_at_once_give_one(together):
    system = queries.system_actor()
    provider = actions.register_organization(
        name="市气象局", short_name="气象", uscc=USCC, kind="PROVIDER", actor=system, at=NOON
    )
    person = actions.create_user(
        username="wu", full_name="吴", password="a-long-pass-phrase", actor=system, at=NOON
    )

    def give(role):
        return lambda: actions.open_desk(
            user_id=person.id, organization_id=provider.id, role=role, actor=system, at=NOON
        )

    results = together(give(Role.PROVIDER_OFFICER), give(Role.SECRECY_REVIEWER))
    assert sum(isinstance(r, errors.IncompatibleDesks) for r in results) == 1
    assert Desk.objects.count() == 1
