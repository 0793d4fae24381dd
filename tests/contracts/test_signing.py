"""Signing: everybody signs the text that stands, in their turn, once."""

from __future__ import annotations

import pytest

from applications import actions as applications
from contracts import actions, errors
from contracts.models import Agreement, Signature
from core.errors import Forbidden, NotAllowedNow
from parties.queries import system_actor
from tests.builders.applications import day
from tests.builders.contracts import SIGNED, sign
from tests.builders.signing import proof_of
from tests.contracts.conftest import Case
from workflow import outbox
from workflow.models import AuditEntry

STAGE = "ready"
pytestmark = pytest.mark.django_db


class TestASignature:
    def test_over_a_text_that_has_changed_is_refused(self, case: Case) -> None:
        city, agreement = case

        with pytest.raises(errors.TextChanged):
            actions.sign_agreement(
                agreement_id=agreement.pk,
                text_hash="0" * 64,
                proof=proof_of(city.legal_rep, at=SIGNED),
                actor=city.legal_rep,
                at=SIGNED,
            )

        assert not Signature.objects.exists()
        assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.READY_TO_SIGN

    def test_over_terms_that_were_altered_past_the_engine_is_refused(self, case: Case) -> None:
        city, agreement = case
        Agreement.objects.filter(pk=agreement.pk).update(
            terms=agreement.terms | {"retention": {"days": 3650}}
        )

        with pytest.raises(errors.TextDamaged):
            sign(agreement, city.legal_rep)

        assert not Signature.objects.exists()

    def test_of_a_provider_waits_for_the_data_user(self, case: Case) -> None:
        city, agreement = case

        with pytest.raises(NotAllowedNow):
            sign(agreement, city.leader)

        assert not Signature.objects.exists()
        refused = AuditEntry.objects.get(subject_id=str(agreement.pk), outcome="REFUSED")
        assert refused.action == "sign_as_provider"

    def test_is_given_once_a_party_and_one_provider_does_not_sign_for_another(
        self, case: Case
    ) -> None:
        city, agreement = case
        sign(agreement, city.legal_rep)
        sign(agreement, city.leader)

        sign(agreement, city.leader)

        assert Signature.objects.count() == 2
        assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.SIGNED_BY_USER

    @pytest.mark.parametrize("who", ["agent", "officer", "case", "ops"])
    def test_is_for_legal_representative_and_leader_only(self, case: Case, who: str) -> None:
        city, agreement = case

        with pytest.raises(Forbidden):
            sign(agreement, getattr(city, who))

        assert not Signature.objects.exists()

    def test_declined_with_a_reason_returns_the_text_and_voids_the_others(
        self, case: Case
    ) -> None:
        city, agreement = case
        sign(agreement, city.legal_rep)

        with pytest.raises(errors.ReasonMissing):
            actions.decline_to_sign(
                agreement_id=agreement.pk, reason=" ", actor=city.leader, at=SIGNED
            )
        assert Signature.objects.filter(voided_at=None).count() == 1
        actions.decline_to_sign(
            agreement_id=agreement.pk, reason="配额过高", actor=city.leader, at=SIGNED
        )

        assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.NEGOTIATING
        assert not Signature.objects.filter(voided_at=None).exists()


def test_it_never_begins_when_nobody_signs_in_time(case: Case) -> None:
    city, agreement = case
    outbox.deliver_due(at=SIGNED)
    late = day("2026-11-04")

    applications.lapse_unsigned(
        application_id=agreement.application_id, actor=system_actor(), at=late
    )
    outbox.deliver_due(at=late)

    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.LAPSED
    with pytest.raises(NotAllowedNow):
        sign(agreement, city.legal_rep, at=late)
    assert not Signature.objects.exists()
