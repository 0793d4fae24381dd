"""The opinion of one provider on what is asked of its datasets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from applications.models.application import Application
from core.fsm import StateModel


class ProviderBranch(StateModel):
    """
    One provider's part of the review; the branches of an application run in parallel.

        OPEN --draft_opinion--> DRAFTED --draft_opinion--> DRAFTED
        DRAFTED --confirm--> ANSWERED
        OPEN, DRAFTED --close--> CLOSED   (the case ended before the answer)

    ``opinion`` maps a dataset code to field decisions:
    {"D01": {"fields": {"name": {"decision", "rule", "reason", "legal_basis"}}, "note": ""}}.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Waiting for an opinion")
        DRAFTED = "DRAFTED", _("Opinion drafted")
        ANSWERED = "ANSWERED", _("Opinion confirmed")
        CLOSED = "CLOSED", _("Closed with the case")

    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="branches")
    provider = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="review_branches"
    )
    opinion = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    # The colleague who alone drafts it; nobody means the whole desk may.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="branches_assigned",
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="branches_drafted",
    )
    drafted_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="branches_confirmed",
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "opened_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_providerbranch", "May see the branch"),
            ("draft_opinion", "May draft the opinion"),
            ("confirm_opinion", "May confirm the opinion"),
            ("close_branch", "The system closes the branch"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="provider_branch_once", fields=["application", "provider"]
            ),
            models.CheckConstraint(
                name="provider_branch_state_known",
                condition=Q(state__in=["OPEN", "DRAFTED", "ANSWERED", "CLOSED"]),
            ),
            models.CheckConstraint(
                name="provider_branch_drafted_has_author",
                condition=~Q(state__in=["DRAFTED", "ANSWERED"])
                | Q(drafted_by__isnull=False, drafted_at__isnull=False) & ~Q(opinion={}),
            ),
            models.CheckConstraint(
                name="provider_branch_answered_by_another",
                condition=~Q(state="ANSWERED")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=models.F("drafted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} on {self.application_id}"

    @transition(
        field=state,
        source=[State.OPEN, State.DRAFTED],
        target=State.DRAFTED,
        permission="applications.draft_opinion",
    )
    def draft_opinion(self, *, opinion: dict[str, Any], drafted_by: Any, at: datetime) -> None:
        self.opinion, self.drafted_by, self.drafted_at = opinion, drafted_by, at

    @transition(
        field=state,
        source=State.DRAFTED,
        target=State.ANSWERED,
        permission="applications.confirm_opinion",
    )
    def confirm(self, *, confirmed_by: Any, at: datetime) -> None:
        self.confirmed_by, self.confirmed_at = confirmed_by, at

    @transition(
        field=state,
        source=[State.OPEN, State.DRAFTED],
        target=State.CLOSED,
        permission="applications.close_branch",
    )
    def close(self, *, at: datetime) -> None:
        pass


class ProviderBranchUserPermission(UserObjectPermissionBase):
    """A permission of one person on one branch."""

    content_object = models.ForeignKey(ProviderBranch, on_delete=models.CASCADE)


class ProviderBranchGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one branch."""

    content_object = models.ForeignKey(ProviderBranch, on_delete=models.CASCADE)
