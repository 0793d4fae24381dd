"""Two people answer one proposal at the same moment: one outcome, and the text knows which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contracts import actions
from contracts.models import Agreement, ChangeProposal, ClauseThread, ProposalClaim, TextVersion
from core.errors import DomainError
from tests.builders.contracts import OPENED, negotiating_agreement
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., list[Any]]
SHORTER = {"retention": {"days": 7}}


def propose(agreement: Agreement, who: Any, changes: dict[str, Any] = SHORTER) -> ChangeProposal:
    return actions.propose_change(
        agreement_id=agreement.pk, changes=changes, reason="缩短留存", actor=who, at=OPENED
    )


def outcome(results: list[Any]) -> int:
    """Return how many went through; everything else was refused by a rule."""
    assert all(not isinstance(r, Exception) or isinstance(r, DomainError) for r in results), results
    return sum(not isinstance(result, DomainError) for result in results)


def agrees(agreement: Agreement, state: str) -> None:
    """Ask that proposal, claims, text and versions tell one story."""
    now = Agreement.objects.get(pk=agreement.pk)
    accepted = state == "ACCEPTED"
    assert now.text_version == (2 if accepted else 1)
    assert (now.terms["retention"]["days"] == 7) is accepted
    newest = TextVersion.objects.filter(agreement=now).order_by("-number").first()
    assert newest is not None
    assert (newest.number, newest.text_hash) == (now.text_version, now.text_hash)
    held = ProposalClaim.objects.filter(released_at=None).values_list("proposal_id", flat=True)
    still_open = ChangeProposal.objects.filter(state="OPEN").values_list("pk", flat=True)
    assert set(held) == set(still_open)


def test_accept_and_withdraw_leave_one_outcome(together: Together) -> None:
    city, agreement = negotiating_agreement()
    proposal = propose(agreement, city.agent)

    results = together(
        lambda: actions.accept_change(proposal_id=proposal.pk, actor=city.officer, at=OPENED),
        lambda: actions.withdraw_change(proposal_id=proposal.pk, actor=city.agent, at=OPENED),
    )

    assert outcome(results) == 1
    state = ChangeProposal.objects.get(pk=proposal.pk).state
    assert state == ("WITHDRAWN" if isinstance(results[0], DomainError) else "ACCEPTED")
    agrees(agreement, state)


def test_accept_and_counter_leave_one_outcome(together: Together) -> None:
    city, agreement = negotiating_agreement()
    proposal = propose(agreement, city.officer)

    results = together(
        lambda: actions.accept_change(proposal_id=proposal.pk, actor=city.agent, at=OPENED),
        lambda: actions.counter_change(
            proposal_id=proposal.pk,
            changes={"retention": {"days": 14}},
            reason="折中",
            actor=city.legal_rep,
            at=OPENED,
        ),
    )

    assert outcome(results) == 1
    state = ChangeProposal.objects.get(pk=proposal.pk).state
    assert state == ("COUNTERED" if isinstance(results[0], DomainError) else "ACCEPTED")
    assert ChangeProposal.objects.count() == (2 if state == "COUNTERED" else 1)
    agrees(agreement, state)


def test_two_people_of_one_side_accepting_make_one_version(together: Together) -> None:
    city, agreement = negotiating_agreement()
    proposal = propose(agreement, city.officer)

    results = together(
        lambda: actions.accept_change(proposal_id=proposal.pk, actor=city.agent, at=OPENED),
        lambda: actions.accept_change(proposal_id=proposal.pk, actor=city.legal_rep, at=OPENED),
    )

    assert outcome(results) == 1
    agrees(agreement, "ACCEPTED")
    changes = AuditEntry.objects.filter(subject_id=str(agreement.pk), action="change_terms")
    assert changes.count() == 1


def test_the_two_providers_a_change_needs_put_it_in_once(together: Together) -> None:
    city, agreement = negotiating_agreement()
    elsewhere = {"dispute": {"place": "江苏省无锡市新吴区"}}
    proposal = propose(agreement, city.agent, elsewhere)

    results = together(
        lambda: actions.accept_change(proposal_id=proposal.pk, actor=city.officer, at=OPENED),
        lambda: actions.accept_change(
            proposal_id=proposal.pk, actor=city.second_officer, at=OPENED
        ),
    )

    assert outcome(results) == 2
    now = Agreement.objects.get(pk=agreement.pk)
    assert (now.text_version, now.terms["dispute"]["place"]) == (2, "江苏省无锡市新吴区")
    assert ChangeProposal.objects.get().state == "ACCEPTED"


def test_two_proposals_on_one_clause_leave_one(together: Together) -> None:
    city, agreement = negotiating_agreement()

    results = together(
        lambda: propose(agreement, city.agent),
        lambda: propose(agreement, city.officer, {"retention": {"backup_days": 3}}),
    )

    assert outcome(results) == 1
    assert ChangeProposal.objects.filter(state="OPEN").count() == 1
    agrees(agreement, "OPEN")


def test_accepting_two_clauses_at_once_keeps_both_changes(together: Together) -> None:
    city, agreement = negotiating_agreement()
    first = propose(agreement, city.agent)
    second = propose(agreement, city.officer, {"security": {"incident_notice_hours": 2}})

    results = together(
        lambda: actions.accept_change(proposal_id=first.pk, actor=city.officer, at=OPENED),
        lambda: actions.accept_change(proposal_id=second.pk, actor=city.agent, at=OPENED),
    )

    assert outcome(results) == 2
    now = Agreement.objects.get(pk=agreement.pk)
    stated = (now.terms["retention"]["days"], now.terms["security"]["incident_notice_hours"])
    assert (now.text_version, *stated) == (3, 7, 2)
    assert TextVersion.objects.filter(agreement=now).count() == 3


def test_a_text_is_never_closed_over_a_proposal_that_came_first(together: Together) -> None:
    city, agreement = negotiating_agreement()

    results = together(
        lambda: propose(agreement, city.agent),
        lambda: actions.finalize_agreement(
            agreement_id=agreement.pk, actor=city.officer, at=OPENED, text_version=1
        ),
    )

    now = Agreement.objects.get(pk=agreement.pk)
    # Closed first, the text can still be talked about; proposed first, it cannot be closed.
    assert not isinstance(results[0], DomainError)
    assert now.state == ("NEGOTIATING" if isinstance(results[1], DomainError) else "READY_TO_SIGN")
    assert ChangeProposal.objects.get().state == "OPEN"


def test_an_answer_and_the_end_of_a_conversation_never_both_come_last(together: Together) -> None:
    city, agreement = negotiating_agreement()
    thread = actions.comment_on_clause(
        agreement_id=agreement.pk, clause="retention", text="十天？", internal=False,
        actor=city.agent, at=OPENED,
    )  # fmt: skip

    results = together(
        lambda: actions.answer_thread(
            thread_id=thread.pk, text="可以。", actor=city.officer, at=OPENED
        ),
        lambda: actions.resolve_thread(thread_id=thread.pk, actor=city.agent, at=OPENED),
    )

    acts = AuditEntry.objects.filter(subject_id=str(thread.pk)).order_by("id")
    assert acts.last().action == "settle_comment"  # type: ignore[union-attr]
    assert ClauseThread.objects.get().state == "RESOLVED"
    assert outcome(results) == (2 if thread.comments.count() == 2 else 1)
