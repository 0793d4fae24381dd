"""Acts that are switched off for a time: which, for whom, where, by what authority."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class VerbSwitch(StateModel):
    """
    One right that is switched off: everywhere, or in one state, or for one role, or both.

        PROPOSED --approve--> IN_FORCE --end | run_out--> ENDED
        PROPOSED --refuse--> REFUSED

    It holds from the moment a second person approves it. ``until_on`` is the last day it holds;
    when nobody counts the days it stays on the safe side, off.
    Source: docs/sources.md#acts-switched-off.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", pgettext_lazy("switch", "Proposed")
        IN_FORCE = "IN_FORCE", pgettext_lazy("switch", "Switched off")
        ENDED = "ENDED", pgettext_lazy("switch", "Switched on again")
        REFUSED = "REFUSED", pgettext_lazy("switch", "Refused")

    state = FSMField(default=State.PROPOSED, choices=State.choices, protected=True)
    permission = models.CharField(max_length=120)
    # Empty: in every state; of everybody.
    of_state = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    until_on = models.DateField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_verbswitch", "May see which acts are switched off"),
            ("settle_verbswitch", "May approve or refuse a proposed switch"),
            ("end_verbswitch", "May switch an act on again"),
            ("expire_verbswitch", "The system ends a switch whose time is over"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="verb_switch_one_of_a_kind",
                fields=["permission", "of_state", "role"],
                condition=Q(state__in=["PROPOSED", "IN_FORCE"]),
            ),
            models.CheckConstraint(
                name="verb_switch_has_basis", condition=~Q(legal_basis="") & ~Q(reason="")
            ),
            models.CheckConstraint(
                name="verb_switch_two_persons",
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="verb_switch_settled_by_somebody",
                condition=Q(state="PROPOSED", settled_at__isnull=True, settled_by__isnull=True)
                | ~Q(state="PROPOSED") & Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="verb_switch_end_is_dated",
                condition=Q(state="ENDED", ended_at__isnull=False) & ~Q(ended_reason="")
                | ~Q(state="ENDED") & Q(ended_at__isnull=True, ended_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["permission"],
                name="verb_switch_in_force",
                condition=Q(state="IN_FORCE"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.permission} {self.of_state} {self.role}".strip()

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.IN_FORCE,
        permission="workflow.settle_verbswitch",
    )
    def approve(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.REFUSED,
        permission="workflow.settle_verbswitch",
    )
    def refuse(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at

    @transition(
        field=state,
        source=State.IN_FORCE,
        target=State.ENDED,
        permission="workflow.end_verbswitch",
    )
    def end(self, *, by: Any, reason: str, at: datetime) -> None:
        self.ended_by, self.ended_reason, self.ended_at = by, reason, at

    @transition(
        field=state,
        source=State.IN_FORCE,
        target=State.ENDED,
        permission="workflow.expire_verbswitch",
    )
    def run_out(self, *, reason: str, at: datetime) -> None:
        self.ended_reason, self.ended_at = reason, at


class VerbSwitchUserPermission(UserObjectPermissionBase):
    """A permission of one person on one switch."""

    content_object = models.ForeignKey(VerbSwitch, on_delete=models.CASCADE)


class VerbSwitchGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one switch."""

    content_object = models.ForeignKey(VerbSwitch, on_delete=models.CASCADE)
