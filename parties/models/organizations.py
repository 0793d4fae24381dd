"""Organizations, desks in them, and the units of the yearly targets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel
from parties.roles import Kind, Role


class Organization(StateModel):
    """
    A party: enterprise, department, authority, committee, exchange …

        REGISTERED --verify--> VERIFIED --bar--> BARRED --lift_bar--> VERIFIED
        VERIFIED --renew--> VERIFIED
    """

    Kind = Kind

    class State(models.TextChoices):
        REGISTERED = "REGISTERED", _("Registered")
        VERIFIED = "VERIFIED", _("Verified")
        BARRED = "BARRED", _("Barred")

    class TaxpayerType(models.TextChoices):
        GENERAL = "GENERAL", _("General taxpayer")
        SMALL_SCALE = "SMALL_SCALE", _("Small-scale taxpayer")
        NONE = "NONE", _("Not a taxpayer")

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    # Former and colloquial names: authorities are renamed more often than rules are.
    aliases = models.JSONField(default=list, blank=True)
    uscc = models.CharField(max_length=18, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    legal_representative = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    bank_name = models.CharField(max_length=120, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    taxpayer_type = models.CharField(
        max_length=12, choices=TaxpayerType.choices, default=TaxpayerType.GENERAL
    )
    tax_address = models.CharField(max_length=200, blank=True)
    tax_phone = models.CharField(max_length=30, blank=True)
    registered_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    credit_checked_on = models.DateField(null=True)
    # Until when the verification holds; nobody applies without a valid one.
    verified_until = models.DateField(null=True)
    barred_at = models.DateTimeField(null=True)
    barred_until = models.DateField(null=True)
    bar_reason = models.CharField(max_length=500, blank=True)
    state = FSMField(default=State.REGISTERED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["name", "id"]
        permissions = [
            ("see_organization", "May see an organization"),
            ("verify_organization", "May verify an organization"),
            ("bar_organization", "May bar an organization and lift the bar"),
            ("edit_organization", "May edit the profile of an organization"),
            ("write_profile", "May begin a new version of the profile"),
            ("manage_seats", "May invite people to seats and end seats"),
            ("hand_over_cases", "May hand over the cases of a person"),
            ("appoint_agent", "May make a member of a company its agent"),
        ]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="parties_organization_uscc_shape",
                condition=Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
            ),
            models.CheckConstraint(
                name="parties_organization_verified_by_someone",
                condition=Q(state="REGISTERED")
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="parties_organization_verified_until_a_day",
                condition=Q(state="REGISTERED") | Q(verified_until__isnull=False),
            ),
            models.CheckConstraint(
                name="parties_organization_bar_has_reason",
                condition=~Q(state="BARRED") | (Q(barred_at__isnull=False) & ~Q(bar_reason="")),
            ),
            models.UniqueConstraint(
                name="parties_organization_one_of_kind",
                fields=["kind"],
                condition=Q(
                    kind__in=["AUTHORITY", "PLATFORM", "COMMITTEE", "EXCHANGE", "TREASURY"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(
        field=state,
        source=State.REGISTERED,
        target=State.VERIFIED,
        permission="parties.verify_organization",
    )
    def verify(
        self, *, by: Any, credit_checked_on: date, valid_until: date, at: datetime
    ) -> None:
        self.verified_by, self.verified_at = by, at
        self.credit_checked_on, self.verified_until = credit_checked_on, valid_until

    @transition(
        field=state,
        source=State.VERIFIED,
        target=State.VERIFIED,
        permission="parties.verify_organization",
    )
    def renew(
        self, *, by: Any, credit_checked_on: date, valid_until: date, at: datetime
    ) -> None:
        self.verified_by, self.verified_at = by, at
        self.credit_checked_on, self.verified_until = credit_checked_on, valid_until

    @transition(
        field=state,
        source=State.VERIFIED,
        target=State.BARRED,
        permission="parties.bar_organization",
    )
    def bar(self, *, reason: str, until: date | None, at: datetime) -> None:
        self.bar_reason, self.barred_until, self.barred_at = reason, until, at

    @transition(
        field=state,
        source=State.BARRED,
        target=State.VERIFIED,
        permission="parties.bar_organization",
    )
    def lift_bar(self, *, reason: str, at: datetime) -> None:
        self.bar_reason, self.barred_until, self.barred_at = "", None, None


class OrganizationUserPermission(UserObjectPermissionBase):
    """A right of one person on one organization."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)


class OrganizationGroupPermission(GroupObjectPermissionBase):
    """A right of one desk on one organization."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)


class Desk(models.Model):
    """The role of one person in one organization, from opening to closing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="desks"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="desks")
    role = models.CharField(max_length=24, choices=Role.choices)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="parties_desk_open_once",
                fields=["user", "organization", "role"],
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="parties_desk_closed_after_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "role"],
                name="parties_desk_of_role",
                condition=Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.user_id}"


class PublicUnit(models.Model):
    """A unit of the policy's annex with its yearly target of open datasets."""

    class Group(models.TextChoices):
        PARTY = "PARTY", _("Party and mass organizations")
        GOVERNMENT = "GOVERNMENT", _("Government departments")
        ENTERPRISE = "ENTERPRISE", _("Enterprises and fire service")
        DISTRICT = "DISTRICT", _("Cities and districts")

    sequence = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=60, unique=True)
    group = models.CharField(max_length=12, choices=Group.choices)
    target_datasets = models.PositiveIntegerField()
    organization = models.OneToOneField(
        Organization, null=True, on_delete=models.PROTECT, related_name="unit"
    )

    class Meta:
        ordering = ["sequence"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="parties_unit_sequence_from_one", condition=Q(sequence__gte=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.name}"
