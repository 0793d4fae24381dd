"""The work of issuing: one row per agreement in force, one per license it is to have."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy


class IssueJob(models.Model):
    """
    The licenses of one agreement, issued by a worker in batches.

        WAITING --claimed--> ISSUING --all issued--> DONE
        ISSUING --refused, or dropped too often--> FAILED --again--> WAITING

    ``fence`` grows with every worker that takes the job on, so that one whose lease ran out writes
    nothing more. ``attempts`` counts the workers that let go of it without issuing a license.
    """

    class Stage(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("issuing", "Waiting")
        ISSUING = "ISSUING", pgettext_lazy("issuing", "Being issued")
        DONE = "DONE", pgettext_lazy("issuing", "Issued")
        FAILED = "FAILED", pgettext_lazy("issuing", "Failed")

    AT_WORK = (Stage.WAITING, Stage.ISSUING)

    agreement = models.OneToOneField(
        "contracts.Agreement", on_delete=models.PROTECT, related_name="issue_job"
    )
    batch = models.ForeignKey(
        "contracts.SigningBatch", null=True, on_delete=models.PROTECT, related_name="issue_jobs"
    )
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                name="issue_job_to_do",
                condition=Q(stage__in=["WAITING", "ISSUING"]),
            ),
            models.Index(fields=["batch", "stage"], name="issue_job_of_batch"),
        ]
        constraints = [
            models.CheckConstraint(
                name="issue_job_stage_known",
                condition=Q(stage__in=["WAITING", "ISSUING", "DONE", "FAILED"]),
            ),
            models.CheckConstraint(
                name="issue_job_at_work_is_leased",
                condition=~Q(stage="ISSUING")
                | Q(lease_until__isnull=False, heartbeat_at__isnull=False),
            ),
            models.CheckConstraint(
                name="issue_job_failed_says_why", condition=~Q(stage="FAILED") | ~Q(problem="")
            ),
            models.CheckConstraint(
                name="issue_job_ended_says_when",
                condition=Q(stage__in=["DONE", "FAILED"], finished_at__isnull=False)
                | Q(stage__in=["WAITING", "ISSUING"], finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.stage}"


class IssueItem(models.Model):
    """
    One license to be issued, with the number kept for it.

    The number is taken before the certificate is drawn, so that workers need not wait for one
    another. One that is never used, because the agreement ended first, stays on record here.
    """

    job = models.ForeignKey(IssueJob, on_delete=models.PROTECT, related_name="items")
    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT, related_name="+")
    numbered_on = models.DateField()
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    license = models.OneToOneField(
        "licensing.License", null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["job", "serial"]
        default_permissions = ()
        indexes = [models.Index(fields=["issued_at"], name="issue_item_issued_at")]
        constraints = [
            models.UniqueConstraint(name="issue_item_once", fields=["job", "dataset"]),
            models.UniqueConstraint(name="issue_item_number_once", fields=["year", "serial"]),
            models.CheckConstraint(
                name="issue_item_issued_says_when",
                condition=Q(license__isnull=True, issued_at__isnull=True)
                | Q(license__isnull=False, issued_at__isnull=False),
            ),
            models.CheckConstraint(
                name="issue_item_year_of_its_day", condition=Q(year=F("numbered_on__year"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.serial}"
