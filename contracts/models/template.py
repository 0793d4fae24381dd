"""Base templates and term profiles: versions of terms that agreements are merged from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from contracts.clauses.facts import TITLE
from core.fsm import StateModel


class Procedure(models.TextChoices):
    """The three procedures of the field; they share the engine, not their documents."""

    P1 = "P1", _("Conditional opening")
    P2 = "P2", _("Authorized operation")
    P3 = "P3", _("Trading of conditional data")


class VersionState(models.TextChoices):
    """The life of one version of terms."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")


class ContractForm(models.TextChoices):
    """The forms of contract there are templates for."""

    PROVISION = "PROVISION", _("Provision of data")
    PROCESSING = "PROCESSING", _("Entrusted processing")
    FUSION = "FUSION", _("Fusion development")
    INTERMEDIARY = "INTERMEDIARY", _("Intermediary service")


class ProfileState(models.TextChoices):
    """Where one version of a term profile stands between the two sides."""

    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Proposed to the other side")
    AGREED = "AGREED", _("Agreed by both sides")
    PUBLISHED = "PUBLISHED", _("Published")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class ProfileSide(models.TextChoices):
    """The two sides that agree on a term profile."""

    PROVIDER = "PROVIDER", _("Data provider")
    AUTHORITY = "AUTHORITY", _("Data authority")


