"""Changes of what clocks count by: later versions of their rules, and another calendar."""

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


class RuleProposal(StateModel):
    """
    A proposed version of a rule of clocks: how many days a step has, or when and before whom an
    overdue clock comes.

        PROPOSED --approve--> APPROVED | --refuse--> REFUSED

    Two persons make a version; ``version`` is the number it got in ``workflow`` when it was
    approved. Clocks that run keep the rule they started with.
    Source: domain §3.4; docs/sources.md#deadlines.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", pgettext_lazy("rule", "Proposed")
        APPROVED = "APPROVED", pgettext_lazy("rule", "Approved")
        REFUSED = "REFUSED", pgettext_lazy("rule", "Refused")

    class Of(models.TextChoices):
        DEADLINE = "DEADLINE", pgettext_lazy("rule", "Time limit")
        ESCALATION = "ESCALATION", pgettext_lazy("rule", "Escalation")

    state = FSMField(default=State.PROPOSED, choices=State.choices, protected=True)
    of = models.CharField(max_length=10, choices=Of.choices)
    clock_kind = models.CharField(max_length=60)
    working_days = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40, blank=True)
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()
    version = models.PositiveIntegerField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_ruleproposal", "May see proposed rules of clocks"),
            ("settle_ruleproposal", "May approve or refuse proposed rules of clocks"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="rule_proposal_one_open",
                fields=["of", "clock_kind"],
                condition=Q(state="PROPOSED"),
            ),
            models.UniqueConstraint(
                name="rule_proposal_one_per_version",
                fields=["of", "clock_kind", "version"],
                condition=Q(version__isnull=False),
            ),
            models.CheckConstraint(
                name="rule_proposal_says",
                condition=Q(working_days__gte=1) & ~Q(legal_basis="") & ~Q(clock_kind=""),
            ),
            models.CheckConstraint(
                name="rule_proposal_role_of_escalation",
                condition=Q(of="DEADLINE", role="") | Q(of="ESCALATION") & ~Q(role=""),
            ),
            models.CheckConstraint(
                name="rule_proposal_two_persons",
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="rule_proposal_state",
                condition=Q(state="PROPOSED", settled_by__isnull=True, version__isnull=True)
                | Q(
                    state="APPROVED",
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                    version__isnull=False,
                )
                | Q(
                    state="REFUSED",
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                    version__isnull=True,
                )
                & ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.clock_kind}: {self.working_days} wd"

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.APPROVED,
        permission="applications.settle_ruleproposal",
    )
    def approve(self, *, by: Any, version: int, at: datetime) -> None:
        self.settled_by, self.settled_at, self.version = by, at, version

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.REFUSED,
        permission="applications.settle_ruleproposal",
    )
    def refuse(self, *, by: Any, note: str, at: datetime) -> None:
        self.settled_by, self.settled_at, self.note = by, at, note


class CalendarImport(StateModel):
    """
    An official calendar that was handed in, and the work of recomputing by it.

        PROPOSED --approve--> APPLYING --finish--> DONE
        PROPOSED --refuse--> REFUSED

    Two persons bring a calendar in. On approval it holds at once; running clocks follow in
    batches, and ``last_deadline_id`` is how far the work is. At most one import is applied at a
    time. Source: domain §3.4; docs/sources.md#deadlines.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", pgettext_lazy("calendar", "Waiting for approval")
        APPLYING = "APPLYING", pgettext_lazy("calendar", "Recomputing")
        DONE = "DONE", pgettext_lazy("calendar", "In force")
        REFUSED = "REFUSED", pgettext_lazy("calendar", "Refused")

    state = FSMField(default=State.PROPOSED, choices=State.choices, protected=True)
    filename = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    # [[day, OFF | WORK, name, address of the notice]] in the order of days.
    days = models.JSONField()
    years = models.JSONField()
    # What it changed, in lines a person can read; written when it is approved.
    changes = models.JSONField(default=list)
    span_first = models.DateField(null=True)
    span_last = models.DateField(null=True)
    clocks_total = models.PositiveIntegerField(default=0)
    clocks_done = models.PositiveIntegerField(default=0)
    clocks_moved = models.PositiveIntegerField(default=0)
    people_told = models.PositiveIntegerField(default=0)
    last_deadline_id = models.BigIntegerField(default=0)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_calendarimport", "May see imports of the official calendar"),
            ("settle_calendarimport", "May approve or refuse a calendar"),
            ("finish_calendarimport", "May end the recomputation by a calendar"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="calendar_import_one_at_work", fields=["state"], condition=Q(state="APPLYING")
            ),
            models.CheckConstraint(
                name="calendar_import_two_persons",
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="calendar_import_state",
                condition=Q(state="PROPOSED", settled_by__isnull=True, finished_at__isnull=True)
                | Q(
                    state="APPLYING",
                    settled_by__isnull=False,
                    span_first__isnull=False,
                    span_last__isnull=False,
                    finished_at__isnull=True,
                )
                | Q(state="DONE", settled_by__isnull=False, finished_at__isnull=False)
                | Q(state="REFUSED", settled_by__isnull=False) & ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} {self.state}"

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.APPLYING,
        permission="applications.settle_calendarimport",
    )
    def approve(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.REFUSED,
        permission="applications.settle_calendarimport",
    )
    def refuse(self, *, by: Any, note: str, at: datetime) -> None:
        self.settled_by, self.settled_at, self.note = by, at, note

    @transition(
        field=state,
        source=State.APPLYING,
        target=State.DONE,
        permission="applications.finish_calendarimport",
    )
    def finish(self, *, at: datetime) -> None:
        self.finished_at = at


class RuleProposalUserPermission(UserObjectPermissionBase):
    """A permission of one person on one proposed rule."""

    content_object = models.ForeignKey(RuleProposal, on_delete=models.CASCADE)


class RuleProposalGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one proposed rule."""

    content_object = models.ForeignKey(RuleProposal, on_delete=models.CASCADE)


class CalendarImportUserPermission(UserObjectPermissionBase):
    """A permission of one person on one import."""

    content_object = models.ForeignKey(CalendarImport, on_delete=models.CASCADE)


class CalendarImportGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one import."""

    content_object = models.ForeignKey(CalendarImport, on_delete=models.CASCADE)
