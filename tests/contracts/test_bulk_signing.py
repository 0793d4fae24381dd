"""Several agreements signed in one go: a set of single signatures, each with its own check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from contracts import actions, errors
from contracts.models import Agreement, Signature, SigningBatch
from core.errors import InvalidInput, NotFound
from tests.builders.applications import City
from tests.builders.contracts import SIGNED, ready_agreement
from tests.builders.signing import proof_of
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _ready(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, list[UUID]]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city, first = ready_agreement()
        _city, second = ready_agreement(city, scenario_name="第二个场景")
        yield city, [first.pk, second.pk]
        transaction.set_rollback(True)


@pytest.fixture
def city(_ready: tuple[City, list[UUID]], db: None) -> City:
    return _ready[0]


@pytest.fixture
def two(_ready: tuple[City, list[UUID]], db: None) -> list[Agreement]:
    return [Agreement.objects.get(pk=pk) for pk in _ready[1]]


def sign(two: list[Agreement], who: Any, **hashes: str) -> SigningBatch:
    texts = {one.pk: hashes.get(one.number, one.text_hash) for one in two}
    return actions.sign_several(
        texts=texts, proof=proof_of(who, at=SIGNED), actor=who, at=SIGNED
    )


def test_each_is_signed_by_its_own_hash_and_leaves_its_own_record(
    city: City, two: list[Agreement]
) -> None:
    batch = sign(two, city.legal_rep)
    assert list(batch.items.values_list("signed", "problem")) == [(True, "")] * 2
    for one in two:
        assert Agreement.objects.get(pk=one.pk).state == "SIGNED_BY_USER"
        assert one.signatures.get().text_hash == one.text_hash
        subject = {"subject_id": str(one.pk), "action": "sign_as_user", "outcome": "DONE"}
        assert AuditEntry.objects.filter(**subject).count() == 1


def test_one_that_is_refused_says_why_and_holds_up_no_other(
    city: City, two: list[Agreement]
) -> None:
    texts = {two[0].pk: "0" * 64, two[1].pk: two[1].text_hash}
    batch = actions.sign_several(
        texts=texts, proof=proof_of(city.legal_rep, at=SIGNED), actor=city.legal_rep, at=SIGNED
    )
    said = dict(batch.items.values_list("agreement_id", "problem"))
    assert said[two[0].pk]
    assert said[two[1].pk] == ""
    assert not two[0].signatures.exists()
    assert Agreement.objects.get(pk=two[0].pk).state == "READY_TO_SIGN"
    assert Agreement.objects.get(pk=two[1].pk).state == "SIGNED_BY_USER"


def test_one_whose_turn_it_is_not_signs_nothing_and_the_refusal_is_on_record(
    city: City, two: list[Agreement]
) -> None:
    batch = sign(two, city.leader)
    assert not batch.items.filter(signed=True).exists()
    assert not Signature.objects.exists()
    refused = AuditEntry.objects.filter(action="sign_as_provider", outcome="REFUSED")
    assert refused.count() == 2


def test_what_the_actor_cannot_see_is_refused_as_a_whole(
    city: City, two: list[Agreement]
) -> None:
    with pytest.raises(NotFound):
        sign(two, city.stranger)
    assert not SigningBatch.objects.exists()


def test_nothing_or_too_much_is_refused(
    city: City, two: list[Agreement], settings: Any
) -> None:
    with pytest.raises(InvalidInput):
        sign([], city.legal_rep)
    settings.SIGN_AT_ONCE_MAX = 1
    with pytest.raises(errors.TooManyAtOnce):
        sign(two, city.legal_rep)
    with pytest.raises(errors.TextChanged):
        actions.sign_several(
            texts={two[0].pk: "x" * 65}, proof=proof_of(city.legal_rep, at=SIGNED),
            actor=city.legal_rep, at=SIGNED,
        )  # fmt: skip
    assert not SigningBatch.objects.exists()
