"""Profiles of companies as the company and the authority see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from core import clock
from core.errors import NotFound
from parties.models import Organization, PartyEvidence, PartyProfile, PartyRule
from parties.queries.base import desks_of
from parties.queries.companies import has_valid_verification
from parties.roles import Role
from workflow import deadlines, history, policy

VERSIONS_MAX = 50
STATE_TONES = {
    "DRAFT": "secondary",
    "SUBMITTED": "blue",
    "RETURNED": "yellow",
    "APPROVED": "green",
    "SUPERSEDED": "secondary",
    "REGISTERED": "secondary",
    "VERIFIED": "green",
    "BARRED": "red",
}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One file as lists name it; ``size_bytes`` is whole bytes."""

    id: int
    kind: str
    kind_name: str
    name: str
    size_bytes: int
    content_hash: str
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file to keep."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AffiliateRow:
    """One affiliate that a version names."""

    id: int
    name: str
    uscc: str
    kind_name: str
    proof_name: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One version of a profile; ``missing`` names required proofs it lacks."""

    id: UUID
    organization_id: UUID
    organization_state: str
    uscc: str
    version: int
    state: str
    state_name: str
    tone: str
    entries: dict[str, str]
    taxpayer_name: str
    evidence: tuple[EvidenceRow, ...]
    missing: tuple[str, ...]
    affiliates: tuple[AffiliateRow, ...]
    return_reasons: str
    submitted_at: datetime | None
    submitted_by: str
    reviewed_at: datetime | None
    valid_until: date | None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """
    The own company: its standing, the version in force and the one under way.

    ``valid`` says whether it may apply today.
    """

    id: UUID
    name: str
    uscc: str
    state: str
    state_name: str
    tone: str
    verified_until: date | None
    valid: bool
    in_force: ProfileView | None
    under_way: ProfileView | None
    may_edit: bool
    timeline: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One version before its reviewer; ``barred`` says why this official may not review it."""

    profile: ProfileView
    in_force: ProfileView | None
    may_review: bool
    barred: str
    clocks: tuple[Any, ...]
    timeline: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One profile that waits for approval."""

    id: UUID
    name: str
    uscc: str
    version: int
    submitted_at: datetime
    clock: Any


PROFILE_ENTRIES = (
    "name",
    "short_name",
    "legal_representative",
    "address",
    "contact_name",
    "contact_phone",
    "contact_email",
    "signatory_name",
    "signatory_phone",
    "security_contact_name",
    "security_contact_phone",
    "bank_name",
    "bank_account",
    "taxpayer_type",
    "tax_address",
    "tax_phone",
)


def rule_in_force(kind: str, *, at: datetime) -> PartyRule:
    """
    Return the version of a rule about companies that holds on the day of ``at``.

    :raises NotFound: none holds: the baseline is not installed.
    """
    rows = PartyRule.objects.filter(kind=kind, effective_on__lte=clock.local_date(at))
    found = rows.order_by("-effective_on", "-version").first()
    if found is None:
        raise NotFound
    return found


def own_company(actor: Any) -> Organization:
    """
    Return the company at which a person has a seat, the first when there are several.

    :raises NotFound: the person has no seat in a company.
    """
    for desk in desks_of(actor):
        if desk.role in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP, Role.APPLICANT_SECURITY):
            return Organization.objects.get(pk=desk.organization_id)
    raise NotFound


def company_page(*, actor: Any, at: datetime) -> CompanyPage:
    """
    Return the own company of a person.

    :raises NotFound: the person has no seat in a company.
    """
    company = own_company(actor)
    shown = {row.state: row for row in _visible(actor).filter(organization=company)}
    in_force = shown.get(PartyProfile.State.APPROVED)
    open_states = (
        PartyProfile.State.DRAFT, PartyProfile.State.RETURNED, PartyProfile.State.SUBMITTED
    )  # fmt: skip
    under_way = next((shown[s] for s in open_states if s in shown), None)
    newest = under_way or in_force
    edits = any(
        desk.organization_id == company.pk
        and desk.role in (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)
        for desk in desks_of(actor)
    )
    return CompanyPage(
        id=company.pk,
        name=company.name,
        uscc=company.uscc,
        state=company.state,
        state_name=str(company.get_state_display()),
        tone=STATE_TONES[company.state],
        verified_until=company.verified_until,
        valid=company.state == Organization.State.VERIFIED
        and has_valid_verification(company, at=at),
        in_force=_view(in_force) if in_force else None,
        under_way=_view(under_way, before=in_force) if under_way else None,
        may_edit=edits,
        timeline=history.timeline(newest) if newest is not None else (),
    )


def profile_page(*, profile_id: UUID, actor: Any, at: datetime) -> ReviewPage:
    """
    Return one version of a profile as its reviewer sees it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = _visible(actor).filter(pk=profile_id).first()
    if row is None:
        raise NotFound
    in_force = (
        PartyProfile.objects.filter(organization=row.organization_id, state="APPROVED")
        .exclude(pk=row.pk)
        .first()
    )
    holds = policy.holds(actor, "parties.review_partyprofile", row)
    barred = policy.refusal(actor, "parties.review_partyprofile", row) if holds else None
    return ReviewPage(
        profile=_view(row, before=in_force),
        in_force=_view(in_force) if in_force else None,
        may_review=holds and row.state == PartyProfile.State.SUBMITTED,
        barred=str(barred or ""),
        clocks=deadlines.of_subject(row, at=at),
        timeline=history.timeline(row),
    )


