"""What a company says about itself, in versions, with its proof; and the rules it is held to."""

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
from parties.models.organizations import Organization


class PartyRule(models.Model):
    """One version of a rule about companies: configuration with its legal basis, never code."""

    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    legal_basis = models.CharField(max_length=300)
    effective_on = models.DateField()

    class Meta:
        ordering = ["kind", "version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="parties_rule_version", fields=["kind", "version"]),
            models.CheckConstraint(name="parties_rule_has_basis", condition=~Q(legal_basis="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class PartyEvidence(models.Model):
    """
    One file that proves an entry of a profile: bytes, their SHA-256, who handed it in.

    Rows are never rewritten; several versions of a profile may point to the same file.
    """

    class Kind(models.TextChoices):
        BUSINESS_LICENSE = "BUSINESS_LICENSE", _("Business license")
        AUTHORIZATION_LETTER = "AUTHORIZATION_LETTER", _("Authorization letter")
        AFFILIATION = "AFFILIATION", _("Proof of an affiliation")
        OTHER = "OTHER", _("Other proof")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="evidence"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="parties_evidence_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="parties_evidence_not_empty", condition=Q(size_bytes__gte=1)
            ),
            models.CheckConstraint(
                name="parties_evidence_media_type",
                condition=Q(media_type__in=["application/pdf", "image/png", "image/jpeg"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.content_hash[:12]}"


class PartyProfile(StateModel):
    """
    One version of what a company says about itself; one is in force, one may be under way.

        DRAFT --submit--> SUBMITTED --approve--> APPROVED --supersede--> SUPERSEDED
        SUBMITTED --send_back--> RETURNED --submit--> SUBMITTED
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("In preparation")
        SUBMITTED = "SUBMITTED", _("Waits for approval")
        RETURNED = "RETURNED", _("Returned")
        APPROVED = "APPROVED", _("In force")
        SUPERSEDED = "SUPERSEDED", _("Replaced by a later version")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="profiles"
    )
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    legal_representative = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    signatory_name = models.CharField(max_length=60, blank=True)
    signatory_phone = models.CharField(max_length=30, blank=True)
    security_contact_name = models.CharField(max_length=60, blank=True)
    security_contact_phone = models.CharField(max_length=30, blank=True)
    bank_name = models.CharField(max_length=120, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    taxpayer_type = models.CharField(
        max_length=12,
        choices=Organization.TaxpayerType.choices,
        default=Organization.TaxpayerType.GENERAL,
    )
    tax_address = models.CharField(max_length=200, blank=True)
    tax_phone = models.CharField(max_length=30, blank=True)
    evidence = models.ManyToManyField(PartyEvidence, related_name="profiles")
    # The version of the rule about required proof this version began with.
    evidence_rule = models.ForeignKey(PartyRule, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    return_reasons = models.TextField(blank=True)
    credit_checked_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)

    class Meta:
        ordering = ["organization", "-version"]
        default_permissions = ()
        permissions = [
            ("see_partyprofile", "May see a profile and its proof"),
            ("edit_partyprofile", "May edit, prove and hand in a profile"),
            ("review_partyprofile", "May approve or return a profile"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="parties_profile_version", fields=["organization", "version"]
            ),
            models.UniqueConstraint(
                name="parties_profile_one_under_way",
                fields=["organization"],
                condition=Q(state__in=["DRAFT", "SUBMITTED", "RETURNED"]),
            ),
            models.UniqueConstraint(
                name="parties_profile_one_in_force",
                fields=["organization"],
                condition=Q(state="APPROVED"),
            ),
            models.CheckConstraint(
                name="parties_profile_submitted_by_someone",
                condition=Q(state="DRAFT")
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="parties_profile_approved_by_another",
                condition=~Q(state__in=["APPROVED", "SUPERSEDED"])
                | Q(
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                    credit_checked_on__isnull=False,
                    valid_until__isnull=False,
                )
                & ~Q(reviewed_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="parties_profile_return_has_reasons",
                condition=~Q(state="RETURNED") | ~Q(return_reasons=""),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at", "id"], name="parties_profile_queue")
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @transition(
        field=state,
        source=[State.DRAFT, State.RETURNED],
        target=State.SUBMITTED,
        permission="parties.edit_partyprofile",
    )
    def submit(self, *, by: Any, at: datetime) -> None:
        self.submitted_by, self.submitted_at = by, at

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.APPROVED,
        permission="parties.review_partyprofile",
    )
    def approve(
        self, *, by: Any, credit_checked_on: date, valid_until: date, at: datetime
    ) -> None:
        self.reviewed_by, self.reviewed_at, self.return_reasons = by, at, ""
        self.credit_checked_on, self.valid_until = credit_checked_on, valid_until

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.RETURNED,
        permission="parties.review_partyprofile",
    )
    def send_back(self, *, by: Any, reason: str, at: datetime) -> None:
        self.reviewed_by, self.reviewed_at, self.return_reasons = by, at, reason

    @transition(
        field=state,
        source=State.APPROVED,
        target=State.SUPERSEDED,
        permission="parties.review_partyprofile",
    )
    def supersede(self, *, at: datetime) -> None:
        """Give way to a later version; every entry stays as it was."""


class PartyProfileUserPermission(UserObjectPermissionBase):
    """A right of one person on one profile."""

    content_object = models.ForeignKey(PartyProfile, on_delete=models.CASCADE)


class PartyProfileGroupPermission(GroupObjectPermissionBase):
    """A right of one desk on one profile."""

    content_object = models.ForeignKey(PartyProfile, on_delete=models.CASCADE)


class Affiliate(models.Model):
    """A legal person that one version of a profile names as near to the company."""

    class Kind(models.TextChoices):
        PARENT = "PARENT", _("Controls the company")
        SUBSIDIARY = "SUBSIDIARY", _("Is controlled by the company")
        SISTER = "SISTER", _("Has the same controller")
        MANAGEMENT = "MANAGEMENT", _("Has the same management")
        OTHER = "OTHER", _("Other relation")

    profile = models.ForeignKey(PartyProfile, on_delete=models.CASCADE, related_name="affiliates")
    name = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    proof = models.ForeignKey(
        PartyEvidence, null=True, on_delete=models.PROTECT, related_name="affiliates"
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="parties_affiliate_once", fields=["profile", "uscc"]),
            models.CheckConstraint(
                name="parties_affiliate_uscc_shape",
                condition=Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"
