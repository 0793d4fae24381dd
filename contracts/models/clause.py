"""The clause library: versions of the wording that agreements pin when they are drafted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.template import VersionState
from core.fsm import StateModel


class ClauseVersion(StateModel):
    """
    One version of one clause of the library.

        DRAFT --publish--> PUBLISHED

    ``paragraphs`` are {text, when, each} in the language of ``contracts.clauses.language``;
    ``forms`` and ``procedures`` say where it may be used. A published version is never changed:
    agreements hold its words, and a new wording is the next version.
    """

    State = VersionState

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=60)
    term = models.CharField(max_length=40, blank=True)
    paragraphs = models.JSONField()
    forms = models.JSONField()
    procedures = models.JSONField()
    legal_basis = models.TextField()
    note = models.TextField(blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    state = FSMField(default=VersionState.DRAFT, choices=VersionState.choices, protected=True)

    class Meta:
        ordering = ["code", "-version"]
        permissions = [
            ("see_clauseversion", "May see a clause of the library"),
            ("publish_clauseversion", "May publish a clause of the library"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contracts_clause_version_once", fields=["code", "version"]
            ),
            models.UniqueConstraint(
                name="contracts_clause_one_draft", fields=["code"], condition=Q(state="DRAFT")
            ),
            models.CheckConstraint(
                name="contracts_clause_state_known", condition=Q(state__in=VersionState.values)
            ),
            models.CheckConstraint(
                name="contracts_clause_has_legal_basis", condition=~Q(legal_basis="")
            ),
            models.CheckConstraint(
                name="contracts_clause_published_by_someone",
                condition=~Q(state="PUBLISHED")
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @transition(
        field=state,
        source=VersionState.DRAFT,
        target=VersionState.PUBLISHED,
        permission="contracts.publish_clauseversion",
    )
    def publish(self, *, publisher: Any, at: datetime) -> None:
        """Put this version in force for agreements drafted from now on."""
        self.published_by, self.published_at = publisher, at


class ClauseVersionUserPermission(UserObjectPermissionBase):
    """A person's own permission on one version of a clause."""

    content_object = models.ForeignKey(ClauseVersion, on_delete=models.CASCADE)


class ClauseVersionGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one version of a clause."""

    content_object = models.ForeignKey(ClauseVersion, on_delete=models.CASCADE)


class ProfileComment(models.Model):
    """What one side says about a term profile while it is agreed on; never changed."""

    profile = models.ForeignKey(
        "contracts.TermProfile", on_delete=models.PROTECT, related_name="comments"
    )
    # The entry it is about, by dotted path; empty when it is about the whole.
    path = models.CharField(max_length=120, blank=True)
    side = models.CharField(
        max_length=9,
        choices=[("PROVIDER", _("Data provider")), ("AUTHORITY", _("Data authority"))],
    )
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="contracts_profilecomment_has_text", condition=~Q(text="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.side} {self.path}"