class BaseTemplate(StateModel):
    """
    One version of the terms and clauses that agreements of a procedure and form start from.

        DRAFT --publish--> PUBLISHED

    ``locked`` names the terms that no profile and no negotiation may loosen; ``clauses`` the codes
    of the library in the order of the text, and none means the order of the form. A published
    version is never changed; the newest published one is in force.
    """

    State = VersionState

    kind = models.CharField(max_length=2, choices=Procedure.choices)
    form = models.CharField(
        max_length=12, choices=ContractForm.choices, default=ContractForm.PROVISION
    )
    title = models.CharField(max_length=60, default=TITLE)
    provider_role = models.CharField(max_length=20, default="数据开放主体")
    licensee_role = models.CharField(max_length=20, default="数据利用主体")
    clauses = models.JSONField(default=list)
    legal_basis = models.TextField(blank=True)
    schema = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    locked = models.JSONField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    state = FSMField(default=VersionState.DRAFT, choices=VersionState.choices, protected=True)

    class Meta:
        ordering = ["kind", "form", "-version"]
        permissions = [
            ("see_basetemplate", "May see a base template"),
            ("publish_basetemplate", "May publish a base template"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contracts_basetemplate_version_once", fields=["kind", "form", "version"]
            ),
            models.CheckConstraint(
                name="contracts_basetemplate_form_known",
                condition=Q(form__in=ContractForm.values),
            ),
            models.CheckConstraint(
                name="contracts_basetemplate_published_by_someone",
                condition=~Q(state="PUBLISHED")
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_basetemplate_state_known",
                condition=Q(state__in=["DRAFT", "PUBLISHED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.form} v{self.version}"

    @transition(
        field=state,
        source=VersionState.DRAFT,
        target=VersionState.PUBLISHED,
        permission="contracts.publish_basetemplate",
    )
    def publish(self, *, publisher: Any, at: datetime) -> None:
        """Put this version in force."""
        self.published_by, self.published_at = publisher, at


class TermProfile(StateModel):
    """
    One version of what is demanded of users of a dataset beyond the base template.

        DRAFT --revise--> DRAFT --propose--> PROPOSED --agree--> AGREED --publish--> PUBLISHED
        PROPOSED, AGREED --send_back--> DRAFT
        DRAFT, PROPOSED, AGREED --withdraw--> WITHDRAWN

    The data department and the data authority negotiate it: one side drafts and proposes, the other
    comments, agrees or sends it back, and a second person publishes. ``terms`` is partial. It may
    tighten the base template and never loosen a locked term.
    """

    State = ProfileState
    Side = ProfileSide

    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    schema = models.PositiveSmallIntegerField(default=1)
    note = models.TextField(blank=True)
    side = models.CharField(
        max_length=9, choices=ProfileSide.choices, default=ProfileSide.PROVIDER
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    state = FSMField(default=ProfileState.DRAFT, choices=ProfileState.choices, protected=True)

    class Meta:
        ordering = ["dataset", "-version"]
        permissions = [
            ("see_termprofile", "May see a term profile"),
            ("draft_termprofile", "May draft, propose and withdraw a term profile"),
            ("answer_termprofile", "May agree to a term profile or send it back"),
            ("publish_termprofile", "May publish a term profile"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contracts_termprofile_version_once", fields=["dataset", "version"]
            ),
            # Two versions negotiated at a time would each be judged without the other.
            models.UniqueConstraint(
                name="contracts_termprofile_one_open",
                fields=["dataset"],
                condition=Q(state__in=["DRAFT", "PROPOSED", "AGREED"]),
            ),
            models.CheckConstraint(
                name="contracts_termprofile_published_by_someone",
                condition=~Q(state="PUBLISHED")
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_termprofile_agreed_by_someone",
                condition=~Q(state="AGREED") | Q(agreed_by__isnull=False, agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_termprofile_state_known",
                condition=Q(state__in=ProfileState.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} v{self.version}"

    @transition(
        field=state,
        source=ProfileState.DRAFT,
        target=ProfileState.DRAFT,
        permission="contracts.draft_termprofile",
    )
    def revise(self, *, terms: dict[str, Any], note: str, schema: int, at: datetime) -> None:
        """Put other terms in the draft."""
        self.terms, self.note, self.schema = terms, note, schema

    @transition(
        field=state,
        source=ProfileState.DRAFT,
        target=ProfileState.PROPOSED,
        permission="contracts.draft_termprofile",
    )
    def propose(self, *, at: datetime) -> None:
        """Put the draft before the other side."""
        self.proposed_at = at

    @transition(
        field=state,
        source=ProfileState.PROPOSED,
        target=ProfileState.AGREED,
        permission="contracts.answer_termprofile",
    )
    def agree(self, *, answerer: Any, at: datetime) -> None:
        """Record that the other side agrees."""
        self.agreed_by, self.agreed_at = answerer, at

    @transition(
        field=state,
        source=[ProfileState.PROPOSED, ProfileState.AGREED],
        target=ProfileState.DRAFT,
        permission="contracts.answer_termprofile",
    )
    def send_back(self, *, at: datetime) -> None:
        """Return it to its drafter; the reason is a comment."""
        self.proposed_at = self.agreed_by = self.agreed_at = None

    @transition(
        field=state,
        source=ProfileState.AGREED,
        target=ProfileState.PUBLISHED,
        permission="contracts.publish_termprofile",
    )
    def publish(self, *, publisher: Any, at: datetime) -> None:
        """Put this version in force."""
        self.published_by, self.published_at = publisher, at

    @transition(
        field=state,
        source=[ProfileState.DRAFT, ProfileState.PROPOSED, ProfileState.AGREED],
        target=ProfileState.WITHDRAWN,
        permission="contracts.draft_termprofile",
    )
    def withdraw(self, *, at: datetime) -> None:
        """Give this version up."""


class BaseTemplateUserPermission(UserObjectPermissionBase):
    """A person's own permission on one base template."""

    content_object = models.ForeignKey(BaseTemplate, on_delete=models.CASCADE)


class BaseTemplateGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one base template."""

    content_object = models.ForeignKey(BaseTemplate, on_delete=models.CASCADE)


class TermProfileUserPermission(UserObjectPermissionBase):
    """A person's own permission on one term profile."""

    content_object = models.ForeignKey(TermProfile, on_delete=models.CASCADE)


class TermProfileGroupPermission(GroupObjectPermissionBase):
    """A desk's permission on one term profile."""

    content_object = models.ForeignKey(TermProfile, on_delete=models.CASCADE)
