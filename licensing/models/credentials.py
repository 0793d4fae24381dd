"""The credential: a key that opens the active licenses of its agreement."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel
from licensing.models.clients import ClientApplication


class Credential(StateModel):
    """
    One key of one client application.

        REQUESTED --issue--> ACTIVE --suspend--> SUSPENDED --resume--> ACTIVE
        ACTIVE --rotate--> ROTATED
        REQUESTED, ACTIVE, SUSPENDED, ROTATED --revoke--> REVOKED
        REQUESTED, ACTIVE, SUSPENDED, ROTATED --expire--> EXPIRED

    The key itself is shown once and never stored: ``secret_hash`` is the SHA-256 of the whole key.
    A rotated key still opens until ``valid_to``, which rotation sets to the end of the overlap.
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("Requested")
        ACTIVE = "ACTIVE", _("Active")
        SUSPENDED = "SUSPENDED", _("Suspended")
        ROTATED = "ROTATED", _("Replaced")
        REVOKED = "REVOKED", _("Revoked")
        EXPIRED = "EXPIRED", _("Expired")

    LIVE = (State.REQUESTED, State.ACTIVE, State.SUSPENDED, State.ROTATED)

    client_application = models.ForeignKey(
        ClientApplication, on_delete=models.PROTECT, related_name="credentials"
    )
    agreement = models.ForeignKey(
        "contracts.Agreement", on_delete=models.PROTECT, related_name="credentials"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    prefix = models.CharField(max_length=8, null=True, unique=True)
    secret_hash = models.CharField(max_length=64, null=True, unique=True)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    state = FSMField(default=State.REQUESTED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-requested_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_credential", "May see a credential"),
            ("issue_credential", "May issue the key of a credential"),
            ("rotate_credential", "May replace the key of a credential"),
            ("suspend_credential", "May suspend a credential"),
            ("resume_credential", "May resume a credential"),
            ("revoke_credential", "May revoke a credential"),
            ("expire_credential", "May end a credential at its term"),
        ]
        constraints = [
            models.CheckConstraint(
                name="licensing_credential_issued_has_key",
                condition=~Q(state__in=["ACTIVE", "SUSPENDED", "ROTATED"])
                | Q(
                    prefix__isnull=False,
                    secret_hash__isnull=False,
                    valid_from__isnull=False,
                    valid_to__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="licensing_credential_requested_has_no_key",
                condition=~Q(state="REQUESTED") | Q(secret_hash__isnull=True),
            ),
            models.CheckConstraint(
                name="licensing_credential_term",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="licensing_credential_ended_says_when",
                condition=~Q(state__in=["REVOKED", "EXPIRED"]) | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix or '-'} {self.state}"

    @transition(
        field=state, source=State.REQUESTED, target=State.ACTIVE,
        permission="licensing.issue_credential",
    )  # fmt: skip
    def issue(
        self, *, prefix: str, secret_hash: bytes, valid_to: datetime, at: datetime
    ) -> None:
        """Take the key's hash into the books and let the key open from now on."""
        # The hash comes as bytes so that the audit entry, which keeps plain facts, leaves it out.
        self.prefix, self.secret_hash = prefix, secret_hash.hex()
        self.valid_from, self.valid_to = at, valid_to

    @transition(
        field=state, source=State.ACTIVE, target=State.SUSPENDED,
        permission="licensing.suspend_credential",
    )  # fmt: skip
    def suspend(self, *, reason: str, at: datetime) -> None:
        """Stop the key for the time being."""
        self.reason = reason

    @transition(
        field=state, source=State.SUSPENDED, target=State.ACTIVE,
        permission="licensing.resume_credential",
    )  # fmt: skip
    def resume(self, *, reason: str, at: datetime) -> None:
        """Let the key open again."""
        self.reason = ""

    @transition(
        field=state, source=State.ACTIVE, target=State.ROTATED,
        permission="licensing.rotate_credential",
    )  # fmt: skip
    def rotate(self, *, overlap_to: datetime, at: datetime) -> None:
        """Let the key run out: another one has taken its place."""
        self.valid_to = overlap_to

    @transition(
        field=state, source=LIVE, target=State.REVOKED, permission="licensing.revoke_credential"
    )
    def revoke(self, *, reason: str, at: datetime) -> None:
        """End the key at once."""
        self.ended_at, self.reason = at, reason

    @transition(
        field=state, source=LIVE, target=State.EXPIRED, permission="licensing.expire_credential"
    )
    def expire(self, *, at: datetime) -> None:
        """End the key: its term is over."""
        self.ended_at = at


class CredentialUserPermission(UserObjectPermissionBase):
    """A person's own right on one credential."""

    content_object = models.ForeignKey(Credential, on_delete=models.CASCADE)


class CredentialGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one credential."""

    content_object = models.ForeignKey(Credential, on_delete=models.CASCADE)
