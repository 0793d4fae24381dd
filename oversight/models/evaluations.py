"""The periodic evaluation of how a licensee uses the data of one agreement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class Evaluation(StateModel):
    """
    One periodic evaluation (定期评估) under one agreement.

        SCHEDULED --open_report--> SELF_REPORT_DUE --report--> SUBMITTED
        SUBMITTED --return_report--> SELF_REPORT_DUE
        SUBMITTED --verify_report--> VERIFIED --score--> SCORED
        SCORED --pass_evaluation--> PASSED | --rectify--> RECTIFICATION | --fail--> FAILED
        RECTIFICATION --report_rectification--> RECTIFIED --recheck--> RECHECKED
        RECHECKED --pass_evaluation--> PASSED | --fail--> FAILED
        RECTIFICATION --fail--> FAILED (not rectified in time)

    ``terms`` is the evaluation term of the agreement when the evaluation was scheduled;
    ``indicators`` what the meter said when it was scored. Points are whole, 100 at most.
    Source: domain §3.3, §3.10; docs/sources.md#b19.
    """

    class State(models.TextChoices):
        SCHEDULED = "SCHEDULED", _("Scheduled")
        SELF_REPORT_DUE = "SELF_REPORT_DUE", _("Self-report due")
        SUBMITTED = "SUBMITTED", _("Self-report submitted")
        VERIFIED = "VERIFIED", _("Self-report verified")
        SCORED = "SCORED", _("Scored")
        RECTIFICATION = "RECTIFICATION", _("Under rectification")
        RECTIFIED = "RECTIFIED", _("Rectification reported")
        RECHECKED = "RECHECKED", _("Checked again")
        PASSED = "PASSED", _("Passed")
        FAILED = "FAILED", _("Failed")

    number = models.CharField(max_length=40, unique=True)
    sequence = models.PositiveSmallIntegerField()
    agreement = models.ForeignKey(
        "contracts.Agreement", on_delete=models.PROTECT, related_name="evaluations"
    )
    licensee = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    assessor = models.ForeignKey(
        "parties.Organization", null=True, on_delete=models.PROTECT, related_name="+"
    )
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    terms = models.JSONField()
    indicators = models.JSONField(default=dict)
    scheduled_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    scored_at = models.DateTimeField(null=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    total = models.PositiveSmallIntegerField(null=True)
    veto = models.CharField(max_length=2, blank=True)
    remarks = models.TextField(blank=True)
    rectifications = models.JSONField(default=list)
    concluded_at = models.DateTimeField(null=True)
    state = FSMField(default=State.SCHEDULED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["due_on", "id"]
        default_permissions = ()
        permissions = [
            ("see_evaluation", "May see an evaluation"),
            ("open_evaluation", "May open an evaluation"),
            ("report_evaluation", "May report for an evaluation"),
            ("verify_evaluation", "May verify or return a self-report"),
            ("score_evaluation", "May score an evaluation and say its result"),
            ("assign_evaluation", "May assign an assessor to an evaluation"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="oversight_evaluation_sequence", fields=["agreement", "sequence"]
            ),
            models.CheckConstraint(
                name="oversight_evaluation_period", condition=Q(period_from__lt=F("period_to"))
            ),
            models.CheckConstraint(
                name="oversight_evaluation_reported",
                condition=Q(state__in=["SCHEDULED", "SELF_REPORT_DUE"])
                | Q(reported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_evaluation_scored",
                condition=~Q(
                    state__in=[
                        "SCORED", "RECTIFICATION", "RECTIFIED", "RECHECKED", "PASSED", "FAILED"
                    ]
                )
                | Q(
                    verified_at__isnull=False,
                    scored_at__isnull=False,
                    scored_by__isnull=False,
                    total__isnull=False,
                    total__lte=100,
                ),
            ),
            models.CheckConstraint(
                name="oversight_evaluation_rectification_says_what",
                condition=~Q(state__in=["RECTIFICATION", "RECTIFIED", "RECHECKED"])
                | ~Q(rectifications=[]),
            ),
            models.CheckConstraint(
                name="oversight_evaluation_concluded",
                condition=Q(state__in=["PASSED", "FAILED"], concluded_at__isnull=False)
                | (~Q(state__in=["PASSED", "FAILED"]) & Q(concluded_at__isnull=True)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @transition(
        field=state, source=State.SCHEDULED, target=State.SELF_REPORT_DUE,
        permission="oversight.open_evaluation",
    )  # fmt: skip
    def open_report(self, *, at: datetime) -> None:
        """Ask the licensee for its self-report."""

    @transition(
        field=state, source=State.SELF_REPORT_DUE, target=State.SUBMITTED,
        permission="oversight.report_evaluation",
    )  # fmt: skip
    def report(self, *, content_hash: str, at: datetime) -> None:
        """Take the self-report; it is a row of its own."""
        self.reported_at = at

    @transition(
        field=state, source=State.SUBMITTED, target=State.SELF_REPORT_DUE,
        permission="oversight.verify_evaluation",
    )  # fmt: skip
    def return_report(self, *, reason: str, at: datetime) -> None:
        """Give the self-report back."""

    @transition(
        field=state, source=State.SUBMITTED, target=State.VERIFIED,
        permission="oversight.verify_evaluation",
    )  # fmt: skip
    def verify_report(self, *, verifier: Any, note: str, at: datetime) -> None:
        """Confirm that the self-report agrees with the meter and the records."""
        self.verified_by, self.verified_at = verifier, at

    @transition(
        field=state, source=State.VERIFIED, target=State.SCORED,
        permission="oversight.score_evaluation",
    )  # fmt: skip
    def score(
        self, *, scorer: Any, total: int, veto: str, remarks: str, indicators: dict[str, Any],
        at: datetime,
    ) -> None:  # fmt: skip
        """Take the points; the rows hold them one by one."""
        self._take(scorer=scorer, total=total, veto=veto, remarks=remarks, at=at)
        self.indicators = indicators

    @transition(
        field=state, source=State.RECTIFIED, target=State.RECHECKED,
        permission="oversight.score_evaluation",
    )  # fmt: skip
    def recheck(
        self, *, scorer: Any, total: int, veto: str, remarks: str, indicators: dict[str, Any],
        at: datetime,
    ) -> None:  # fmt: skip
        """Take the points of the second round."""
        self._take(scorer=scorer, total=total, veto=veto, remarks=remarks, at=at)
        self.indicators = indicators

    @transition(
        field=state, source=[State.SCORED, State.RECHECKED], target=State.PASSED,
        permission="oversight.score_evaluation",
    )  # fmt: skip
    def pass_evaluation(self, *, at: datetime) -> None:
        """End well."""
        self.concluded_at = at

    @transition(
        field=state, source=State.SCORED, target=State.RECTIFICATION,
        permission="oversight.score_evaluation",
    )  # fmt: skip
    def rectify(self, *, rectifications: list[str], at: datetime) -> None:
        """Ask for what has to be put right."""
        self.rectifications = rectifications

    @transition(
        field=state, source=State.RECTIFICATION, target=State.RECTIFIED,
        permission="oversight.report_evaluation",
    )  # fmt: skip
    def report_rectification(self, *, content_hash: str, at: datetime) -> None:
        """Take the licensee's word on what it put right."""

    @transition(
        field=state, source=[State.SCORED, State.RECHECKED, State.RECTIFICATION],
        target=State.FAILED, permission="oversight.score_evaluation",
    )  # fmt: skip
    def fail(self, *, reason: str, at: datetime) -> None:
        """End badly."""
        self.concluded_at = at

    def _take(self, *, scorer: Any, total: int, veto: str, remarks: str, at: datetime) -> None:
        self.scored_by, self.scored_at = scorer, at
        self.total, self.veto, self.remarks = total, veto, remarks

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day looked at."""
        return self.period_from, self.period_to


class SelfReport(models.Model):
    """What the licensee reported for an evaluation, first or on its rectification."""

    class Kind(models.TextChoices):
        USAGE = "USAGE", _("Self-report")
        RECTIFICATION = "RECTIFICATION", _("Rectification report")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    late_working_days = models.PositiveSmallIntegerField(default=0)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["evaluation", "kind", "version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="oversight_self_report_version", fields=["evaluation", "kind", "version"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version} of {self.evaluation_id}"


class Score(models.Model):
    """The points for one indicator in one round, with the reason."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    round = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField()
    points_max = models.PositiveSmallIntegerField()
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["evaluation", "round", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="oversight_score_once", fields=["evaluation", "round", "indicator"]
            ),
            models.CheckConstraint(
                name="oversight_score_within", condition=Q(points__lte=F("points_max"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.points}/{self.points_max}"


class EvaluationUserPermission(UserObjectPermissionBase):
    """A person's own right on one evaluation."""

    content_object = models.ForeignKey(Evaluation, on_delete=models.CASCADE)


class EvaluationGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one evaluation."""

    content_object = models.ForeignKey(Evaluation, on_delete=models.CASCADE)
