"""Keys: only for reviewed programs, shown once, stored as a hash, replaced with an overlap."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from core.errors import Forbidden, NotAllowedNow, NotFound
from licensing import actions, keys, queries
from licensing.errors import (
    AgreementNotInForce,
    ClientNotApproved,
    InvalidClient,
    NoUsableLicense,
    ReasonMissing,
    TooManyClients,
)
from licensing.models import ClientApplication, Credential
from tests.builders.applications import day
from tests.builders.licensing import APPROVED, Licensed, key_of
from workflow.models import AuditEntry, Deadline, Event

AT = day("2026-11-03")


def register(stage: Licensed, **changes: Any) -> ClientApplication:
    facts = {
        "agreement_id": stage.agreement.pk,
        "name": "第二系统",
        "purpose": "核验",
        "ip_allow_list": ["10.1.0.0/16", "192.0.2.7"],
        "actor": stage.city.agent,
        "at": AT,
        **changes,
    }
    return actions.register_client(**facts)


def test_a_program_is_registered_with_its_networks(stage: Licensed) -> None:
    made = register(stage)
    assert made.state == ClientApplication.State.REGISTERED
    assert made.ip_allow_list == ["10.1.0.0/16", "192.0.2.7/32"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "授信核验系统"}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"ip_allow_list": ["10.1.0.0/99"]}, "ip_allow_list"),
        ({"ip_allow_list": [f"10.0.0.{n}" for n in range(60)]}, "ip_allow_list"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_registered(
    stage: Licensed, wrong: dict[str, Any], field: str
) -> None:
    before = ClientApplication.objects.count()
    with pytest.raises(InvalidClient) as caught:
        register(stage, **wrong)
    assert field in caught.value.fields
    assert ClientApplication.objects.count() == before


def test_only_the_licensees_own_people_register(stage: Licensed) -> None:
    with pytest.raises(NotFound):
        register(stage, actor=stage.city.stranger)
    with pytest.raises(Forbidden):
        register(stage, actor=stage.city.legal_rep)


def test_the_agreement_limits_the_number_of_programs(stage: Licensed) -> None:
    for number in range(4):
        register(stage, name=f"系统{number}")
    with pytest.raises(TooManyClients):
        register(stage, name="多余")


def test_only_the_platform_reviews_and_only_once(stage: Licensed) -> None:
    made = register(stage)
    with pytest.raises(Forbidden):
        actions.approve_client(client_id=made.pk, actor=stage.city.agent, at=AT)
    with pytest.raises(NotFound):
        actions.approve_client(client_id=made.pk, actor=stage.city.stranger, at=AT)
    with pytest.raises(ReasonMissing):
        actions.reject_client(client_id=made.pk, reason="", actor=stage.city.ops, at=AT)
    actions.reject_client(client_id=made.pk, reason="用途不符", actor=stage.city.ops, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.approve_client(client_id=made.pk, actor=stage.city.ops, at=AT)


def test_a_program_without_approval_gets_no_key(stage: Licensed) -> None:
    made = register(stage)
    with pytest.raises(ClientNotApproved):
        actions.request_credential(client_id=made.pk, actor=stage.city.agent, at=AT)
    assert not Credential.objects.exists()


def test_the_key_is_returned_once_and_only_its_hash_is_kept(stage: Licensed) -> None:
    secret = key_of(stage)
    assert keys.KEY_SHAPE.fullmatch(secret.key)
    row = Credential.objects.get(pk=secret.credential_id)
    assert row.state == Credential.State.ACTIVE
    assert row.secret_hash == hashlib.sha256(secret.key.encode()).hexdigest()
    assert secret.key not in repr(secret)
    for table in (AuditEntry, Event):
        told = " ".join(str(facts) for facts in table.objects.values_list("facts", flat=True))
        assert secret.key not in told
        assert str(row.secret_hash) not in told


def test_a_key_is_issued_once(stage: Licensed) -> None:
    secret = key_of(stage)
    with pytest.raises(NotAllowedNow):
        actions.issue_credential(
            credential_id=secret.credential_id, actor=stage.city.agent, at=AT
        )


def test_the_first_key_closes_the_clock(stage: Licensed) -> None:
    key_of(stage)
    clock = Deadline.objects.get(kind="credential", subject_id=str(stage.agreement.pk))
    assert clock.closed_on == APPROVED.date()


def test_a_stranger_sees_no_credential_and_the_authority_takes_no_key(stage: Licensed) -> None:
    wanted = {"client_id": stage.client.pk, "at": AT}
    with pytest.raises(NotFound):
        actions.request_credential(actor=stage.city.stranger, **wanted)
    with pytest.raises(Forbidden):
        actions.request_credential(actor=stage.city.supervisor, **wanted)
    requested = actions.request_credential(actor=stage.city.agent, **wanted)
    with pytest.raises(Forbidden):
        actions.issue_credential(
            credential_id=requested.pk, actor=stage.city.supervisor, at=AT
        )
    requested.refresh_from_db()
    assert requested.state == Credential.State.REQUESTED


def test_a_replaced_key_runs_out_and_the_new_one_takes_its_place(stage: Licensed) -> None:
    old = key_of(stage)
    new = actions.rotate_credential(
        credential_id=old.credential_id, actor=stage.city.agent, at=AT, overlap_hours=2
    )
    row = Credential.objects.get(pk=old.credential_id)
    assert (row.state, row.valid_to) == (Credential.State.ROTATED, AT + timedelta(hours=2))
    assert row.replaced_by.pk == new.credential_id
    assert new.key != old.key
    actions.lapse_expired(at=AT + timedelta(hours=2))
    row.refresh_from_db()
    assert row.state == Credential.State.EXPIRED


def test_no_key_without_a_license_to_open(stage: Licensed) -> None:
    requested = actions.request_credential(
        client_id=stage.client.pk, actor=stage.city.agent, at=AT
    )
    for code in ("D01", "D07"):
        actions.surrender_license(
            license_id=stage.licenses[code].pk, reason="x", actor=stage.city.legal_rep, at=AT
        )
    requested.refresh_from_db()
    assert requested.state == Credential.State.REVOKED
    with pytest.raises(NoUsableLicense):
        actions.request_credential(client_id=stage.client.pk, actor=stage.city.agent, at=AT)


def test_no_key_while_the_agreement_is_suspended(stage: Licensed) -> None:
    from contracts.actions import suspend_agreement

    suspend_agreement(
        agreement_id=stage.agreement.pk, reason="核查", actor=stage.city.supervisor, at=AT
    )
    with pytest.raises(AgreementNotInForce):
        actions.request_credential(client_id=stage.client.pk, actor=stage.city.agent, at=AT)


def test_a_lost_key_is_ended_by_its_holder_at_once(stage: Licensed) -> None:
    secret = key_of(stage)
    actions.revoke_credential(
        credential_id=secret.credential_id, reason="遗失", actor=stage.city.agent, at=AT
    )
    assert Credential.objects.get(pk=secret.credential_id).state == Credential.State.REVOKED


def test_pages_show_no_key_and_no_hash(stage: Licensed) -> None:
    secret = key_of(stage)
    card = queries.license_card(
        license_id=stage.licenses["D01"].pk, actor=stage.city.agent, at=AT
    )
    told = str(card)
    assert secret.prefix in told
    assert secret.key not in told
    assert str(Credential.objects.get(pk=secret.credential_id).secret_hash) not in told
    assert card.credentials[0].verbs == ("rotate", "revoke")
    with pytest.raises(NotFound):
        queries.license_card(
            license_id=stage.licenses["D01"].pk, actor=stage.city.stranger, at=AT
        )


def test_the_card_costs_the_same_however_many_keys(
    stage: Licensed, queries_of: Any
) -> None:
    def read() -> None:
        queries.license_card(license_id=stage.licenses["D01"].pk, actor=stage.city.agent, at=AT)

    key_of(stage)
    one = queries_of(read)
    for _ in range(3):
        key_of(stage)
    assert queries_of(read) == one
