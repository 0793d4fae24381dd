"""A statement, its lines, its shares, and what the parties made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.fsm import StateModel


class Statement(StateModel):
    """
    What one agreement owes for one month, to the fen.

        DRAFT --issue--> ISSUED --confirm--> CONFIRMED --post--> POSTED --release--> RELEASED
        RELEASED --settle--> PAID
        DRAFT --discard--> VOID
        ISSUED --dispute--> DISPUTED --resolve--> REPLACED

    An issued statement is never changed: when a line is disputed, the next revision with the rest
    takes its place, and the disputed one keeps the frozen line until its dispute is answered.
    ``period_from`` and ``period_to`` are days in Asia/Shanghai, both inclusive.
    Source: domain §3.3, T21-T22.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ISSUED = "ISSUED", _("Issued, waiting for the buyer")
        DISPUTED = "DISPUTED", _("Disputed")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        POSTED = "POSTED", _("Posted, waiting for release")
        RELEASED = "RELEASED", _("Released for payment")
        PAID = "PAID", _("Paid and settled")
        VOID = "VOID", _("Discarded")
        REPLACED = "REPLACED", _("Replaced, dispute answered")

    # Statements whose lines count as charged.
    STANDING = (State.ISSUED, State.CONFIRMED, State.POSTED, State.RELEASED, State.PAID)

    number = models.CharField(max_length=40, unique=True)
    agreement = models.ForeignKey("contracts.Agreement", on_delete=models.PROTECT)
    licensee = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    exchange = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    period_from = models.DateField()
    period_to = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replacement"
    )
    purpose_class = models.CharField(max_length=20)
    opening_fen = models.BigIntegerField(default=0)
    gross_fen = models.BigIntegerField()
    net_fen = models.BigIntegerField()
    tax_fen = models.BigIntegerField()
    tax_rate = models.DecimalField(max_digits=5, decimal_places=4)
    fees_fen = models.BigIntegerField()
    payable_fen = models.BigIntegerField()
    split_policy = models.ForeignKey("settlement.SplitPolicy", on_delete=models.PROTECT)
    fee_schedule = models.ForeignKey("settlement.FeeSchedule", on_delete=models.PROTECT)
    content_hash = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    paid_at = models.DateTimeField(null=True)
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)

    class Meta:
        ordering = ["-period_from", "number"]
        permissions = [
            ("see_statement", "May see a statement"),
            ("issue_statement", "May issue a statement"),
            ("discard_statement", "May discard a draft"),
            ("confirm_statement", "May confirm a statement for the buyer"),
            ("dispute_statement", "May dispute a line"),
            ("resolve_statement", "May resolve a dispute"),
            ("post_statement", "May post a statement to the ledger"),
            ("release_statement", "May release the payouts"),
            ("settle_statement", "May record the payment"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="settlement_one_statement_per_period",
                fields=["agreement", "period_from", "period_to"],
                condition=~Q(state__in=["VOID", "DISPUTED", "REPLACED"]),
            ),
            models.CheckConstraint(
                name="settlement_statement_adds_up",
                condition=Q(gross_fen=F("net_fen") + F("tax_fen"))
                & Q(payable_fen=F("opening_fen") + F("gross_fen") + F("fees_fen")),
            ),
            models.CheckConstraint(
                name="settlement_statement_period", condition=Q(period_to__gt=F("period_from"))
            ),
            models.CheckConstraint(
                name="settlement_statement_issued",
                condition=Q(state__in=["DRAFT", "VOID"])
                | (Q(issued_at__isnull=False) & ~Q(content_hash="")),
            ),
            models.CheckConstraint(
                name="settlement_statement_confirmed",
                condition=~Q(state__in=["CONFIRMED", "POSTED", "RELEASED", "PAID"])
                | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="settlement_statement_released_by_another",
                condition=~Q(state__in=["RELEASED", "PAID"])
                | (
                    Q(posted_by__isnull=False, released_by__isnull=False)
                    & ~Q(released_by=F("posted_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.ISSUED,
        permission="settlement.issue_statement",
    )
    def issue(self, *, at: datetime, content_hash: str, **_facts: Any) -> None:
        self.issued_at, self.content_hash = at, content_hash

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.VOID,
        permission="settlement.discard_statement",
    )
    def discard(self, *, at: datetime, **_facts: Any) -> None:
        """Nothing but the state changes; the lines stay readable."""

    @transition(
        field=state,
        source=State.ISSUED,
        target=State.CONFIRMED,
        permission="settlement.confirm_statement",
    )
    def confirm(self, *, at: datetime, by: Any, **_facts: Any) -> None:
        self.confirmed_at, self.confirmed_by = at, by

    @transition(
        field=state,
        source=State.ISSUED,
        target=State.DISPUTED,
        permission="settlement.dispute_statement",
    )
    def dispute(self, *, at: datetime, **_facts: Any) -> None:
        """The dispute itself is a row of its own."""

    @transition(
        field=state,
        source=State.DISPUTED,
        target=State.REPLACED,
        permission="settlement.resolve_statement",
    )
    def resolve(self, *, at: datetime, **_facts: Any) -> None:
        """The answer is kept on the dispute; its line was taken out of the replacement."""

    @transition(
        field=state,
        source=State.CONFIRMED,
        target=State.POSTED,
        permission="settlement.post_statement",
    )
    def post(self, *, at: datetime, by: Any, **_facts: Any) -> None:
        self.posted_at, self.posted_by = at, by

    @transition(
        field=state,
        source=State.POSTED,
        target=State.RELEASED,
        permission="settlement.release_statement",
    )
    def release(self, *, at: datetime, by: Any, **_facts: Any) -> None:
        self.released_at, self.released_by = at, by

    @transition(
        field=state,
        source=State.RELEASED,
        target=State.PAID,
        permission="settlement.settle_statement",
    )
    def settle(self, *, at: datetime, **_facts: Any) -> None:
        self.paid_at = at


class StatementUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Statement, on_delete=models.CASCADE)


class StatementGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Statement, on_delete=models.CASCADE)


class StatementLine(models.Model):
    """
    One rated line: what was used of one license in the period, by which price, proved by what.

    ``from_at``/``to_at`` bound the events by their own time, half-open; ``stored_before`` bounds
    them by the time of storing, so that the same bounds always give the same line. A LATE line
    charges what was stored after the period had been settled; a CARRIED line is ``origin``, frozen
    by a dispute that the exchange answered.
    """

    class Kind(models.TextChoices):
        USAGE = "USAGE", _("Usage of the period")
        LATE = "LATE", _("Late records of an earlier period")
        CARRIED = "CARRIED", _("Carried over after a dispute")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.USAGE)
    origin = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    license = models.ForeignKey("licensing.License", on_delete=models.PROTECT)
    price = models.ForeignKey("settlement.PriceVersion", on_delete=models.PROTECT)
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    steps = models.JSONField(default=list)
    gross_fen = models.BigIntegerField()
    server_errors = models.PositiveBigIntegerField(default=0)
    retries = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    stored_before = models.DateTimeField()
    first_event_id = models.BigIntegerField(null=True)
    last_event_id = models.BigIntegerField(null=True)
    event_set_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["statement", "position"]
        constraints = [
            models.UniqueConstraint(
                name="settlement_line_position", fields=["statement", "position"]
            ),
            models.CheckConstraint(
                name="settlement_line_bounds", condition=Q(to_at__gt=F("from_at"))
            ),
            models.CheckConstraint(
                name="settlement_line_carried_from",
                condition=Q(kind="CARRIED", origin__isnull=False)
                | (~Q(kind="CARRIED") & Q(origin__isnull=True)),
            ),
            models.CheckConstraint(
                name="settlement_line_not_negative",
                condition=Q(gross_fen__gte=0, quantity__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} #{self.position}"


class FeeLine(models.Model):
    """A fee beside the use of data, tax included."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="fee_lines")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    basis = models.CharField(max_length=200)
    amount_fen = models.BigIntegerField()
    tax_fen = models.BigIntegerField()

    class Meta:
        ordering = ["statement", "id"]
        constraints = [
            models.UniqueConstraint(name="settlement_fee_once", fields=["statement", "code"])
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount_fen}"


class SplitShare(models.Model):
    """What one party gets of the net amount."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    account = models.CharField(max_length=60)
    weight = models.DecimalField(max_digits=9, decimal_places=4)
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["statement", "position"]
        constraints = [
            models.UniqueConstraint(name="settlement_share_once", fields=["statement", "party"])
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.amount_fen}"
