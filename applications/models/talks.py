"""Questions to the applicant, and opinions asked of other officials."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from applications.models.application import Application
from applications.models.desk import Remark
from core.fsm import StateModel


class Clarification(StateModel):
    """
    A question of the office to the applicant while the case runs on.

        ASKED --answer--> ANSWERED
        ASKED --recall--> RECALLED

    ``stopped`` are the clocks that stand until the answer: [{"kind", "subject"}], the subject being
    "" for the case or the id of a provider branch; empty means the question costs no time.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", _("Waiting for the answer of the applicant")
        ANSWERED = "ANSWERED", pgettext_lazy("clarification", "Answered")
        RECALLED = "RECALLED", pgettext_lazy("clarification", "Recalled")

    state = FSMField(default=State.ASKED, choices=State.choices, protected=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="clarifications"
    )
    question = models.TextField()
    stopped = models.JSONField(default=list)
    stop_reason = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clarifications_asked"
    )
    office = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="clarifications_asked"
    )
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="clarifications_answered",
    )
    answered_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "asked_at", "id"]
        default_permissions = ()
        permissions = [
            ("answer_clarification", "May answer the question of the office"),
            ("recall_clarification", "May recall the question"),
        ]
        constraints = [
            models.CheckConstraint(
                name="clarification_state_known",
                condition=Q(state__in=["ASKED", "ANSWERED", "RECALLED"]),
            ),
            models.CheckConstraint(
                name="clarification_asks_something", condition=~Q(question="")
            ),
            models.CheckConstraint(
                name="clarification_answered_is_signed",
                condition=~Q(state="ANSWERED")
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="clarification_stop_has_reason",
                condition=Q(stopped=[]) | ~Q(stop_reason=""),
            ),
            models.CheckConstraint(
                name="clarification_recalled_is_dated",
                condition=~Q(state="RECALLED") | Q(recalled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk} on {self.application_id}"

    @transition(
        field=state,
        source=State.ASKED,
        target=State.ANSWERED,
        permission="applications.answer_clarification",
    )
    def give_answer(self, *, text: str, answered_by: Any, at: datetime) -> None:
        self.answer, self.answered_by, self.answered_at = text, answered_by, at

    @transition(
        field=state,
        source=State.ASKED,
        target=State.RECALLED,
        permission="applications.recall_clarification",
    )
    def recall(self, *, at: datetime) -> None:
        self.recalled_at = at


class ClarificationUserPermission(UserObjectPermissionBase):
    """A permission of one person on one question."""

    content_object = models.ForeignKey(Clarification, on_delete=models.CASCADE)


class ClarificationGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one question."""

    content_object = models.ForeignKey(Clarification, on_delete=models.CASCADE)


class Consultation(StateModel):
    """
    The opinion asked of one official; several asked at once share a ``request``.

        WAITING --give_opinion--> GIVEN | --decline--> DECLINED | --recall--> RECALLED
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting for the opinion")
        GIVEN = "GIVEN", _("Opinion given")
        DECLINED = "DECLINED", pgettext_lazy("consultation", "Declined")
        RECALLED = "RECALLED", pgettext_lazy("consultation", "Recalled")

    state = FSMField(default=State.WAITING, choices=State.choices, protected=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="consultations"
    )
    request = models.UUIDField(db_index=True)
    question = models.TextField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consultations"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consultations_asked"
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    text = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "asked_at", "id"]
        default_permissions = ()
        permissions = [
            ("give_opinion", "May give the opinion asked for"),
            ("recall_consultation", "May recall the request for an opinion"),
        ]
        constraints = [
            models.UniqueConstraint(name="consultation_once", fields=["request", "person"]),
            models.UniqueConstraint(
                name="consultation_one_waiting",
                fields=["application", "person"],
                condition=Q(state="WAITING"),
            ),
            models.CheckConstraint(
                name="consultation_state_known",
                condition=Q(state__in=["WAITING", "GIVEN", "DECLINED", "RECALLED"]),
            ),
            models.CheckConstraint(
                name="consultation_closed_says_why",
                condition=~Q(state__in=["GIVEN", "DECLINED"])
                | ~Q(text="") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_asks_another", condition=~Q(person=models.F("asked_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"opinion of {self.person_id} on {self.application_id}"

    @transition(
        field=state,
        source=State.WAITING,
        target=State.GIVEN,
        permission="applications.give_opinion",
    )
    def give_opinion(self, *, text: str, at: datetime) -> None:
        self.text, self.closed_at = text, at

    @transition(
        field=state,
        source=State.WAITING,
        target=State.DECLINED,
        permission="applications.give_opinion",
    )
    def decline(self, *, reason: str, at: datetime) -> None:
        self.text, self.closed_at = reason, at

    @transition(
        field=state,
        source=State.WAITING,
        target=State.RECALLED,
        permission="applications.recall_consultation",
    )
    def recall(self, *, at: datetime) -> None:
        self.closed_at = at


class ConsultationUserPermission(UserObjectPermissionBase):
    """A permission of one person on one request for an opinion."""

    content_object = models.ForeignKey(Consultation, on_delete=models.CASCADE)


class ConsultationGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one request for an opinion."""

    content_object = models.ForeignKey(Consultation, on_delete=models.CASCADE)


class Attachment(models.Model):
    """A file handed in with an answer or a remark, byte for byte, with its SHA-256."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="attachments"
    )
    clarification = models.ForeignKey(
        Clarification, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    remark = models.ForeignKey(
        Remark, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="attachment_belongs_to_one",
                condition=Q(clarification__isnull=False, remark__isnull=True)
                | Q(clarification__isnull=True, remark__isnull=False),
            ),
            models.CheckConstraint(name="attachment_not_empty", condition=Q(size_bytes__gte=1)),
            models.CheckConstraint(
                name="attachment_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.content_hash[:12]}"
