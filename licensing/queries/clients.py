"""Client applications and credentials as pages read them; never a key, never a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from core.errors import NotFound
from licensing.models import ClientApplication, Credential, License
from workflow import history, policy, transitions


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client application."""

    id: UUID
    name: str
    purpose: str
    organization_name: str
    agreement_id: UUID
    agreement_number: str
    ip_allow_list: tuple[str, ...]
    state: str
    state_name: str
    registered_at: datetime
    registered_by: str
    reviewed_at: datetime | None
    review_note: str
    may_review: bool
    may_request: bool


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """One credential; ``prefix`` names its key without giving it away."""

    id: UUID
    client_name: str
    prefix: str
    state: str
    state_name: str
    requested_at: datetime
    valid_from: datetime | None
    valid_to: datetime | None
    reason: str
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientPage:
    """The page of one client application."""

    row: ClientRow
    licenses: tuple[tuple[UUID, str, str], ...]
    credentials: tuple[CredentialRow, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]


@dataclass(frozen=True, slots=True)
class CredentialPage:
    """The page of one credential; ``licenses`` are (id, number, dataset) it opens."""

    row: CredentialRow
    client_id: UUID
    agreement_number: str
    scenario_code: str
    dataset_codes: tuple[str, ...]
    licenses: tuple[tuple[UUID, str, str], ...]
    timeline: tuple[history.TimelineEntry, ...]


def clients_to_review(*, actor: Any) -> tuple[ClientRow, ...]:
    """Return the client applications this actor may review, the oldest first."""
    rows = (
        policy.visible(actor, "licensing.review_clientapplication", ClientApplication)
        .filter(state=ClientApplication.State.REGISTERED)
        .select_related("organization", "agreement", "registered_by")
        .order_by("registered_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    return tuple(_client(row, may_review=True, may_request=False) for row in rows)


def clients_of(agreement_id: UUID, *, actor: Any) -> tuple[ClientRow, ...]:
    """Return the client applications of an agreement that the actor may see, newest first."""
    visible = policy.visible(actor, "licensing.see_clientapplication", ClientApplication)
    rows = list(
        visible.filter(agreement_id=agreement_id)
        .select_related("organization", "agreement", "registered_by")
        .order_by("-registered_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    may_review = _ids(actor, "licensing.review_clientapplication", ClientApplication)
    may_request = _ids(actor, "licensing.request_credential", ClientApplication)
    return tuple(
        _client(
            row,
            may_review=row.id in may_review,
            may_request=row.id in may_request and row.state == ClientApplication.State.APPROVED,
        )
        for row in rows
    )


def credentials_of(agreement_id: UUID, *, actor: Any) -> tuple[CredentialRow, ...]:
    """Return the credentials of an agreement that the actor may see, newest first."""
    rows = (
        policy.visible(actor, "licensing.see_credential", Credential)
        .filter(agreement_id=agreement_id)
        .select_related("client_application")
        .order_by("-requested_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    return _credentials(list(rows), actor=actor)


def client_page(*, client_id: UUID, actor: Any) -> ClientPage:
    """
    Return the page of one client application.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, "licensing.see_clientapplication", ClientApplication)
        .select_related("organization", "agreement", "registered_by")
        .filter(id=client_id)
        .first()
    )
    if row is None:
        raise NotFound
    offers = transitions.offers(row, actor=actor)
    credentials = [
        c for c in credentials_of(row.agreement_id, actor=actor) if c.client_name == row.name
    ]
    return ClientPage(
        row=_client(
            row,
            may_review=any(not o.barred for o in offers),
            may_request=row.state == ClientApplication.State.APPROVED
            and policy.may(actor, "licensing.request_credential", row),
        ),
        licenses=_licenses(row.agreement_id),
        credentials=tuple(credentials),
        timeline=history.timeline(row),
        offers=offers,
    )


def credential_page(*, credential_id: UUID, actor: Any) -> CredentialPage:
    """
    Return the page of one credential.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, "licensing.see_credential", Credential)
        .select_related("client_application", "agreement")
        .filter(id=credential_id)
        .first()
    )
    if row is None:
        raise NotFound
    opened = License.objects.filter(agreement_id=row.agreement_id, state__in=License.LIVE)
    licenses = list(opened.select_related("dataset").order_by("dataset__code", "id")[:50])
    return CredentialPage(
        row=_credentials([row], actor=actor)[0],
        client_id=row.client_application_id,
        agreement_number=row.agreement.number,
        scenario_code=licenses[0].scenario_code if licenses else "",
        dataset_codes=tuple(one.dataset.code for one in licenses),
        licenses=_licenses(row.agreement_id),
        timeline=history.timeline(row),
    )


def _licenses(agreement_id: UUID) -> tuple[tuple[UUID, str, str], ...]:
    rows = License.objects.filter(agreement_id=agreement_id).select_related("dataset")
    return tuple(
        (row.id, row.number, f"{row.dataset.code} {row.dataset.title}")
        for row in rows.order_by("dataset__code", "-issued_at", "id")[: settings.PAGE_ROWS_MAX]
    )


def _ids(actor: Any, permission: str, model: Any) -> set[UUID]:
    return set(policy.visible(actor, permission, model).values_list("id", flat=True))


_VERBS = {
    "issue": "licensing.issue_credential",
    "rotate": "licensing.rotate_credential",
    "suspend": "licensing.suspend_credential",
    "resume": "licensing.resume_credential",
    "revoke": "licensing.revoke_credential",
}


def _credentials(rows: list[Credential], *, actor: Any) -> tuple[CredentialRow, ...]:
    """Describe credentials with what the actor may do to each; five queries, however many rows."""
    wanted = [row.id for row in rows]
    held = {
        verb: set(
            policy.visible(actor, permission, Credential)
            .filter(id__in=wanted)
            .values_list("id", flat=True)
        )
        for verb, permission in _VERBS.items()
    }
    sources = {verb: transitions.declared(Credential, verb).sources for verb in _VERBS}
    return tuple(
        CredentialRow(
            id=row.id,
            client_name=row.client_application.name,
            prefix=row.prefix or "",
            state=row.state,
            state_name=str(row.get_state_display()),
            requested_at=row.requested_at,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reason=row.reason,
            verbs=tuple(
                verb for verb in _VERBS if row.id in held[verb] and row.state in sources[verb]
            ),
        )
        for row in rows
    )


def _client(row: ClientApplication, *, may_review: bool, may_request: bool) -> ClientRow:
    return ClientRow(
        id=row.id,
        name=row.name,
        purpose=row.purpose,
        organization_name=row.organization.name,
        agreement_id=row.agreement_id,
        agreement_number=row.agreement.number,
        ip_allow_list=tuple(row.ip_allow_list),
        state=row.state,
        state_name=str(row.get_state_display()),
        registered_at=row.registered_at,
        registered_by=row.registered_by.full_name,
        reviewed_at=row.reviewed_at,
        review_note=row.review_note,
        may_review=may_review and row.state == ClientApplication.State.REGISTERED,
        may_request=may_request,
    )
