"""Clause by clause: several proposals at once, counters, withdrawals, and whom each one asks."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import actions, errors
from contracts.models import Agreement, ChangeProposal, ProposalAsk, TextVersion
from contracts.queries import agreement_terms
from core.errors import Forbidden, NotAllowedNow
from notify.models import Message
from parties.queries import system_actor
from tests.builders.contracts import FINALIZED, OPENED, SIGNED, sign
from tests.contracts.conftest import Case
from tests.contracts.test_negotiation import unchanged
from workflow.models import AuditEntry

STAGE = "negotiating"
pytestmark = pytest.mark.django_db
SHORTER, NOTICE = {"retention": {"days": 7}}, {"security": {"incident_notice_hours": 2}}
OF_D01 = {"quota": {"datasets": {"D01": {"per_month": 100_000}}}}
OF_D07 = {"quota": {"datasets": {"D07": {"per_month": 9_000}}}}
ELSEWHERE = {"dispute": {"place": "江苏省无锡市新吴区"}}


def propose(agreement: Agreement, who: Any, changes: dict[str, Any], **more: Any) -> ChangeProposal:
    return actions.propose_change(
        agreement_id=agreement.pk, changes=changes, reason="便于履行", actor=who, at=OPENED, **more
    )


def accept(proposal: ChangeProposal, who: Any, **more: Any) -> Agreement:
    return actions.accept_change(proposal_id=proposal.pk, actor=who, at=OPENED, **more)


def counter(
    proposal: ChangeProposal, who: Any, changes: dict[str, Any], **more: Any
) -> ChangeProposal:
    return actions.counter_change(
        proposal_id=proposal.pk, changes=changes, reason="折中", actor=who, at=OPENED, **more
    )


def asked(proposal: ChangeProposal) -> list[set[str]]:
    """Return whom a proposal asks, group by group."""
    groups: dict[int, set[str]] = {}
    for row in ProposalAsk.objects.filter(proposal=proposal).select_related("organization"):
        groups.setdefault(row.group, set()).add(row.organization.name)
    return list(groups.values())


class TestSeveralProposals:
    def test_are_open_at_once_on_different_clauses_and_each_can_be_accepted(
        self, case: Case
    ) -> None:
        city, agreement = case
        first = propose(agreement, city.agent, SHORTER)
        second = propose(agreement, city.officer, NOTICE)

        accept(second, city.agent)
        accept(first, city.officer)

        terms = agreement_terms(agreement.pk)
        assert terms.retention.days == 7  # type: ignore[union-attr]
        assert terms.security.incident_notice_hours == 2  # type: ignore[union-attr]
        assert Agreement.objects.get(pk=agreement.pk).text_version == 3

    def test_on_one_clause_are_refused_with_its_name_and_nothing_is_written(
        self, case: Case
    ) -> None:
        city, agreement = case
        propose(agreement, city.agent, SHORTER)

        with pytest.raises(errors.ClauseTaken, match="留存"):
            propose(agreement, city.officer, {"retention": {"backup_days": 3}})

        assert ChangeProposal.objects.count() == 1

    def test_on_the_quotas_of_two_datasets_do_not_touch_but_the_whole_clause_does(
        self, case: Case
    ) -> None:
        city, agreement = case
        propose(agreement, city.officer, OF_D01)
        propose(agreement, city.second_officer, OF_D07)

        with pytest.raises(errors.ClauseTaken):
            propose(agreement, city.agent, {"quota": {"every": {"per_day": 1_000}}})

        assert ChangeProposal.objects.filter(state="OPEN").count() == 2

    def test_keep_the_text_from_being_closed_until_the_last_is_answered(self, case: Case) -> None:
        city, agreement = case
        first = propose(agreement, city.agent, SHORTER)
        second = propose(agreement, city.officer, NOTICE)
        accept(first, city.officer)

        with pytest.raises(errors.ProposalOpen):
            actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
        assert Agreement.objects.get(pk=agreement.pk).state == "NEGOTIATING"

        actions.withdraw_change(proposal_id=second.pk, actor=city.leader, at=OPENED)
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
        assert Agreement.objects.get(pk=agreement.pk).state == "READY_TO_SIGN"


class TestACounterProposal:
    def test_answers_and_closes_the_former_and_keeps_the_chain(self, case: Case) -> None:
        city, agreement = case
        first = propose(agreement, city.officer, SHORTER)

        second = counter(first, city.agent, {"retention": {"days": 20}})
        third = counter(second, city.officer, {"retention": {"days": 14}})
        accept(third, city.agent)

        states = [ChangeProposal.objects.get(pk=p.pk).state for p in (first, second, third)]
        assert states == ["COUNTERED", "COUNTERED", "ACCEPTED"]
        assert ChangeProposal.objects.get(pk=third.pk).answers_id == second.pk
        assert second.answers_id == first.pk
        assert agreement_terms(agreement.pk).retention.days == 14  # type: ignore[union-attr]
        entry = AuditEntry.objects.get(subject_id=str(first.pk), action="counter")
        assert (entry.actor_id, entry.facts["reason"]) == (str(city.agent.pk), "折中")

    def test_must_touch_what_it_answers(self, case: Case) -> None:
        city, agreement = case
        first = propose(agreement, city.officer, SHORTER)

        with pytest.raises(errors.CounterElsewhere, match="留存"):
            counter(first, city.agent, NOTICE)

        assert ChangeProposal.objects.get().state == "OPEN"

    def test_may_take_another_free_clause_in_but_not_one_that_is_held(self, case: Case) -> None:
        city, agreement = case
        first = propose(agreement, city.officer, SHORTER)
        held = propose(agreement, city.agent, ELSEWHERE)

        with pytest.raises(errors.ClauseTaken):
            counter(first, city.agent, {"retention": {"days": 20}, **ELSEWHERE})
        assert ChangeProposal.objects.filter(state="OPEN").count() == 2
        both = counter(first, city.agent, {"retention": {"days": 20}, **NOTICE})

        assert both.places == ["retention", "security"]
        assert ChangeProposal.objects.get(pk=held.pk).state == "OPEN"

    def test_is_not_for_the_side_that_proposed(self, case: Case) -> None:
        city, agreement = case
        first = propose(agreement, city.officer, SHORTER)

        with pytest.raises(Forbidden):
            counter(first, city.leader, {"retention": {"days": 20}})

        assert ChangeProposal.objects.get().state == "OPEN"


class TestAWithdrawal:
    def test_is_for_the_organization_that_proposed_and_frees_the_clause(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent, SHORTER)

        with pytest.raises(Forbidden):
            actions.withdraw_change(proposal_id=proposal.pk, actor=city.officer, at=OPENED)
        assert ChangeProposal.objects.get().state == "OPEN"
        actions.withdraw_change(
            proposal_id=proposal.pk, actor=city.legal_rep, at=OPENED, reason="另行提出"
        )

        assert unchanged(agreement)
        gone = ChangeProposal.objects.get()
        assert (gone.state, gone.answer_reason) == ("WITHDRAWN", "另行提出")
        propose(agreement, city.officer, SHORTER)
        with pytest.raises(NotAllowedNow):
            accept(proposal, city.officer)


class TestWhoIsAsked:
    def test_a_term_of_one_dataset_asks_its_provider_alone(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent, OF_D07)
        assert asked(proposal) == [{"市自然资源规划局"}]

        with pytest.raises(Forbidden, match="不涉及"):
            accept(proposal, city.officer)
        assert unchanged(agreement)
        accept(proposal, city.second_officer)

        assert agreement_terms(agreement.pk).quota_of("D07").per_month == 9_000

    def test_terms_of_two_datasets_need_both_providers(self, case: Case) -> None:
        city, agreement = case
        both = {"quota": {"datasets": {**OF_D01["quota"]["datasets"],
                                       **OF_D07["quota"]["datasets"]}}}  # fmt: skip
        proposal = propose(agreement, city.agent, both)

        accept(proposal, city.officer)
        assert unchanged(agreement)
        with pytest.raises(errors.AlreadyConsented):
            accept(proposal, city.leader)
        accept(proposal, city.second_leader)

        assert Agreement.objects.get(pk=agreement.pk).text_version == 2
        assert AuditEntry.objects.filter(subject_id=str(proposal.pk), action="consent").exists()

    def test_a_stricter_general_term_needs_one_provider_a_looser_one_needs_all(
        self, case: Case
    ) -> None:
        city, agreement = case
        tighter = propose(agreement, city.agent, SHORTER)
        assert asked(tighter) == [{"市市场监管局", "市自然资源规划局"}]
        accept(tighter, city.second_officer)

        back = propose(agreement, city.agent, {"retention": {"days": 30}})
        assert asked(back) == [{"市市场监管局"}, {"市自然资源规划局"}]
        accept(back, city.officer)
        assert agreement_terms(agreement.pk).retention.days == 7  # type: ignore[union-attr]
        accept(back, city.second_officer)

        assert agreement_terms(agreement.pk).retention.days == 30  # type: ignore[union-attr]

    def test_another_way_to_settle_disputes_proposed_by_a_provider_asks_the_others_too(
        self, case: Case
    ) -> None:
        city, agreement = case

        proposal = propose(agreement, city.officer, ELSEWHERE)

        assert asked(proposal) == [{city.applicant.name}, {"市自然资源规划局"}]

    def test_a_provider_cannot_propose_terms_of_another_ones_dataset(self, case: Case) -> None:
        city, agreement = case

        with pytest.raises(errors.ForeignDataset, match="D07"):
            propose(agreement, city.officer, OF_D07)

        assert unchanged(agreement)
        assert not ChangeProposal.objects.exists()

    def test_one_of_those_asked_is_enough_to_decline(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent, ELSEWHERE)
        accept(proposal, city.officer)

        actions.decline_change(
            proposal_id=proposal.pk, reason="不便", actor=city.second_officer, at=OPENED
        )

        assert unchanged(agreement)
        assert Message.objects.filter(recipient=city.agent, body__contains="不便").exists()


class TestWhatNeedsANewReview:
    @pytest.mark.parametrize(
        ("changes", "error", "step"),
        [
            ({"scope": {"datasets": [{"code": "D09"}]}}, errors.WidensScope, "变更申请"),
            (
                {"scope": {"datasets": [{"code": "D01", "fields": ["name", "secret"]}]}},
                errors.WidensScope,
                "变更申请",
            ),
            (
                {"scope": {"datasets": [{"code": "D07", "mode": "RAW_EXPORT"}]}},
                errors.WidensScope,
                "变更申请",
            ),
            ({"environment": {"mode": "RAW_EXPORT"}}, errors.WidensScope, "变更申请"),
            ({"quota": {"every": {"per_month": 400_001}}}, errors.WidensScope, "变更申请"),
            (
                {"quota": {"datasets": {"D01": {"per_month": 400_001}}}},
                errors.WidensScope,
                "变更申请",
            ),
            ({"purpose": {"purpose_text": "转售"}}, errors.ChangesPurpose, "新的申请"),
            ({"purpose": {"scenario_name": "另一场景"}}, errors.ChangesPurpose, "新的申请"),
        ],
    )
    def test_is_refused_with_the_next_step_and_the_attempt_is_on_record(
        self, case: Case, changes: dict[str, Any], error: type[Exception], step: str
    ) -> None:
        city, agreement = case

        with pytest.raises(error, match=step):
            propose(agreement, city.agent, changes)

        assert unchanged(agreement)
        assert not ChangeProposal.objects.exists()
        entry = AuditEntry.objects.get(subject_id=str(agreement.pk), outcome="REFUSED")
        assert (entry.action, entry.facts["code"]) == ("propose_change", error.code)  # type: ignore[attr-defined]

    def test_does_not_hold_for_what_becomes_narrower(self, case: Case) -> None:
        city, agreement = case
        fewer = agreement_terms(agreement.pk).dataset("D01").fields[:2]  # type: ignore[union-attr, index]
        changes = {
            "scope": {
                "datasets": [{"code": "D01", "fields": list(fewer), "mode": "VERIFY_ONLY"}]
            },
            "quota": {"every": {"per_month": 300_000}},
        }

        proposal = propose(agreement, city.agent, changes)
        accept(proposal, city.officer)
        # The quota holds for both datasets, and it is only tighter: one provider speaks for it.
        stated = agreement_terms(agreement.pk)

        assert stated.dataset("D01").fields == fewer  # type: ignore[union-attr]
        assert stated.quota_of("D01").per_month == 300_000


class TestTheTextThatWasRead:
    def test_may_have_changed_in_another_clause_but_not_in_this_one(self, case: Case) -> None:
        city, agreement = case
        accept(propose(agreement, city.agent, SHORTER), city.officer)

        with pytest.raises(errors.ProposalStale):
            propose(agreement, city.agent, {"retention": {"days": 20}}, text_version=1)
        assert ChangeProposal.objects.filter(state="OPEN").count() == 0
        other = propose(agreement, city.officer, NOTICE, text_version=1)
        accept(other, city.agent, text_version=1)

        assert Agreement.objects.get(pk=agreement.pk).text_version == 3

    def test_is_the_one_that_is_closed(self, case: Case) -> None:
        city, agreement = case
        accept(propose(agreement, city.agent, SHORTER), city.officer)
        key = {"agreement_id": agreement.pk, "actor": city.officer, "at": FINALIZED}

        with pytest.raises(errors.TextChanged):
            actions.finalize_agreement(**key, text_version=1)
        assert Agreement.objects.get(pk=agreement.pk).state == "NEGOTIATING"

        actions.finalize_agreement(**key, text_version=2)
        assert Agreement.objects.get(pk=agreement.pk).state == "READY_TO_SIGN"


class TestVersions:
    def test_say_who_made_each_text_when_and_why(self, case: Case) -> None:
        city, agreement = case
        proposal = propose(agreement, city.agent, SHORTER)
        accept(proposal, city.officer)

        first, second = TextVersion.objects.filter(agreement=agreement).order_by("number")
        now = Agreement.objects.get(pk=agreement.pk)
        assert (first.number, first.cause, first.made_by) == (1, "DRAFT", system_actor())
        assert first.text_hash == agreement.text_hash
        assert (second.number, second.cause, second.made_by) == (2, "CHANGE", city.officer)
        assert (second.proposal_id, second.reason) == (proposal.pk, "便于履行")
        assert (second.terms, second.text_hash) == (now.terms, now.text_hash)


class TestWhatIsOpenWhenTheTextComesIntoForce:
    def test_falls_by_the_system_and_is_answered_by_nobody(self, case: Case) -> None:
        city, agreement = case
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=FINALIZED)
        proposal = propose(agreement, city.agent, SHORTER)
        for who in (city.legal_rep, city.leader, city.second_leader):
            sign(agreement, who)

        with pytest.raises(NotAllowedNow):
            accept(proposal, city.officer)
        actions.lapse_changes(
            agreement_id=agreement.pk, reason="已生效", actor=system_actor(), at=SIGNED
        )

        assert ChangeProposal.objects.get().state == "LAPSED"
        assert Agreement.objects.get(pk=agreement.pk).state == "EFFECTIVE"
