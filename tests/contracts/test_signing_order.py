"""Who signs before whom: a versioned rule, taken when the text is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contracts import actions, errors, signing_order
from contracts.models import Agreement, Signature, SigningRule
from contracts.queries import agreement_page, agreements_to_sign
from contracts.queries.signing import turn_of
from core.errors import Forbidden, NotAllowedNow
from tests.builders.contracts import FINALIZED, SIGNED, sign
from tests.contracts.conftest import Case
from workflow.models import AuditEntry

STAGE = "negotiating"
pytestmark = pytest.mark.django_db

PROVIDERS = [signing_order.Seat(f"p{number}", False) for number in range(1, 6)]
SEATS = st.integers(0, 5).map(
    lambda count: [signing_order.Seat("user", True), *PROVIDERS[:count]]
)


@given(order=st.sampled_from(signing_order.ORDERS), seats=SEATS, data=st.data())
def test_whoever_signs_in_turn_the_agreement_is_complete_in_as_many_steps_as_parties(
    order: str, seats: list[signing_order.Seat], data: st.DataObject
) -> None:
    signed: list[Any] = []
    while waiting := signing_order.whose_turn(order=order, seats=seats, signed=signed):
        assert not set(waiting) & set(signed)
        signed.append(data.draw(st.sampled_from(waiting)))
    assert set(signed) == {seat.organization_id for seat in seats}
    assert len(signed) == len(seats)
    if order != signing_order.PARALLEL:
        assert signed[0] == "user"
    if order == signing_order.ONE_BY_ONE:
        assert signed == [seat.organization_id for seat in seats]


def closed(case: Case, order: str) -> Agreement:
    """Return the agreement closed for signature under an order that is a rule of today."""
    city, agreement = case
    SigningRule.objects.create(
        kind="signing_order", version=2, value=order, legal_basis="测试依据",
        effective_on=date(2026, 10, 1),
    )  # fmt: skip
    actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
    return Agreement.objects.get(pk=agreement.pk)


def waiting(who: Any) -> list[Any]:
    """Return which agreements wait for somebody's signature."""
    return [row.id for row in agreements_to_sign(actor=who, at=SIGNED)]


class TestOneByOne:
    def test_a_later_provider_waits_for_the_earlier_one(self, case: Case) -> None:
        city, _ = case
        agreement = closed(case, "ONE_BY_ONE")
        sign(agreement, city.legal_rep)

        with pytest.raises(NotAllowedNow):
            sign(agreement, city.second_leader)
        assert Signature.objects.count() == 1
        assert AuditEntry.objects.filter(outcome="REFUSED", action="sign_as_provider").exists()
        assert not waiting(city.second_leader)
        assert waiting(city.leader) == [agreement.pk]

        sign(agreement, city.leader)
        assert waiting(city.second_leader) == [agreement.pk]
        sign(agreement, city.second_leader)
        assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.EFFECTIVE


class TestInAnyOrder:
    def test_a_provider_signs_before_the_data_user_and_all_signatures_make_it_effective(
        self, case: Case
    ) -> None:
        city, _ = case
        agreement = closed(case, "PARALLEL")
        assert len(turn_of(agreement)) == 3
        sign(agreement, city.second_leader)
        now = Agreement.objects.get(pk=agreement.pk)
        assert now.state == Agreement.State.READY_TO_SIGN
        assert waiting(city.leader) == [agreement.pk]
        sign(agreement, city.leader)
        sign(agreement, city.legal_rep)
        assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.EFFECTIVE

    def test_a_change_voids_what_a_provider_signed_first(self, case: Case) -> None:
        city, _ = case
        agreement = closed(case, "PARALLEL")
        sign(agreement, city.leader)
        actions.decline_to_sign(
            agreement_id=agreement.pk, reason="配额过高", actor=city.legal_rep, at=SIGNED
        )
        assert not Signature.objects.filter(voided_at=None).exists()


def test_the_order_is_that_of_the_day_the_text_was_closed(case: Case) -> None:
    city, agreement = case
    actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
    SigningRule.objects.create(
        kind="signing_order", version=2, value="PARALLEL", legal_basis="测试依据",
        effective_on=date(2026, 10, 1),
    )  # fmt: skip
    with pytest.raises(NotAllowedNow):
        sign(agreement, city.leader)
    page = agreement_page(agreement_id=agreement.pk, actor=city.leader, at=SIGNED)
    assert page.signs_for is None
    assert not Signature.objects.exists()


class TestTheRule:
    def test_is_set_by_a_decider_as_a_new_version_with_its_basis(self, case: Case) -> None:
        city, agreement = case
        given = {
            "kind": "signing_order", "value": "PARALLEL", "legal_basis": "测试依据",
            "effective_on": date(2026, 10, 16), "at": FINALIZED,
        }  # fmt: skip
        with pytest.raises(Forbidden):
            actions.set_signing_rule(actor=city.supervisor, **given)  # type: ignore[arg-type]
        for wrong in (
            {"kind": "other"}, {"value": "RANDOM"}, {"legal_basis": " "},
            {"effective_on": date(2026, 10, 15)}, {"kind": "mandate_days_max", "value": "0"},
            {"kind": "mandate_days_max", "value": "１２"},
        ):  # fmt: skip
            with pytest.raises(errors.RuleUnknown):
                actions.set_signing_rule(actor=city.decider, **(given | wrong))  # type: ignore[arg-type]
        assert SigningRule.objects.filter(version=2).count() == 0

        actions.set_signing_rule(actor=city.decider, **given)  # type: ignore[arg-type]

        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
        assert Agreement.objects.get(pk=agreement.pk).signing_order == "PARALLEL"

    def test_is_seen_and_set_on_its_page(self, case: Case) -> None:
        city, _agreement = case
        client = Client()
        client.force_login(city.decider, "django.contrib.auth.backends.ModelBackend")
        address = reverse("portal:signing_rules")
        assert "签署顺序" in client.get(address).content.decode()
        given = {"kind": "mandate_days_max", "value": "90", "legal_basis": "测试依据"}
        assert client.post(address, {**given, "effective_on": "2020-01-01"}).status_code == 422
        assert client.post(address, {**given, "effective_on": "2999-01-01"}).status_code == 302
        assert SigningRule.objects.get(kind="mandate_days_max", version=2).value == 90
