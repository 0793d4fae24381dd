"""Signing by power of attorney: reviewed, for one agreement, until a day, revocable."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contracts import actions, errors, queries
from contracts.models import Agreement, Signature, SigningMandate
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties import actions as parties
from parties.queries import system_actor
from parties.roles import Role
from tests.builders.contracts import SIGNED, sign
from tests.builders.parties import add_desk, person
from tests.builders.signing import equip
from tests.contracts.conftest import Case
from workflow import inbox

STAGE = "ready"
pytestmark = pytest.mark.django_db
LETTER = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF"
LAST_DAY = date(2026, 10, 30)


def filed(case: Case, *, who: Any = None, **changes: Any) -> SigningMandate:
    """Return a letter that empowers the applicant's agent."""
    city, agreement = case
    given = {
        "delegate_id": city.agent.pk, "valid_until": LAST_DAY, "name": "授权委托书.pdf",
        "content": LETTER,
    } | changes  # fmt: skip
    return actions.file_mandate(
        agreement_id=agreement.pk, actor=who or city.legal_rep, at=SIGNED, **given
    )


def accepted(case: Case, **changes: Any) -> SigningMandate:
    """Return a letter that the case handler has accepted."""
    letter = filed(case, **changes)
    return actions.accept_mandate(mandate_id=letter.pk, actor=case[0].case, at=SIGNED)


class TestADelegate:
    def test_signs_once_the_letter_is_accepted_and_the_signature_names_it(
        self, case: Case
    ) -> None:
        city, agreement = case
        equip(city.agent)
        with pytest.raises(Forbidden):
            sign(agreement, city.agent)
        letter = filed(case)
        with pytest.raises(Forbidden):
            sign(agreement, city.agent)
        assert not Signature.objects.exists()

        actions.accept_mandate(mandate_id=letter.pk, actor=city.case, at=SIGNED)
        assert "contracts.sign_as_user" in {
            item.duty for item in inbox.waiting_for(city.agent, at=SIGNED)
        }
        sign(agreement, city.agent)

        signature = Signature.objects.get()
        assert (signature.signer, signature.mandate) == (city.agent, letter)
        assert signature.party == city.applicant

    def test_signs_no_longer_after_the_last_day_even_before_the_sweep(self, case: Case) -> None:
        city, agreement = case
        accepted(case, valid_until=date(2026, 10, 20))
        equip(city.agent)
        late = SIGNED + timedelta(days=1)
        with pytest.raises(Forbidden):
            sign(agreement, city.agent, at=late)
        assert actions.expire_mandates(at=late) == 1
        assert actions.expire_mandates(at=late) == 0
        assert SigningMandate.objects.get().state == "EXPIRED"
        assert not Signature.objects.exists()

    def test_signs_no_longer_once_it_is_revoked_but_what_was_signed_stays(
        self, case: Case
    ) -> None:
        city, agreement = case
        letter = accepted(case)
        sign(agreement, city.agent)
        actions.revoke_mandate(
            mandate_id=letter.pk, reason="人员变动", actor=city.legal_rep, at=SIGNED
        )
        assert Signature.objects.get().voided_at is None
        actions.decline_to_sign(
            agreement_id=agreement.pk, reason="配额过高", actor=city.leader, at=SIGNED
        )
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)
        with pytest.raises(Forbidden):
            sign(agreement, city.agent)
        assert not Signature.objects.filter(voided_at=None).exists()

    def test_signs_no_longer_once_the_desk_in_the_house_is_closed(self, case: Case) -> None:
        city, agreement = case
        other = person(city.applicant, Role.APPLICANT_SECURITY)
        accepted(case, delegate_id=other.pk)
        equip(other)
        desk = other.desks.get(closed_at=None)
        parties.close_desk(desk_id=desk.pk, actor=system_actor(), at=SIGNED)
        with pytest.raises((Forbidden, NotFound)):
            sign(agreement, other)
        assert not Signature.objects.exists()

    def test_signs_this_agreement_only(self, case: Case) -> None:
        city, agreement = case
        accepted(case)
        other = Agreement.objects.get(pk=agreement.pk)
        assert not queries.agreements_to_sign(actor=city.officer, at=SIGNED)
        found = queries.agreements_to_sign(actor=city.agent, at=SIGNED)
        assert [row.id for row in found] == [other.pk]

    def test_never_signs_for_both_sides(self, case: Case) -> None:
        city, agreement = case
        accepted(case)
        sign(agreement, city.agent)
        add_desk(city.agent, city.provider, Role.PROVIDER_LEADER)

        with pytest.raises(Forbidden):
            sign(agreement, city.agent)

        assert Signature.objects.count() == 1
        page = queries.agreement_page(agreement_id=agreement.pk, actor=city.agent, at=SIGNED)
        assert page.signs_for is not None
        assert page.signing_barred


