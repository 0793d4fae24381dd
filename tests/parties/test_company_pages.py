"""Pages of companies, driven as a browser does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from parties import actions
from parties.models import Organization, PartyProfile, User
from parties.roles import Role
from tests.builders.applications import build_city, drafted, submitted
from tests.builders.companies import (
    ENTRIES,
    PASSWORD,
    PDF,
    PNG,
    approved,
    build_office,
    fresh_uscc,
    proved,
    registered,
    waiting,
)
from tests.builders.parties import MORNING, person

pytestmark = pytest.mark.django_db


def as_(user: Any) -> Client:
    """Return a browser in which a person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def registration(**changes: str) -> dict[str, str]:
    """Return what a visitor types."""
    return {
        "name": ENTRIES["name"],
        "uscc": fresh_uscc(),
        "legal_representative": "杜示例",
        "address": "示例路",
        "role": Role.APPLICANT_AGENT,
        "full_name": "来人",
        "email": "visitor@example.com",
        "username": "visitor",
        "password": PASSWORD,
        **changes,
    }


class TestFromVisitorToApproval:
    def test_a_visitor_registers_proves_hands_in_and_the_authority_approves(
        self, client: Client
    ) -> None:
        office = build_office()
        answer = client.post(reverse("portal:company_register"), registration())
        assert (answer.status_code, answer["Location"]) == (302, reverse("portal:company"))
        profile = PartyProfile.objects.get()
        version = [profile.pk]

        page = client.get(reverse("portal:company_version", args=version))
        assert page.status_code == 200
        client.post(reverse("portal:company_version", args=version), ENTRIES)
        for kind in ("BUSINESS_LICENSE", "AUTHORIZATION_LETTER"):
            client.post(
                reverse("portal:company_evidence_add", args=version),
                {"kind": kind, "file": SimpleUploadedFile(f"{kind}.pdf", PDF)},
            )
        client.post(reverse("portal:company_submit", args=version))
        officer = as_(office.case)
        assert ENTRIES["name"] in officer.get(reverse("portal:profile_queue")).content.decode()
        review = reverse("portal:profile_review", args=version)
        assert reverse("portal:profile_approve", args=version) in (
            officer.get(review).content.decode()
        )
        officer.post(reverse("portal:profile_approve", args=version))

        assert Organization.objects.get(pk=profile.organization_id).state == "VERIFIED"
        page = client.get(reverse("portal:company"))
        assert page.context["company"].valid

    def test_a_known_code_keeps_what_was_typed_and_names_nobody(self, client: Client) -> None:
        known = approved(build_office()).organization
        people = User.objects.count()

        answer = client.post(
            reverse("portal:company_register"),
            registration(uscc=known.uscc, name="冒名示例有限公司"),
        )

        html = answer.content.decode()
        assert answer.status_code == 409
        assert "冒名示例有限公司" in html
        assert known.name not in html
        assert PASSWORD not in html
        assert User.objects.count() == people

    @pytest.mark.parametrize("name", ["company_register", "invitation_accept"])
    def test_an_open_page_answers_the_eleventh_try_with_429(
        self, client: Client, name: str
    ) -> None:
        with clock.fixed(MORNING):
            statuses = [client.post(reverse(f"portal:{name}"), {}).status_code for _ in range(11)]

        assert statuses == [422] * 10 + [429]

    def test_a_returned_profile_shows_its_reasons_and_can_be_corrected(self) -> None:
        office, company = build_office(), waiting()
        officer = as_(office.case)
        back = reverse("portal:profile_return", args=[company.profile.pk])
        assert officer.post(back, {"reason": ""}).status_code == 422
        assert company.profile.state == "SUBMITTED"

        officer.post(back, {"reason": "执照模糊"})

        html = as_(company.founder).get(reverse("portal:company")).content.decode()
        assert "执照模糊" in html


class TestEvidence:
    def test_is_a_file_to_keep_that_no_browser_interprets(self) -> None:
        company = proved(registered())
        file = company.profile.evidence.first()
        assert file is not None
        address = reverse("portal:company_evidence", args=[file.pk])

        answer = as_(company.founder).get(address)

        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        stranger = as_(registered(name="外人示例有限公司").founder)
        assert stranger.get(address).status_code == 404

    @pytest.mark.parametrize("content", [PNG, b"", PDF + b"0" * (5 * 1024 * 1024)])
    def test_a_hostile_file_is_refused_with_words_and_not_kept(self, content: bytes) -> None:
        company = registered()

        answer = as_(company.founder).post(
            reverse("portal:company_evidence_add", args=[company.profile.pk]),
            {"kind": "OTHER", "file": SimpleUploadedFile("x.pdf", content)},
        )

        assert answer.status_code == 422
        assert not company.profile.evidence.exists()


