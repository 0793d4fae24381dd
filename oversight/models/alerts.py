"""The alert: something about the use of data that a person has to look at."""

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


class Alert(StateModel):
    """
    One warning (预警), raised by a rule or by a person.

        OPEN --acknowledge--> ACKNOWLEDGED --close--> CLOSED
        OPEN --close--> CLOSED

    ``key`` names the occasion: the same rule raises the same occasion once. Grade I is the gravest.
    Source: domain §3.11; docs/sources.md#a10.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Not yet looked at")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
        CLOSED = "CLOSED", _("Closed")

    class Rule(models.TextChoices):
        VOLUME = "VOLUME", _("Volume far above its mean")
        OFF_HOURS = "OFF_HOURS", _("Bulk calls at night")
        WATERMARK = "WATERMARK", _("Watermarked rows found elsewhere")
        REPORT_OVERDUE = "REPORT_OVERDUE", _("Self-report overdue")
        DESTRUCTION_OVERDUE = "DESTRUCTION_OVERDUE", _("Destruction certificate overdue")
        MANUAL = "MANUAL", _("Noticed by a person")

    class Grade(models.TextChoices):
        I = "I", _("Grade I, extremely grave")  # noqa: E741 - the grades are Roman numerals
        II = "II", _("Grade II, grave")
        III = "III", _("Grade III, considerable")
        IV = "IV", _("Grade IV, minor")

    class Outcome(models.TextChoices):
        FALSE_POSITIVE = "FALSE_POSITIVE", _("False alarm")
        TICKET = "TICKET", _("Passed on for correction")
        INTERIM_RESTRICT = "INTERIM_RESTRICT", _("Restricted for the time being")
        CASE = "CASE", _("Violation case opened")

    rule = models.CharField(max_length=20, choices=Rule.choices)
    grade = models.CharField(max_length=3, choices=Grade.choices)
    key = models.CharField(max_length=160, unique=True)
    organization = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    license = models.ForeignKey(
        "licensing.License", null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    summary = models.CharField(max_length=300)
    evidence = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-raised_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_alert", "May see an alert"),
            ("handle_alert", "May acknowledge and close an alert"),
        ]
        constraints = [
            models.CheckConstraint(
                name="oversight_alert_grade_known", condition=Q(grade__in=["I", "II", "III", "IV"])
            ),
            models.CheckConstraint(
                name="oversight_alert_acknowledged",
                condition=~Q(state="ACKNOWLEDGED")
                | Q(owner__isnull=False, acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_alert_closed_has_outcome",
                condition=(Q(state="CLOSED", closed_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state="CLOSED") & Q(closed_at__isnull=True, outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["state", "grade"], name="oversight_alert_board")]

    def __str__(self) -> str:
        return f"{self.grade} {self.rule} {self.state}"

    @transition(
        field=state, source=State.OPEN, target=State.ACKNOWLEDGED,
        permission="oversight.handle_alert",
    )  # fmt: skip
    def acknowledge(self, *, owner: Any, at: datetime) -> None:
        """Say who looks after it."""
        self.owner, self.acknowledged_at = owner, at

    @transition(
        field=state, source=[State.OPEN, State.ACKNOWLEDGED], target=State.CLOSED,
        permission="oversight.handle_alert",
    )  # fmt: skip
    def close(self, *, outcome: str, note: str, at: datetime) -> None:
        """End it with what came of it."""
        self.outcome, self.note, self.closed_at = outcome, note, at


class AlertUserPermission(UserObjectPermissionBase):
    """A person's own right on one alert."""

    content_object = models.ForeignKey(Alert, on_delete=models.CASCADE)


class AlertGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one alert."""

    content_object = models.ForeignKey(Alert, on_delete=models.CASCADE)
