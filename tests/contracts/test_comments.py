"""Conversations about clauses: open to both sides, or of one side only and unknown to the other."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import actions, errors
from contracts.models import Agreement, ClauseComment, ClauseThread
from contracts.queries import negotiation_page
from core.errors import Forbidden, NotAllowedNow, NotFound
from parties.models import User
from tests.builders.applications import City
from tests.builders.contracts import OPENED
from tests.contracts.conftest import Case
from workflow import history
from workflow.models import AuditEntry

STAGE = "negotiating"
pytestmark = pytest.mark.django_db


def comment(
    agreement: Agreement, who: User, *, internal: bool = False, **more: Any
) -> ClauseThread:
    said = {"clause": "retention", "text": "备份周期为十天。", **more}
    return actions.comment_on_clause(
        agreement_id=agreement.pk, internal=internal, actor=who, at=OPENED, **said
    )


def seen_by(agreement: Agreement, who: User) -> list[str]:
    """Return what a reader's page says about the clause on retention, and how many are open."""
    page = negotiation_page(agreement_id=agreement.pk, actor=who, at=OPENED)
    [row] = [row for row in page.clauses if row.key == "retention"]
    assert row.unresolved == sum(1 for thread in row.threads if thread.is_open)
    return [said.text for thread in row.threads for said in thread.comments]


def others(city: City) -> list[User]:
    """Return everybody around the agreement who is not of the data user."""
    return [
        city.officer, city.leader, city.second_officer, city.second_leader, city.case,
        city.decider, city.supervisor,
    ]  # fmt: skip


class TestACommentForBothSides:
    def test_is_read_by_the_parties_and_the_authority(self, case: Case) -> None:
        city, agreement = case
        comment(agreement, city.agent)

        for who in (city.agent, city.legal_rep, *others(city)):
            assert seen_by(agreement, who) == ["备份周期为十天。"]

    def test_is_not_read_by_the_platform_although_it_sees_the_agreement(self, case: Case) -> None:
        city, agreement = case
        comment(agreement, city.agent)

        assert seen_by(agreement, city.ops) == []

    def test_is_answered_settled_and_taken_up_again_and_all_of_it_is_on_record(
        self, case: Case
    ) -> None:
        city, agreement = case
        thread = comment(agreement, city.agent)
        key = {"thread_id": thread.pk, "at": OPENED}

        actions.answer_thread(**key, text="同意十天。", actor=city.second_officer)
        actions.resolve_thread(**key, actor=city.leader)
        with pytest.raises(NotAllowedNow):
            actions.answer_thread(**key, text="再问一句", actor=city.agent)
        assert ClauseComment.objects.count() == 2
        actions.reopen_thread(**key, actor=city.agent)

        assert seen_by(agreement, city.agent) == ["备份周期为十天。", "同意十天。"]
        entries = AuditEntry.objects.filter(subject_id=str(thread.pk)).order_by("id")
        assert [entry.action for entry in entries] == [
            "create", "comment", "comment", "settle_comment", "take_up",
        ]  # fmt: skip


class TestANoteOfOneSide:
    def test_is_read_by_that_side_only_and_changes_no_number_of_the_other(
        self, case: Case
    ) -> None:
        city, agreement = case
        comment(agreement, city.agent, internal=True)

        for who in (city.agent, city.legal_rep):
            assert seen_by(agreement, who) == ["备份周期为十天。"]
        for who in others(city):
            assert seen_by(agreement, who) == []
            page = negotiation_page(agreement_id=agreement.pk, actor=who, at=OPENED)
            assert page.unresolved == 0

    def test_of_a_provider_is_read_by_the_providers_only(self, case: Case) -> None:
        city, agreement = case
        comment(agreement, city.officer, internal=True)

        assert seen_by(agreement, city.second_leader) == ["备份周期为十天。"]
        for who in (city.agent, city.legal_rep, city.case):
            assert seen_by(agreement, who) == []

    def test_cannot_be_touched_by_the_other_side_which_learns_nothing_of_it(
        self, case: Case
    ) -> None:
        city, agreement = case
        thread = comment(agreement, city.agent, internal=True)
        key = {"thread_id": thread.pk, "actor": city.officer, "at": OPENED}

        with pytest.raises(NotFound):
            actions.answer_thread(**key, text="我看到了")
        with pytest.raises(NotFound):
            actions.resolve_thread(**key)

        assert ClauseComment.objects.count() == 1
        assert ClauseThread.objects.get().state == "OPEN"

    def test_is_on_record_by_its_hash_and_not_on_the_timeline_of_the_agreement(
        self, case: Case
    ) -> None:
        city, agreement = case
        thread = comment(agreement, city.agent, internal=True)

        entry = AuditEntry.objects.get(subject_id=str(thread.pk), action="comment")
        assert "十天" not in str(entry.facts)
        assert len(entry.facts["text_hash"]) == 64
        assert "comment" not in [one.action for one in history.timeline(agreement)]


class TestAComment:
    @pytest.mark.parametrize(
        ("said", "error"),
        [
            ({"text": "  "}, errors.CommentEmpty),
            ({"text": "长" * 2_001}, errors.CommentEmpty),
            ({"clause": "weather"}, errors.ClauseUnknown),
        ],
    )
    def test_that_does_not_fit_is_refused_and_nothing_is_written(
        self, case: Case, said: dict[str, str], error: type[Exception]
    ) -> None:
        city, agreement = case

        with pytest.raises(error):
            comment(agreement, city.agent, **said)

        assert not ClauseThread.objects.exists()

    def test_is_for_the_parties_only(self, case: Case) -> None:
        city, agreement = case

        with pytest.raises(Forbidden):
            comment(agreement, city.case)
        with pytest.raises(NotFound):
            comment(agreement, city.stranger)

        assert not ClauseThread.objects.exists()
