"""A change of terms that one party proposes and another accepts or declines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.agreement import Agreement
from core.fsm import StateModel


class ProposalState(models.TextChoices):
    """Where a proposed change stands."""

    OPEN = "OPEN", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", _("Change accepted")
    DECLINED = "DECLINED", _("Change declined")


class ChangeProposal(StateModel):
    """
    A proposed change of terms, answered by a party of the other side.

        OPEN --accept--> ACCEPTED | --decline--> DECLINED

    ``changes`` maps a term to the new values of some of its entries. The parties that were not
    asked consent, or not, by signing the text that comes of it.
    """

    State = ProposalState

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="proposals")
    side = models.CharField(max_length=8)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField()
    reason = models.TextField()
    text_version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.TextField(blank=True)
    state = FSMField(default=ProposalState.OPEN, choices=ProposalState.choices, protected=True)

    class Meta:
        ordering = ["-created_at", "id"]
        permissions = [("answer_changeproposal", "May accept or decline a proposed change")]
        constraints = [
            models.CheckConstraint(
                name="contracts_proposal_state_known",
                condition=Q(state__in=ProposalState.values),
            ),
            models.CheckConstraint(
                name="contracts_proposal_answered_by_someone",
                condition=Q(state="OPEN")
                | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_proposal_has_reason", condition=~Q(reason="")
            ),
            # One open proposal at a time: a change is judged against the terms it was made for.
            models.UniqueConstraint(
                name="contracts_one_open_proposal",
                fields=["agreement"],
                condition=Q(state="OPEN"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.state}"

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.ACCEPTED,
        permission="contracts.answer_changeproposal",
    )
    def accept(self, *, answerer: Any, at: datetime) -> None:
        """Agree to the change."""
        self.answered_by, self.answered_at = answerer, at

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.DECLINED,
        permission="contracts.answer_changeproposal",
    )
    def decline(self, *, answerer: Any, reason: str, at: datetime) -> None:
        """Refuse the change, with the reason."""
        self.answered_by, self.answered_at, self.answer_reason = answerer, at, reason


class ChangeProposalUserPermission(UserObjectPermissionBase):
    """A person's own permission on one proposal."""

    content_object = models.ForeignKey(ChangeProposal, on_delete=models.CASCADE)


class ChangeProposalGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one proposal."""

    content_object = models.ForeignKey(ChangeProposal, on_delete=models.CASCADE)
