"""A change of terms that one party proposes and others accept, refuse or counter."""

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
    COUNTERED = "COUNTERED", _("Answered by a counter-proposal")
    WITHDRAWN = "WITHDRAWN", _("Change withdrawn")
    LAPSED = "LAPSED", _("Fell with the negotiation")


class ChangeProposal(StateModel):
    """
    A proposed change of some clauses, answered by the parties it asks.

        OPEN --consent--> OPEN --accept--> ACCEPTED
        OPEN --decline--> DECLINED | --counter--> COUNTERED | --withdraw--> WITHDRAWN
        OPEN --lapse--> LAPSED                     (the text came into force, or fell)

    ``changes`` maps a term to the new values of some of its entries; ``places`` names the clauses
    it touches, no two open proposals the same one. ``answers`` is the proposal this one counters.
    The parties that were not asked consent, or not, by signing the text that comes of it.
    """

    State = ProposalState

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="proposals")
    side = models.CharField(max_length=8)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField()
    places = models.JSONField(default=list)
    reason = models.TextField()
    text_version = models.PositiveIntegerField()
    answers = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="counter_proposal"
    )
    created_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.TextField(blank=True)
    state = FSMField(default=ProposalState.OPEN, choices=ProposalState.choices, protected=True)

    class Meta:
        ordering = ["-created_at", "id"]
        permissions = [
            ("answer_changeproposal", "May accept, decline or counter a proposed change"),
            ("withdraw_changeproposal", "May withdraw a proposed change"),
            ("lapse_changeproposal", "May let a proposed change fall with the negotiation"),
        ]
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
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.state}"

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.OPEN,
        permission="contracts.answer_changeproposal",
    )
    def consent(self, *, party: models.Model, at: datetime) -> None:
        """Record that one party agrees while others are still asked; its consent is a row."""

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.ACCEPTED,
        permission="contracts.answer_changeproposal",
    )
    def accept(self, *, answerer: Any, at: datetime) -> None:
        """Agree to the change, as the last of those who are asked."""
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

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.COUNTERED,
        permission="contracts.answer_changeproposal",
    )
    def counter(self, *, answerer: Any, reason: str, at: datetime) -> None:
        """Answer by another proposal, which takes the place of this one."""
        self.answered_by, self.answered_at, self.answer_reason = answerer, at, reason

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.WITHDRAWN,
        permission="contracts.withdraw_changeproposal",
    )
    def withdraw(self, *, answerer: Any, reason: str, at: datetime) -> None:
        """Take one's own proposal back."""
        self.answered_by, self.answered_at, self.answer_reason = answerer, at, reason

    @transition(
        field=state,
        source=ProposalState.OPEN,
        target=ProposalState.LAPSED,
        permission="contracts.lapse_changeproposal",
    )
    def lapse(self, *, answerer: Any, reason: str, at: datetime) -> None:
        """Let it fall: the text it would change is in force, or given up."""
        self.answered_by, self.answered_at, self.answer_reason = answerer, at, reason


class ProposalAsk(models.Model):
    """
    A party that is asked to accept a proposal.

    Of the parties in one ``group`` one is enough; every group has to be answered.
    """

    proposal = models.ForeignKey(ChangeProposal, on_delete=models.PROTECT, related_name="asks")
    organization = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    group = models.PositiveSmallIntegerField()
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    consented_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["proposal", "group", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_ask_once", fields=["proposal", "group", "organization"]
            ),
            models.CheckConstraint(
                name="contracts_ask_consented_by_someone",
                condition=Q(consented_by__isnull=True, consented_at__isnull=True)
                | Q(consented_by__isnull=False, consented_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} asks {self.organization_id}"


class ProposalClaim(models.Model):
    """One clause that an open proposal holds; nobody else proposes there until it is answered."""

    proposal = models.ForeignKey(ChangeProposal, on_delete=models.PROTECT, related_name="claims")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="claims")
    place = models.CharField(max_length=80)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["agreement", "place", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_one_open_proposal_per_clause",
                fields=["agreement", "place"],
                condition=Q(released_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.place}"


class ChangeProposalUserPermission(UserObjectPermissionBase):
    """A person's own permission on one proposal."""

    content_object = models.ForeignKey(ChangeProposal, on_delete=models.CASCADE)


class ChangeProposalGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one proposal."""

    content_object = models.ForeignKey(ChangeProposal, on_delete=models.CASCADE)
