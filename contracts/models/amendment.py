"""The next version of an agreement in force: proposed, signed by every party, then in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.models.agreement import Agreement
from contracts.models.signing import Signature
from core.fsm import StateModel


class AmendmentState(models.TextChoices):
    """Where an amendment stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("amendment", "To be signed")
    IN_FORCE = "IN_FORCE", pgettext_lazy("amendment", "In force")
    DECLINED = "DECLINED", pgettext_lazy("amendment", "Declined")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("amendment", "Withdrawn")


_S = AmendmentState


class Amendment(StateModel):
    """
    Version n+1 of the text of an agreement that is in force; version n holds until it is signed.

        PROPOSED --sign--> PROPOSED --take_effect--> IN_FORCE
        PROPOSED --decline--> DECLINED | --withdraw--> WITHDRAWN

    ``changes`` keeps what differs from version n, entry by entry, as people read it.
    """

    State = AmendmentState

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="amendments")
    version = models.PositiveIntegerField()
    base_hash = models.CharField(max_length=64)
    terms = models.JSONField()
    text_hash = models.CharField(max_length=64)
    # [[path, before, after]]: plain values by dotted path, null where nothing is said.
    changes = models.JSONField()
    reason = models.TextField()
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    state = FSMField(default=_S.PROPOSED, choices=AmendmentState.choices, protected=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        default_permissions = ()
        permissions = [
            ("sign_amendment", "May sign or decline an amendment"),
            ("withdraw_amendment", "May withdraw a proposed amendment"),
            ("take_effect_amendment", "May put a signed amendment in force"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_amendment_state_known",
                condition=Q(state__in=AmendmentState.values),
            ),
            models.CheckConstraint(
                name="contracts_amendment_says_why", condition=~Q(reason="") & Q(version__gte=2)
            ),
            models.CheckConstraint(
                name="contracts_amendment_settled_says_when",
                condition=Q(state="PROPOSED", settled_at__isnull=True)
                | (~Q(state="PROPOSED") & Q(settled_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="contracts_one_open_amendment",
                fields=["agreement"],
                condition=Q(state="PROPOSED"),
            ),
            models.UniqueConstraint(
                name="contracts_amendment_version_once",
                fields=["agreement", "version"],
                condition=Q(state="IN_FORCE"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.version} {self.state}"

    @transition(
        field=state, source=_S.PROPOSED, target=_S.PROPOSED,
        permission="contracts.sign_amendment",
    )  # fmt: skip
    def sign(self, *, party: models.Model, text_hash: str, at: datetime) -> None:
        """Record that one more party signed; the signature itself is a row."""

    @transition(
        field=state, source=_S.PROPOSED, target=_S.IN_FORCE,
        permission="contracts.take_effect_amendment",
    )  # fmt: skip
    def take_effect(self, *, at: datetime) -> None:
        """Record that it holds: every party has signed."""
        self.settled_at = at

    @transition(
        field=state, source=_S.PROPOSED, target=_S.DECLINED,
        permission="contracts.sign_amendment",
    )  # fmt: skip
    def decline(self, *, by: Any, reason: str, at: datetime) -> None:
        """Decline it; the version in force stays."""
        self.settled_by, self.settled_at, self.note = by, at, reason

    @transition(
        field=state, source=_S.PROPOSED, target=_S.WITHDRAWN,
        permission="contracts.withdraw_amendment",
    )  # fmt: skip
    def withdraw(self, *, by: Any, reason: str, at: datetime) -> None:
        """Take it back; the version in force stays."""
        self.settled_by, self.settled_at, self.note = by, at, reason


class AmendmentSignature(models.Model):
    """One party's signature over the text of an amendment."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey("parties.Organization", on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=30)
    # How the signer was asked for, as with the signatures of a first version.
    proof = models.CharField(
        max_length=14, choices=Signature.Proof.choices, default=Signature.Proof.PASSWORD
    )
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="contracts_amendment_signed_once", fields=["amendment", "party"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.party_id}"


class AmendmentUserPermission(UserObjectPermissionBase):
    """A person's own permission on one amendment."""

    content_object = models.ForeignKey(Amendment, on_delete=models.CASCADE)


class AmendmentGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one amendment."""

    content_object = models.ForeignKey(Amendment, on_delete=models.CASCADE)
