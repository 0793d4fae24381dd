"""Numbered scenarios of the agreement: added conditions, the bound text, its paper."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications import actions as applications
from applications.models import Application
from contracts import actions, errors, terms
from contracts.actions import papers
from contracts.models import Agreement
from core import hashing
from core.errors import NotAllowedNow
from licensing import actions as licensing
from licensing.errors import AgreementNotInForce
from licensing.models import License
from notify.models import Message
from parties.queries import system_actor
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.contracts import FINALIZED, OPENED, SIGNED, sign
from tests.builders.signing import proof_of
from workflow import outbox

pytestmark = pytest.mark.django_db
ATTACHED = ({"standard": "SANDBOX_ONLY"}, "每月报送抽查记录")


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, UUID]]:
    with django_db_blocker.unblock(), transaction.atomic():
        system = system_actor()
        actions.install_base_template(actor=system, at=build.DECIDED)
        city = build.build_city()
        case = build.concluded(city)
        applications.decide(
            application_id=case.pk,
            result="APPROVED_WITH_CONDITIONS",
            conditions=ATTACHED,
            reasons="附条件同意。",
            actor=city.decider,
            at=build.DECIDED,
        )
        agreement = actions.draft_agreement(
            application_id=case.pk, actor=system, at=build.DECIDED
        )
        actions.open_negotiation(agreement_id=agreement.pk, actor=city.officer, at=OPENED)
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def city(_world: tuple[City, UUID], db: None) -> City:
    return _world[0]


@pytest.fixture
def agreement(_world: tuple[City, UUID], db: None) -> Agreement:
    return Agreement.objects.get(pk=_world[1])


@pytest.fixture
def ready(city: City, agreement: Agreement) -> Agreement:
    actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
    return Agreement.objects.get(pk=agreement.pk)


def change(agreement: Agreement, city: City, changes: dict[str, Any]) -> Agreement:
    proposal = actions.propose_change(
        agreement_id=agreement.pk, changes=changes, reason="协商一致", actor=city.agent, at=OPENED
    )
    actions.accept_change(proposal_id=proposal.pk, actor=city.officer, at=OPENED)
    return Agreement.objects.get(pk=agreement.pk)


@pytest.mark.scenario(49)
class TestAConditionAddedByTheAuthority:
    def test_is_told_to_the_applicant_and_withholds_the_license_until_it_is_signed(
        self, city: City, ready: Agreement
    ) -> None:
        outbox.deliver_due(at=SIGNED)
        told = Message.objects.filter(recipient=city.agent, subject__contains="附条件同意")
        assert told.exists()
        with pytest.raises(AgreementNotInForce):
            licensing.issue_licenses(agreement_id=ready.pk, actor=system_actor(), at=SIGNED)
        sign(ready, city.legal_rep)
        with pytest.raises(AgreementNotInForce):
            licensing.issue_licenses(agreement_id=ready.pk, actor=system_actor(), at=SIGNED)
        assert not License.objects.exists()
        for who in (city.leader, city.second_leader):
            sign(ready, who)
        licensing.issue_licenses(agreement_id=ready.pk, actor=system_actor(), at=SIGNED)
        modes = set(License.objects.values_list("scope__mode", flat=True))
        # Verification only is stricter still; nothing is looser than the condition.
        assert modes <= {"SANDBOX", "VERIFY_ONLY"}

    def test_is_not_dropped_when_the_terms_change_later(
        self, city: City, agreement: Agreement
    ) -> None:
        changed = change(agreement, city, {"retention": {"days": 7}})
        assert list(changed.facts["conditions"]) == ["仅限在安全沙箱内使用", "每月报送抽查记录"]
        dataset = terms.parse(changed.terms).dataset("D01")
        assert dataset is not None
        assert dataset.mode == "SANDBOX"

    def test_reaches_both_representatives_by_mail_and_asks_them_to_accept(
        self, city: City, ready: Agreement
    ) -> None:
        outbox.deliver_due(at=SIGNED)
        for who in (city.agent, city.legal_rep):
            mailed = Message.objects.filter(
                recipient=who, subject__contains="附条件同意", way="NOW"
            )
            assert mailed.exists(), who.full_name
        assert Message.objects.filter(recipient=city.legal_rep, key__contains=":sign:").exists()

    def test_is_not_dropped_when_the_datasets_change_in_force(
        self, city: City, ready: Agreement
    ) -> None:
        for who in (city.legal_rep, city.leader, city.second_leader):
            sign(ready, who)
        licensing.issue_licenses(agreement_id=ready.pk, actor=system_actor(), at=SIGNED)
        fields = terms.parse(ready.terms).dataset("D01").fields  # type: ignore[union-attr]
        narrower = {"scope": {"datasets": [{"code": "D01", "fields": sorted(fields)[1:]}]}}  # type: ignore[arg-type]
        amendment = actions.propose_amendment(
            agreement_id=ready.pk, changes=narrower, reason="缩小范围", actor=city.agent, at=SIGNED
        )
        for who in (city.legal_rep, city.leader, city.second_leader):
            actions.sign_amendment(
                amendment_id=amendment.pk,
                text_hash=amendment.text_hash,
                proof=proof_of(who, at=SIGNED),
                actor=who,
                at=SIGNED,
            )
        now = Agreement.objects.get(pk=ready.pk)
        assert list(now.facts["conditions"]) == ["仅限在安全沙箱内使用", "每月报送抽查记录"]
        held = License.objects.filter(agreement=ready, state="ACTIVE")
        assert held.count() == 2
        assert set(held.values_list("scope__mode", flat=True)) <= {"SANDBOX", "VERIFY_ONLY"}

    def test_cannot_be_negotiated_away(self, city: City, agreement: Agreement) -> None:
        with pytest.raises(errors.TooLoose):
            change(agreement, city, {"scope": {"datasets": [{"code": "D01", "mode": "API"}]}})
        agreement.refresh_from_db()
        assert agreement.text_version == 1


@pytest.mark.scenario(51)
class TestTheBoundText:
    def test_is_stored_with_the_hash_of_its_bytes(self, city: City, ready: Agreement) -> None:
        paper = ready.documents.get(kind="TEXT")
        assert hashing.digest(bytes(paper.file)) == paper.content_hash

    def test_of_one_changed_character_is_another_version_and_voids_both_signatures(
        self, city: City, ready: Agreement
    ) -> None:
        sign(ready, city.legal_rep)
        sign(ready, city.leader)
        before = Agreement.objects.get(pk=ready.pk)
        region = terms.dump(terms.parse(before.terms))["retention"]["days"]
        proposal = actions.propose_change(
            agreement_id=ready.pk,
            changes={"retention": {"days": region - 1}},
            reason="少留一日",
            actor=city.officer,
            at=SIGNED,
        )
        actions.accept_change(proposal_id=proposal.pk, actor=city.legal_rep, at=SIGNED)
        now = Agreement.objects.get(pk=ready.pk)
        assert (now.text_version, now.state) == (before.text_version + 1, "NEGOTIATING")
        assert now.text_hash != before.text_hash
        assert now.signatures.count() == 2
        assert not now.signatures.filter(voided_at=None).exists()

    def test_is_signed_once_however_often_a_party_signs(
        self, city: City, ready: Agreement
    ) -> None:
        for who in (city.legal_rep, city.leader):
            sign(ready, who)
            sign(ready, who)
        assert ready.signatures.filter(voided_at=None).count() == 2
        now = Agreement.objects.get(pk=ready.pk)
        assert (now.state, now.text_version) == ("SIGNED_BY_USER", ready.text_version)

    @pytest.mark.parametrize(("on", "lapses"), [("2026-11-03", False), ("2026-11-04", True)])
    def test_ends_with_the_window_for_signing_and_the_case_with_it(
        self, city: City, ready: Agreement, on: str, lapses: bool
    ) -> None:
        outbox.deliver_due(at=SIGNED)
        sign(ready, city.legal_rep)
        applications.lapse_overdue(at=day(on))
        outbox.deliver_due(at=day(on))
        case = Application.objects.get(pk=ready.application_id)
        ready.refresh_from_db()
        assert case.state == ("LAPSED_UNSIGNED" if lapses else "AGREEMENT_STAGE")
        assert ready.state == ("LAPSED" if lapses else "SIGNED_BY_USER")
        if lapses:
            with pytest.raises(NotAllowedNow):
                sign(ready, city.leader, at=day(on))


@pytest.mark.scenario(52)
class TestThePaper:
    def test_is_the_same_to_the_byte_for_the_same_version(
        self, city: City, ready: Agreement
    ) -> None:
        first = ready.documents.get(kind="TEXT")
        again = papers.store_text(ready, at=FINALIZED)
        assert bytes(again.file) == bytes(first.file)

    def test_is_for_the_parties_and_the_authority_and_nobody_else(
        self, city: City, ready: Agreement
    ) -> None:
        paper = ready.documents.get(kind="TEXT")
        for who, status in (
            (city.agent, 200), (city.leader, 200), (city.case, 200), (city.stranger, 404),
        ):  # fmt: skip
            client = Client()
            client.force_login(who, "django.contrib.auth.backends.ModelBackend")
            answer = client.get(reverse("portal:agreement_paper", args=[paper.pk]))
            assert answer.status_code == status

    def test_says_the_conditions_in_chinese_that_can_be_searched(
        self, city: City, ready: Agreement
    ) -> None:
        content = bytes(ready.documents.get(kind="TEXT").file)
        text = subprocess.run(
            ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        plain = "".join(text.split())
        assert "仅限在安全沙箱内使用" in plain
        assert city.applicant.name in plain
        fonts = subprocess.run(
            ["pdffonts", "-"], input=content, capture_output=True, check=True
        ).stdout.decode().splitlines()[2:]
        assert fonts
        assert all(line.split()[-5] == "yes" for line in fonts)
