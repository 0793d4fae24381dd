"""The files that answer the fields of the form."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.application import Application


class AnswerFile(models.Model):
    """
    A file put to a field of the form, byte for byte, with its SHA-256.

    ``first_in`` and ``last_in`` are the numbers of the snapshots it was handed in with first and
    last; without the first it was never handed in, without the last it still stands on the form.
    A file that was handed in is never deleted and never changed: triggers refuse it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    field = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    first_in = models.PositiveSmallIntegerField(null=True)
    last_in = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="answer_file_once",
                fields=["application", "field", "content_hash"],
                condition=Q(last_in__isnull=True),
            ),
            models.CheckConstraint(name="answer_file_not_empty", condition=Q(size_bytes__gte=1)),
            models.CheckConstraint(
                name="answer_file_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="answer_file_left_after_it_came",
                condition=Q(last_in__isnull=True)
                | Q(first_in__isnull=False, last_in__gte=F("first_in")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.content_hash[:12]}"
