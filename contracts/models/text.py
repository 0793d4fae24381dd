"""The texts an agreement has had, and what the parties said about its clauses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.agreement import Agreement, AgreementParty
from contracts.models.proposal import ChangeProposal
from core.fsm import StateModel


class TextVersion(models.Model):
    """
    One text an agreement has had: terms, facts and hash, who made it, when and why.

    Rows are added and never changed. ``proposal`` is the accepted change that made it.
    """

    class Cause(models.TextChoices):
        DRAFT = "DRAFT", _("Drafted from the decision")
        CHANGE = "CHANGE", _("Accepted change")
        REDRAFT = "REDRAFT", _("Drafted anew")
        AMENDMENT = "AMENDMENT", _("Amendment")
        EARLIER = "EARLIER", _("Text from before versions were kept")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    terms = models.JSONField()
    facts = models.JSONField()
    text_hash = models.CharField(max_length=64)
    cause = models.CharField(max_length=9, choices=Cause.choices)
    proposal = models.ForeignKey(
        ChangeProposal, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_textversion_once", fields=["agreement", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


class ThreadState(models.TextChoices):
    """Whether what was said of a clause is settled."""

    OPEN = "OPEN", _("Unresolved")
    RESOLVED = "RESOLVED", _("Resolved")


class ClauseThread(StateModel):
    """
    A conversation about one clause.

        OPEN --settle_comment--> RESOLVED --take_up--> OPEN

    An internal one is granted to the desks of its own side only; the other side cannot know that
    it is there.
    """

    State = ThreadState

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="threads")
    clause = models.CharField(max_length=40)
    side = models.CharField(max_length=8, choices=AgreementParty.Side.choices)
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    is_internal = models.BooleanField(default=True)
    text_version = models.PositiveIntegerField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    state = FSMField(default=ThreadState.OPEN, choices=ThreadState.choices, protected=True)

    class Meta:
        ordering = ["agreement", "started_at", "id"]
        permissions = [
            ("see_clausethread", "May read a conversation about a clause"),
            ("join_clausethread", "May answer, resolve and reopen a conversation"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_thread_state_known", condition=Q(state__in=ThreadState.values)
            ),
            models.CheckConstraint(
                name="contracts_thread_resolved_by_someone",
                condition=Q(state="OPEN", resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(state="RESOLVED", resolved_by__isnull=False, resolved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.clause} {self.state}"

    @transition(
        field=state,
        source=ThreadState.OPEN,
        target=ThreadState.RESOLVED,
        permission="contracts.join_clausethread",
    )
    def settle_comment(self, *, resolver: Any, at: datetime) -> None:
        """Mark it as settled."""
        self.resolved_by, self.resolved_at = resolver, at

    @transition(
        field=state,
        source=ThreadState.RESOLVED,
        target=ThreadState.OPEN,
        permission="contracts.join_clausethread",
    )
    def take_up(self, *, at: datetime) -> None:
        """Take it up again."""
        self.resolved_by, self.resolved_at = None, None


class ClauseComment(models.Model):
    """One thing said in a conversation. Rows are added and never changed."""

    thread = models.ForeignKey(ClauseThread, on_delete=models.PROTECT, related_name="comments")
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["thread", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="contracts_comment_says_something", condition=~Q(text=""))
        ]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.thread_id}"


class ClauseThreadUserPermission(UserObjectPermissionBase):
    """A person's own permission on one conversation."""

    content_object = models.ForeignKey(ClauseThread, on_delete=models.CASCADE)


class ClauseThreadGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one conversation."""

    content_object = models.ForeignKey(ClauseThread, on_delete=models.CASCADE)
