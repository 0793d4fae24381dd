"""The form as data: versions of its general part and of the parts of single datasets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class FormDefinition(StateModel):
    """
    One version of what an application is asked, with its legal basis.

        DRAFT --edit--> DRAFT --publish--> PUBLISHED
        DRAFT --discard--> DISCARDED

    ``dataset`` empty is the general part; otherwise it is the part of one dataset. Two persons make
    a version, but the first general one came with the product. A case keeps the versions it began
    with. ``content`` has the shape ``applications.definition`` describes.
    Source: docs/decisions/0009-forms-as-data.md.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("form", "Draft")
        PUBLISHED = "PUBLISHED", pgettext_lazy("form", "Published")
        DISCARDED = "DISCARDED", pgettext_lazy("form", "Discarded")

    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    dataset = models.ForeignKey(
        "catalog.Dataset", null=True, on_delete=models.PROTECT, related_name="form_definitions"
    )
    version = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField(null=True)
    content = models.JSONField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dataset_id", "version"]
        default_permissions = ()
        permissions = [
            ("see_formdefinition", "May see the versions of the form"),
            ("edit_formdefinition", "May draft a version of the form"),
            ("publish_formdefinition", "May publish a version of the form"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="form_version", fields=["dataset", "version"], nulls_distinct=False
            ),
            models.CheckConstraint(name="form_basis", condition=~Q(legal_basis="")),
            models.CheckConstraint(
                name="form_published_is_dated",
                condition=~Q(state="PUBLISHED")
                | Q(effective_on__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="form_two_persons",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("edited_by")),
            ),
            models.CheckConstraint(
                name="form_first_came_with_the_product",
                condition=Q(dataset__isnull=True, version=1) | Q(edited_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"form {self.dataset_id or 'general'} v{self.version}"

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.DRAFT,
        permission="applications.edit_formdefinition",
    )
    def edit(self, *, content: dict[str, Any], legal_basis: str, by: Any, at: datetime) -> None:
        self.content, self.legal_basis = content, legal_basis
        self.edited_by, self.edited_at = by, at

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.PUBLISHED,
        permission="applications.publish_formdefinition",
    )
    def publish(self, *, effective_on: date, by: Any, at: datetime) -> None:
        self.effective_on, self.published_by, self.published_at = effective_on, by, at

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.DISCARDED,
        permission="applications.edit_formdefinition",
    )
    def discard(self, *, at: datetime) -> None:
        pass


class FormDefinitionUserPermission(UserObjectPermissionBase):
    """A permission of one person on one version of the form."""

    content_object = models.ForeignKey(FormDefinition, on_delete=models.CASCADE)


class FormDefinitionGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one version of the form."""

    content_object = models.ForeignKey(FormDefinition, on_delete=models.CASCADE)
