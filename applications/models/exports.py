"""Files made of lists, and views of lists that people keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ListExport(models.Model):
    """
    One file that a person asked for, made of a list by a worker.

    ``fence`` grows with every worker that takes the job on, so that one whose lease ran out writes
    nothing more. ``content`` goes when the file expires; who took what stays.
    """

    class Form(models.TextChoices):
        XLSX = "XLSX", "XLSX"
        CSV = "CSV", "CSV"

    class Stage(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("export", "Waiting")
        FINDING = "FINDING", pgettext_lazy("export", "Finding the rows")
        WRITING = "WRITING", pgettext_lazy("export", "Writing the rows")
        READY = "READY", pgettext_lazy("export", "Ready")
        FAILED = "FAILED", pgettext_lazy("export", "Failed")
        CANCELED = "CANCELED", pgettext_lazy("export", "Canceled")
        EXPIRED = "EXPIRED", pgettext_lazy("export", "Expired")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="list_exports"
    )
    list_name = models.CharField(max_length=20)
    tab = models.CharField(max_length=20, blank=True)
    query = models.CharField(max_length=500, blank=True)
    columns = models.JSONField()
    form = models.CharField(max_length=4, choices=Form.choices)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    filename = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="list_export_centre"),
            models.Index(
                fields=["created_at", "id"],
                name="list_export_to_do",
                condition=Q(stage__in=["WAITING", "FINDING", "WRITING"]),
            ),
            models.Index(
                fields=["expires_at"], name="list_export_expiry", condition=Q(stage="READY")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="list_export_ready_has_file",
                condition=~Q(stage="READY")
                | Q(
                    content__isnull=False,
                    finished_at__isnull=False,
                    expires_at__isnull=False,
                    rows_total__isnull=False,
                )
                & ~Q(sha256="")
                & ~Q(filename=""),
            ),
            models.CheckConstraint(
                name="list_export_keeps_only_ready_files",
                condition=Q(stage="READY") | Q(content__isnull=True),
            ),
            models.CheckConstraint(
                name="list_export_work_is_leased",
                condition=~Q(stage__in=["FINDING", "WRITING"])
                | Q(lease_until__isnull=False, heartbeat_at__isnull=False),
            ),
            models.CheckConstraint(
                name="list_export_failure_is_named",
                condition=~Q(stage="FAILED") | ~Q(problem=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_name} {self.form} {self.stage}"


class SavedView(models.Model):
    """
    Filters of a list that a person keeps under a name.

    It holds the query of an address and nothing else: whoever opens a shared view sees the rows
    that are theirs to see.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views"
    )
    list_name = models.CharField(max_length=20)
    name = models.CharField(_("Name"), max_length=40)
    query = models.CharField(max_length=500, blank=True)
    # The organization whose people find it too; nobody else when empty.
    shared_with = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["list_name", "name", "id"]
        default_permissions = ()
        indexes = [models.Index(fields=["shared_with", "list_name"], name="saved_view_shared")]
        constraints = [
            models.UniqueConstraint(
                name="saved_view_name_once", fields=["owner", "list_name", "name"]
            ),
            models.UniqueConstraint(
                name="saved_view_one_default",
                fields=["owner", "list_name"],
                condition=Q(is_default=True),
            ),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
