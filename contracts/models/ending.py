"""The end of an agreement before its term: proposed or served, with consents and notice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.agreement import Agreement
from contracts.models.states import EndCause
from core.fsm import StateModel


class TerminationState(models.TextChoices):
    """Where an ending stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("ending", "Proposed")
    SERVED = "SERVED", pgettext_lazy("ending", "Notice served")
    DONE = "DONE", pgettext_lazy("ending", "Carried out")
    REFUSED = "REFUSED", pgettext_lazy("ending", "Refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("ending", "Withdrawn")


_S = TerminationState
AT_WORK = (_S.PROPOSED, _S.SERVED)


class Termination(StateModel):
    """
    The end of an agreement before its term, from the first word to the day it holds.

        PROPOSED --consent--> PROPOSED --serve--> SERVED --carry_out--> DONE
        PROPOSED --refuse--> REFUSED
        PROPOSED | SERVED --withdraw--> WITHDRAWN

    By mutual consent every other party consents before it is served; any other cause is served by
    whoever may, with the notice of the terms. ``ends_on`` is the last day the data may be used.
    """

    State = TerminationState
    Cause = EndCause
    AT_WORK = AT_WORK

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="terminations")
    cause = models.CharField(max_length=20, choices=EndCause.choices)
    reason = models.TextField()
    legal_basis = models.CharField(max_length=300)
    notice_working_days = models.PositiveSmallIntegerField()
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()
    ends_on = models.DateField(null=True)
    served_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    state = FSMField(default=_S.PROPOSED, choices=TerminationState.choices, protected=True)

    class Meta:
        ordering = ["-begun_at", "id"]
        default_permissions = ()
        permissions = [
            ("serve_termination", "May give notice of the end of an agreement"),
            ("answer_termination", "May consent to the end of an agreement, or refuse it"),
            ("withdraw_termination", "May withdraw a proposed or served end"),
            ("carry_out_termination", "May carry out a served end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_termination_state_known",
                condition=Q(state__in=TerminationState.values),
            ),
            models.CheckConstraint(
                name="contracts_termination_says_why",
                condition=~Q(reason="") & ~Q(legal_basis="") & Q(cause__in=EndCause.values),
            ),
            models.CheckConstraint(
                name="contracts_termination_served_says_when",
                condition=~Q(state__in=["SERVED", "DONE"])
                | Q(served_at__isnull=False, ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_termination_settled_says_when",
                condition=Q(state__in=["PROPOSED", "SERVED"], settled_at__isnull=True)
                | Q(state__in=["DONE", "REFUSED", "WITHDRAWN"], settled_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="contracts_one_open_termination",
                fields=["agreement"],
                condition=Q(state__in=["PROPOSED", "SERVED"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"], name="contracts_termination_due", condition=Q(state="SERVED")
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.cause} {self.state}"

    @transition(
        field=state, source=_S.PROPOSED, target=_S.PROPOSED,
        permission="contracts.answer_termination",
    )  # fmt: skip
    def consent(self, *, party: models.Model, at: datetime) -> None:
        """Record that one more party consents; the consent itself is a row."""

    @transition(
        field=state, source=_S.PROPOSED, target=_S.SERVED,
        permission="contracts.serve_termination",
    )  # fmt: skip
    def serve(self, *, ends_on: date, at: datetime) -> None:
        """Give notice: from now on the last day is known."""
        self.served_at, self.ends_on = at, ends_on

    @transition(
        field=state, source=_S.PROPOSED, target=_S.REFUSED,
        permission="contracts.answer_termination",
    )  # fmt: skip
    def refuse(self, *, by: Any, reason: str, at: datetime) -> None:
        """Refuse an end by mutual consent; the agreement goes on."""
        self.settled_by, self.settled_at, self.note = by, at, reason

    @transition(
        field=state, source=list(AT_WORK), target=_S.WITHDRAWN,
        permission="contracts.withdraw_termination",
    )  # fmt: skip
    def withdraw(self, *, by: Any, reason: str, at: datetime) -> None:
        """Take it back; the agreement goes on."""
        self.settled_by, self.settled_at, self.note = by, at, reason

    @transition(
        field=state, source=_S.SERVED, target=_S.DONE,
        permission="contracts.carry_out_termination",
    )  # fmt: skip
    def carry_out(self, *, by: Any, at: datetime) -> None:
        """End the agreement; its last day is over."""
        self.settled_by, self.settled_at = by, at


class TerminationConsent(models.Model):
    """One party's consent to the end of an agreement, its own proposal included."""

    termination = models.ForeignKey(
        Termination, on_delete=models.PROTECT, related_name="consents"
    )
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["termination", "given_at", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_consent_once", fields=["termination", "party"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.termination_id} {self.party_id}"


class TerminationUserPermission(UserObjectPermissionBase):
    """A person's own permission on one ending."""

    content_object = models.ForeignKey(Termination, on_delete=models.CASCADE)


class TerminationGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one ending."""

    content_object = models.ForeignKey(Termination, on_delete=models.CASCADE)
