"""Negotiation: one side proposes, the other answers, nobody goes below the floor."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import actions, errors
from contracts.models import Agreement, ChangeProposal
from contracts.queries import agreement_terms
from core.errors import DomainError, Forbidden
from tests.builders.contracts import FINALIZED, OPENED, SIGNED, sign
from tests.contracts.conftest import Case

STAGE = "negotiating"
pytestmark = pytest.mark.django_db
SHORTER = {"retention": {"days": 7}}


def propose(agreement: Agreement, who: Any, changes: dict[str, Any] | None = None) -> Any:
    return actions.propose_change(
        agreement_id=agreement.pk,
        changes=changes or SHORTER,
        reason="留存七日已足够",
        actor=who,
        at=OPENED,
    )


def unchanged(agreement: Agreement) -> bool:
    """Return whether the terms, the text and the signatures are what they were."""
    now = Agreement.objects.get(pk=agreement.pk)
    return (now.terms, now.text_hash, now.text_version, now.state) == (
        agreement.terms,
        agreement.text_hash,
        agreement.text_version,
        agreement.state,
    )


class TestAChange:
    def test_that_is_accepted_makes_a_new_text_and_says_it_was_negotiated(
        self, case: Case
    ) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent)

        actions.accept_change(proposal_id=proposal.pk, actor=city.officer, at=OPENED)

        changed = Agreement.objects.get(pk=agreement.pk)
        assert agreement_terms(agreement.pk).retention.days == 7  # type: ignore[union-attr]
        assert changed.sources["retention.days"] == "negotiated"
        assert changed.text_version == 2
        assert changed.text_hash != agreement.text_hash

    def test_that_is_declined_changes_nothing(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.officer)

        actions.decline_change(
            proposal_id=proposal.pk, reason="备份周期不允许", actor=city.legal_rep, at=OPENED
        )

        assert unchanged(agreement)
        assert ChangeProposal.objects.get(pk=proposal.pk).state == "DECLINED"

    def test_cannot_be_answered_by_the_side_that_proposed_it(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent)

        with pytest.raises(Forbidden, match=r"方|side"):
            actions.accept_change(proposal_id=proposal.pk, actor=city.legal_rep, at=OPENED)

        assert unchanged(agreement)

    def test_can_take_back_an_earlier_tightening_but_not_more(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent)
        actions.accept_change(proposal_id=proposal.pk, actor=city.officer, at=OPENED)

        back = propose(agreement, city.agent, {"retention": {"days": 30}})
        actions.accept_change(proposal_id=back.pk, actor=city.officer, at=OPENED)

        with pytest.raises(errors.TooLoose, match=r"retention\.days"):
            propose(agreement, city.agent, {"retention": {"days": 31}})

    @pytest.mark.parametrize(
        ("changes", "reason", "error"),
        [
            ({"retention": {"days": 90}}, "更长", errors.TooLoose),
            ({"scope": {"datasets": [{"code": "D02"}]}}, "再加一个", errors.TooLoose),
            ({"retention": {"days": 7, "weeks": 1}}, "笔误", DomainError),
            ({"weather": {}}, "笔误", DomainError),
            ({"retention": {"days": 30}}, "不变", errors.NothingChanged),
            (SHORTER, "  ", errors.ReasonMissing),
        ],
    )
    def test_that_does_not_fit_is_refused_and_nothing_is_written(
        self,
        case: Case,
        changes: dict[str, Any],
        reason: str,
        error: type[Exception],
    ) -> None:
        city, agreement = case

        with pytest.raises(error):
            actions.propose_change(
                agreement_id=agreement.pk,
                changes=changes,
                reason=reason,
                actor=city.agent,
                at=OPENED,
            )

        assert unchanged(agreement)
        assert not ChangeProposal.objects.exists()

    def test_waits_for_its_answer_before_another_and_before_the_text_is_closed(
        self, case: Case
    ) -> None:
        city, agreement = case
        propose(agreement, city.agent)

        with pytest.raises(errors.ProposalOpen):
            propose(agreement, city.officer, {"retention": {"days": 14}})
        with pytest.raises(errors.ProposalOpen):
            actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)

        assert unchanged(agreement)
        assert ChangeProposal.objects.count() == 1

    def test_after_a_signature_voids_every_signature(self, case: Case) -> None:
        city, agreement = case
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
        sign(agreement, city.legal_rep)
        proposal = propose(agreement, city.officer)

        actions.accept_change(proposal_id=proposal.pk, actor=city.legal_rep, at=SIGNED)

        now = Agreement.objects.get(pk=agreement.pk)
        assert now.state == Agreement.State.NEGOTIATING
        assert now.user_signed_at is None
        assert not now.signatures.filter(voided_at=None).exists()
        assert now.signatures.get().void_reason == "留存七日已足够"

    def test_is_for_the_parties_only(self, case: Case) -> None:
        city, agreement = case

        with pytest.raises(Forbidden):
            propose(agreement, city.case)

        assert unchanged(agreement)

