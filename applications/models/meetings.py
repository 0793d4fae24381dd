"""Meetings of the committee with their agenda, and the minutes of a panel with its signatures."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from applications.models.application import Application
from core.fsm import StateModel


class Meeting(StateModel):
    """
    One meeting of the committee: when, where, who is invited, which cases in which order.

        PLANNED --call--> CALLED --close--> HELD
        PLANNED, CALLED --arrange--> (same) | --cancel--> CANCELED
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", pgettext_lazy("meeting", "Planned")
        CALLED = "CALLED", pgettext_lazy("meeting", "Called")
        HELD = "HELD", pgettext_lazy("meeting", "Held")
        CANCELED = "CANCELED", pgettext_lazy("meeting", "Canceled")

    state = FSMField(default=State.PLANNED, choices=State.choices, protected=True)
    number = models.CharField(max_length=40, unique=True)
    committee = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="meetings"
    )
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    online = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    invited = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="meetings_invited_to")
    cancel_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-planned_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_meeting", "May see a meeting of the committee"),
            ("arrange_meeting", "May arrange, call, close and cancel a meeting"),
        ]
        constraints = [
            models.CheckConstraint(name="meeting_has_a_place", condition=~Q(place="")),
            models.CheckConstraint(
                name="meeting_canceled_for_a_reason",
                condition=~Q(state="CANCELED") | ~Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(
        field=state,
        source=State.PLANNED,
        target=State.CALLED,
        permission="applications.arrange_meeting",
    )
    def call(self, *, invited: int, at: datetime) -> None:
        pass

    @transition(
        field=state,
        source=State.CALLED,
        target=State.HELD,
        permission="applications.arrange_meeting",
    )
    def close(self, *, at: datetime) -> None:
        pass

    @transition(
        field=state,
        source=[State.PLANNED, State.CALLED],
        target=State.CANCELED,
        permission="applications.arrange_meeting",
    )
    def cancel(self, *, reason: str, at: datetime) -> None:
        self.cancel_reason = reason


class AgendaItem(models.Model):
    """One case on the agenda of a meeting; positions count from 1 in the order of treatment."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="agenda_items"
    )
    position = models.PositiveSmallIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["meeting_id", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="agenda_case_once", fields=["meeting", "application"]
            ),
            # Checked at the commit, so that an order may be rewritten item by item.
            models.UniqueConstraint(
                name="agenda_position",
                fields=["meeting", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.meeting_id}"


class Minutes(models.Model):
    """
    The minutes of one closed round: the draft that is signed, and what it concludes.

    ``content_hash`` is the SHA-256 of ``draft``; both signatures are bound to it. The conclusion
    takes effect when the second one is there (``concluded_at``).
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="minutes"
    )
    round = models.OneToOneField(
        "workflow.ReviewRound", on_delete=models.PROTECT, related_name="minutes"
    )
    purpose = models.CharField(max_length=20)
    number = models.CharField(max_length=40, unique=True)
    conclusion = models.JSONField()
    conditions = models.JSONField(default=list)
    draft = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number


class MinutesSignature(models.Model):
    """One of the two signatures under minutes, over the hash that was shown to the signer."""

    class Capacity(models.TextChoices):
        SECRETARY = "SECRETARY", pgettext_lazy("signature", "Secretary")
        CHAIR = "CHAIR", pgettext_lazy("signature", "Chair")

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="signatures")
    capacity = models.CharField(max_length=9, choices=Capacity.choices)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["minutes_id", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="minutes_signed_once_per_capacity", fields=["minutes", "capacity"]
            ),
            models.UniqueConstraint(
                name="minutes_signed_by_two_persons", fields=["minutes", "signer"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} under {self.minutes_id}"


class MeetingUserPermission(UserObjectPermissionBase):
    """A permission of one person on one meeting, e.g. an invitation."""

    content_object = models.ForeignKey(Meeting, on_delete=models.CASCADE)


class MeetingGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one meeting."""

    content_object = models.ForeignKey(Meeting, on_delete=models.CASCADE)
