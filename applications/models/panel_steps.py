"""The steps of an application before its panels: the first review, and that of an objection."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django_fsm import transition

from applications.models.content import ApplicationContent
from applications.states import ApplicationState

S = ApplicationState


class PanelSteps(ApplicationContent):
    """Seat, vote, close, sign, conclude; the same five for an objection, under other names."""

    if TYPE_CHECKING:
        committee_conclusion: Any
        updated_at: Any

    class Meta:
        abstract = True

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.seat_panel",
    )
    def seat_panel(self, *, seats: int, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.vote_application",
    )
    def vote(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.conclude_committee",
    )
    def close_panel(self, *, outcome: str, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.sign_minutes",
    )
    def sign_minutes(self, *, capacity: str, content_hash: str, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.DECISION_PENDING,
        permission="applications.conclude_committee",
    )
    def conclude_committee(self, *, conclusion: dict[str, Any], at: datetime) -> None:
        self.committee_conclusion, self.updated_at = conclusion, at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.OBJECTION,
        permission="applications.seat_panel",
    )
    def seat_objection_panel(self, *, seats: int, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.OBJECTION,
        permission="applications.vote_application",
    )
    def vote_on_objection(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.OBJECTION,
        permission="applications.conclude_committee",
    )
    def close_objection_panel(self, *, outcome: str, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.OBJECTION,
        permission="applications.sign_minutes",
    )
    def sign_objection_minutes(self, *, capacity: str, content_hash: str, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.OBJECTION,
        permission="applications.conclude_committee",
    )
    def recommend_on_objection(self, *, conclusion: dict[str, Any], at: datetime) -> None:
        # The first conclusion stays with the case; the recommendation stands in its minutes.
        self.updated_at = at
