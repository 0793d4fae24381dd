"""The review committee: who is in office from when to when, and by which rules a panel counts."""

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


class Roster(StateModel):
    """
    The people of the committee in one term of office; a standing panel of its own.

        IN_OFFICE --appoint | end_term--> IN_OFFICE --dissolve--> DISSOLVED

    ``group`` holds who is in office today. A case that sits with the whole roster gives its rights
    to the group, so an appointment is felt in every open case at once.
    Source: domain §3.10; docs/sources.md#committee.
    """

    class State(models.TextChoices):
        IN_OFFICE = "IN_OFFICE", pgettext_lazy("roster", "In office")
        DISSOLVED = "DISSOLVED", pgettext_lazy("roster", "Dissolved")

    state = FSMField(default=State.IN_OFFICE, choices=State.choices, protected=True)
    committee = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="rosters"
    )
    name = models.CharField(max_length=60)
    group = models.OneToOneField("auth.Group", on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["opened_at", "id"]
        default_permissions = ()
        permissions = [
            ("see_roster", "May see a roster of the committee"),
            ("edit_roster", "May appoint members and end their terms"),
        ]
        constraints = [
            models.UniqueConstraint(name="roster_name", fields=["committee", "name"]),
            models.CheckConstraint(
                name="roster_dissolved_is_dated",
                condition=Q(state="IN_OFFICE", closed_at__isnull=True)
                | Q(state="DISSOLVED", closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(
        field=state,
        source=State.IN_OFFICE,
        target=State.IN_OFFICE,
        permission="applications.edit_roster",
    )
    def appoint(self, *, member: Any, role: str, until_on: date | None, at: datetime) -> None:
        pass

    @transition(
        field=state,
        source=State.IN_OFFICE,
        target=State.IN_OFFICE,
        permission="applications.edit_roster",
    )
    def end_term(self, *, member: Any, reason: str, at: datetime) -> None:
        pass

    @transition(
        field=state,
        source=State.IN_OFFICE,
        target=State.DISSOLVED,
        permission="applications.edit_roster",
    )
    def dissolve(self, *, reason: str, at: datetime) -> None:
        self.closed_at = at


class CommitteeTerm(models.Model):
    """One term of office of one person: as what, from which day to which, appointed by whom."""

    class Role(models.TextChoices):
        CHAIR = "CHAIR", pgettext_lazy("seat", "Chair")
        VICE = "VICE", pgettext_lazy("seat", "Vice chair")
        MEMBER = "MEMBER", pgettext_lazy("seat", "Member")
        EXPERT = "EXPERT", pgettext_lazy("seat", "Expert")

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="terms")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="committee_terms"
    )
    role = models.CharField(max_length=8, choices=Role.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    basis = models.CharField(max_length=200)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["roster_id", "from_on", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="committee_term_one_open",
                fields=["roster", "member"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="committee_term_order",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="committee_term_end_is_reasoned",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""),
            ),
            models.CheckConstraint(
                name="committee_term_by_somebody_else",
                condition=~Q(appointed_by=F("member")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.role} from {self.from_on}"


class PanelRule(StateModel):
    """
    One version of the rules by which a panel counts, with its score sheet and its legal basis.

        PROPOSED --approve--> IN_FORCE | --refuse--> REFUSED

    Two persons make a version. The first one came with the product, so nobody proposed it. A round
    keeps the version it opened with. Source: domain §3.10 [D]; docs/sources.md#committee.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", pgettext_lazy("rule", "Proposed")
        IN_FORCE = "IN_FORCE", pgettext_lazy("rule", "Approved")
        REFUSED = "REFUSED", pgettext_lazy("rule", "Refused")

    class Kind(models.TextChoices):
        REVIEW = "REVIEW", pgettext_lazy("panel", "Review of an application")
        OBJECTION = "OBJECTION", pgettext_lazy("panel", "Review of an objection")

    class TieRule(models.TextChoices):
        REJECT = "REJECT", pgettext_lazy("tie", "A tie rejects")
        CHAIR_DECIDES = "CHAIR_DECIDES", pgettext_lazy("tie", "The chair's vote decides")
        REVOTE = "REVOTE", pgettext_lazy("tie", "A second sitting votes anew")

    state = FSMField(default=State.PROPOSED, choices=State.choices, protected=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    # [{"key", "title", "most", "reason_below"}] in the order of the sheet.
    criteria = models.JSONField()
    quorum_seats_min = models.PositiveSmallIntegerField()
    presence_ratio = models.CharField(max_length=9)
    pass_ratio = models.CharField(max_length=9)
    mean_score_min = models.DecimalField(max_digits=5, decimal_places=2)
    weights = models.JSONField()
    tie_rule = models.CharField(max_length=16, choices=TieRule.choices)
    abstentions_count = models.BooleanField()
    veto_criterion = models.CharField(max_length=40, blank=True)
    veto_below = models.PositiveSmallIntegerField(default=0)
    # For objections: whether the second decider waits for a panel at all.
    panel_needed = models.BooleanField(default=True)
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "-version"]
        default_permissions = ()
        permissions = [
            ("see_panelrule", "May see the rules of the panels"),
            ("approve_panelrule", "May approve or refuse proposed rules"),
        ]
        constraints = [
            models.UniqueConstraint(name="panel_rule_version", fields=["kind", "version"]),
            models.CheckConstraint(name="panel_rule_basis", condition=~Q(legal_basis="")),
            models.CheckConstraint(
                name="panel_rule_two_persons",
                condition=Q(version=1, proposed_by__isnull=True)
                | Q(proposed_by__isnull=False)
                & (Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="panel_rule_settled_by_somebody",
                condition=Q(state="PROPOSED", settled_at__isnull=True)
                | Q(version=1, state="IN_FORCE")
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.IN_FORCE,
        permission="applications.approve_panelrule",
    )
    def approve(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.REFUSED,
        permission="applications.approve_panelrule",
    )
    def refuse(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at


class RosterUserPermission(UserObjectPermissionBase):
    """A permission of one person on one roster."""

    content_object = models.ForeignKey(Roster, on_delete=models.CASCADE)


class RosterGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one roster."""

    content_object = models.ForeignKey(Roster, on_delete=models.CASCADE)


class PanelRuleUserPermission(UserObjectPermissionBase):
    """A permission of one person on one version of the rules."""

    content_object = models.ForeignKey(PanelRule, on_delete=models.CASCADE)


class PanelRuleGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one version of the rules."""

    content_object = models.ForeignKey(PanelRule, on_delete=models.CASCADE)
