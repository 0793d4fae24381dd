"""The steps an application may take; each sets what its state implies and does nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django_fsm import transition

from applications.models.panel_steps import PanelSteps
from applications.states import BEFORE_DECISION, ApplicationState

S = ApplicationState


def _is_granted(application: Any) -> bool:
    return bool(application.decision_result != "REJECTED")


def _is_open_to_objection(application: Any) -> bool:
    return bool(application.decision_result != "APPROVED")


class ApplicationSteps(PanelSteps):
    """The transitions of an application; the fields stand in ``Application``, which draws them."""

    if TYPE_CHECKING:
        handler: Any
        holder: Any
        number: Any
        scenario_code: Any
        submission_round: Any
        submitted_at: Any
        accepted_at: Any
        decided_by: Any
        decided_at: Any
        decision_result: Any
        decision_number: Any
        decision_text: Any
        partly_approved: Any
        fast_lane: Any
        refusal_code: Any
        refusal_reason: Any
        withdrawal_reason: Any
        updated_at: Any
        closed_at: Any

    class Meta:
        abstract = True

    @transition(
        field="state",
        source=S.DRAFT,
        target=S.SUBMITTED,
        permission="applications.submit_application",
    )
    def submit(self, *, number: str, scenario_code: str, at: datetime) -> None:
        self.number, self.scenario_code = number, scenario_code
        self.submitted_at, self.submission_round = at, 1

    @transition(
        field="state",
        source=S.SUBMITTED,
        target=S.CORRECTION_REQUESTED,
        permission="applications.request_correction",
    )
    def request_correction(self, *, defects: int, at: datetime) -> None:
        # What comes back is not what was signed; the submission that was stands in its snapshot.
        self.commitments, self.updated_at = {}, at

    @transition(
        field="state",
        source=S.CORRECTION_REQUESTED,
        target=S.SUBMITTED,
        permission="applications.submit_application",
    )
    def resubmit(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.SUBMITTED,
        target=S.ACCEPTED,
        permission="applications.accept_application",
    )
    def accept(self, *, handler: Any, at: datetime) -> None:
        self.handler, self.holder, self.accepted_at = handler, handler, at

    @transition(
        field="state",
        source=S.SUBMITTED,
        target=S.NOT_ACCEPTED,
        permission="applications.accept_application",
    )
    def refuse_acceptance(self, *, reason_code: str, reason: str, at: datetime) -> None:
        self.refusal_code, self.refusal_reason, self.closed_at = reason_code, reason, at

    @transition(
        field="state",
        source=S.ACCEPTED,
        target=S.PROVIDER_REVIEW,
        permission="applications.advance_application",
    )
    def begin_provider_review(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.PROVIDER_REVIEW,
        target=S.SECURITY_REVIEW,
        permission="applications.advance_application",
    )
    def finish_provider_review(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.SECURITY_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.pass_security_review",
    )
    def pass_security_review(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.DECISION_PENDING,
        permission="applications.advance_application",
    )
    def take_fast_lane(self, *, record: dict[str, Any], at: datetime) -> None:
        self.fast_lane, self.updated_at = record, at

    @transition(
        field="state",
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.pass_security_review",
    )
    @transition(
        field="state",
        source=S.DECISION_PENDING,
        target=S.DECISION_PENDING,
        permission="applications.pass_security_review",
    )
    def renew_assessment(self, *, version: int, at: datetime) -> None:
        self.updated_at = at

    def _decide(
        self,
        result: str,
        decided_by: Any,
        number: str,
        text: str,
        conditions: list[Any],
        at: Any,
        partial: bool = False,
    ) -> None:
        self.decision_result, self.decided_by, self.decided_at = result, decided_by, at
        self.decision_number, self.decision_text, self.conditions = number, text, conditions
        self.partly_approved = partial

    @transition(
        field="state",
        source=S.DECISION_PENDING,
        target=S.APPROVED,
        permission="applications.decide_application",
    )
    def approve(self, *, decided_by: Any, number: str, text: str, at: datetime) -> None:
        self._decide("APPROVED", decided_by, number, text, [], at)

    @transition(
        field="state",
        source=S.DECISION_PENDING,
        target=S.APPROVED_WITH_CONDITIONS,
        permission="applications.decide_application",
    )
    def approve_with_conditions(
        self,
        *,
        decided_by: Any,
        number: str,
        text: str,
        conditions: list[Any],
        partial: bool,
        at: datetime,
    ) -> None:
        self._decide("APPROVED_WITH_CONDITIONS", decided_by, number, text, conditions, at, partial)

    @transition(
        field="state",
        source=S.DECISION_PENDING,
        target=S.REJECTED,
        permission="applications.decide_application",
    )
    def reject(self, *, decided_by: Any, number: str, text: str, at: datetime) -> None:
        self._decide("REJECTED", decided_by, number, text, [], at)

    @transition(
        field="state",
        source=list(BEFORE_DECISION),
        target=S.WITHDRAWN,
        permission="applications.withdraw_application",
    )
    def withdraw(self, *, reason: str, at: datetime) -> None:
        self.withdrawal_reason, self.closed_at = reason, at

    @transition(
        field="state",
        source=S.CORRECTION_REQUESTED,
        target=S.LAPSED,
        permission="applications.advance_application",
    )
    def lapse(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(
        field="state",
        source=[S.REJECTED, S.APPROVED_WITH_CONDITIONS, S.AGREEMENT_STAGE],
        target=S.OBJECTION,
        permission="applications.object_application",
        conditions=[_is_open_to_objection],
    )
    def object(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.UPHELD,
        permission="applications.answer_objection",
    )
    def uphold(self, *, reasons: str, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.OBJECTION,
        target=S.OVERTURNED,
        permission="applications.answer_objection",
    )
    def overturn(
        self,
        *,
        decided_by: Any,
        number: str,
        text: str,
        conditions: list[Any],
        partial: bool,
        at: datetime,
    ) -> None:
        result = "APPROVED_WITH_CONDITIONS" if conditions or partial else "APPROVED"
        self._decide(result, decided_by, number, text, conditions, at, partial)

    @transition(
        field="state",
        source=[S.APPROVED, S.APPROVED_WITH_CONDITIONS, S.OVERTURNED, S.UPHELD],
        target=S.AGREEMENT_STAGE,
        permission="applications.advance_application",
        conditions=[_is_granted],
    )
    def begin_agreement(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field="state",
        source=S.AGREEMENT_STAGE,
        target=S.GRANTED,
        permission="applications.advance_application",
    )
    def complete(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(
        field="state",
        source=[
            S.APPROVED,
            S.APPROVED_WITH_CONDITIONS,
            S.OVERTURNED,
            S.UPHELD,
            S.AGREEMENT_STAGE,
        ],
        target=S.LAPSED_UNSIGNED,
        permission="applications.advance_application",
        conditions=[_is_granted],
    )
    def lapse_unsigned(self, *, at: datetime) -> None:
        self.closed_at = at
