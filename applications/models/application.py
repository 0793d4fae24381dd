"""The application: who, what, where it stands, and the steps it may take."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from applications.models.steps import ApplicationSteps
from applications.states import (
    BEFORE_DECISION,
    CHILD_UNDER_WAY,
    DECIDED,
    NUMBERED,
    OPEN,
    ApplicationState,
)

S = ApplicationState


class Application(ApplicationSteps):
    """
    One request of one applicant for conditional datasets under one scenario.

        DRAFT --submit--> SUBMITTED --request_correction--> CORRECTION_REQUESTED
        CORRECTION_REQUESTED --resubmit--> SUBMITTED | --lapse--> LAPSED
        SUBMITTED --accept--> ACCEPTED | --refuse_acceptance--> NOT_ACCEPTED
        ACCEPTED --begin_provider_review--> PROVIDER_REVIEW
        PROVIDER_REVIEW --finish_provider_review--> SECURITY_REVIEW
        SECURITY_REVIEW --pass_security_review--> COMMITTEE_REVIEW
        COMMITTEE_REVIEW --take_fast_lane--> DECISION_PENDING
        COMMITTEE_REVIEW, DECISION_PENDING --renew_assessment--> the same
        COMMITTEE_REVIEW --seat_panel | vote | close_panel | sign_minutes--> COMMITTEE_REVIEW
        COMMITTEE_REVIEW --conclude_committee--> DECISION_PENDING
        DECISION_PENDING --approve--> APPROVED
                         --approve_with_conditions--> APPROVED_WITH_CONDITIONS
                         --reject--> REJECTED
        REJECTED, APPROVED_WITH_CONDITIONS, AGREEMENT_STAGE --object--> OBJECTION
        OBJECTION --seat_objection_panel | vote_on_objection | close_objection_panel
                    | sign_objection_minutes | recommend_on_objection--> OBJECTION
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

    class Kind(models.TextChoices):
        FIRST = "FIRST", _("First application")
        AMENDMENT = "AMENDMENT", _("Amendment")
        RENEWAL = "RENEWAL", _("Renewal")

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
    # Who has the case on the desk now, before acceptance too; nobody means the whole desk has it.
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="applications_held",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="applications_decided_by",
    )

    # A number of the office's own files, beside the number of the product.
    external_reference = models.CharField(max_length=60, blank=True)
    # The submitted case whose answers this one began with.
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies"
    )
    # The general version of the form this case was begun with.
    form = models.ForeignKey(
        "applications.FormDefinition", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FIRST)
    # The granted case that an amendment or a renewal goes on from, under the same scenario.
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children"
    )
    scenario_code = models.CharField(max_length=20, null=True)
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
    partly_approved = models.BooleanField(default=False)
    # Why the committee was skipped: {rule_version, legal_basis, reasons, evidence}.
    fast_lane = models.JSONField(null=True)
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
            ("approve_extension", "May grant or refuse an extension"),
            ("escalate_clock", "The system escalates overdue clocks"),
            ("advance_application", "The system moves the case on"),
            ("pass_security_review", "May conclude the security review"),
            ("seat_panel", "May seat the panel"),
            ("vote_application", "May vote on the panel"),
            ("conclude_committee", "May conclude the committee review"),
            ("sign_minutes", "May sign the minutes of the panel"),
            ("decide_application", "May decide"),
            ("withdraw_application", "May withdraw"),
            ("object_application", "May object to the decision"),
            ("answer_objection", "May answer an objection"),
            ("hold_application", "May take, assign and hand back the case"),
            ("assign_reference", "May give the case a reference of the office"),
            ("read_notes", "May read what the office notes on the case"),
            ("write_notes", "May note something on the case"),
            ("write_to_applicant", "May ask and tell the applicant"),
            ("consult_application", "May ask others for an opinion"),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at", "id"], name="applications_state"),
            models.Index(fields=["applicant", "-created_at"], name="applications_applicant"),
            # The queue of open cases as one walks it, and decided ones, the latest first.
            models.Index(
                fields=["submitted_at", "id"],
                name="applications_queue",
                condition=Q(state__in=OPEN, submitted_at__isnull=False),
            ),
            models.Index(
                fields=["-decided_at", "id"],
                name="applications_decided",
                condition=Q(state__in=DECIDED, decided_at__isnull=False),
            ),
            models.Index(
                fields=["external_reference"],
                name="applications_reference",
                condition=~Q(external_reference=""),
            ),
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
                | Q(committee_conclusion__isnull=False)
                | Q(fast_lane__isnull=False),
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
                condition=~Q(state=S.APPROVED_WITH_CONDITIONS)
                | ~Q(conditions=[])
                | Q(partly_approved=True),
            ),
            models.UniqueConstraint(
                name="application_scenario_is_one_first_case",
                fields=["scenario_code"],
                condition=Q(kind="FIRST"),
            ),
            models.CheckConstraint(
                name="application_child_has_parent",
                condition=Q(kind="FIRST", parent__isnull=True)
                | Q(kind__in=["AMENDMENT", "RENEWAL"], parent__isnull=False),
            ),
            models.UniqueConstraint(
                name="application_one_child_under_way",
                fields=["parent"],
                condition=Q(parent__isnull=False, state__in=CHILD_UNDER_WAY),
            ),
            models.CheckConstraint(
                name="application_refusal_has_reason",
                condition=~Q(state=S.NOT_ACCEPTED) | ~Q(refusal_code="") & ~Q(refusal_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def assessment(self) -> Any:
        """Return the latest security assessment, or None."""
        return self.assessments.order_by("-version").first()
