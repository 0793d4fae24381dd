"""Licenses as pages and other apps read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from applications.queries.grants import Window, renewal_window
from contracts.models import Agreement
from core import clock
from core.errors import NotFound
from licensing.models import ClientApplication, Credential, License, LicenseDocument
from licensing.queries.clients import ClientRow, CredentialRow, clients_of, credentials_of
from licensing.queries.public import effective_state
from parties import queries as parties
from parties.roles import Role
from workflow import history, policy, transitions
from workflow.deadlines import ClockView, of_subject

LICENSES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """One license in a list; ``state`` is what holds now."""

    id: UUID
    number: str
    machine_number: str
    agreement_id: UUID
    agreement_number: str
    dataset_id: UUID
    dataset_code: str
    dataset_title: str
    licensee_id: UUID
    licensee_name: str
    licensee_uscc: str
    scenario_code: str
    scenario_name: str
    state: str
    state_name: str
    restricted: bool
    valid_from: date
    valid_to: date
    per_month: int | None


@dataclass(frozen=True, slots=True)
class LicensePage:
    """A page of licenses."""

    rows: tuple[LicenseRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class LicensedColumn:
    """One granted field, how it is transformed, and whether a call may filter by it."""

    name: str
    title: str
    transform: str
    filterable: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class LicenseFile:
    """A stored certificate; one that was replaced says when."""

    kind: str
    version: int
    cause_name: str
    retired_at: datetime | None
    content_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LicenseCard:
    """Everything the page of one license shows to those who may see it."""

    row: LicenseRow
    provider_name: str
    authority_name: str
    mode: str
    version: int | None
    columns: tuple[LicensedColumn, ...]
    fixed_rows: tuple[tuple[str, tuple[str, ...]], ...]
    quota: dict[str, int | None]
    restriction: dict[str, Any] | None
    suspension_reason: str
    end_reason: str
    issued_at: datetime
    files: tuple[LicenseFile, ...]
    clients: tuple[ClientRow, ...]
    credentials: tuple[CredentialRow, ...]
    clocks: tuple[ClockView, ...]
    timeline: tuple[history.TimelineEntry, ...]
    offers: tuple[transitions.Offer, ...]
    may_register: bool
    application_id: UUID
    application_number: str
    # When a renewal may be asked for; None when nothing of the case is in force.
    window: Window | None
    replaces: tuple[UUID, str] | None
    replaced_by: tuple[UUID, str] | None


@dataclass(frozen=True, slots=True)
class RevokeEffect:
    """
    What the end of a license does at once.

    ``keys`` are the prefixes that end with it, because they open nothing else; ``kept`` counts the
    other live licenses of the agreement, for which keys live on; ``exports`` its client
    applications that lose access to this dataset.
    """

    keys: tuple[str, ...]
    kept: int
    clients: tuple[str, ...]
    disposal_working_days: int | None


def license_card(*, license_id: UUID, actor: Any, at: datetime) -> LicenseCard:
    """
    Return the page of one license.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        _with_names(policy.visible(actor, "licensing.see_license", License))
        .select_related("agreement__application", "replaces", "replaced_by")
        .filter(id=license_id)
        .first()
    )
    if row is None:
        raise NotFound
    return LicenseCard(
        row=_row(row, at=at),
        provider_name=row.provider.name,
        authority_name=row.authority.name,
        mode=str(row.scope.get("mode") or ""),
        version=row.scope.get("version"),
        columns=_columns(row, at=at),
        fixed_rows=tuple((name, tuple(v)) for name, v in sorted(row.scope["rows"].items())),
        quota=dict(row.quota),
        restriction=row.restriction,
        suspension_reason=(row.suspension or {}).get("reason", ""),
        end_reason=row.end_reason,
        issued_at=row.issued_at,
        files=tuple(
            LicenseFile(
                kind=d.kind,
                version=d.version,
                cause_name=str(LicenseDocument.Cause(d.cause).label),
                retired_at=d.retired_at,
                content_hash=d.content_hash,
                created_at=d.created_at,
            )
            for d in row.documents.defer("file", "facts").order_by("-version", "id")
        ),
        clients=clients_of(row.agreement_id, actor=actor),
        credentials=credentials_of(row.agreement_id, actor=actor),
        clocks=of_subject(row.agreement, at=at),
        timeline=history.timeline(row),
        offers=transitions.offers(row, actor=actor),
        may_register=_may_register(row, actor),
        application_id=row.agreement.application_id,
        application_number=row.agreement.application.number or "",
        window=renewal_window(row.agreement.application, at=at)
        if row.state in License.LIVE
        else None,
        replaces=_link(row.replaces),
        replaced_by=_link(getattr(row, "replaced_by", None)),
    )


