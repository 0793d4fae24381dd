from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class BerthRequest(StateModel):
    """
    A vessel's request for a berth.

        FILED --assign--> ASSIGNED --release--> RELEASED
    """

    class State(models.TextChoices):
        FILED = "FILED", "Filed"
        ASSIGNED = "ASSIGNED", "Berth assigned"
        RELEASED = "RELEASED", "Berth released"

    vessel = models.CharField(max_length=40)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    berth = models.CharField(max_length=10, blank=True)
    state = FSMField(default=State.FILED, choices=State.choices, protected=True)

    class Meta:
        permissions = [
            ("assign_request", "May assign a berth"),
            ("release_request", "May release a berth"),
            ("see_request", "May see a request"),
        ]

    @transition(
        field=state, source=State.FILED, target=State.ASSIGNED, permission="harbor.assign_request"
    )
    def assign(self, *, berth: str, at: datetime, **facts: Any) -> None:
        self.berth = berth

    @transition(
        field=state,
        source=State.ASSIGNED,
        target=State.RELEASED,
        permission="harbor.release_request",
    )
    def release(self, *, at: datetime, **facts: Any) -> None:
        self.berth = ""


class BerthRequestUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(BerthRequest, on_delete=models.CASCADE)


class BerthRequestGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(BerthRequest, on_delete=models.CASCADE)


class Effect(models.Model):
    """What a handler left behind; one row per handled event, or more if it ran twice."""

    event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.event_id)