class TestFiling:
    @pytest.mark.parametrize("who", ["agent", "legal_rep"])
    def test_is_for_the_people_of_a_party(self, case: Case, who: str) -> None:
        assert filed(case, who=getattr(case[0], who)).state == "FILED"

    @pytest.mark.parametrize("who", ["case", "ops", "supervisor"])
    def test_is_for_nobody_else(self, case: Case, who: str) -> None:
        with pytest.raises(Forbidden):
            filed(case, who=getattr(case[0], who))
        assert not SigningMandate.objects.exists()

    def test_by_a_stranger_finds_nothing(self, case: Case) -> None:
        with pytest.raises(NotFound):
            filed(case, who=case[0].stranger)
        assert not SigningMandate.objects.exists()

    def test_refuses_people_of_another_house_and_of_two_parties(self, case: Case) -> None:
        city, _agreement = case
        both = person(city.applicant, Role.APPLICANT_SECURITY)
        add_desk(both, city.provider, Role.SECRECY_REVIEWER)
        for who in (city.officer, city.stranger, both, city.legal_rep):
            with pytest.raises(errors.MandateUnfit):
                filed(case, delegate_id=who.pk)
        assert not SigningMandate.objects.exists()

    @pytest.mark.parametrize("day", [date(2026, 10, 19), date(2027, 6, 1)])
    def test_refuses_a_day_that_has_passed_or_is_too_far(self, case: Case, day: date) -> None:
        with pytest.raises(errors.MandateUnfit):
            filed(case, valid_until=day)
        assert not SigningMandate.objects.exists()

    @pytest.mark.parametrize(
        "content",
        [b"", b"no pdf", b"%PDF-1.7 /JavaScript (app.alert(1))", b"%PDF-" + b"0" * 5 * 1024 * 1024],
    )
    def test_refuses_a_file_that_may_not_be_kept(self, case: Case, content: bytes) -> None:
        with pytest.raises(InvalidInput):
            filed(case, content=content)
        assert not SigningMandate.objects.exists()

    def test_twice_for_one_person_is_refused(self, case: Case) -> None:
        filed(case)
        with pytest.raises(errors.MandateUnfit):
            filed(case)
        assert SigningMandate.objects.count() == 1


class TestReview:
    def test_is_for_the_case_handler_alone(self, case: Case) -> None:
        city, _agreement = case
        letter = filed(case)
        for who, error in (
            (city.legal_rep, Forbidden), (city.officer, NotFound), (city.stranger, NotFound),
            (city.supervisor, Forbidden),
        ):  # fmt: skip
            with pytest.raises(error):
                actions.accept_mandate(mandate_id=letter.pk, actor=who, at=SIGNED)
        letter.refresh_from_db()
        assert letter.state == "FILED"

    def test_refuses_with_a_reason_and_nobody_signs_by_it(self, case: Case) -> None:
        city, agreement = case
        letter = filed(case)
        with pytest.raises(errors.ReasonMissing):
            actions.refuse_mandate(mandate_id=letter.pk, reason="", actor=city.case, at=SIGNED)
        actions.refuse_mandate(
            mandate_id=letter.pk, reason="未盖章", actor=city.case, at=SIGNED
        )
        with pytest.raises(NotAllowedNow):
            actions.accept_mandate(mandate_id=letter.pk, actor=city.case, at=SIGNED)
        with pytest.raises(Forbidden):
            sign(agreement, city.agent)
        assert not Signature.objects.exists()

    def test_is_not_done_by_whoever_works_for_the_party(self, case: Case) -> None:
        city, _agreement = case
        letter = filed(case)
        add_desk(city.case, city.applicant, Role.APPLICANT_SECURITY)
        with pytest.raises(Forbidden):
            actions.accept_mandate(mandate_id=letter.pk, actor=city.case, at=SIGNED)
        letter.refresh_from_db()
        assert letter.state == "FILED"


def test_the_pages_file_review_and_revoke_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    city, agreement = case

    def page_of(who: Any) -> Client:
        client = Client()
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        return client

    letter = filed(case)
    monkeypatch.setattr(clock, "now", lambda: SIGNED)
    own, office = page_of(city.legal_rep), page_of(city.case)
    shown = reverse("portal:mandate", args=[letter.pk])
    assert own.get(reverse("portal:mandate_new", args=[agreement.pk])).status_code == 200
    assert city.agent.full_name in office.get(shown).content.decode()
    kept = office.get(reverse("portal:mandate_file", args=[letter.pk]))
    assert kept.content == LETTER
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert page_of(city.officer).get(shown).status_code == 404

    assert office.post(reverse("portal:mandate_accept", args=[letter.pk])).status_code == 302
    assert SigningMandate.objects.get().state == "ACCEPTED"
    revoke = reverse("portal:mandate_revoke", args=[letter.pk])
    assert own.post(revoke, {"reason": ""}).status_code == 422
    assert own.post(revoke, {"reason": "人员变动"}).status_code == 302
    assert SigningMandate.objects.get().state == "REVOKED"
