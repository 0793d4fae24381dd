"""The client application: the program that will call the gate, reviewed before it may."""

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


class ClientApplication(StateModel):
    """
    A licensee's program under one agreement (应用接入).

        REGISTERED --approve--> APPROVED
        REGISTERED --reject--> REJECTED

    ``ip_allow_list`` holds networks in CIDR form; an empty list allows every address.
    Source: clause A30, docs/sources.md#a30.
    """

    class State(models.TextChoices):
        REGISTERED = "REGISTERED", _("Awaiting review")
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")

    name = models.CharField(max_length=100)
    organization = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="client_applications"
    )
    platform = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="client_applications_hosted"
    )
    agreement = models.ForeignKey(
        "contracts.Agreement", on_delete=models.PROTECT, related_name="client_applications"
    )
    purpose = models.TextField()
    ip_allow_list = models.JSONField(default=list, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(blank=True)
    state = FSMField(default=State.REGISTERED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-registered_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_clientapplication", "May see a client application"),
            ("review_clientapplication", "May review a client application"),
            ("request_credential", "May request a credential for a client application"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="licensing_client_name_once_per_agreement",
                fields=["agreement", "name"],
                condition=~Q(state="REJECTED"),
            ),
            models.CheckConstraint(
                name="licensing_client_reviewed_by_someone",
                condition=Q(state="REGISTERED", reviewed_at__isnull=True)
                | (
                    Q(state__in=["APPROVED", "REJECTED"])
                    & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @transition(
        field=state, source=State.REGISTERED, target=State.APPROVED,
        permission="licensing.review_clientapplication",
    )  # fmt: skip
    def approve(self, *, reviewer: Any, note: str, at: datetime) -> None:
        """Admit the program."""
        self.reviewed_by, self.reviewed_at, self.review_note = reviewer, at, note

    @transition(
        field=state, source=State.REGISTERED, target=State.REJECTED,
        permission="licensing.review_clientapplication",
    )  # fmt: skip
    def reject(self, *, reviewer: Any, note: str, at: datetime) -> None:
        """Turn the program away, with the reason."""
        self.reviewed_by, self.reviewed_at, self.review_note = reviewer, at, note


class ClientApplicationUserPermission(UserObjectPermissionBase):
    """A person's own right on one client application."""

    content_object = models.ForeignKey(ClientApplication, on_delete=models.CASCADE)


class ClientApplicationGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one client application."""

    content_object = models.ForeignKey(ClientApplication, on_delete=models.CASCADE)