def profiles_to_review(*, actor: Any, at: datetime) -> tuple[QueueRow, ...]:
    """Return the profiles this official may approve, handed in first, at most PAGE_ROWS_MAX."""
    rows = list(
        policy.visible(actor, "parties.review_partyprofile", PartyProfile)
        .filter(state=PartyProfile.State.SUBMITTED)
        .select_related("organization")
        .order_by("submitted_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    clocks = deadlines.of_subjects(rows, at=at)
    return tuple(
        QueueRow(
            id=row.pk,
            name=row.name,
            uscc=row.organization.uscc,
            version=row.version,
            submitted_at=row.submitted_at,  # type: ignore[arg-type]  # the state implies it
            clock=next(iter(clocks.get(str(row.pk), ())), None),
        )
        for row in rows
    )


def evidence_file(*, evidence_id: int, actor: Any) -> EvidenceFile:
    """
    Return one proof, for the own company and the authority.

    :raises NotFound: there is none, or the actor may see no profile that points to it.
    """
    mine = policy.visible(actor, "parties.see_partyprofile", PartyProfile)
    row = PartyEvidence.objects.filter(
        Q(profiles__in=mine) | Q(affiliates__profile__in=mine), pk=evidence_id
    ).first()
    if row is None:
        raise NotFound
    return EvidenceFile(row.name, row.media_type, bytes(row.content))


def missing_evidence(profile: PartyProfile) -> tuple[str, ...]:
    """Return the kinds of proof that the rule of a version asks for and it lacks."""
    present = set(profile.evidence.order_by().values_list("kind", flat=True))
    return tuple(kind for kind in profile.evidence_rule.value if kind not in present)


def _visible(actor: Any) -> Any:
    return (
        policy.visible(actor, "parties.see_partyprofile", PartyProfile)
        .select_related("organization", "evidence_rule", "submitted_by")
        .order_by("-version")
    )


def _view(row: PartyProfile, *, before: PartyProfile | None = None) -> ProfileView:
    entries = {name: str(getattr(row, name)) for name in PROFILE_ENTRIES}
    files = row.evidence.defer("content").select_related("uploaded_by").order_by("id")
    kinds = dict(PartyEvidence.Kind.choices)
    changed = (
        tuple(name for name in PROFILE_ENTRIES if getattr(before, name) != getattr(row, name))
        if before is not None and before.pk != row.pk
        else ()
    )
    return ProfileView(
        id=row.pk,
        organization_id=row.organization_id,
        organization_state=row.organization.state,
        uscc=row.organization.uscc,
        version=row.version,
        state=row.state,
        state_name=str(row.get_state_display()),
        tone=STATE_TONES[row.state],
        entries=entries,
        taxpayer_name=str(row.get_taxpayer_type_display()),
        evidence=tuple(
            EvidenceRow(
                id=file.pk,
                kind=file.kind,
                kind_name=str(file.get_kind_display()),
                name=file.name,
                size_bytes=file.size_bytes,
                content_hash=file.content_hash,
                uploaded_by=file.uploaded_by.full_name,
                uploaded_at=file.uploaded_at,
            )
            for file in files
        ),
        missing=tuple(str(kinds[kind]) for kind in missing_evidence(row)),
        affiliates=tuple(
            AffiliateRow(
                a.pk, a.name, a.uscc, str(a.get_kind_display()), a.proof.name if a.proof else ""
            )
            for a in row.affiliates.select_related("proof").defer("proof__content")
        ),
        return_reasons=row.return_reasons,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by.full_name if row.submitted_by else "",
        reviewed_at=row.reviewed_at,
        valid_until=row.valid_until,
        changed=changed,
    )
