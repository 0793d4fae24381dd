"""The public notice: the act and the measure, for a time, at an address that stays."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel
from oversight.models.cases import ViolationCase
from oversight.models.choices import Code


class PublicNotice(StateModel):
    """
    What the public reads about one decision (公示).

        PUBLISHED --withdraw--> WITHDRAWN | --expire--> EXPIRED

    Its texts are copies with natural persons masked, frozen at publication.
    Source: domain §3.4 (one year), clause A15.
    """

    class State(models.TextChoices):
        PUBLISHED = "PUBLISHED", _("Notice published")
        WITHDRAWN = "WITHDRAWN", _("Notice withdrawn")
        EXPIRED = "EXPIRED", _("Expired")

    number = models.CharField(max_length=40, unique=True)
    case = models.OneToOneField(ViolationCase, on_delete=models.PROTECT, related_name="notice")
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    party_name = models.CharField(max_length=120)
    party_uscc = models.CharField(max_length=18)
    license_numbers = models.JSONField()
    datasets = models.JSONField()
    code = models.CharField(max_length=2, choices=Code.choices)
    act = models.TextField()
    rule_article = models.CharField(max_length=200)
    measures = models.JSONField()
    decision_number = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    publish_from = models.DateField()
    publish_to = models.DateField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    state = FSMField(default=State.PUBLISHED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-published_at", "number"]
        default_permissions = ()
        permissions = [
            ("see_publicnotice", "May see a notice after its time"),
            ("withdraw_publicnotice", "May withdraw a notice"),
            ("expire_publicnotice", "May end a notice at its time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="oversight_notice_shows_act_and_measure",
                condition=~Q(act="") & ~Q(measures=[]),
            ),
            models.CheckConstraint(
                name="oversight_notice_period", condition=Q(publish_from__lte=F("publish_to"))
            ),
            models.CheckConstraint(
                name="oversight_notice_ended",
                condition=Q(state="PUBLISHED", ended_at__isnull=True)
                | (~Q(state="PUBLISHED") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @transition(
        field=state, source=State.PUBLISHED, target=State.WITHDRAWN,
        permission="oversight.withdraw_publicnotice",
    )  # fmt: skip
    def withdraw(self, *, reason: str, at: datetime) -> None:
        """Take it off: the record was repaired or the decision changed."""
        self.end_reason, self.ended_at = reason, at

    @transition(
        field=state, source=State.PUBLISHED, target=State.EXPIRED,
        permission="oversight.expire_publicnotice",
    )  # fmt: skip
    def expire(self, *, at: datetime) -> None:
        """Take it off: its time is over."""
        self.ended_at = at


class PublicNoticeUserPermission(UserObjectPermissionBase):
    """A person's own right on one notice."""

    content_object = models.ForeignKey(PublicNotice, on_delete=models.CASCADE)


class PublicNoticeGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one notice."""

    content_object = models.ForeignKey(PublicNotice, on_delete=models.CASCADE)
