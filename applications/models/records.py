"""What is written down beside an application and never rewritten."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.application import Application


class EligibilityCheck(models.Model):
    """One automatic check at one submission, with the evidence it looked at."""

    class Result(models.TextChoices):
        PASS = "PASS", _("Passed")
        FAIL = "FAIL", _("Failed")
        ABSTAIN = "ABSTAIN", _("No evidence yet")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    sequence = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    result = models.CharField(max_length=8, choices=Result.choices)
    blocking = models.BooleanField()
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=20)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "sequence", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="eligibility_check_once", fields=["application", "sequence", "code"]
            ),
            models.CheckConstraint(
                name="eligibility_failure_has_reason",
                condition=Q(result="PASS") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.result}"


class CorrectionNotice(models.Model):
    """The one notice of a submission round that names every defect at once."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="corrections"
    )
    submission_round = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, unique=True)
    defects = models.JSONField()
    due_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    issued_at = models.DateTimeField()
    answers = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "submission_round"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="correction_once_per_round", fields=["application", "submission_round"]
            ),
            models.CheckConstraint(
                name="correction_names_a_defect", condition=~Q(defects=[])
            ),
            models.CheckConstraint(
                name="correction_answer_is_dated",
                condition=Q(answers__isnull=True, answered_at__isnull=True)
                | Q(answers__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SecurityAssessment(models.Model):
    """What the security officer found and concluded; a renewal is the next version."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="assessments"
    )
    version = models.PositiveSmallIntegerField(default=1)
    findings = models.JSONField()
    conclusion = models.TextField()
    conditions = models.JSONField(default=list)
    valid_until = models.DateField()
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    assessed_at = models.DateTimeField()
    # When it had run out before the decision and the officer was asked for the next version.
    renewal_asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="security_assessment_version", fields=["application", "version"]
            ),
            models.CheckConstraint(
                name="security_assessment_concludes", condition=~Q(conclusion="")
            )
        ]

    def __str__(self) -> str:
        return f"security of {self.application_id}"


class Decision(models.Model):
    """One version of the decision; an answered objection writes the next one."""

    class Result(models.TextChoices):
        APPROVED = "APPROVED", pgettext_lazy("application", "Approved")
        APPROVED_WITH_CONDITIONS = (
            "APPROVED_WITH_CONDITIONS",
            pgettext_lazy("application", "Approved with conditions"),
        )
        REJECTED = "REJECTED", pgettext_lazy("application", "Rejected")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, unique=True)
    result = models.CharField(max_length=24, choices=Result.choices)
    # Some datasets are approved, others are not: the rows of ``items`` say which.
    partial = models.BooleanField(default=False)
    reasons = models.TextField()
    conditions = models.JSONField(default=list)
    departure_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="decision_version", fields=["application", "version"]),
            models.CheckConstraint(name="decision_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="decision_conditions_fit",
                condition=Q(result="APPROVED_WITH_CONDITIONS")
                & (~Q(conditions=[]) | Q(partial=True))
                | ~Q(result="APPROVED_WITH_CONDITIONS") & Q(conditions=[], partial=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.result}"


class Objection(models.Model):
    """The applicant's objection to a decision, and its answer by a second decider."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="objection"
    )
    grounds = models.TextField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="objections_filed"
    )
    filed_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="objections_answered",
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="objection_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(
                name="objection_answer_is_signed",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"objection to {self.application_id}"


class ApplicationDocument(models.Model):
    """A paper of the case as it was issued, byte for byte."""

    class Kind(models.TextChoices):
        ACCEPTANCE = "ACCEPTANCE", _("Notice of acceptance")
        NON_ACCEPTANCE = "NON_ACCEPTANCE", _("Notice of non-acceptance")
        CORRECTION = "CORRECTION", _("Correction notice")
        MINUTES = "MINUTES", _("Committee minutes")
        DECISION = "DECISION", _("Letter of decision")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    file = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="application_document_number", fields=["application", "kind", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
