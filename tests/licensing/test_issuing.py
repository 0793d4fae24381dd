"""Licenses come with the agreement, carry their numbers, and their certificates verify."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, transaction

from contracts.actions import suspend_agreement
from core import ids
from licensing import actions, numbers
from licensing.errors import AgreementNotInForce
from licensing.models import License, LicenseDocument
from parties.queries import system_actor
from tests.builders.licensing import ISSUED, Licensed
from workflow.models import AuditEntry, Deadline


def test_an_agreement_in_force_gets_one_active_license_per_dataset(stage: Licensed) -> None:
    assert set(stage.licenses) == {"D01", "D07"}
    for code in ("D01", "D07"):
        row = stage.license(code)
        assert row.state == License.State.ACTIVE
        assert row.valid_from == stage.agreement.valid_from
        assert row.valid_to == stage.agreement.valid_to
        assert row.scenario_code == stage.agreement.terms["purpose"]["scenario_code"]


def test_the_numbers_follow_the_pattern_and_carry_a_check_character(stage: Licensed) -> None:
    row = stage.license("D01")
    assert row.number == f"锡数许〔2026〕{row.serial:05d}号"
    assert row.machine_number.startswith(f"WX-202610-3202-{row.serial:07d}-")
    assert ids.has_valid_check_character(row.machine_number)


def test_issuing_again_changes_nothing(stage: Licensed) -> None:
    before = License.objects.count()
    again = actions.issue_licenses(
        agreement_id=stage.agreement.pk, actor=system_actor(), at=ISSUED
    )
    assert again == ()
    assert License.objects.count() == before


def test_the_database_refuses_a_second_license_of_the_same_dataset(stage: Licensed) -> None:
    row = stage.license("D01")
    row.pk, row.number, row.machine_number = None, "x", "y"
    row.id = ids.uuid7(at=ISSUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_original_and_duplicate_are_stored_under_their_hash(stage: Licensed) -> None:
    row = stage.license("D01")
    files = {d.kind: d for d in row.documents.all()}
    assert set(files) == {LicenseDocument.Kind.ORIGINAL, LicenseDocument.Kind.DUPLICATE}
    for file in files.values():
        assert bytes(file.file).startswith(b"%PDF")
        assert file.content_hash == hashlib.sha256(bytes(file.file)).hexdigest()
    assert row.certificate_hash == files[LicenseDocument.Kind.ORIGINAL].content_hash


def test_the_clock_of_the_credential_starts_with_the_agreement(stage: Licensed) -> None:
    clock = Deadline.objects.get(kind="credential", subject_id=str(stage.agreement.pk))
    assert clock.due_on.isoformat() == "2026-10-23"


def test_refuses_an_agreement_that_is_not_in_force_and_writes_nothing(stage: Licensed) -> None:
    suspend_agreement(
        agreement_id=stage.agreement.pk, reason="核查", actor=stage.city.supervisor, at=ISSUED
    )
    licenses, acts = License.objects.count(), AuditEntry.objects.count()
    with pytest.raises(AgreementNotInForce):
        actions.issue_licenses(agreement_id=stage.agreement.pk, actor=system_actor(), at=ISSUED)
    assert License.objects.count() == licenses
    assert AuditEntry.objects.count() == acts


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("锡数许〔2026〕00012号", "锡数许〔2026〕00012号"),
        ("锡数许[2026]12号", "锡数许〔2026〕00012号"),
        (" 锡数许（2026）00012 ", "锡数许〔2026〕00012号"),
        ("锡数许2026", None),
        ("", None),
        ("WX-202610-3202-0000012", None),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, stored: str | None) -> None:
    assert numbers.read_number(typed) == stored


def test_a_machine_number_with_a_wrong_check_character_is_refused(stage: Licensed) -> None:
    right = stage.license("D01").machine_number
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    assert numbers.read_number(right.lower().replace("-", "")) == right
    assert numbers.read_number(wrong) is None
