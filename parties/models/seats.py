"""Invitations to a seat in a company, and the tally of attempts from one address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel
from parties.models.organizations import Organization
from parties.models.profiles import PartyRule
from parties.roles import Role


class Invitation(StateModel):
    """
    A seat offered to one mail address, once, until a moment.

        OPEN --accept--> ACCEPTED | --revoke--> REVOKED | --expire--> EXPIRED

    The code exists in the mail alone: it is made when the mail is sent, and only its hash stays.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        ACCEPTED = "ACCEPTED", _("Accepted")
        REVOKED = "REVOKED", _("Revoked")
        EXPIRED = "EXPIRED", _("Expired")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="invitations"
    )
    # In lower case: an address is compared, never guessed at.
    email = models.EmailField()
    role = models.CharField(max_length=24, choices=Role.choices)
    rule = models.ForeignKey(PartyRule, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mail_due_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-invited_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_invitation", "May see an invitation"),
            ("revoke_invitation", "May revoke an invitation"),
            ("accept_invitation", "May accept an invitation"),
            ("expire_invitation", "The system lets an invitation expire"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="parties_invitation_one_open_per_address",
                fields=["organization", "email"],
                condition=Q(state="OPEN"),
            ),
            models.CheckConstraint(
                name="parties_invitation_accepted_by_someone",
                condition=~Q(state="ACCEPTED") | Q(accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="parties_invitation_closed",
                condition=Q(state="OPEN", closed_at__isnull=True)
                | ~Q(state="OPEN") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="parties_invitation_ends_later", condition=Q(expires_at__gt=F("invited_at"))
            ),
            models.CheckConstraint(
                name="parties_invitation_code_hash",
                condition=Q(code_hash__isnull=True) | Q(code_hash__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["mail_due_at", "id"],
                name="parties_invitation_to_mail",
                condition=Q(mail_due_at__isnull=False),
            ),
            models.Index(
                fields=["expires_at", "id"],
                name="parties_invitation_open",
                condition=Q(state="OPEN"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.organization_id}"

    @transition(
        field=state,
        source=State.OPEN,
        target=State.ACCEPTED,
        permission="parties.accept_invitation",
    )
    def accept(self, *, by: Any, at: datetime) -> None:
        self.accepted_by, self.closed_at, self.mail_due_at = by, at, None

    @transition(
        field=state,
        source=State.OPEN,
        target=State.REVOKED,
        permission="parties.revoke_invitation",
    )
    def revoke(self, *, at: datetime) -> None:
        self.closed_at, self.mail_due_at = at, None

    @transition(
        field=state,
        source=State.OPEN,
        target=State.EXPIRED,
        permission="parties.expire_invitation",
    )
    def expire(self, *, at: datetime) -> None:
        self.closed_at, self.mail_due_at = at, None


class InvitationUserPermission(UserObjectPermissionBase):
    """A right of one person on one invitation."""

    content_object = models.ForeignKey(Invitation, on_delete=models.CASCADE)


class InvitationGroupPermission(GroupObjectPermissionBase):
    """A right of one desk on one invitation."""

    content_object = models.ForeignKey(Invitation, on_delete=models.CASCADE)


class Attempt(models.Model):
    """One try from one address at a page that needs no account; kept for a quarter of an hour."""

    kind = models.CharField(max_length=20)
    # Of the address only a digest is kept.
    source_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "source_hash", "at"], name="parties_attempt_tally")
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
