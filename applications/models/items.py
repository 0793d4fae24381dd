"""The datasets an application asks for, and the rights of people on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from applications.models.application import Application


class ApplicationItem(models.Model):
    """One dataset that an application asks for, field by field, and what came of it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="items")
    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT)
    fields = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    justification = models.TextField(blank=True)
    # The version of the part of this dataset that the case was begun with.
    form = models.ForeignKey(
        "applications.FormDefinition", on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.JSONField(null=True)
    # What the last decision says of this dataset; empty before it.
    result = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="application_item_result_known",
                condition=Q(result__in=["", "APPROVED", "APPROVED_WITH_CONDITIONS", "REJECTED"]),
            ),
            models.UniqueConstraint(
                name="application_item_once", fields=["application", "dataset"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} of {self.application_id}"


class ApplicationUserPermission(UserObjectPermissionBase):
    """A permission of one person on one application, e.g. a panel seat."""

    content_object = models.ForeignKey(Application, on_delete=models.CASCADE)


class ApplicationGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one application."""

    content_object = models.ForeignKey(Application, on_delete=models.CASCADE)
