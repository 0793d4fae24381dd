"""The application: who, what, where it stands, and the steps it may take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from applications.models.content import ApplicationContent
from applications.states import BEFORE_DECISION, DECIDED, NUMBERED, ApplicationState

S = ApplicationState


def _is_granted(application: Any) -> bool:
    return bool(application.decision_result != "REJECTED")


def _is_open_to_objection(application: Any) -> bool:
    return bool(application.decision_result != "APPROVED")


class Application(ApplicationContent):
    """
    One request of one applicant for conditional datasets under one scenario.

        DRAFT --submit--> SUBMITTED --request_correction--> CORRECTION_REQUESTED
        CORRECTION_REQUESTED --resubmit--> SUBMITTED | --lapse--> LAPSED
        SUBMITTED --accept--> ACCEPTED | --refuse_acceptance--> NOT_ACCEPTED
        ACCEPTED --begin_provider_review--> PROVIDER_REVIEW
        PROVIDER_REVIEW --finish_provider_review--> SECURITY_REVIEW
        SECURITY_REVIEW --pass_security_review--> COMMITTEE_REVIEW
        COMMITTEE_REVIEW --seat_panel | vote--> COMMITTEE_REVIEW
        COMMITTEE_REVIEW --conclude_committee--> DECISION_PENDING
        DECISION_PENDING --approve--> APPROVED
                         --approve_with_conditions--> APPROVED_WITH_CONDITIONS
                         --reject--> REJECTED
        REJECTED, APPROVED_WITH_CONDITIONS, AGREEMENT_STAGE --object--> OBJECTION
        OBJECTION --uphold--> UPHELD | --overturn--> OVERTURNED
        APPROVED, APPROVED_WITH_CONDITIONS, OVERTURNED, UPHELD --begin_agreement--> AGREEMENT_STAGE
        AGREEMENT_STAGE --complete--> GRANTED
        APPROVED…, AGREEMENT_STAGE --lapse_unsigned--> LAPSED_UNSIGNED
        any before the decision --withdraw--> WITHDRAWN

    The agreement is drafted within seconds of a decision with conditions, so the applicant may
    object from AGREEMENT_STAGE too, until the period ends or the applicant has signed.

    Source: domain §3.3, T01-T11; docs/sources.md#application.
    """

    State = ApplicationState

    state = FSMField(default=S.DRAFT, choices=S.choices, protected=True)
    number = models.CharField(max_length=24, unique=True, null=True)
    applicant = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="applications_made"
    )
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="applications_decided"
    )
    platform = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="applications_secured"
    )
    committee = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="applications_reviewed"
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications_drafted"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="applications_handled",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="applications_decided_by",
    )

    # The submitted case whose answers this one began with.
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies"
    )
    scenario_code = models.CharField(max_length=20, unique=True, null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submission_round = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    committee_conclusion = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_result = models.CharField(max_length=24, blank=True)
    decision_number = models.CharField(max_length=40, unique=True, null=True)
    decision_text = models.TextField(blank=True)
    refusal_code = models.CharField(max_length=24, blank=True)
    refusal_reason = models.TextField(blank=True)
    withdrawal_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_application", "May see the case"),
            ("edit_application", "May edit the draft"),
            ("submit_application", "May submit"),
            ("request_correction", "May ask for correction"),
            ("accept_application", "May accept or refuse acceptance"),
            ("manage_clock", "May stop and resume clocks"),
            ("advance_application", "The system moves the case on"),
            ("pass_security_review", "May conclude the security review"),
            ("seat_panel", "May seat the panel"),
            ("vote_application", "May vote on the panel"),
            ("conclude_committee", "May conclude the committee review"),
            ("decide_application", "May decide"),
            ("withdraw_application", "May withdraw"),
            ("object_application", "May object to the decision"),
            ("answer_objection", "May answer an objection"),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at", "id"], name="applications_state"),
            models.Index(fields=["applicant", "-created_at"], name="applications_applicant"),
        ]
        constraints = [
            models.CheckConstraint(
                name="application_state_known", condition=Q(state__in=S.values)
            ),
            models.CheckConstraint(
                name="application_submitted_has_number",
                condition=~Q(state__in=NUMBERED)
                | Q(number__isnull=False, scenario_code__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_accepted_has_handler",
                condition=~Q(state__in=[*DECIDED, *BEFORE_DECISION[3:]])
                | Q(accepted_at__isnull=False, handler__isnull=False),
            ),
            models.CheckConstraint(
                name="application_decision_has_conclusion",
                condition=~Q(state__in=[S.DECISION_PENDING, *DECIDED])
                | Q(committee_conclusion__isnull=False),
            ),
            models.CheckConstraint(
                name="application_decided_is_signed",
                condition=~Q(state__in=DECIDED)
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    decision_number__isnull=False,
                )
                & ~Q(decision_text=""),
            ),
            models.CheckConstraint(
                name="application_decider_is_not_handler",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("handler")),
            ),
            models.CheckConstraint(
                name="application_conditions_are_stated",
                condition=~Q(state=S.APPROVED_WITH_CONDITIONS) | ~Q(conditions=[]),
            ),
            models.CheckConstraint(
                name="application_refusal_has_reason",
                condition=~Q(state=S.NOT_ACCEPTED) | ~Q(refusal_code="") & ~Q(refusal_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def current_step(self) -> str:
        """Return the English name of the state, for records; pages use the choices."""
        return str(S(self.state).name)

    @transition(
        field=state,
        source=S.DRAFT,
        target=S.SUBMITTED,
        permission="applications.submit_application",
    )
    def submit(self, *, number: str, scenario_code: str, at: datetime) -> None:
        self.number, self.scenario_code = number, scenario_code
        self.submitted_at, self.submission_round = at, 1

    @transition(
        field=state,
        source=S.SUBMITTED,
        target=S.CORRECTION_REQUESTED,
        permission="applications.request_correction",
    )
    def request_correction(self, *, defects: int, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.CORRECTION_REQUESTED,
        target=S.SUBMITTED,
        permission="applications.submit_application",
    )
    def resubmit(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.SUBMITTED,
        target=S.ACCEPTED,
        permission="applications.accept_application",
    )
    def accept(self, *, handler: Any, at: datetime) -> None:
        self.handler, self.accepted_at = handler, at

    @transition(
        field=state,
        source=S.SUBMITTED,
        target=S.NOT_ACCEPTED,
        permission="applications.accept_application",
    )
    def refuse_acceptance(self, *, reason_code: str, reason: str, at: datetime) -> None:
        self.refusal_code, self.refusal_reason, self.closed_at = reason_code, reason, at

    @transition(
        field=state,
        source=S.ACCEPTED,
        target=S.PROVIDER_REVIEW,
        permission="applications.advance_application",
    )
    def begin_provider_review(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.PROVIDER_REVIEW,
        target=S.SECURITY_REVIEW,
        permission="applications.advance_application",
    )
    def finish_provider_review(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.SECURITY_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.pass_security_review",
    )
    def pass_security_review(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.seat_panel",
    )
    def seat_panel(self, *, seats: int, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.COMMITTEE_REVIEW,
        target=S.COMMITTEE_REVIEW,
        permission="applications.vote_application",
    )
    def vote(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.COMMITTEE_REVIEW,
        target=S.DECISION_PENDING,
        permission="applications.conclude_committee",
    )
    def conclude_committee(self, *, conclusion: dict[str, Any], at: datetime) -> None:
        self.committee_conclusion, self.updated_at = conclusion, at

    def _decide(
        self, result: str, decided_by: Any, number: str, text: str, conditions: list[str], at: Any
    ) -> None:
        self.decision_result, self.decided_by, self.decided_at = result, decided_by, at
        self.decision_number, self.decision_text, self.conditions = number, text, conditions

    @transition(
        field=state,
        source=S.DECISION_PENDING,
        target=S.APPROVED,
        permission="applications.decide_application",
    )
    def approve(self, *, decided_by: Any, number: str, text: str, at: datetime) -> None:
        self._decide("APPROVED", decided_by, number, text, [], at)

    @transition(
        field=state,
        source=S.DECISION_PENDING,
        target=S.APPROVED_WITH_CONDITIONS,
        permission="applications.decide_application",
    )
    def approve_with_conditions(
        self, *, decided_by: Any, number: str, text: str, conditions: list[str], at: datetime
    ) -> None:
        self._decide("APPROVED_WITH_CONDITIONS", decided_by, number, text, conditions, at)

    @transition(
        field=state,
        source=S.DECISION_PENDING,
        target=S.REJECTED,
        permission="applications.decide_application",
    )
    def reject(self, *, decided_by: Any, number: str, text: str, at: datetime) -> None:
        self._decide("REJECTED", decided_by, number, text, [], at)

    @transition(
        field=state,
        source=list(BEFORE_DECISION),
        target=S.WITHDRAWN,
        permission="applications.withdraw_application",
    )
    def withdraw(self, *, reason: str, at: datetime) -> None:
        self.withdrawal_reason, self.closed_at = reason, at

    @transition(
        field=state,
        source=S.CORRECTION_REQUESTED,
        target=S.LAPSED,
        permission="applications.advance_application",
    )
    def lapse(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(
        field=state,
        source=[S.REJECTED, S.APPROVED_WITH_CONDITIONS, S.AGREEMENT_STAGE],
        target=S.OBJECTION,
        permission="applications.object_application",
        conditions=[_is_open_to_objection],
    )
    def object(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.OBJECTION,
        target=S.UPHELD,
        permission="applications.answer_objection",
    )
    def uphold(self, *, reasons: str, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.OBJECTION,
        target=S.OVERTURNED,
        permission="applications.answer_objection",
    )
    def overturn(
        self, *, decided_by: Any, number: str, text: str, conditions: list[str], at: datetime
    ) -> None:
        result = "APPROVED_WITH_CONDITIONS" if conditions else "APPROVED"
        self._decide(result, decided_by, number, text, conditions, at)

    @transition(
        field=state,
        source=[S.APPROVED, S.APPROVED_WITH_CONDITIONS, S.OVERTURNED, S.UPHELD],
        target=S.AGREEMENT_STAGE,
        permission="applications.advance_application",
        conditions=[_is_granted],
    )
    def begin_agreement(self, *, at: datetime) -> None:
        self.updated_at = at

    @transition(
        field=state,
        source=S.AGREEMENT_STAGE,
        target=S.GRANTED,
        permission="applications.advance_application",
    )
    def complete(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(
        field=state,
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
