"""The violation case: from the report to the decision, the notice and the repair."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel
from oversight.models.alerts import Alert
from oversight.models.choices import Code, MeasureKind, Severity
from oversight.models.evaluations import Evaluation


class CaseState(models.TextChoices):
    """Where a violation case stands."""

    REPORTED = "REPORTED", _("Report received")
    FILED = "FILED", _("Filed")
    INVESTIGATING = "INVESTIGATING", _("Under investigation")
    HEARING_NOTICE = "HEARING_NOTICE", _("Party asked for its statement")
    STATEMENT_RECEIVED = "STATEMENT_RECEIVED", _("Statement received")
    WAIVED = "WAIVED", _("Statement waived")
    DECIDED = "DECIDED", _("Decided")
    ENFORCED = "ENFORCED", _("Enforced")
    PUBLISHED = "PUBLISHED", _("Notice published")
    OBJECTION = "OBJECTION", _("Objection raised")
    UPHELD = "UPHELD", _("Decision upheld")
    CHANGED = "CHANGED", _("Decision changed")
    REPAIRED = "REPAIRED", _("Record repaired")
    CLOSED = "CLOSED", _("Case closed")
    DISMISSED = "DISMISSED", _("Dismissed")


_S = CaseState
_DECIDED = [
    "DECIDED", "ENFORCED", "PUBLISHED", "OBJECTION", "UPHELD", "CHANGED", "REPAIRED", "CLOSED"
]  # fmt: skip


class ViolationCase(StateModel):
    """
    One suspected violation by one party (违规案件).

        REPORTED --file--> FILED --begin_investigation--> INVESTIGATING
        FILED | INVESTIGATING --send_hearing_notice--> HEARING_NOTICE
        HEARING_NOTICE --receive_statement--> STATEMENT_RECEIVED | --waive--> WAIVED
        STATEMENT_RECEIVED | WAIVED --decide--> DECIDED --enforce--> ENFORCED
        ENFORCED --publish--> PUBLISHED --object--> OBJECTION
        OBJECTION --uphold--> UPHELD | --change--> CHANGED
        PUBLISHED | UPHELD | CHANGED --repair--> REPAIRED --close--> CLOSED
        PUBLISHED | UPHELD | CHANGED --close--> CLOSED (the notice has run out)
        REPORTED | FILED | INVESTIGATING --dismiss--> DISMISSED
        STATEMENT_RECEIVED | WAIVED --clear--> DISMISSED

    Decision and enforcement are one transaction. Source: domain §3.3, T17-T19; clauses A12-A15.
    """

    State = CaseState

    class Source(models.TextChoices):
        ALERT = "ALERT", _("Alert")
        COMPLAINT = "COMPLAINT", _("Complaint")
        EVALUATION = "EVALUATION", _("Failed evaluation")
        INSPECTION = "INSPECTION", _("Inspection")

    reference = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=40, unique=True, null=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    party = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="violation_cases"
    )
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    licenses = models.ManyToManyField("licensing.License", related_name="violation_cases")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="cases")
    evaluation = models.OneToOneField(
        Evaluation, null=True, on_delete=models.PROTECT, related_name="violation_case"
    )
    report = models.TextField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField()
    code = models.CharField(max_length=2, choices=Code.choices, blank=True)
    severity = models.CharField(max_length=7, choices=Severity.choices, blank=True)
    facts = models.TextField(blank=True)
    rule_article = models.CharField(max_length=200, blank=True)
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(null=True)
    proposed_measure = models.CharField(max_length=8, choices=MeasureKind.choices, blank=True)
    hearing_number = models.CharField(max_length=40, blank=True)
    heard_at = models.DateTimeField(null=True)
    statement_due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    decision_number = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    measure = models.CharField(max_length=8, choices=MeasureKind.choices, blank=True)
    reasons = models.TextField(blank=True)
    statement_answer = models.TextField(blank=True)
    departure_reason = models.TextField(blank=True)
    damages_fen = models.BigIntegerField(default=0)
    prior_count = models.PositiveSmallIntegerField(default=0)
    enforced_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    state = FSMField(default=CaseState.REPORTED, choices=CaseState.choices, protected=True)

    class Meta:
        ordering = ["-reported_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_violationcase", "May see a violation case"),
            ("file_violationcase", "May file a violation case"),
            ("investigate_violationcase", "May investigate a violation case"),
            ("add_evidence", "May add evidence to a violation case"),
            ("hear_violationcase", "May ask the party for its statement"),
            ("answer_violationcase", "May give or waive the statement of the party"),
            ("decide_violationcase", "May decide a violation case and enforce the decision"),
            ("publish_violationcase", "May publish a decision"),
            ("object_violationcase", "May object to a decision"),
            ("review_violationcase", "May answer an objection to a decision"),
            ("repair_violationcase", "May repair the record of a violation"),
            ("close_violationcase", "May close a violation case"),
            ("dismiss_violationcase", "May dismiss a report"),
        ]
        constraints = [
            models.CheckConstraint(
                name="oversight_case_filed_says_what",
                condition=Q(state__in=["REPORTED", "DISMISSED"])
                | (
                    Q(number__isnull=False, filed_at__isnull=False, investigator__isnull=False)
                    & ~Q(code="")
                    & ~Q(severity="")
                    & ~Q(facts="")
                    & ~Q(rule_article="")
                ),
            ),
            models.CheckConstraint(
                name="oversight_case_heard",
                condition=Q(state__in=["REPORTED", "FILED", "INVESTIGATING", "DISMISSED"])
                | (
                    Q(heard_at__isnull=False, statement_due_on__isnull=False)
                    & ~Q(proposed_measure="")
                ),
            ),
            models.CheckConstraint(
                name="oversight_case_decided",
                condition=~Q(state__in=_DECIDED)
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False, answered_at__isnull=False)
                    & ~Q(measure="")
                    & ~Q(reasons="")
                    & ~Q(decision_number="")
                ),
            ),
            models.CheckConstraint(
                name="oversight_case_decider_is_not_investigator",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("investigator")),
            ),
            models.CheckConstraint(
                name="oversight_case_enforced",
                condition=~Q(state__in=_DECIDED[1:]) | Q(enforced_at__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_case_damages", condition=Q(damages_fen__gte=0)
            ),
            models.CheckConstraint(
                name="oversight_case_ended",
                condition=~Q(state__in=["CLOSED", "DISMISSED"]) | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["party", "-decided_at"], name="oversight_case_of_party")]

    def __str__(self) -> str:
        return f"{self.number or self.reference} {self.state}"

    @transition(
        field=state, source=_S.REPORTED, target=_S.FILED,
        permission="oversight.file_violationcase",
    )  # fmt: skip
    def file(
        self, *, number: str, code: str, severity: str, case_facts: str, rule_article: str,
        investigator: Any, at: datetime,
    ) -> None:  # fmt: skip
        """Take the case on the books."""
        self.number, self.code, self.severity = number, code, severity
        self.facts, self.rule_article = case_facts, rule_article
        self.investigator, self.filed_at = investigator, at

    @transition(
        field=state, source=_S.FILED, target=_S.INVESTIGATING,
        permission="oversight.investigate_violationcase",
    )  # fmt: skip
    def begin_investigation(self, *, at: datetime) -> None:
        """Begin to look into it."""

    @transition(
        field=state, source=[_S.FILED, _S.INVESTIGATING], target=_S.HEARING_NOTICE,
        permission="oversight.hear_violationcase",
    )  # fmt: skip
    def send_hearing_notice(
        self, *, number: str, proposed: str, due_on: Any, at: datetime
    ) -> None:
        """Tell the party what is alleged and proposed, and until when it may answer."""
        self.hearing_number, self.proposed_measure = number, proposed
        self.heard_at, self.statement_due_on = at, due_on

    @transition(
        field=state, source=_S.HEARING_NOTICE, target=_S.STATEMENT_RECEIVED,
        permission="oversight.answer_violationcase",
    )  # fmt: skip
    def receive_statement(self, *, content_hash: str, at: datetime) -> None:
        """Take the statement; it is a row of its own."""
        self.answered_at = at

    @transition(
        field=state, source=_S.HEARING_NOTICE, target=_S.WAIVED,
        permission="oversight.answer_violationcase",
    )  # fmt: skip
    def waive(self, *, reason: str, at: datetime) -> None:
        """Go on without a statement."""
        self.answered_at = at

    @transition(
        field=state, source=[_S.STATEMENT_RECEIVED, _S.WAIVED], target=_S.DECIDED,
        permission="oversight.decide_violationcase",
    )  # fmt: skip
    def decide(
        self, *, number: str, measure: str, reasons: str, answer: str, departure_reason: str,
        damages_fen: int, prior_count: int, decider: Any, at: datetime,
    ) -> None:  # fmt: skip
        """State the violation and the measure."""
        self.decision_number, self.measure, self.reasons = number, measure, reasons
        self.statement_answer, self.departure_reason = answer, departure_reason
        self.damages_fen, self.prior_count = damages_fen, prior_count
        self.decided_by, self.decided_at = decider, at

    @transition(
        field=state, source=_S.DECIDED, target=_S.ENFORCED,
        permission="oversight.decide_violationcase",
    )  # fmt: skip
    def enforce(self, *, effects: list[str], at: datetime) -> None:
        """Record that the measure took hold on licenses and credentials."""
        self.enforced_at = at

    @transition(
        field=state, source=_S.ENFORCED, target=_S.PUBLISHED,
        permission="oversight.publish_violationcase",
    )  # fmt: skip
    def publish(self, *, notice: Any, at: datetime) -> None:
        """Show act and measure to the public; the notice is a subject of its own."""

    @transition(
        field=state, source=_S.PUBLISHED, target=_S.OBJECTION,
        permission="oversight.object_violationcase",
    )  # fmt: skip
    def object(self, *, content_hash: str, at: datetime) -> None:
        """Take the party's objection; the measure holds meanwhile."""

    @transition(
        field=state, source=_S.OBJECTION, target=_S.UPHELD,
        permission="oversight.review_violationcase",
    )  # fmt: skip
    def uphold(self, *, reason: str, at: datetime) -> None:
        """Leave the decision as it is."""

    @transition(
        field=state, source=_S.OBJECTION, target=_S.CHANGED,
        permission="oversight.review_violationcase",
    )  # fmt: skip
    def change(self, *, measure: str, reason: str, at: datetime) -> None:
        """Replace the measure by a milder one."""
        self.measure = measure

    @transition(
        field=state, source=[_S.PUBLISHED, _S.UPHELD, _S.CHANGED], target=_S.REPAIRED,
        permission="oversight.repair_violationcase",
    )  # fmt: skip
    def repair(self, *, reason: str, at: datetime) -> None:
        """Take the notice back; the internal record stays."""

    @transition(
        field=state, source=[_S.PUBLISHED, _S.UPHELD, _S.CHANGED, _S.REPAIRED], target=_S.CLOSED,
        permission="oversight.close_violationcase",
    )  # fmt: skip
    def close(self, *, reason: str, at: datetime) -> None:
        """Put the file away."""
        self.end_reason, self.ended_at = reason, at

    @transition(
        field=state, source=[_S.REPORTED, _S.FILED, _S.INVESTIGATING], target=_S.DISMISSED,
        permission="oversight.dismiss_violationcase",
    )  # fmt: skip
    def dismiss(self, *, reason: str, at: datetime) -> None:
        """End it: there is nothing in it."""
        self.end_reason, self.ended_at = reason, at

    @transition(
        field=state, source=[_S.STATEMENT_RECEIVED, _S.WAIVED], target=_S.DISMISSED,
        permission="oversight.decide_violationcase",
    )  # fmt: skip
    def clear(self, *, reason: str, at: datetime) -> None:
        """End it: the party has not violated anything."""
        self.end_reason, self.ended_at = reason, at


class ViolationCaseUserPermission(UserObjectPermissionBase):
    """A person's own right on one violation case."""

    content_object = models.ForeignKey(ViolationCase, on_delete=models.CASCADE)


class ViolationCaseGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one violation case."""

    content_object = models.ForeignKey(ViolationCase, on_delete=models.CASCADE)
