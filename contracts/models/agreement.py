"""The agreement between a data user and the providers of the datasets it names."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from contracts.models.order import SigningOrder
from contracts.models.states import AgreementState, EndCause
from contracts.models.template import BaseTemplate, Procedure
from core.fsm import StateModel


def _in_any_order(agreement: models.Model) -> bool:
    assert isinstance(agreement, Agreement)
    return agreement.signing_order == SigningOrder.PARALLEL


_S = AgreementState
_UNSIGNED = [_S.DRAFTING, _S.NEGOTIATING, _S.READY_TO_SIGN, _S.SIGNED_BY_USER]
_IN_FORCE_ONCE = ["EFFECTIVE", "SUSPENDED", "RENEWED", "EXPIRED", "TERMINATED"]


class Agreement(StateModel):
    """
    A data use agreement (数据利用协议): terms as data, the text rendered from them, signatures.

        DRAFTING --open_negotiation--> NEGOTIATING --change_terms--> NEGOTIATING
        NEGOTIATING --finalize--> READY_TO_SIGN --sign_as_user--> SIGNED_BY_USER
        SIGNED_BY_USER --sign_as_provider--> SIGNED_BY_USER --take_effect--> EFFECTIVE
        READY_TO_SIGN --sign_as_provider--> READY_TO_SIGN             (where the order is PARALLEL)
        READY_TO_SIGN | SIGNED_BY_USER --reopen--> NEGOTIATING        (voids every signature)
        DRAFTING | NEGOTIATING | READY_TO_SIGN --redraft--> DRAFTING  (a new decision)
        EFFECTIVE --suspend--> SUSPENDED --resume--> EFFECTIVE
        EFFECTIVE --amend--> EFFECTIVE                                (the next version)
        EFFECTIVE | SUSPENDED --expire--> EXPIRED | --terminate--> TERMINATED
        EFFECTIVE | SUSPENDED --close_renewed--> RENEWED              (another one goes on)
        DRAFTING | NEGOTIATING | READY_TO_SIGN | SIGNED_BY_USER --lapse--> LAPSED

    ``floor`` is what the merge gave and negotiation may not fall below; ``terms`` is what holds.
    ``sources`` names for each term that was tightened who did it. ``text_version`` counts texts.
    """

    State = AgreementState
    EndCause = EndCause

    number = models.CharField(max_length=40, unique=True)
    procedure = models.CharField(max_length=2, choices=Procedure.choices, default=Procedure.P1)
    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="+"
    )
    applicant = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    base_template = models.ForeignKey(BaseTemplate, on_delete=models.PROTECT, related_name="+")
    profile_versions = models.JSONField(default=dict)
    clause_versions = models.JSONField(default=dict)
    floor = models.JSONField()
    terms = models.JSONField()
    sources = models.JSONField(default=dict)
    facts = models.JSONField()
    text_hash = models.CharField(max_length=64)
    text_version = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    finalized_at = models.DateTimeField(null=True)
    # The rule in force when the text was closed for signature.
    signing_order = models.CharField(
        max_length=10, choices=SigningOrder.choices, default=SigningOrder.USER_FIRST
    )
    user_signed_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspension_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    end_cause = models.CharField(max_length=20, choices=EndCause.choices, blank=True)
    end_reason = models.TextField(blank=True)
    state = FSMField(
        default=AgreementState.DRAFTING, choices=AgreementState.choices, protected=True
    )

    class Meta:
        ordering = ["-drafted_at", "id"]
        permissions = [
            ("see_agreement", "May see an agreement"),
            ("open_negotiation", "May open the negotiation of an agreement"),
            ("propose_change", "May propose a change of terms"),
            ("comment_agreement", "May comment on the clauses of an agreement"),
            ("change_terms", "May put a proposed change into the terms"),
            ("finalize_agreement", "May close the negotiation of an agreement"),
            ("sign_as_user", "May sign an agreement for the data user"),
            ("sign_as_provider", "May sign an agreement for a provider"),
            ("take_effect", "May put a fully signed agreement in force"),
            ("reopen_agreement", "May return an agreement to negotiation"),
            ("suspend_agreement", "May suspend an agreement"),
            ("resume_agreement", "May resume a suspended agreement"),
            ("amend_agreement", "May put the next version of an agreement in force"),
            ("renew_agreement", "May close an agreement that another one goes on from"),
            ("expire_agreement", "May let an agreement expire"),
            ("terminate_agreement", "May terminate an agreement"),
            ("lapse_agreement", "May let an unsigned agreement lapse"),
            ("redraft_agreement", "May draft an agreement again after a new decision"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_agreement_state_known",
                condition=Q(state__in=AgreementState.values),
            ),
            models.CheckConstraint(
                name="contracts_agreement_order_known",
                condition=Q(signing_order__in=SigningOrder.values),
            ),
            models.CheckConstraint(
                name="contracts_agreement_ready_is_finalized",
                condition=~Q(state__in=["READY_TO_SIGN", "SIGNED_BY_USER", *_IN_FORCE_ONCE])
                | Q(finalized_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_agreement_signed_by_user",
                condition=~Q(state__in=["SIGNED_BY_USER", *_IN_FORCE_ONCE])
                | Q(user_signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_agreement_in_force_has_dates",
                condition=~Q(state__in=_IN_FORCE_ONCE)
                | Q(
                    effective_at__isnull=False,
                    valid_from__isnull=False,
                    valid_to__isnull=False,
                    valid_to__gte=F("valid_from"),
                ),
            ),
            models.CheckConstraint(
                name="contracts_agreement_suspended_has_reason",
                condition=~Q(state="SUSPENDED")
                | (Q(suspended_at__isnull=False) & ~Q(suspension_reason="")),
            ),
            models.CheckConstraint(
                name="contracts_agreement_renewed_says_by_what",
                condition=~Q(state="RENEWED") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="contracts_agreement_terminated_has_cause",
                condition=~Q(state="TERMINATED")
                | (Q(ended_at__isnull=False) & ~Q(end_cause="") & ~Q(end_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["applicant", "-drafted_at"], name="contracts_agr_applicant"),
            models.Index(fields=["state", "valid_to"], name="contracts_agr_state_valid"),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(
        field=state,
        source=_S.DRAFTING,
        target=_S.NEGOTIATING,
        permission="contracts.open_negotiation",
    )
    def open_negotiation(self, *, at: datetime) -> None:
        """Show the merged draft to the parties."""
        self.opened_at = at

    @transition(
        field=state,
        source=_S.NEGOTIATING,
        target=_S.NEGOTIATING,
        permission="contracts.change_terms",
    )
    def change_terms(
        self, *, terms: dict[str, object], sources: dict[str, str], text_hash: str, at: datetime
    ) -> None:
        """Replace the terms; every change makes a new text."""
        self.terms, self.sources = terms, sources
        self.text_hash, self.text_version = text_hash, self.text_version + 1

    @transition(
        field=state,
        source=_S.NEGOTIATING,
        target=_S.READY_TO_SIGN,
        permission="contracts.finalize_agreement",
    )
    def finalize(self, *, signing_order: str, at: datetime) -> None:
        """Close the text for signature, in the order of the rule in force."""
        self.finalized_at, self.signing_order = at, signing_order

    @transition(
        field=state,
        source=_S.READY_TO_SIGN,
        target=_S.SIGNED_BY_USER,
        permission="contracts.sign_as_user",
    )
    def sign_as_user(
        self, *, text_hash: str, proof: str, at: datetime, mandate: models.Model | None = None
    ) -> None:
        """Record that the data user signed; the signature itself is a row."""
        self.user_signed_at = at

    @transition(
        field=state,
        source=_S.READY_TO_SIGN,
        target=_S.READY_TO_SIGN,
        conditions=[_in_any_order],
        permission="contracts.sign_as_provider",
    )
    @transition(
        field=state,
        source=_S.SIGNED_BY_USER,
        target=_S.SIGNED_BY_USER,
        permission="contracts.sign_as_provider",
    )
    def sign_as_provider(
        self, *, party: models.Model, text_hash: str, proof: str, at: datetime,
        mandate: models.Model | None = None,
    ) -> None:  # fmt: skip
        """Record that one provider signed; the signature itself is a row."""

    @transition(
        field=state,
        source=_S.SIGNED_BY_USER,
        target=_S.EFFECTIVE,
        permission="contracts.take_effect",
    )
    def take_effect(self, *, valid_from: date, valid_to: date, at: datetime) -> None:
        """Put the agreement in force."""
        self.effective_at, self.valid_from, self.valid_to = at, valid_from, valid_to

    @transition(
        field=state,
        source=[_S.READY_TO_SIGN, _S.SIGNED_BY_USER],
        target=_S.NEGOTIATING,
        permission="contracts.reopen_agreement",
    )
    def reopen(self, *, reason: str, at: datetime) -> None:
        """Return to negotiation; the caller voids the signatures given so far."""
        self.finalized_at = self.user_signed_at = None
        self.opened_at = at

    @transition(
        field=state,
        source=[_S.DRAFTING, _S.NEGOTIATING, _S.READY_TO_SIGN],
        target=_S.DRAFTING,
        permission="contracts.redraft_agreement",
    )
    def redraft(self, *, content: dict[str, object], decision_number: str, at: datetime) -> None:
        """Put the content that a new decision gives in the place of the old; nobody has signed."""
        for name, value in content.items():
            setattr(self, name, value)
        self.text_version += 1
        self.finalized_at = None

    @transition(
        field=state,
        source=_S.EFFECTIVE,
        target=_S.SUSPENDED,
        permission="contracts.suspend_agreement",
    )
    def suspend(self, *, reason: str, at: datetime) -> None:
        """Stop the use of the data for the time being."""
        self.suspended_at, self.suspension_reason = at, reason

    @transition(
        field=state,
        source=_S.SUSPENDED,
        target=_S.EFFECTIVE,
        permission="contracts.resume_agreement",
    )
    def resume(self, *, reason: str, at: datetime) -> None:
        """Let the use of the data go on."""
        self.suspended_at, self.suspension_reason = None, ""

    @transition(
        field=state,
        source=_S.EFFECTIVE,
        target=_S.EFFECTIVE,
        permission="contracts.amend_agreement",
    )
    def amend(
        self,
        *,
        terms: dict[str, object],
        sources: dict[str, str],
        text_hash: str,
        version: int,
        valid_to: date,
        at: datetime,
    ) -> None:
        """Put the next version, signed by every party, in the place of the present one."""
        self.terms, self.sources = terms, sources
        self.text_hash, self.text_version, self.valid_to = text_hash, version, valid_to

    @transition(
        field=state,
        source=[_S.EFFECTIVE, _S.SUSPENDED],
        target=_S.RENEWED,
        permission="contracts.renew_agreement",
    )
    def close_renewed(self, *, reason: str, at: datetime) -> None:
        """Close the agreement: another one goes on from it."""
        self.ended_at, self.end_reason = at, reason

    @transition(
        field=state,
        source=[_S.EFFECTIVE, _S.SUSPENDED],
        target=_S.EXPIRED,
        permission="contracts.expire_agreement",
    )
    def expire(self, *, at: datetime) -> None:
        """End the agreement at the end of its term."""
        self.ended_at = at

    @transition(
        field=state,
        source=[_S.EFFECTIVE, _S.SUSPENDED],
        target=_S.TERMINATED,
        permission="contracts.terminate_agreement",
    )
    def terminate(self, *, cause: str, reason: str, at: datetime) -> None:
        """End the agreement before its term."""
        self.ended_at, self.end_cause, self.end_reason = at, cause, reason

    @transition(
        field=state,
        source=_UNSIGNED,
        target=_S.LAPSED,
        permission="contracts.lapse_agreement",
    )
    def lapse(self, *, reason: str, at: datetime) -> None:
        """Give up an agreement that was not signed in time."""
        self.ended_at, self.end_reason = at, reason


class AgreementParty(models.Model):
    """An organization that has to sign an agreement, and on which side."""

    class Side(models.TextChoices):
        LICENSEE = "LICENSEE", _("Data user")
        PROVIDER = "PROVIDER", _("Data provider")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    organization = models.ForeignKey(
        "parties.Organization", on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(max_length=8, choices=Side.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["agreement", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="contracts_party_once", fields=["agreement", "organization"]
            ),
            models.UniqueConstraint(
                name="contracts_one_licensee",
                fields=["agreement"],
                condition=Q(side="LICENSEE"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.side} {self.organization_id}"


class AgreementDocument(models.Model):
    """
    The agreement as PDF: the text closed for signature, then with each signature added to it.

    ``places`` of a text say where on its pages each party signs.
    """

    class Kind(models.TextChoices):
        TEXT = "TEXT", _("Text for signature")
        PART = "PART", _("Text with some signatures")
        SIGNED = "SIGNED", _("Signed agreement")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    text_version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    file = models.BinaryField()
    places = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "created_at", "id"]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind} v{self.text_version}"
