"""Base templates and term profiles: versions of terms that agreements are merged from."""

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


class Procedure(models.TextChoices):
    """The three procedures of the field; they share the engine, not their documents."""

    P1 = "P1", _("Conditional opening")
    P2 = "P2", _("Authorized operation")
    P3 = "P3", _("Trading of conditional data")


class VersionState(models.TextChoices):
    """The life of one version of terms."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")


class BaseTemplate(StateModel):
    """
    One version of the terms that every agreement of a procedure starts from.

        DRAFT --publish--> PUBLISHED

    ``locked`` names the terms that no profile and no negotiation may loosen. A published version
    is never changed; the newest published one is in force.
    """

    State = VersionState

    kind = models.CharField(max_length=2, choices=Procedure.choices)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    locked = models.JSONField()
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
        ordering = ["kind", "-version"]
        permissions = [
            ("see_basetemplate", "May see a base template"),
            ("publish_basetemplate", "May publish a base template"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contracts_basetemplate_version_once", fields=["kind", "version"]
            ),
            models.CheckConstraint(
                name="contracts_basetemplate_published_by_someone",
                condition=~Q(state="PUBLISHED")
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_basetemplate_state_known",
                condition=Q(state__in=["DRAFT", "PUBLISHED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"

    @transition(
        field=state,
        source=VersionState.DRAFT,
        target=VersionState.PUBLISHED,
        permission="contracts.publish_basetemplate",
    )
    def publish(self, *, publisher: Any, at: datetime) -> None:
        """Put this version in force."""
        self.published_by, self.published_at = publisher, at


class TermProfile(StateModel):
    """
    One version of what a dataset's provider demands beyond the base template.

        DRAFT --publish--> PUBLISHED

    ``terms`` is partial. It may tighten the base template and never loosen a locked term.
    """

    State = VersionState

    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    terms = models.JSONField()
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
        ordering = ["dataset", "-version"]
        permissions = [
            ("see_termprofile", "May see a term profile"),
            ("publish_termprofile", "May publish a term profile"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contracts_termprofile_version_once", fields=["dataset", "version"]
            ),
            models.CheckConstraint(
                name="contracts_termprofile_published_by_someone",
                condition=~Q(state="PUBLISHED")
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_termprofile_state_known",
                condition=Q(state__in=["DRAFT", "PUBLISHED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} v{self.version}"

    @transition(
        field=state,
        source=VersionState.DRAFT,
        target=VersionState.PUBLISHED,
        permission="contracts.publish_termprofile",
    )
    def publish(self, *, publisher: Any, at: datetime) -> None:
        """Put this version in force."""
        self.published_by, self.published_at = publisher, at


class BaseTemplateUserPermission(UserObjectPermissionBase):
    """A person's own permission on one base template."""

    content_object = models.ForeignKey(BaseTemplate, on_delete=models.CASCADE)


class BaseTemplateGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one base template."""

    content_object = models.ForeignKey(BaseTemplate, on_delete=models.CASCADE)


class TermProfileUserPermission(UserObjectPermissionBase):
    """A person's own permission on one term profile."""

    content_object = models.ForeignKey(TermProfile, on_delete=models.CASCADE)


class TermProfileGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one term profile."""

    content_object = models.ForeignKey(TermProfile, on_delete=models.CASCADE)
