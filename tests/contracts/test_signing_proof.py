"""The proof at the moment of signing: password and code, counted, and never half a signature."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contracts import actions
from contracts.models import Agreement, AgreementDocument, Signature
from core import clock
from parties import actions as parties
from parties import errors as refused
from parties.models import SecondFactor
from tests.builders.contracts import SIGNED, sign
from tests.builders.signing import PASSWORD, code_of, proof_of
from tests.contracts.conftest import Case

STAGE = "ready"
pytestmark = pytest.mark.django_db


def try_to_sign(agreement: Agreement, who: Any, password: str, code: str) -> Agreement:
    """Sign the present text with a password and a code."""
    return actions.sign_agreement(
        agreement_id=agreement.pk,
        text_hash=agreement.text_hash,
        proof=parties.Proof(password, code),
        actor=who,
        at=SIGNED,
    )


def untouched(agreement: Agreement) -> bool:
    """Say whether an agreement is as it was before anybody signed."""
    now = Agreement.objects.get(pk=agreement.pk)
    kinds = set(now.documents.values_list("kind", flat=True))
    return (
        now.state == Agreement.State.READY_TO_SIGN
        and not Signature.objects.exists()
        and kinds == {AgreementDocument.Kind.TEXT}
    )


class TestTheProof:
    def test_with_a_wrong_password_or_code_signs_nothing_and_is_counted(self, case: Case) -> None:
        city, agreement = case
        right = code_of(city.legal_rep, at=SIGNED)
        for tries, (password, code) in enumerate(
            (("Wrong-password-1", right), (PASSWORD, "000000"), ("", "")), 1
        ):
            with pytest.raises(refused.ProofWrong):
                try_to_sign(agreement, city.legal_rep, password, code)
            factor = SecondFactor.objects.get(user=city.legal_rep, removed_at=None)
            assert factor.failures == tries
        assert untouched(agreement)

    def test_of_a_colleague_does_not_sign(self, case: Case) -> None:
        city, agreement = case
        with pytest.raises(refused.ProofWrong):
            try_to_sign(
                agreement, city.legal_rep, PASSWORD, code_of(city.leader, at=SIGNED)
            )
        assert untouched(agreement)

    def test_cannot_be_given_without_an_application(self, case: Case) -> None:
        city, agreement = case
        SecondFactor.objects.filter(user=city.legal_rep).update(removed_at=SIGNED)
        with pytest.raises(refused.SecondFactorMissing):
            try_to_sign(agreement, city.legal_rep, PASSWORD, "123456")
        assert untouched(agreement)

    def test_used_for_one_text_does_not_sign_the_next(self, case: Case) -> None:
        city, agreement = case
        code = code_of(city.legal_rep, at=SIGNED)
        try_to_sign(agreement, city.legal_rep, PASSWORD, code)
        actions.decline_to_sign(
            agreement_id=agreement.pk, reason="配额过高", actor=city.leader, at=SIGNED
        )
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)

        with pytest.raises(refused.CodeUsed):
            try_to_sign(agreement, city.legal_rep, PASSWORD, code)

        assert not Signature.objects.filter(voided_at=None).exists()

    def test_is_kept_with_the_signature_and_a_refused_one_is_on_record(self, case: Case) -> None:
        city, agreement = case
        sign(agreement, city.legal_rep)
        signature = Signature.objects.get()
        assert signature.proof == Signature.Proof.TOTP
        assert len(signature.certificate_hash) == 64
        assert signature.certificate_subject == city.applicant.name

    def test_is_not_asked_again_for_a_signature_that_stands(self, case: Case) -> None:
        city, agreement = case
        sign(agreement, city.legal_rep)
        again = try_to_sign(agreement, city.legal_rep, "", "")
        assert again.state == Agreement.State.SIGNED_BY_USER
        assert Signature.objects.count() == 1


class TestThePage:
    def test_asks_for_password_and_code_and_says_who_signs_what(self, case: Case) -> None:
        city, agreement = case
        client = Client()
        client.force_login(city.legal_rep, "django.contrib.auth.backends.ModelBackend")
        address = reverse("portal:agreement_sign", args=[agreement.pk])
        page = client.get(address).content.decode()
        for part in (agreement.text_hash, city.applicant.name, 'name="code"', 'name="password"'):
            assert part in page
        assert page.index(agreement.text_hash) < page.index("第一条") < page.index('name="code"')

        given = {"text_hash": agreement.text_hash, "confirm": "on", "password": PASSWORD}
        assert client.post(address, {**given, "code": "000000"}).status_code == 422
        assert untouched(agreement)
        with clock.fixed(SIGNED):
            code = proof_of(city.legal_rep, at=SIGNED).code
            done = client.post(address, {**given, "code": code})
        assert done.status_code == 302
        assert Signature.objects.get().signer == city.legal_rep

    def test_leads_whoever_has_no_application_to_its_set_up(self, case: Case) -> None:
        city, agreement = case
        SecondFactor.objects.filter(user=city.legal_rep).update(removed_at=SIGNED)
        client = Client()
        client.force_login(city.legal_rep, "django.contrib.auth.backends.ModelBackend")
        address = reverse("portal:agreement_sign", args=[agreement.pk])
        page = client.get(address).content.decode()
        assert f"{reverse('portal:second_factor')}?next={address}" in page
        assert "data-finish" not in page

    def test_of_the_list_names_exactly_what_waits_for_the_reader(self, case: Case) -> None:
        city, agreement = case
        address = reverse("portal:agreements_to_sign")

        def waits(who: Any) -> bool:
            client = Client()
            client.force_login(who, "django.contrib.auth.backends.ModelBackend")
            return agreement.number in client.get(address).content.decode()

        assert waits(city.legal_rep)
        assert not waits(city.leader)
        sign(agreement, city.legal_rep)
        assert not waits(city.legal_rep)
        assert waits(city.leader)
        sign(agreement, city.leader)
        assert not waits(city.leader)
        assert waits(city.second_leader)
