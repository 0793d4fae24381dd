"""What became of a statement: its documents, the disputes over its lines, its payment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from settlement.models.statements import Statement, StatementLine


class StatementDocument(models.Model):
    """A file of an issued statement: PDF, XLSX or JSON, with the hash of its bytes."""

    class Kind(models.TextChoices):
        PDF = "PDF", "PDF"
        XLSX = "XLSX", "XLSX"
        JSON = "JSON", "JSON"

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    content_hash = models.CharField(max_length=64)
    file = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["statement", "kind"]
        constraints = [
            models.UniqueConstraint(name="settlement_document_once", fields=["statement", "kind"])
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.kind}"


class Dispute(models.Model):
    """A buyer's objection to one line, and the answer; the line stays frozen until then."""

    class Outcome(models.TextChoices):
        STANDS = "STANDS", _("The line stands and is carried to the next statement")
        DROPPED = "DROPPED", _("The line is dropped")

    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="disputes")
    reason = models.TextField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="settlement_one_open_dispute",
                fields=["line"],
                condition=Q(answered_at__isnull=True),
            ),
            models.CheckConstraint(name="settlement_dispute_reasoned", condition=~Q(reason="")),
            models.CheckConstraint(
                name="settlement_dispute_answered",
                condition=Q(answered_at__isnull=True, outcome="")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(answer="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"dispute on line {self.line_id}"


class Payment(models.Model):
    """The buyer's payment of a statement, as the bank reported it."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="payment")
    bank_reference = models.CharField(max_length=60, unique=True)
    amount_fen = models.BigIntegerField()
    received_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="settlement_payment_positive", condition=Q(amount_fen__gt=0)
            )
        ]

    def __str__(self) -> str:
        return self.bank_reference
