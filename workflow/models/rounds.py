"""Review rounds: a panel, its seats, the sheets being filled in, and the ballots."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReviewRound(models.Model):
    """
    One sitting of a panel on one subject, with the rules it was opened under.

    Open until ``concluded_at`` is set; a new look at the same subject is a new round. ``purpose``
    tells the first review from the review of an objection. Everybody in ``standing`` (the group of
    a roster) sits too: a seat of theirs is written when they first act, so that a change of the
    roster is felt in every open round without touching one.
    """

    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=20, default="REVIEW")
    items = models.JSONField(default=list)
    standing = models.ForeignKey("auth.Group", null=True, on_delete=models.PROTECT)
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
    """
    A person's place on a panel; recused when an interest stands in the way.

    ``left_at``: the term of the member ended while the round was open; the seat and its ballot
    stand in no count.
    """

    class Role(models.TextChoices):
        CHAIR = "CHAIR", "Chair"
        VICE = "VICE", "Vice chair"
        MEMBER = "MEMBER", "Member"
        EXPERT = "EXPERT", "Expert"

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    role = models.CharField(max_length=8, choices=Role.choices)
    declared_at = models.DateTimeField(null=True)
    recused_at = models.DateTimeField(null=True)
    recusal_reason = models.CharField(max_length=500, blank=True)
    left_at = models.DateTimeField(null=True)

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


class SheetDraft(models.Model):
    """One saved version of a score sheet not cast yet; the versions are its change log."""

    seat = models.ForeignKey(ReviewSeat, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["seat_id", "version"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="workflow_sheet_version", fields=["seat", "version"])
        ]

    def __str__(self) -> str:
        return f"draft {self.version} of seat {self.seat_id}"


class Ballot(models.Model):
    """
    One vote with its scores and its written reasons; cast once, never changed.

    ``vote`` sums up ``votes`` (item → vote) for the whole: in favor of something, else against.
    """

    class Vote(models.TextChoices):
        FOR = "FOR", "For"
        AGAINST = "AGAINST", "Against"
        ABSTAIN = "ABSTAIN", "Abstain"

    seat = models.OneToOneField(ReviewSeat, on_delete=models.PROTECT, related_name="ballot")
    vote = models.CharField(max_length=8, choices=Vote.choices)
    votes = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField()
    reason = models.TextField()
    criterion_reasons = models.JSONField(default=dict)
    dissent = models.TextField(blank=True)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="workflow_ballot_reasoned", condition=~Q(reason="")),
            models.CheckConstraint(name="workflow_ballot_total", condition=Q(total__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.vote} by seat {self.seat_id}"
