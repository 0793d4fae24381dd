"""What happens when two people act on one agreement at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions as applications
from applications.models import Application, Objection
from contracts import actions
from contracts.models import Agreement, Signature
from core import clock
from core.errors import DomainError, Forbidden
from core.signatures import checking
from tests.builders.applications import approved_application, day
from tests.builders.contracts import SIGNED, ready_agreement, sign
from tests.builders.signing import equip, proof_of
from workflow import outbox
from workflow.models import AuditEntry


@pytest.mark.django_db
def test_the_approval_itself_brings_the_draft_when_it_is_delivered_and_only_once() -> None:
    city, case = approved_application()

    outbox.deliver_due(at=day("2026-10-13", 11))
    outbox.deliver_due(at=day("2026-10-13", 12))

    agreement = Agreement.objects.get(application=case)
    assert agreement.state == Agreement.State.DRAFTING
    assert {p.organization for p in agreement.parties.all()} == {
        city.applicant,
        city.provider,
        city.second_provider,
    }


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_a_change_and_a_signature_never_leave_a_signature_over_another_text(
        self, together: Callable[..., list[Any]]
    ) -> None:
        city, agreement = ready_agreement()
        proposal = actions.propose_change(
            agreement_id=agreement.pk,
            changes={"retention": {"days": 7}},
            reason="缩短留存",
            actor=city.officer,
            at=SIGNED,
        )

        proof = proof_of(city.legal_rep, at=SIGNED)

        results = together(
            lambda: actions.accept_change(proposal_id=proposal.pk, actor=city.agent, at=SIGNED),
            lambda: actions.sign_agreement(
                agreement_id=agreement.pk,
                text_hash=agreement.text_hash,
                proof=proof,
                actor=city.legal_rep,
                at=SIGNED,
            ),
        )

        now = Agreement.objects.get(pk=agreement.pk)
        assert isinstance(results[0], Agreement)
        assert now.state == Agreement.State.NEGOTIATING
        assert not now.signatures.filter(voided_at=None).exists()
        # Either the signature came first and was voided, or it found the text closed to it.
        assert isinstance(results[1], DomainError) or now.signatures.count() == 1

    def test_the_last_two_signatures_put_it_in_force_once(
        self, together: Callable[..., list[Any]]
    ) -> None:
        city, agreement = ready_agreement()
        sign(agreement, city.legal_rep)

        results = together(
            lambda: sign(agreement, city.leader),
            lambda: sign(agreement, city.second_leader),
        )

        now = Agreement.objects.get(pk=agreement.pk)
        assert [type(result) for result in results] == [Agreement, Agreement]
        assert now.state == Agreement.State.EFFECTIVE
        assert now.signatures.count() == 3
        paper = now.documents.get(kind="SIGNED")
        report = checking.verify_pdf(content=bytes(paper.file), at=SIGNED)
        assert report.sound
        assert len(report.signatures) == 3
        assert (
            AuditEntry.objects.filter(subject_id=str(now.pk), action="take_effect").count() == 1
        )

    def test_one_leader_clicking_twice_signs_once(
        self, together: Callable[..., list[Any]]
    ) -> None:
        city, agreement = ready_agreement()

        results = together(*[lambda: sign(agreement, city.legal_rep)] * 2)

        assert [type(result) for result in results] == [Agreement, Agreement]
        assert Signature.objects.count() == 1
        signed = AuditEntry.objects.filter(subject_id=str(agreement.pk), action="sign_as_user")
        assert signed.count() == 1

    def test_the_legal_representative_and_a_delegate_sign_together_once(
        self, together: Callable[..., list[Any]]
    ) -> None:
        city, agreement = ready_agreement()
        letter = actions.file_mandate(
            agreement_id=agreement.pk, delegate_id=city.agent.pk,
            valid_until=clock.local_date(SIGNED), name="授权委托书.pdf", content=b"%PDF-1.7",
            actor=city.legal_rep, at=SIGNED,
        )  # fmt: skip
        actions.accept_mandate(mandate_id=letter.pk, actor=city.case, at=SIGNED)
        equip(city.agent)

        results = together(
            lambda: sign(agreement, city.legal_rep), lambda: sign(agreement, city.agent)
        )

        assert sorted(type(result).__name__ for result in results) == [
            "Agreement",
            "AlreadySigned",
        ]
        assert Signature.objects.count() == 1

    def test_a_revoked_letter_and_a_signature_by_it_leave_no_signature_after_it(
        self, together: Callable[..., list[Any]]
    ) -> None:
        city, agreement = ready_agreement()
        letter = actions.file_mandate(
            agreement_id=agreement.pk, delegate_id=city.agent.pk,
            valid_until=clock.local_date(SIGNED), name="授权委托书.pdf", content=b"%PDF-1.7",
            actor=city.legal_rep, at=SIGNED,
        )  # fmt: skip
        actions.accept_mandate(mandate_id=letter.pk, actor=city.case, at=SIGNED)
        equip(city.agent)

        results = together(
            lambda: sign(agreement, city.agent),
            lambda: actions.revoke_mandate(
                mandate_id=letter.pk, reason="人员变动", actor=city.legal_rep, at=SIGNED
            ),
        )

        signed, revoked = results
        assert not isinstance(revoked, DomainError)
        # Either it came first and stands, or it was refused because the letter was gone.
        assert Signature.objects.exists() == isinstance(signed, Agreement)
        assert isinstance(signed, Agreement | Forbidden)

    def test_an_objection_and_a_signature_never_both_stand(
        self, together: Callable[..., list[Any]]
    ) -> None:
        city, agreement = ready_agreement(conditions=("仅限沙箱内使用",))

        results = together(
            lambda: sign(agreement, city.legal_rep),
            lambda: applications.object_to_decision(
                application_id=agreement.application_id,
                grounds="条件过严",
                actor=city.agent,
                at=SIGNED,
            ),
        )

        case = Application.objects.get(pk=agreement.application_id)
        objected, signed = Objection.objects.exists(), Signature.objects.exists()
        assert [isinstance(result, DomainError) for result in results].count(True) == 1
        assert objected != signed
        assert case.state == ("OBJECTION" if objected else "AGREEMENT_STAGE")
