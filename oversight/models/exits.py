"""The exit: what has to happen after a license has ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class ExitCase(StateModel):
    """
    The end of one license: access closed, usage frozen, data destroyed, accounts squared (退出).

        TRIGGERED --close_access--> ACCESS_CLOSED --freeze_usage--> USAGE_FROZEN
        USAGE_FROZEN --order_destruction--> DESTRUCTION_DUE
        DESTRUCTION_DUE | REJECTED --submit_certificate--> CERTIFICATE_SUBMITTED
        CERTIFICATE_SUBMITTED --verify_certificate--> VERIFIED | --reject_certificate--> REJECTED
        VERIFIED --begin_final_settlement--> FINAL_SETTLEMENT --archive--> ARCHIVED

    ``usage`` is what the meter had counted when the usage was frozen. Source: domain §3.8, T20.
    """

    class State(models.TextChoices):
        TRIGGERED = "TRIGGERED", _("Triggered")
        ACCESS_CLOSED = "ACCESS_CLOSED", _("Access closed")
        USAGE_FROZEN = "USAGE_FROZEN", _("Usage frozen")
        DESTRUCTION_DUE = "DESTRUCTION_DUE", _("Destruction due")
        CERTIFICATE_SUBMITTED = "CERTIFICATE_SUBMITTED", _("Certificate submitted")
        REJECTED = "REJECTED", _("Certificate rejected")
        VERIFIED = "VERIFIED", _("Destruction verified")
        FINAL_SETTLEMENT = "FINAL_SETTLEMENT", _("Final settlement")
        ARCHIVED = "ARCHIVED", _("Archived")

    class Cause(models.TextChoices):
        REVOKED = "REVOKED", _("License revoked")
        EXPIRED = "EXPIRED", _("License expired")
        SURRENDERED = "SURRENDERED", _("License surrendered")

    number = models.CharField(max_length=40, unique=True)
    license = models.OneToOneField(
        "licensing.License", on_delete=models.PROTECT, related_name="exit_case"
    )
    licensee = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=11, choices=Cause.choices)
    cause_text = models.TextField(blank=True)
    disposal = models.CharField(max_length=7, default="DESTROY")
    triggered_at = models.DateTimeField()
    access_closed_at = models.DateTimeField(null=True)
    usage = models.JSONField(default=dict)
    destruction_due_on = models.DateField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    refund_fen = models.BigIntegerField(null=True)
    damages_fen = models.BigIntegerField(null=True)
    settlement_note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    retain_until = models.DateField(null=True)
    state = FSMField(default=State.TRIGGERED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-triggered_at", "number"]
        default_permissions = ()
        permissions = [
            ("see_exitcase", "May see an exit"),
            ("advance_exitcase", "May close access, freeze usage and order destruction"),
            ("submit_certificate", "May submit a certificate of destruction"),
            ("verify_exitcase", "May verify or reject a certificate of destruction"),
            ("settle_exitcase", "May state the final settlement"),
            ("archive_exitcase", "May archive an exit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="oversight_exit_access_closed",
                condition=Q(state="TRIGGERED") | Q(access_closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_exit_destruction_ordered",
                condition=Q(state__in=["TRIGGERED", "ACCESS_CLOSED", "USAGE_FROZEN"])
                | Q(destruction_due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_exit_verified",
                condition=~Q(state__in=["VERIFIED", "FINAL_SETTLEMENT", "ARCHIVED"])
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_exit_settled",
                condition=~Q(state__in=["FINAL_SETTLEMENT", "ARCHIVED"])
                | Q(
                    settled_at__isnull=False, refund_fen__isnull=False, damages_fen__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="oversight_exit_amounts",
                condition=(Q(refund_fen__isnull=True) | Q(refund_fen__gte=0))
                & (Q(damages_fen__isnull=True) | Q(damages_fen__gte=0)),
            ),
            models.CheckConstraint(
                name="oversight_exit_archived",
                condition=~Q(state="ARCHIVED")
                | Q(archived_at__isnull=False, retain_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @transition(
        field=state, source=State.TRIGGERED, target=State.ACCESS_CLOSED,
        permission="oversight.advance_exitcase",
    )  # fmt: skip
    def close_access(self, *, closed_at: datetime, at: datetime) -> None:
        """Record since when nothing is delivered any more."""
        self.access_closed_at = closed_at

    @transition(
        field=state, source=State.ACCESS_CLOSED, target=State.USAGE_FROZEN,
        permission="oversight.advance_exitcase",
    )  # fmt: skip
    def freeze_usage(self, *, usage: dict[str, int], at: datetime) -> None:
        """Keep what the meter has counted."""
        self.usage = usage

    @transition(
        field=state, source=State.USAGE_FROZEN, target=State.DESTRUCTION_DUE,
        permission="oversight.advance_exitcase",
    )  # fmt: skip
    def order_destruction(self, *, due_on: date, at: datetime) -> None:
        """Order that everything delivered be destroyed, by a day."""
        self.destruction_due_on = due_on

    @transition(
        field=state, source=[State.DESTRUCTION_DUE, State.REJECTED],
        target=State.CERTIFICATE_SUBMITTED, permission="oversight.submit_certificate",
    )  # fmt: skip
    def submit_certificate(self, *, turn: int, content_hash: str, at: datetime) -> None:
        """Take a certificate; it is a row of its own."""

    @transition(
        field=state, source=State.CERTIFICATE_SUBMITTED, target=State.VERIFIED,
        permission="oversight.verify_exitcase",
    )  # fmt: skip
    def verify_certificate(self, *, turn: int, verifier: Any, at: datetime) -> None:
        """Confirm the destruction."""
        self.verified_by, self.verified_at = verifier, at

    @transition(
        field=state, source=State.CERTIFICATE_SUBMITTED, target=State.REJECTED,
        permission="oversight.verify_exitcase",
    )  # fmt: skip
    def reject_certificate(self, *, turn: int, reason: str, at: datetime) -> None:
        """Send the certificate back with what is missing."""

    @transition(
        field=state, source=State.VERIFIED, target=State.FINAL_SETTLEMENT,
        permission="oversight.settle_exitcase",
    )  # fmt: skip
    def begin_final_settlement(
        self, *, refund_fen: int, damages_fen: int, note: str, at: datetime
    ) -> None:
        """State what is refunded and what is owed."""
        self.refund_fen, self.damages_fen = refund_fen, damages_fen
        self.settlement_note, self.settled_at = note, at

    @transition(
        field=state, source=State.FINAL_SETTLEMENT, target=State.ARCHIVED,
        permission="oversight.archive_exitcase",
    )  # fmt: skip
    def archive(self, *, retain_until: date, at: datetime) -> None:
        """Put the file away for its time."""
        self.archived_at, self.retain_until = at, retain_until


class DestructionCertificate(models.Model):
    """
    One certificate of destruction (数据销毁证明) and what its verification found.

    ``copies`` lists {kind, location, content, method, destroyed_on}; ``none_of`` names the kinds
    the licensee declares never to have had.
    """

    exit_case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, related_name="certificates")
    round = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=60, unique=True)
    copies = models.JSONField()
    none_of = models.JSONField(default=list)
    method = models.CharField(max_length=200)
    standard = models.CharField(max_length=200)
    operator = models.CharField(max_length=60)
    witness = models.CharField(max_length=60)
    destroyed_on = models.DateField()
    content_hash = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    findings = models.JSONField(default=list)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["exit_case", "round"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="oversight_certificate_round", fields=["exit_case", "round"]
            ),
            models.CheckConstraint(
                name="oversight_certificate_checked",
                condition=Q(accepted__isnull=True, checked_at__isnull=True)
                | Q(accepted__isnull=False, checked_at__isnull=False, checked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="oversight_certificate_rejection_has_findings",
                condition=Q(accepted__isnull=True) | Q(accepted=True) | ~Q(findings=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ExitCaseUserPermission(UserObjectPermissionBase):
    """A person's own right on one exit."""

    content_object = models.ForeignKey(ExitCase, on_delete=models.CASCADE)


class ExitCaseGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one exit."""

    content_object = models.ForeignKey(ExitCase, on_delete=models.CASCADE)
