"""The license: one dataset, one scenario, one licensee, for one term."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class License(StateModel):
    """
    The right of one licensee to use one dataset in one scenario.

        ISSUED --activate--> ACTIVE --suspend--> SUSPENDED --resume--> ACTIVE
        SUSPENDED --suspend--> SUSPENDED (by a measure, over a suspension for another cause)
        ACTIVE --restrict, lift_restriction--> ACTIVE
        ACTIVE --reissue--> ACTIVE (a new certificate takes the place of the last one)
        ISSUED, ACTIVE, SUSPENDED --expire--> EXPIRED
        ISSUED, ACTIVE, SUSPENDED --revoke--> REVOKED
        ISSUED, ACTIVE, SUSPENDED --surrender--> SURRENDERED
        ISSUED, ACTIVE, SUSPENDED --supersede--> SUPERSEDED

    It is active only while its agreement is in force and its dataset is published. ``scope`` holds
    {fields, filters, rows, transforms, version, mode, period}; ``quota`` holds {per_total,
    per_month, per_day, rate_per_second, rows_per_call}, each a whole number or null;
    ``valid_from`` and ``valid_to`` are days in Asia/Shanghai, both inclusive.
    """

    class State(models.TextChoices):
        ISSUED = "ISSUED", _("Issued")
        ACTIVE = "ACTIVE", _("Active")
        SUSPENDED = "SUSPENDED", _("Suspended")
        EXPIRED = "EXPIRED", _("Expired")
        REVOKED = "REVOKED", _("Revoked")
        SURRENDERED = "SURRENDERED", _("Surrendered")
        SUPERSEDED = "SUPERSEDED", _("Superseded")

    LIVE = (State.ISSUED, State.ACTIVE, State.SUSPENDED)

    number = models.CharField(max_length=40, unique=True)
    machine_number = models.CharField(max_length=40, unique=True)
    serial = models.PositiveIntegerField()
    agreement = models.ForeignKey(
        "contracts.Agreement", on_delete=models.PROTECT, related_name="licenses"
    )
    dataset = models.ForeignKey(
        "catalog.Dataset", on_delete=models.PROTECT, related_name="licenses"
    )
    licensee = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="licenses_held"
    )
    provider = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="licenses_provided"
    )
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="licenses_supervised"
    )
    # The license of the version before, whose place this one took.
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    # The first license of such a chain, on which the quota of all is counted; empty for the first.
    quota_account = models.UUIDField(null=True)
    scenario_code = models.CharField(max_length=40)
    scenario_name = models.CharField(max_length=200)
    scope = models.JSONField()
    quota = models.JSONField(default=dict)
    restriction = models.JSONField(null=True)
    # {source: dataset | agreement | measure, reason}: who closed it may open it again.
    suspension = models.JSONField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    issued_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    certificate_hash = models.CharField(max_length=64)
    state = FSMField(default=State.ISSUED, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-issued_at", "number"]
        default_permissions = ()
        permissions = [
            ("see_license", "May see a license"),
            ("activate_license", "May activate a license"),
            ("suspend_license", "May suspend a license"),
            ("resume_license", "May resume a license"),
            ("restrict_license", "May restrict a license or lift the restriction"),
            ("reissue_license", "May issue a certificate anew"),
            ("expire_license", "May end a license at its term"),
            ("revoke_license", "May revoke a license"),
            ("surrender_license", "May surrender a license"),
            ("supersede_license", "May replace a license by a new one"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="licensing_license_one_per_agreement_and_dataset",
                fields=["agreement", "dataset"],
                condition=~Q(state="SUPERSEDED"),
            ),
            models.CheckConstraint(
                name="licensing_license_account_of_the_first",
                condition=Q(replaces__isnull=True, quota_account__isnull=True)
                | Q(replaces__isnull=False, quota_account__isnull=False),
            ),
            models.CheckConstraint(
                name="licensing_license_term", condition=Q(valid_from__lte=F("valid_to"))
            ),
            models.CheckConstraint(
                name="licensing_license_active_was_activated",
                condition=~Q(state__in=["ACTIVE", "SUSPENDED"]) | Q(activated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="licensing_license_suspended_says_why",
                condition=Q(state="SUSPENDED", suspension__isnull=False)
                | (~Q(state="SUSPENDED") & Q(suspension__isnull=True)),
            ),
            models.CheckConstraint(
                name="licensing_license_ended_says_when",
                condition=Q(state__in=["ISSUED", "ACTIVE", "SUSPENDED"], ended_at__isnull=True)
                | (
                    Q(state__in=["EXPIRED", "REVOKED", "SURRENDERED", "SUPERSEDED"])
                    & Q(ended_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @transition(
        field=state, source=State.ISSUED, target=State.ACTIVE,
        permission="licensing.activate_license",
    )  # fmt: skip
    def activate(self, *, at: datetime) -> None:
        """Put a new license into force."""
        self.activated_at = at

    @transition(
        field=state, source=[State.ACTIVE, State.SUSPENDED], target=State.SUSPENDED,
        permission="licensing.suspend_license",
    )  # fmt: skip
    def suspend(self, *, source: str, reason: str, at: datetime) -> None:
        """Stop the use for the time being."""
        self.suspension = {"source": source, "reason": reason}

    @transition(
        field=state, source=State.SUSPENDED, target=State.ACTIVE,
        permission="licensing.resume_license",
    )  # fmt: skip
    def resume(self, *, reason: str, at: datetime) -> None:
        """Allow the use again."""
        self.suspension = None

    @transition(
        field=state, source=State.ACTIVE, target=State.ACTIVE,
        permission="licensing.restrict_license",
    )  # fmt: skip
    def restrict(self, *, restriction: dict[str, Any], reason: str, at: datetime) -> None:
        """Narrow the use: a part of the quota, fewer fields, until a moment."""
        self.restriction = restriction

    @transition(
        field=state, source=State.ACTIVE, target=State.ACTIVE,
        permission="licensing.restrict_license",
    )  # fmt: skip
    def lift_restriction(self, *, reason: str, at: datetime) -> None:
        """Give the use its full width again."""
        self.restriction = None

    @transition(
        field=state, source=State.ACTIVE, target=State.ACTIVE,
        permission="licensing.reissue_license",
    )  # fmt: skip
    def reissue(
        self, *, version: int, cause: str, reason: str, certificate_hash: str, at: datetime
    ) -> None:
        """Give out a new certificate in the place of the last one."""
        self.certificate_hash = certificate_hash

    @transition(
        field=state, source=LIVE, target=State.EXPIRED, permission="licensing.expire_license"
    )
    def expire(self, *, at: datetime) -> None:
        """End the license: its term is over."""
        self._end("", at)

    @transition(
        field=state, source=LIVE, target=State.REVOKED, permission="licensing.revoke_license"
    )
    def revoke(self, *, reason: str, at: datetime) -> None:
        """End the license by decision."""
        self._end(reason, at)

    @transition(
        field=state, source=LIVE, target=State.SURRENDERED,
        permission="licensing.surrender_license",
    )  # fmt: skip
    def surrender(self, *, reason: str, at: datetime) -> None:
        """End the license on the wish of its holder."""
        self._end(reason, at)

    @transition(
        field=state, source=LIVE, target=State.SUPERSEDED,
        permission="licensing.supersede_license",
    )  # fmt: skip
    def supersede(self, *, reason: str, at: datetime) -> None:
        """End the license because a new one takes its place."""
        self._end(reason, at)

    def _end(self, reason: str, at: datetime) -> None:
        self.ended_at, self.end_reason, self.suspension = at, reason, None


class LicenseDocument(models.Model):
    """
    A certificate as it was issued and signed: the original or a duplicate, never changed.

    A later version retires an earlier one; both stay, so that either is known when it is shown.
    ``render_hash`` is the hash of the page before it was signed: same facts, same bytes.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "ORIGINAL", _("Original")
        DUPLICATE = "DUPLICATE", _("Duplicate")

    class Cause(models.TextChoices):
        ISSUED = "ISSUED", _("First issue")
        LOST = "LOST", _("Lost or damaged")
        CORRECTED = "CORRECTED", _("Facts corrected")

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField(max_length=9, choices=Cause.choices, default=Cause.ISSUED)
    content_hash = models.CharField(max_length=64)
    render_hash = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)
    file = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        # Anybody may ask whether a file is one of ours.
        indexes = [models.Index(fields=["content_hash"], name="licensing_document_hash")]
        constraints = [
            models.UniqueConstraint(
                name="licensing_document_version_once", fields=["license", "kind", "version"]
            ),
            models.UniqueConstraint(
                name="licensing_document_one_current",
                fields=["license", "kind"],
                condition=Q(retired_at=None),
            ),
            models.CheckConstraint(
                name="licensing_document_kind_known",
                condition=Q(kind__in=["ORIGINAL", "DUPLICATE"]),
            ),
            models.CheckConstraint(
                name="licensing_document_cause_fits_version",
                condition=Q(version=1, cause="ISSUED")
                | Q(version__gt=1, cause__in=["LOST", "CORRECTED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.content_hash[:12]}"


class LicenseUserPermission(UserObjectPermissionBase):
    """A person's own right on one license."""

    content_object = models.ForeignKey(License, on_delete=models.CASCADE)


class LicenseGroupPermission(GroupObjectPermissionBase):
    """A desk's right on one license."""

    content_object = models.ForeignKey(License, on_delete=models.CASCADE)
