"""Who signed what and how it was proved, who may sign for whom, and the rules of the act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.agreement import Agreement, AgreementDocument, AgreementParty
from core.fsm import StateModel


class SigningRule(models.Model):
    """One version of a rule about signing: configuration with its legal basis, never code."""

    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()

    class Meta:
        ordering = ["kind", "version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_signingrule_version", fields=["kind", "version"]
            ),
            models.CheckConstraint(
                name="contracts_signingrule_has_basis", condition=~Q(legal_basis="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class MandateState(models.TextChoices):
    """Where a power of attorney stands."""

    FILED = "FILED", _("Waits for review")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REFUSED = "REFUSED", _("Not accepted")
    REVOKED = "REVOKED", _("Revoked")
    EXPIRED = "EXPIRED", _("Expired")


class SigningMandate(StateModel):
    """
    A power of attorney (授权委托书): one person may sign one agreement for a party, until a day.

        FILED --accept--> ACCEPTED --revoke--> REVOKED | --expire--> EXPIRED
        FILED --refuse--> REFUSED
        FILED --revoke--> REVOKED

    The letter is kept as it was handed in. A signature given while it held stays valid after it.
    """

    State = MandateState

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="mandates")
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=AgreementParty.Side.choices)
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    valid_until = models.DateField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    state = FSMField(default=MandateState.FILED, choices=MandateState.choices, protected=True)

    class Meta:
        ordering = ["-filed_at", "id"]
        permissions = [
            ("see_signingmandate", "May see a power of attorney"),
            ("review_signingmandate", "May accept or refuse a power of attorney"),
            ("revoke_signingmandate", "May revoke a power of attorney"),
            ("expire_signingmandate", "The system lets a power of attorney expire"),
        ]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="contracts_mandate_state_known", condition=Q(state__in=MandateState.values)
            ),
            models.CheckConstraint(
                name="contracts_mandate_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
            # The letter proves it; whoever it empowers does not judge it.
            models.CheckConstraint(
                name="contracts_mandate_accepted_by_another",
                condition=~Q(state="ACCEPTED")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                & ~Q(reviewed_by=F("delegate"))
                & ~Q(reviewed_by=F("filed_by")),
            ),
            models.CheckConstraint(
                name="contracts_mandate_ended_with_reason",
                condition=Q(state__in=["FILED", "ACCEPTED"], ended_at__isnull=True)
                | Q(state__in=["REFUSED", "REVOKED", "EXPIRED"], ended_at__isnull=False)
                & ~Q(end_reason=""),
            ),
            models.UniqueConstraint(
                name="contracts_one_mandate_per_delegate",
                fields=["agreement", "delegate"],
                condition=Q(state__in=["FILED", "ACCEPTED"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until", "id"],
                name="contracts_mandate_open",
                condition=Q(state__in=["FILED", "ACCEPTED"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.delegate_id} until {self.valid_until}"

    @transition(
        field=state,
        source=MandateState.FILED,
        target=MandateState.ACCEPTED,
        permission="contracts.review_signingmandate",
    )
    def accept(self, *, reviewer: Any, at: datetime) -> None:
        """Let the delegate sign."""
        self.reviewed_by, self.reviewed_at = reviewer, at

    @transition(
        field=state,
        source=MandateState.FILED,
        target=MandateState.REFUSED,
        permission="contracts.review_signingmandate",
    )
    def refuse(self, *, reviewer: Any, reason: str, at: datetime) -> None:
        """Refuse the letter, with the reason."""
        self.reviewed_by, self.reviewed_at = reviewer, at
        self.ended_at, self.end_reason = at, reason

    @transition(
        field=state,
        source=[MandateState.FILED, MandateState.ACCEPTED],
        target=MandateState.REVOKED,
        permission="contracts.revoke_signingmandate",
    )
    def revoke(self, *, reason: str, at: datetime) -> None:
        """Take the power back."""
        self.ended_at, self.end_reason = at, reason

    @transition(
        field=state,
        source=[MandateState.FILED, MandateState.ACCEPTED],
        target=MandateState.EXPIRED,
        permission="contracts.expire_signingmandate",
    )
    def expire(self, *, reason: str, at: datetime) -> None:
        """End it after its last day."""
        self.ended_at, self.end_reason = at, reason


class SigningMandateUserPermission(UserObjectPermissionBase):
    """A right of one person on one power of attorney."""

    content_object = models.ForeignKey(SigningMandate, on_delete=models.CASCADE)


class SigningMandateGroupPermission(GroupObjectPermissionBase):
    """A right of one desk on one power of attorney."""

    content_object = models.ForeignKey(SigningMandate, on_delete=models.CASCADE)


class Signature(models.Model):
    """
    One signature of one party over one text. It is never removed; a changed text voids it.

    ``text_hash`` is what the signer had on the screen, and what the agreement had at that moment.
    ``proof`` says how the signer proved to be the signer; ``mandate`` is the power of attorney of
    somebody who is not the legal representative or leader.
    """

    class Proof(models.TextChoices):
        PASSWORD = "PASSWORD", _("Password")
        TOTP = "TOTP", _("Password and one-time code")
        RECOVERY_CODE = "RECOVERY_CODE", _("Password and recovery code")
        UPLOAD = "UPLOAD", _("Signed elsewhere with an own certificate")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=30)
    mandate = models.ForeignKey(
        SigningMandate, null=True, on_delete=models.PROTECT, related_name="signatures"
    )
    # Signatures older than the second factor were proved by the password of the session alone.
    proof = models.CharField(max_length=14, choices=Proof.choices, default=Proof.PASSWORD)
    # The PDF with this signature in it, and whose certificate made it.
    document = models.ForeignKey(
        AgreementDocument, null=True, on_delete=models.PROTECT, related_name="signatures"
    )
    certificate_subject = models.CharField(max_length=300, blank=True)
    certificate_hash = models.CharField(max_length=64, blank=True)
    text_hash = models.CharField(max_length=64)
    text_version = models.PositiveIntegerField()
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="contracts_signature_once_per_party",
                fields=["agreement", "party"],
                condition=Q(voided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.party_id} v{self.text_version}"