class TestSeats:
    def test_are_managed_on_their_page_and_read_by_the_others(self) -> None:
        company = registered()
        member = person(company.organization, Role.APPLICANT_SECURITY, full_name="成员")
        manager = as_(company.founder)
        manager.post(
            reverse("portal:company_invite"),
            {"email": "m@example.com", "role": Role.APPLICANT_SECURITY},
        )
        invitation = company.organization.invitations.get()
        seats = reverse("portal:company_seats")

        read = as_(member).get(seats).content.decode()
        assert "m@example.com" not in read
        assert reverse("portal:company_invite") not in read
        assert as_(member).post(
            reverse("portal:company_invite"),
            {"email": "x@example.com", "role": Role.APPLICANT_SECURITY},
        ).status_code == 403
        assert "m@example.com" in manager.get(seats).content.decode()
        manager.post(reverse("portal:company_invitation_revoke", args=[invitation.pk]))
        manager.post(
            reverse("portal:company_seat_end", args=[member.desks.get().pk])
        )

        invitation.refresh_from_db()
        assert invitation.state == "REVOKED"
        assert as_(member).get(seats).status_code == 404


class TestOrganizationPage:
    def test_officials_and_its_own_people_read_the_record_and_nobody_else(self) -> None:
        city = build_city()
        address = reverse("portal:organization", args=[city.applicant.pk])

        for reader in (city.case, city.decider, city.supervisor, city.agent):
            assert "record-heading" in as_(reader).get(address).content.decode()
        for reader in (city.stranger, city.officer, city.chair):
            assert as_(reader).get(address).status_code == 404

    def test_officials_see_the_record_on_the_case_and_the_applicant_does_not(self) -> None:
        city = build_city()
        address = reverse("portal:application", args=[submitted(city).pk])

        assert "record-heading" in as_(city.case).get(address).content.decode()
        assert "record-heading" not in as_(city.agent).get(address).content.decode()


class TestHandOver:
    def test_the_supervisor_sees_the_cases_chooses_a_colleague_and_they_change_hands(self) -> None:
        city = build_city()
        colleague = person(city.authority, Role.AUTHORITY_CASE, full_name="接手人")
        case = submitted(city)
        case.holder = city.case
        case.save(update_fields=["holder"])
        supervisor = as_(city.supervisor)
        address = f"{reverse('portal:handover')}?person={city.case.pk}"
        assert case.number in supervisor.get(address).content.decode()

        supervisor.post(address, {"to": str(colleague.pk), "reason": "休假"})

        case.refresh_from_db()
        assert case.holder == colleague

    def test_a_company_hands_over_among_its_own_people(self) -> None:
        city = build_city()
        colleague = person(city.applicant, Role.APPLICANT_AGENT)
        draft = drafted(city)
        where = reverse("portal:organization_handover", args=[city.applicant.pk])
        address = f"{where}?person={city.agent.pk}"

        actions.end_seat(
            desk_id=city.agent.desks.get().pk, actor=city.legal_rep, at=MORNING + timedelta(days=30)
        )

        assert as_(city.stranger).get(address).status_code == 404
        # Who has left is still in the list: the cases are still in that hand.
        assert city.agent.full_name in as_(city.legal_rep).get(where).content.decode()
        as_(city.legal_rep).post(address, {"to": str(colleague.pk), "reason": "离职"})

        draft.refresh_from_db()
        assert draft.drafted_by == colleague


def test_the_queue_asks_the_same_number_of_questions_for_one_company_and_for_four(
    queries_of: Any,
) -> None:
    office = build_office()
    officer, address = as_(office.case), reverse("portal:profile_queue")
    waiting()
    officer.get(address)
    one = queries_of(lambda: officer.get(address))
    for number in range(3):
        waiting(name=f"后来示例{number}有限公司", at=MORNING + timedelta(hours=number))

    assert queries_of(lambda: officer.get(address)) == one


def test_a_new_version_is_begun_on_the_page_and_shows_what_changes() -> None:
    office = build_office()
    company = approved(office)
    browser = as_(company.founder)
    browser.post(reverse("portal:company_begin"))
    version = company.profile
    browser.post(
        reverse("portal:company_version", args=[version.pk]), {**ENTRIES, "address": "迁入新址"}
    )
    actions.submit_profile(profile_id=version.pk, actor=company.founder, at=MORNING)

    html = as_(office.case).get(reverse("portal:profile_review", args=[version.pk]))

    assert "changes-heading" in html.content.decode()
    assert ENTRIES["address"] in html.content.decode()
