"""What the desk keeps beside a case: who has it, what was handed in, what was said about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application

COMMENT_CHARACTERS_MAX = 2_000
REMARK_CHARACTERS_MAX = 4_000


class Holding(models.Model):
    """One stretch of time in which one person had a case on the desk, and how it began."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="holding_one_at_a_time",
                fields=["application"],
                condition=Q(until_at__isnull=True),
            ),
            models.CheckConstraint(
                name="holding_in_order",
                condition=Q(until_at__isnull=True) | Q(until_at__gte=models.F("from_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} has {self.application_id}"


class Delegation(models.Model):
    """A colleague stands in for a person on leave, from the first to the last day."""

    organization = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="delegations"
    )
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_taken"
    )
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_on", "id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["delegate", "until_on"], name="delegation_delegate"),
        ]
        constraints = [
            models.CheckConstraint(
                name="delegation_in_order", condition=Q(until_on__gte=models.F("from_on"))
            ),
            models.CheckConstraint(
                name="delegation_to_another", condition=~Q(absent=models.F("delegate"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.absent_id} until {self.until_on}"


class Snapshot(models.Model):
    """What the applicant had written when it was handed in; a trigger refuses change."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    submission_round = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="snapshot_once", fields=["application", "number"]),
            models.CheckConstraint(
                name="snapshot_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="snapshot_counts_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"snapshot {self.number} of {self.application_id}"


class Sighting(models.Model):
    """
    Which snapshot a person saw last, and which before that.

    ``before`` stays until the next snapshot is opened, so that a page read twice shows twice what
    has changed since the last look.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sightings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sightings"
    )
    number = models.PositiveSmallIntegerField()
    before = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "person_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="sighting_once", fields=["application", "person"]),
            models.CheckConstraint(
                name="sighting_goes_forward", condition=Q(number__gt=models.F("before"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.number} of {self.application_id}"


class SectionMark(models.Model):
    """A person has read a section as it then was; another content makes the mark void."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="section_marks"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="section_marks"
    )
    section = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "person_id", "section"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="section_mark_once", fields=["application", "person", "section"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} read by {self.person_id}"


class Comment(models.Model):
    """
    What an official says about one entry of the form, or about a whole section (``item`` empty).

    A comment marked as a defect goes into the correction list, in ``position`` order, with what is
    ``required``; ``sent_in`` names the notice in which it was sent. ``anchor_hash`` is the hash of
    what it speaks of, so that a later reader is told when that was changed.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replies"
    )
    section = models.CharField(max_length=40)
    item = models.CharField(max_length=160, blank=True)
    label = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    for_applicant = models.BooleanField(default=False)
    is_defect = models.BooleanField(default=False)
    required = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="comments")
    anchor_hash = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments_written"
    )
    written_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    sent_in = models.ForeignKey(
        "applications.CorrectionNotice",
        on_delete=models.PROTECT,
        null=True,
        related_name="comments",
    )

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="comment_defect_is_internal",
                condition=Q(is_defect=False) | Q(for_applicant=False, parent__isnull=True),
            ),
            models.CheckConstraint(
                name="comment_sent_is_a_defect",
                condition=Q(sent_in__isnull=True) | Q(is_defect=True),
            ),
            models.CheckConstraint(
                name="comment_resolution_is_signed",
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}.{self.item}: {self.text[:40]}"


class OpinionDraft(models.Model):
    """Words that a person has begun to write somewhere on a case and not sent yet."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="opinion_drafts"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinion_drafts"
    )
    place = models.CharField(max_length=220)
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "person_id", "place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="opinion_draft_once", fields=["application", "person", "place"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.person_id}"


class Remark(models.Model):
    """A note on the whole case: of the office alone, or told to the applicant."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()
    is_public = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="remarks_written"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["application_id", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="remark_says_something", condition=~Q(text=""))
        ]

    def __str__(self) -> str:
        return f"remark {self.pk} on {self.application_id}"
