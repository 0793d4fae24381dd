"""Review rounds: a panel, its seats, its ballots."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReviewRound(models.Model):
    """
    One sitting of a panel on one subject, with the rules it was opened under.

    Open until ``concluded_at`` is set; a new look at the same subject is a new round.
    """

    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    rules = models.JSONField()
    opened_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)
    conclusion = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_round_number", fields=["subject_type", "subject_id", "number"]
            ),
            models.UniqueConstraint(
                name="workflow_round_one_open",
                fields=["subject_type", "subject_id"],
                condition=Q(concluded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="workflow_round_conclusion_dated",
                condition=Q(concluded_at__isnull=True, conclusion__isnull=True)
                | Q(concluded_at__isnull=False, conclusion__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number} on {self.subject_id}"


class ReviewSeat(models.Model):
    """A person's place on a panel; recused when an interest stands in the way."""

    class Role(models.TextChoices):
        CHAIR = "CHAIR", "Chair"
        MEMBER = "MEMBER", "Member"

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    role = models.CharField(max_length=8, choices=Role.choices)
    declared_at = models.DateTimeField(null=True)
    recused_at = models.DateTimeField(null=True)
    recusal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="workflow_seat_once", fields=["round", "member"]),
            models.UniqueConstraint(
                name="workflow_seat_one_chair", fields=["round"], condition=Q(role="CHAIR")
            ),
            models.CheckConstraint(
                name="workflow_seat_recusal_reasoned",
                condition=Q(recused_at__isnull=True, recusal_reason="")
                | (Q(recused_at__isnull=False) & ~Q(recusal_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on round {self.round_id}"


class Ballot(models.Model):
    """One vote with its scores and its written reason; cast once, never changed."""

    class Vote(models.TextChoices):
        FOR = "FOR", "For"
        AGAINST = "AGAINST", "Against"
        ABSTAIN = "ABSTAIN", "Abstain"

    seat = models.OneToOneField(ReviewSeat, on_delete=models.PROTECT, related_name="ballot")
    vote = models.CharField(max_length=8, choices=Vote.choices)
    scores = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField()
    reason = models.TextField()
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="workflow_ballot_reasoned", condition=~Q(reason="")),
            models.CheckConstraint(name="workflow_ballot_total", condition=Q(total__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.vote} by seat {self.seat_id}"