def revoke_effect(*, license_id: UUID, actor: Any) -> RevokeEffect:
    """
    Return what revoking or surrendering a license would do at once; nothing is changed.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, "licensing.see_license", License)
        .select_related("agreement")
        .filter(id=license_id)
        .first()
    )
    if row is None:
        raise NotFound
    others = License.objects.filter(agreement_id=row.agreement_id, state__in=License.LIVE)
    kept = others.exclude(id=row.id).count()
    keys = Credential.objects.filter(
        agreement_id=row.agreement_id, state__in=Credential.LIVE
    ).select_related("client_application")
    rows = list(keys.order_by("client_application__name", "id")[: settings.PAGE_ROWS_MAX])
    return RevokeEffect(
        keys=() if kept else tuple(key.prefix or "—" for key in rows),
        kept=kept,
        clients=tuple(dict.fromkeys(key.client_application.name for key in rows)),
        disposal_working_days=(row.agreement.terms.get("exit") or {}).get("due_working_days"),
    )


def my_licenses(
    *, actor: Any, at: datetime, page: int = 1, text: str = "", state: str = ""
) -> LicensePage:
    """
    Return the licenses an actor may see, the newest first, PAGE_ROWS_MAX a page.

    ``text`` looks in numbers, dataset and names; ``state`` is the stored state.
    """
    rows = _with_names(policy.visible(actor, "licensing.see_license", License))
    if text:
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(machine_number__icontains=text)
            | Q(dataset__title__icontains=text)
            | Q(dataset__code__iexact=text)
            | Q(licensee__name__icontains=text)
        )
    if state in License.State.values:
        rows = rows.filter(state=state)
    total = rows.count()
    size = settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    chosen = rows.order_by("-issued_at", "number", "id")[(page - 1) * size : page * size]
    return LicensePage(tuple(_row(row, at=at) for row in chosen), total, page, pages)


def licenses_of(*, organization: Any, at: datetime) -> tuple[LicenseRow, ...]:
    """Return the licenses an organization holds, the newest first, at most PAGE_ROWS_MAX."""
    rows = _with_names(License.objects.filter(licensee=organization))
    return tuple(
        _row(row, at=at)
        for row in rows.order_by("-issued_at", "number", "id")[: settings.PAGE_ROWS_MAX]
    )


def licenses_of_agreement(*, agreement_id: UUID, at: datetime) -> tuple[LicenseRow, ...]:
    """Return the licenses of an agreement by dataset; for other apps, which check rights."""
    rows = _with_names(License.objects.filter(agreement_id=agreement_id))
    return tuple(
        _row(row, at=at)
        for row in rows.order_by("dataset__code", "-issued_at", "id")[: settings.PAGE_ROWS_MAX]
    )


def license_ids_of_agreement(*, agreement_id: UUID) -> dict[str, UUID]:
    """Return the id of the standing license of each dataset code under an agreement."""
    rows = License.objects.filter(agreement_id=agreement_id).exclude(
        state=License.State.SUPERSEDED
    )
    return dict(rows.order_by("dataset__code").values_list("dataset__code", "id"))


def chain_of(*, license_id: UUID) -> tuple[UUID, ...]:
    """Return a license and those it was reissued from or as; their quota is one."""
    account = (
        License.objects.filter(id=license_id)
        .values_list(Coalesce("quota_account", "id"), flat=True)
        .first()
    )
    rows = License.objects.filter(Q(id=account) | Q(quota_account=account))
    return tuple(rows.order_by("issued_at", "serial").values_list("id", flat=True)) or (license_id,)


def active_licenses(*, at: datetime) -> tuple[LicenseRow, ...]:
    """Return every license that is active now, by number, at most LICENSES_MAX."""
    rows = _with_names(
        License.objects.filter(state=License.State.ACTIVE, valid_to__gte=clock.local_date(at))
    )
    return tuple(_row(row, at=at) for row in rows.order_by("number", "id")[:LICENSES_MAX])


def certificate(*, license_id: UUID, kind: str, actor: Any) -> tuple[str, bytes]:
    """
    Return the number and the present PDF of a license, original or duplicate.

    :raises NotFound: there is none of that kind, or the actor may not see it.
    """
    found = (
        LicenseDocument.objects.filter(
            license__in=policy.visible(actor, "licensing.see_license", License),
            license_id=license_id,
            kind=kind,
            retired_at=None,
        )
        .values_list("license__number", "file")
        .first()
    )
    if found is None:
        raise NotFound
    return found[0], bytes(found[1])


def _with_names(rows: QuerySet[License]) -> QuerySet[License]:
    return rows.select_related("agreement", "dataset", "licensee", "provider", "authority")


def _link(row: License | None) -> tuple[UUID, str] | None:
    return (row.id, row.number) if row is not None else None


def _row(row: License, *, at: datetime) -> LicenseRow:
    state = effective_state(row, at=at)
    return LicenseRow(
        id=row.id,
        number=row.number,
        machine_number=row.machine_number,
        agreement_id=row.agreement_id,
        agreement_number=row.agreement.number,
        dataset_id=row.dataset_id,
        dataset_code=row.dataset.code,
        dataset_title=row.dataset.title,
        licensee_id=row.licensee_id,
        licensee_name=row.licensee.name,
        licensee_uscc=row.licensee.uscc,
        scenario_code=row.scenario_code,
        scenario_name=row.scenario_name,
        state=state,
        state_name=str(License.State(state).label),
        restricted=row.restriction is not None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        per_month=row.quota.get("per_month"),
    )


def _columns(row: License, *, at: datetime) -> tuple[LicensedColumn, ...]:
    version = row.dataset.current_version
    titles = dict(version.fields.values_list("name", "title")) if version else {}
    blocked = set((row.restriction or {}).get("blocked_fields", ()))
    until = (row.restriction or {}).get("until")
    if until and datetime.fromisoformat(until) <= at:
        blocked = set()
    return tuple(
        LicensedColumn(
            name=name,
            title=titles.get(name, name),
            transform=row.scope["transforms"].get(name, ""),
            filterable=name in row.scope["filters"],
            blocked=name in blocked,
        )
        for name in row.scope["fields"]
    )


def _may_register(row: License, actor: Any) -> bool:
    return (
        row.state in License.LIVE
        and row.agreement.state == Agreement.State.EFFECTIVE
        and any(
            desk.organization_id == row.licensee_id
            and desk.role in (Role.APPLICANT_AGENT, Role.APPLICANT_SECURITY)
            for desk in parties.desks_of(actor)
        )
        and ClientApplication.objects.filter(agreement_id=row.agreement_id).count()
        < settings.PAGE_ROWS_MAX
    )
