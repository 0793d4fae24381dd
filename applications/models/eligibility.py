"""The rules of the automatic checks, in versions that two persons make."""

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


class EligibilityRule(StateModel):
    """
    One version of the rules of all checks: which run, which block, by which numbers.

        PROPOSED --approve--> IN_FORCE | --refuse--> REFUSED

    Two persons make a version; the first one came with the product. The approved version with the
    highest number whose day has come holds; a finding keeps the label of the version it was made
    with. ``modes`` maps the code of a check to BLOCKS, INFORMS or OFF.
    Source: domain §3.12; docs/sources.md#eligibility.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", pgettext_lazy("rule", "Proposed")
        IN_FORCE = "IN_FORCE", pgettext_lazy("rule", "Approved")
        REFUSED = "REFUSED", pgettext_lazy("rule", "Refused")

    state = FSMField(default=State.PROPOSED, choices=State.choices, protected=True)
    version = models.PositiveSmallIntegerField(unique=True)
    label = models.CharField(max_length=20, unique=True)
    modes = models.JSONField()
    credit_days_max = models.PositiveSmallIntegerField()
    high_levels = models.JSONField()
    closed_environments = models.JSONField()
    free_purposes = models.JSONField()
    protection_level_min = models.PositiveSmallIntegerField()
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
        ordering = ["-version"]
        default_permissions = ()
        permissions = [
            ("see_eligibilityrule", "May see the rules of the checks"),
            ("approve_eligibilityrule", "May approve or refuse proposed rules of the checks"),
        ]
        constraints = [
            models.CheckConstraint(name="eligibility_rule_basis", condition=~Q(legal_basis="")),
            models.CheckConstraint(
                name="eligibility_rule_two_persons",
                condition=Q(version=1, proposed_by__isnull=True)
                | Q(proposed_by__isnull=False)
                & (Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="eligibility_rule_settled_by_somebody",
                condition=Q(state="PROPOSED", settled_at__isnull=True)
                | Q(version=1, state="IN_FORCE")
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"eligibility {self.label}"

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.IN_FORCE,
        permission="applications.approve_eligibilityrule",
    )
    def approve(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.REFUSED,
        permission="applications.approve_eligibilityrule",
    )
    def refuse(self, *, by: Any, at: datetime) -> None:
        self.settled_by, self.settled_at = by, at


class EligibilityRuleUserPermission(UserObjectPermissionBase):
    """A permission of one person on one version of the rules of the checks."""

    content_object = models.ForeignKey(EligibilityRule, on_delete=models.CASCADE)


class EligibilityRuleGroupPermission(GroupObjectPermissionBase):
    """A permission of one desk on one version of the rules of the checks."""

    content_object = models.ForeignKey(EligibilityRule, on_delete=models.CASCADE)
