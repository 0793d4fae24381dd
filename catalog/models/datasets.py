"""A dataset on its way to opening, its versions and their fields."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from catalog import choices
from core.fsm import StateModel


class DatasetState(models.TextChoices):
    """Where a dataset stands on its way to opening."""

    DRAFT = "DRAFT", _("Draft")
    CLASSIFIED = "CLASSIFIED", _("Classified")
    SENSITIVE_CHECKED = "SENSITIVE_CHECKED", _("Scanned for sensitive fields")
    RISK_ASSESSED = "RISK_ASSESSED", _("Risk assessed")
    SECRECY_REVIEWED = "SECRECY_REVIEWED", _("Secrecy reviewed")
    PREVIEW = "PREVIEW", _("Preview")
    PUBLISHED = "PUBLISHED", _("Published")
    SUSPENDED = "SUSPENDED", _("Suspended")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn from opening")
    HELD_NON_OPEN = "HELD_NON_OPEN", _("Held as not open")
    RECLASSIFYING = "RECLASSIFYING", _("Being reclassified")


S = DatasetState
BEFORE_OPENING = [S.CLASSIFIED, S.SENSITIVE_CHECKED, S.RISK_ASSESSED, S.SECRECY_REVIEWED, S.PREVIEW]
OPENED = [S.PUBLISHED, S.SUSPENDED]


class Dataset(StateModel):
    """
    A dataset of a provider, from the first description to its withdrawal.

        DRAFT --classify--> CLASSIFIED --pass_scan--> SENSITIVE_CHECKED
          --assess_risk--> RISK_ASSESSED --pass_secrecy_review--> SECRECY_REVIEWED
          --open_preview--> PREVIEW --publish--> PUBLISHED
        PUBLISHED --suspend--> SUSPENDED --resume--> PUBLISHED
        PUBLISHED, SUSPENDED --withdraw--> WITHDRAWN
        CLASSIFIED .. PREVIEW --hold--> HELD_NON_OPEN
        PUBLISHED, SUSPENDED --tighten--> HELD_NON_OPEN
        HELD_NON_OPEN --begin_reclassification--> RECLASSIFYING --classify--> CLASSIFIED
    """

    State = DatasetState

    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField()
    provider = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="datasets"
    )
    domain = models.CharField(max_length=20, choices=choices.DomainChoice.choices)
    openness = models.CharField(max_length=14, choices=choices.OpennessChoice.choices)
    openness_reason = models.CharField(max_length=20, choices=choices.ReasonChoice.choices)
    # Empty until it is classified; from then on the highest level of the fields.
    level = models.CharField(max_length=10, choices=choices.LevelChoice.choices, blank=True)
    update_frequency = models.CharField(max_length=12, choices=choices.FrequencyChoice.choices)
    conditions = models.TextField(blank=True)
    delivery_modes = models.JSONField(default=list)
    requires_consent = models.BooleanField(default=False)
    supervision_measures = models.TextField(blank=True)
    created_at = models.DateTimeField()
    current_version = models.ForeignKey(
        "catalog.DatasetVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    classified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    classified_at = models.DateTimeField(null=True)
    # The evidence this way to opening rests on; a new classification starts without any.
    scan = models.ForeignKey(
        "catalog.SensitiveScan", null=True, on_delete=models.PROTECT, related_name="+"
    )
    risk_assessment = models.ForeignKey(
        "catalog.RiskAssessment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    secrecy_review = models.ForeignKey(
        "catalog.SecrecyReview", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reclassification = models.ForeignKey(
        "catalog.ReclassificationEvidence", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The first and the last day it is open, and the last day of the authorized operation it is
    # part of; empty means no end is set. No agreement and no license reaches beyond (licensing).
    open_from = models.DateField(null=True)
    open_to = models.DateField(null=True)
    operated_to = models.DateField(null=True)
    term_basis = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    # Why it is suspended, withdrawn or held; shown to those who use it.
    state_reason = models.CharField(max_length=500, blank=True)
    state = FSMField(default=S.DRAFT, choices=S.choices, protected=True)

    class Meta:
        ordering = ["code"]
        default_permissions = ()
        permissions = [
            ("see_dataset", "May see a dataset before it is open"),
            ("edit_dataset", "May edit a draft and add versions"),
            ("classify_dataset", "May classify a dataset"),
            ("scan_dataset", "May scan a dataset for sensitive fields"),
            ("assess_dataset", "May record the risk assessment"),
            ("review_secrecy_dataset", "May give the secrecy review"),
            ("preview_dataset", "May open the preview"),
            ("publish_dataset", "May publish a dataset"),
            ("hold_dataset", "May hold a dataset as not open"),
            ("tighten_dataset", "May close an open dataset"),
            ("reclassify_dataset", "May begin a reclassification"),
            ("suspend_dataset", "May suspend a dataset"),
            ("resume_dataset", "May resume a dataset"),
            ("withdraw_dataset", "May withdraw a dataset"),
        ]
        constraints = [
            models.CheckConstraint(
                name="catalog_dataset_code_shape", condition=Q(code__regex=r"^[A-Z][A-Z0-9]{1,11}$")
            ),
            models.CheckConstraint(
                name="catalog_dataset_high_level_never_open",
                condition=~Q(level__in=["L4", "IMPORTANT", "CORE"]) | Q(openness="NON_OPEN"),
            ),
            models.CheckConstraint(
                name="catalog_dataset_unconditional_is_level_1",
                condition=~Q(openness="UNCONDITIONAL") | Q(level__in=["", "L1"]),
            ),
            models.CheckConstraint(
                name="catalog_dataset_held_is_non_open",
                condition=~Q(state__in=["HELD_NON_OPEN", "RECLASSIFYING"]) | Q(openness="NON_OPEN"),
            ),
            models.CheckConstraint(
                name="catalog_dataset_classified_by_someone",
                condition=Q(state="DRAFT")
                | (Q(classified_by__isnull=False, classified_at__isnull=False) & ~Q(level="")),
            ),
            models.CheckConstraint(
                name="catalog_dataset_past_scan_has_it",
                condition=~Q(
                    state__in=["SENSITIVE_CHECKED", "RISK_ASSESSED", "SECRECY_REVIEWED", "PREVIEW"]
                )
                | (Q(scan__isnull=False) & ~Q(openness="NON_OPEN")),
            ),
            models.CheckConstraint(
                name="catalog_dataset_reviewed_has_evidence",
                condition=~Q(state__in=["SECRECY_REVIEWED", "PREVIEW"])
                | Q(risk_assessment__isnull=False, secrecy_review__isnull=False),
            ),
            models.CheckConstraint(
                name="catalog_dataset_open_has_all_evidence",
                condition=~Q(state__in=["PUBLISHED", "SUSPENDED"])
                | (
                    Q(
                        scan__isnull=False,
                        risk_assessment__isnull=False,
                        secrecy_review__isnull=False,
                        current_version__isnull=False,
                        published_at__isnull=False,
                    )
                    & ~Q(openness="NON_OPEN")
                ),
            ),
            models.CheckConstraint(
                name="catalog_dataset_stopped_has_reason",
                condition=(
                    ~Q(state="SUSPENDED")
                    | Q(suspended_at__isnull=False, suspended_by__isnull=False)
                )
                & (~Q(state="WITHDRAWN") | Q(withdrawn_at__isnull=False))
                & (~Q(state__in=["SUSPENDED", "WITHDRAWN", "HELD_NON_OPEN"]) | ~Q(state_reason="")),
            ),
            models.CheckConstraint(
                name="catalog_dataset_term",
                condition=Q(open_from__isnull=True)
                | Q(open_to__isnull=True)
                | Q(open_from__lte=F("open_to")),
            ),
            models.CheckConstraint(
                name="catalog_dataset_term_says_by_what",
                condition=Q(open_from__isnull=True, open_to__isnull=True, operated_to__isnull=True)
                | ~Q(term_basis=""),
            ),
            models.CheckConstraint(
                name="catalog_dataset_reclassifying_has_evidence",
                condition=~Q(state="RECLASSIFYING") | Q(reclassification__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "code"], name="catalog_dataset_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @transition(
        field=state,
        source=[S.DRAFT, S.RECLASSIFYING],
        target=S.CLASSIFIED,
        permission="catalog.classify_dataset",
    )
    def classify(
        self, *, by: Any, level: str, openness: str, reason_code: str, at: datetime
    ) -> None:
        self.level, self.openness, self.openness_reason = level, openness, reason_code
        self.classified_by, self.classified_at = by, at
        self.scan = self.risk_assessment = self.secrecy_review = None
        self.published_at = self.suspended_at = self.suspended_by = None
        self.state_reason = ""

    @transition(
        field=state,
        source=S.CLASSIFIED,
        target=S.SENSITIVE_CHECKED,
        permission="catalog.scan_dataset",
    )
    def pass_scan(self, *, scan: Any, at: datetime) -> None:
        self.scan = scan

    @transition(
        field=state,
        source=S.SENSITIVE_CHECKED,
        target=S.RISK_ASSESSED,
        permission="catalog.assess_dataset",
    )
    def assess_risk(self, *, assessment: Any, level: str, at: datetime) -> None:
        self.risk_assessment, self.level = assessment, level

    @transition(
        field=state,
        source=S.RISK_ASSESSED,
        target=S.SECRECY_REVIEWED,
        permission="catalog.review_secrecy_dataset",
    )
    def pass_secrecy_review(self, *, review: Any, at: datetime) -> None:
        self.secrecy_review = review

    @transition(
        field=state,
        source=S.SECRECY_REVIEWED,
        target=S.PREVIEW,
        permission="catalog.preview_dataset",
    )
    def open_preview(self, *, at: datetime) -> None:
        """Nothing but the state changes: the preview shows what is there."""

    @transition(
        field=state, source=S.PREVIEW, target=S.PUBLISHED, permission="catalog.publish_dataset"
    )
    def publish(self, *, at: datetime) -> None:
        self.published_at = at

    @transition(
        field=state,
        source=BEFORE_OPENING,
        target=S.HELD_NON_OPEN,
        permission="catalog.hold_dataset",
    )
    def hold(self, *, reason_code: str, reason: str, at: datetime) -> None:
        self.openness, self.openness_reason, self.state_reason = "NON_OPEN", reason_code, reason

    @transition(
        field=state, source=OPENED, target=S.HELD_NON_OPEN, permission="catalog.tighten_dataset"
    )
    def tighten(self, *, reason_code: str, reason: str, at: datetime) -> None:
        self.openness, self.openness_reason, self.state_reason = "NON_OPEN", reason_code, reason

    @transition(
        field=state,
        source=S.HELD_NON_OPEN,
        target=S.RECLASSIFYING,
        permission="catalog.reclassify_dataset",
    )
    def begin_reclassification(self, *, evidence: Any, at: datetime) -> None:
        self.reclassification = evidence

    @transition(
        field=state, source=S.PUBLISHED, target=S.SUSPENDED, permission="catalog.suspend_dataset"
    )
    def suspend(self, *, by: Any, reason: str, at: datetime) -> None:
        self.state_reason, self.suspended_at, self.suspended_by = reason, at, by

    @transition(
        field=state, source=S.SUSPENDED, target=S.PUBLISHED, permission="catalog.resume_dataset"
    )
    def resume(self, *, reason: str, at: datetime) -> None:
        self.state_reason, self.suspended_at, self.suspended_by = "", None, None

    @transition(
        field=state, source=OPENED, target=S.WITHDRAWN, permission="catalog.withdraw_dataset"
    )
    def withdraw(self, *, reason: str, at: datetime) -> None:
        self.state_reason, self.withdrawn_at = reason, at


class DatasetUserPermission(UserObjectPermissionBase):
    """A right of one person on one dataset."""

    content_object = models.ForeignKey(Dataset, on_delete=models.CASCADE)


class DatasetGroupPermission(GroupObjectPermissionBase):
    """A right of one desk on one dataset."""

    content_object = models.ForeignKey(Dataset, on_delete=models.CASCADE)


class DatasetVersion(models.Model):
    """
    One version of a dataset: its fields first, then once and for all its rows.

    ``storage_path`` is relative to DATA_DIR and empty until rows were added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    storage_path = models.CharField(max_length=200, blank=True)
    row_count = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    schema_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dataset", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="catalog_version_number", fields=["dataset", "number"]),
            models.CheckConstraint(
                name="catalog_version_rows_with_hash",
                condition=Q(storage_path="", sha256="", row_count=0, filled_at__isnull=True)
                | (~Q(storage_path="") & ~Q(sha256="") & Q(filled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="catalog_version_counts",
                condition=Q(row_count__gte=0, bytes__gte=0, number__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number} of {self.dataset_id}"


class DatasetField(models.Model):
    """One field of a version, with its level; the highest of them is the dataset's."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="fields")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    data_type = models.CharField(max_length=10, choices=choices.DataTypeChoice.choices)
    level = models.CharField(max_length=10, choices=choices.LevelChoice.choices)
    sensitivity = models.CharField(
        max_length=14, choices=choices.SensitivityChoice.choices, default="NONE"
    )
    filterable = models.BooleanField(default=False)
    example = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["version", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="catalog_field_name", fields=["version", "name"]),
            models.UniqueConstraint(name="catalog_field_position", fields=["version", "position"]),
            models.CheckConstraint(
                name="catalog_field_name_shape", condition=Q(name__regex=r"^[a-z][a-z0-9_]{0,59}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name
