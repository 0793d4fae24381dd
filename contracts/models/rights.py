"""Who may do what to one agreement."""

from __future__ import annotations

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.agreement import Agreement


class AgreementUserPermission(UserObjectPermissionBase):
    """A person's own permission on one agreement."""

    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE)


class AgreementGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one agreement."""

    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE)
