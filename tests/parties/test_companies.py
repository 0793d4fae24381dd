"""Companies come by themselves: registered, proved, approved in versions, valid for a time."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from core.errors import InvalidInput, NotAllowedNow, NotFound
from core.ids import normalize_uscc
from parties import actions, errors, nearness, queries
from parties.models import Attempt, Organization, PartyEvidence, PartyProfile, User
from parties.roles import Kind, Role
from tests.builders.companies import (
    ENTRIES,
    PDF,
    PNG,
    approved,
    build_office,
    fresh_uscc,
    person_data,
    proved,
    registered,
    waiting,
)
from tests.builders.parties import MORNING, organization, person
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)


class TestRegisterCompany:
    def test_leaves_company_person_seat_and_first_version(self) -> None:
        company = registered()

        assert company.organization.state == Organization.State.REGISTERED
        assert (company.profile.version, company.profile.state) == (1, "DRAFT")
        assert queries.has_role(company.founder, Role.APPLICANT_AGENT)
        assert AuditEntry.objects.filter(
            subject_id=str(company.organization.pk), actor_id=str(company.founder.pk)
        ).exists()

    def test_reads_a_code_however_it_is_typed(self) -> None:
        code = fresh_uscc()
        wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())

        company = registered(code=f" {wide[:4]}-{wide[4:8]} {wide[8:]} ")

        assert company.organization.uscc == code == normalize_uscc(wide)

    @pytest.mark.parametrize("kind", [Kind.APPLICANT, Kind.PROVIDER])
    def test_a_known_code_is_refused_with_the_same_words_whoever_has_it(self, kind: str) -> None:
        known = organization(kind, "示例单位")
        before = User.objects.count()

        with pytest.raises(errors.CannotRegister) as refused:
            registered(code=known.uscc)

        assert known.name not in str(refused.value)
        assert refused.value.facts == {}
        assert (User.objects.count(), PartyProfile.objects.count()) == (before, 0)

    def test_a_wrong_check_character_is_refused_and_nothing_is_stored(self) -> None:
        code = fresh_uscc()
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        before = User.objects.count(), Organization.objects.count()

        with pytest.raises(InvalidInput) as refused:
            registered(code=wrong)

        assert set(refused.value.fields) == {"uscc"}
        assert (User.objects.count(), Organization.objects.count()) == before

    def test_an_address_that_has_an_account_is_refused_and_nothing_is_stored(self) -> None:
        known = registered().founder
        before = User.objects.count(), Organization.objects.count()

        with pytest.raises(errors.AddressInUse):
            actions.register_company(
                uscc=fresh_uscc(),
                role=Role.APPLICANT_AGENT,
                entries=ENTRIES,
                person=person_data(email=known.email.upper()),
                at=MORNING,
            )

        assert (User.objects.count(), Organization.objects.count()) == before

    def test_somebody_with_a_seat_elsewhere_registers_no_second_company(self) -> None:
        known = registered()

        with pytest.raises(errors.SeatElsewhere):
            actions.register_company(
                uscc=fresh_uscc(),
                role=Role.APPLICANT_AGENT,
                entries=ENTRIES,
                actor=known.founder,
                at=MORNING,
            )

        assert Organization.objects.filter(kind=Kind.APPLICANT).count() == 1

    def test_the_eleventh_try_of_a_quarter_hour_is_refused_and_the_window_moves(self) -> None:
        def attempt(minutes: float) -> None:
            actions.count_attempt(
                kind="register", source="203.0.113.9", at=MORNING + timedelta(minutes=minutes)
            )

        for _ in range(10):
            attempt(0)
        with pytest.raises(errors.TooManyAttempts):
            attempt(14.99)
        actions.count_attempt(kind="register", source="203.0.113.10", at=MORNING)
        attempt(15)

        assert Attempt.objects.count() == 2
        assert not Attempt.objects.filter(source_hash__contains="203").exists()


class TestEvidence:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("scan.pdf", PNG),
            ("scan.png", PDF),
            ("scan.exe", PDF),
            ("scan.pdf.html", PDF),
            ("scan", PDF),
            ("scan.pdf", b""),
            ("scan.svg", b"<svg onload=alert(1)>"),
            ("scan.pdf", b"MZ" + PDF),
        ],
    )
    def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(
        self, name: str, content: bytes
    ) -> None:
        company = registered()

        with pytest.raises(InvalidInput) as refused:
            self.add(company, name=name, content=content)

        assert "file" in refused.value.fields
        assert not PartyEvidence.objects.exists()

    def test_five_mebibytes_are_kept_and_one_byte_more_is_not(self) -> None:
        company = registered()
        most = PDF + b"0" * (5 * 1024 * 1024 - len(PDF))

        kept = self.add(company, content=most)
        with pytest.raises(InvalidInput):
            self.add(company, content=most + b"0")

        assert (kept.size_bytes, kept.content_hash) == (
            5 * 1024 * 1024, hashlib.sha256(most).hexdigest()
        )  # fmt: skip
        assert PartyEvidence.objects.count() == 1

    def test_a_name_loses_what_could_mean_something_elsewhere(self) -> None:
        kept = self.add(registered(), name='..\\..\\<b>"a|b".PDF')

        assert kept.name == "bab.PDF"

    def test_only_the_company_and_the_authority_read_it(self) -> None:
        office = build_office()
        kept = self.add(company := registered())
        stranger = registered(name="外人示例有限公司").founder

        for reader in (company.founder, office.case, office.supervisor):
            assert queries.evidence_file(evidence_id=kept.pk, actor=reader).content == PDF
        for reader in (stranger, person(office.platform, Role.PLATFORM_OPS)):
            with pytest.raises(NotFound):
                queries.evidence_file(evidence_id=kept.pk, actor=reader)

    def test_nothing_is_added_or_taken_away_once_it_is_handed_in(self) -> None:
        company = waiting()
        file = company.profile.evidence.first()
        assert file is not None

        with pytest.raises(NotAllowedNow):
            self.add(company)
        with pytest.raises(NotAllowedNow):
            actions.remove_evidence(
                profile_id=company.profile.pk, evidence_id=file.pk, actor=company.founder, at=LATER
            )

        assert company.profile.evidence.count() == 2

    def add(self, company: Any, name: str = "scan.pdf", content: bytes = PDF) -> PartyEvidence:
        return actions.add_evidence(
            profile_id=company.profile.pk,
            kind="BUSINESS_LICENSE",
            name=name,
            content=content,
            actor=company.founder,
            at=MORNING,
        )


class TestAffiliates:
    def test_count_whichever_side_named_them_and_only_while_in_force(self) -> None:
        office = build_office()
        named, naming = approved(office), registered(name="母公司示例有限公司")
        actions.add_affiliate(
            profile_id=naming.profile.pk,
            name="子公司",
            uscc=named.organization.uscc,
            kind="SUBSIDIARY",
            actor=naming.founder,
            at=MORNING,
        )
        assert not queries.same_group(named.organization, naming.organization)
        proved(naming)
        actions.submit_profile(profile_id=naming.profile.pk, actor=naming.founder, at=MORNING)
        actions.approve_profile(profile_id=naming.profile.pk, actor=office.case, at=MORNING)

        for one, other in ((named, naming), (naming, named)):
            assert queries.same_group(one.organization, other.organization)
            assert queries.affiliates_of(one.organization) == (other.organization,)
        assert queries.near_organizations(named.founder) == {naming.organization.pk}

    def test_are_found_in_one_question_however_many_there_are(self, queries_of: Any) -> None:
        parent = organization(Kind.APPLICANT, "集团")
        few = [organization(Kind.APPLICANT, f"子{n}", parent=parent).pk for n in range(2)]
        many = [organization(Kind.APPLICANT, f"孙{n}", parent=parent).pk for n in range(6)]

        assert nearness.affiliates(few[:1]) == {parent.pk, *few[1:], *many}
        assert queries_of(lambda: nearness.affiliates([*few, *many])) == 1

    def test_refuses_the_own_code_and_one_that_is_named(self) -> None:
        company, other = registered(), fresh_uscc()

        def add(code: str) -> None:
            actions.add_affiliate(
                profile_id=company.profile.pk, name="甲", uscc=code, kind="PARENT",
                actor=company.founder, at=MORNING,
            )  # fmt: skip

        add(other)
        for code in (company.organization.uscc, other, "1234"):
            with pytest.raises(InvalidInput):
                add(code)

        assert company.profile.affiliates.count() == 1


class TestValidity:
    def test_the_last_day_counts_and_the_next_does_not(self) -> None:
        company = approved(build_office()).organization
        last = MORNING + timedelta(days=1095)

        assert queries.has_valid_verification(company, at=last)
        assert not queries.has_valid_verification(company, at=last + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_registrations_of_one_code_at_once_leave_one_company(together: Any) -> None:
    code = fresh_uscc()

    def register(number: int) -> Any:
        return lambda: actions.register_company(
            uscc=code,
            role=Role.APPLICANT_AGENT,
            entries=ENTRIES,
            person=person_data(number),
            at=MORNING,
        )

    results = together(register(1), register(2))

    assert sum(isinstance(r, errors.CannotRegister) for r in results) == 1
    assert Organization.objects.filter(uscc=code).count() == 1
    assert User.objects.filter(username__startswith="founder").count() == 1
