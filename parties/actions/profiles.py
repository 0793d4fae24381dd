"""What a company says about itself: written, proved, handed in, approved or returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import clock, uploads
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from core.ids import normalize_uscc, uscc_is_valid
from parties import errors, queries, rules
from parties.actions.organizations import check_email, lock_organization, overseers, valid_until
from parties.models import Affiliate, Organization, PartyEvidence, PartyProfile
from parties.queries.profiles import PROFILE_ENTRIES, missing_evidence
from workflow import audit, deadlines, policy, transitions

EVIDENCE_MAX = 20
EVIDENCE_BYTES_MAX = 5 * uploads.MEGABYTE
AFFILIATES_MAX = 50
EDITABLE = (PartyProfile.State.DRAFT, PartyProfile.State.RETURNED)
UNDER_WAY = (*EDITABLE, PartyProfile.State.SUBMITTED)
# What the organization itself shows of the version in force.
PUBLISHED_ENTRIES = (
    "name", "short_name", "legal_representative", "address", "contact_name", "contact_phone",
    "contact_email", "bank_name", "bank_account", "taxpayer_type", "tax_address", "tax_phone",
)  # fmt: skip
REQUIRED_ENTRIES = (
    "name", "legal_representative", "address", "contact_name", "contact_phone", "signatory_name",
    "security_contact_name", "security_contact_phone", "bank_name", "bank_account",
)  # fmt: skip


def clean_entries(entries: Mapping[str, str]) -> dict[str, str]:
    """
    Return entries of a profile as they are stored; it may be unfinished in any way.

    :raises InvalidInput: an unknown entry, one that is too long, or a value it cannot have.
    """
    wrong: dict[str, Any] = {}
    cleaned: dict[str, str] = {}
    for name, value in entries.items():
        if name not in PROFILE_ENTRIES:
            wrong[name] = _("There is no such entry.")
            continue
        cleaned[name] = str(value).strip()
        most = PartyProfile._meta.get_field(name).max_length
        if most is not None and len(cleaned[name]) > most:
            wrong[name] = _("This entry is too long.")
    if cleaned.get("taxpayer_type", "GENERAL") not in Organization.TaxpayerType.values:
        wrong["taxpayer_type"] = _("Choose the kind of taxpayer.")
    account = cleaned.get("bank_account", "").replace(" ", "")
    if account and not (account.isascii() and account.isdigit() and 8 <= len(account) <= 32):
        wrong["bank_account"] = _("An account number has 8 to 32 digits.")
    elif account:
        cleaned["bank_account"] = account
    if wrong:
        raise InvalidInput(fields=wrong)
    check_email(cleaned.get("contact_email", ""), field="contact_email")
    return cleaned


def store_version(
    organization: Organization, *, entries: Mapping[str, str], actor: Any, at: datetime
) -> PartyProfile:
    """Store the next version of a profile, for actions that have asked whether the actor may."""
    last = PartyProfile.objects.filter(organization=organization).order_by("-version").first()
    profile = PartyProfile(
        organization=organization,
        version=last.version + 1 if last else 1,
        evidence_rule=queries.rule_in_force(rules.REQUIRED_EVIDENCE, at=at),
        created_by=actor,
        created_at=at,
        **{**_content_of(organization, last), **entries},
    )
    facts = {"organization": str(organization.pk), "version": profile.version}
    holders = {"company": organization, **overseers()}
    transitions.create(profile, actor=actor, at=at, facts=facts, **holders)
    if last is not None:
        profile.evidence.set(last.evidence.all())
        Affiliate.objects.bulk_create(
            Affiliate(profile=profile, name=a.name, uscc=a.uscc, kind=a.kind, proof=a.proof)
            for a in last.affiliates.all()
        )
    return profile


@transitions.action
def begin_profile(*, organization_id: UUID, actor: Any, at: datetime) -> PartyProfile:
    """
    Begin a new version of a company's profile from the last one; that one stays in force.

    :raises NotFound: there is no such company for this actor.
    :raises Forbidden: the actor is neither its agent nor its legal representative.
    :raises ProfileUnderWay: a version is under way.
    """
    organization = lock_organization(organization_id)
    if not policy.holds(actor, "parties.see_organization", organization):
        raise NotFound
    if not policy.may(actor, "parties.write_profile", organization):
        raise Forbidden
    if PartyProfile.objects.filter(organization=organization, state__in=UNDER_WAY).exists():
        raise errors.ProfileUnderWay
    return store_version(organization, entries={}, actor=actor, at=at)


@transitions.action
def edit_profile(
    *, profile_id: UUID, entries: Mapping[str, str], actor: Any, at: datetime
) -> PartyProfile:
    """
    Store changed entries of a version under way.

    :raises InvalidInput: an entry that does not fit.
    :raises NotAllowedNow: it is handed in or decided.
    """
    profile = _editable(profile_id, actor)
    cleaned = clean_entries(entries)
    changed = [name for name, value in cleaned.items() if getattr(profile, name) != value]
    if not changed:
        return profile
    for name in changed:
        setattr(profile, name, cleaned[name])
    profile.save(update_fields=changed)
    audit.record(profile, "edit", actor=actor, at=at, facts={"changed": sorted(changed)})
    return profile


@transitions.action
def add_evidence(
    *, profile_id: UUID, kind: str, name: str, content: bytes, actor: Any, at: datetime
) -> PartyEvidence:
    """
    Put one file to a version under way.

    :raises InvalidInput: an unknown kind, too many files, or a file that ``core.uploads`` refuses.
    :raises NotAllowedNow: the version is handed in or decided.
    """
    profile = _editable(profile_id, actor)
    if kind not in PartyEvidence.Kind.values:
        raise InvalidInput(fields={"kind": _("Choose what the file proves.")})
    if profile.evidence.count() >= EVIDENCE_MAX:
        raise InvalidInput(_("At most %(most)s files fit one profile."), most=EVIDENCE_MAX)
    file = uploads.read(name=name, content=content, bytes_max=EVIDENCE_BYTES_MAX)
    evidence = PartyEvidence.objects.create(
        organization=profile.organization,
        kind=kind,
        name=file.name,
        media_type=file.media_type,
        content=file.content,
        size_bytes=len(file.content),
        content_hash=file.content_hash,
        uploaded_by=actor,
        uploaded_at=at,
    )
    profile.evidence.add(evidence)
    facts = {"kind": kind, "name": file.name, "sha256": file.content_hash}
    audit.record(profile, "add_evidence", actor=actor, at=at, facts=facts)
    return evidence


@transitions.action
def remove_evidence(*, profile_id: UUID, evidence_id: int, actor: Any, at: datetime) -> None:
    """
    Take one file from a version under way; versions handed in keep what they had.

    :raises NotFound: the version has no such file.
    :raises NotAllowedNow: the version is handed in or decided.
    """
    profile = _editable(profile_id, actor)
    evidence = profile.evidence.filter(pk=evidence_id).first()
    if evidence is None:
        raise NotFound
    profile.evidence.remove(evidence)
    profile.affiliates.filter(proof=evidence).update(proof=None)
    if not evidence.profiles.exists() and not evidence.affiliates.exists():
        evidence.delete()
    facts = {"name": evidence.name, "sha256": evidence.content_hash}
    audit.record(profile, "remove_evidence", actor=actor, at=at, facts=facts)


@transitions.action
def add_affiliate(
    *,
    profile_id: UUID,
    name: str,
    uscc: str,
    kind: str,
    actor: Any,
    at: datetime,
    proof_id: int | None = None,
) -> Affiliate:
    """
    Name an affiliate in a version under way; barriers heed it once the version is approved.

    :raises InvalidInput: no name, a wrong code, the company's own code, one named twice, an unknown
        relation, or a proof the version does not have.
    """
    profile = _editable(profile_id, actor)
    name, uscc = name.strip(), normalize_uscc(uscc)
    wrong: dict[str, Any] = {}
    if not name or len(name) > 120:
        wrong["name"] = _("Enter the full name.")
    if not uscc_is_valid(uscc) or uscc == profile.organization.uscc:
        wrong["uscc"] = _("Enter the unified social credit code of the other company.")
    elif profile.affiliates.filter(uscc=uscc).exists():
        wrong["uscc"] = _("This company is named already.")
    if kind not in Affiliate.Kind.values:
        wrong["kind"] = _("Choose the relation.")
    proof = profile.evidence.filter(pk=proof_id).first() if proof_id else None
    if proof_id and proof is None:
        wrong["proof"] = _("Choose one of the files of this profile.")
    if wrong or profile.affiliates.count() >= AFFILIATES_MAX:
        raise InvalidInput(fields=wrong)
    added = Affiliate.objects.create(
        profile=profile, name=name, uscc=uscc, kind=kind, proof=proof
    )
    facts = {"name": name, "uscc": uscc, "kind": kind}
    audit.record(profile, "add_affiliate", actor=actor, at=at, facts=facts)
    return added


@transitions.action
def remove_affiliate(*, profile_id: UUID, affiliate_id: int, actor: Any, at: datetime) -> None:
    """
    Take an affiliate from a version under way.

    :raises NotFound: the version names no such affiliate.
    """
    profile = _editable(profile_id, actor)
    row = profile.affiliates.filter(pk=affiliate_id).first()
    if row is None:
        raise NotFound
    facts = {"name": row.name, "uscc": row.uscc}
    row.delete()
    audit.record(profile, "remove_affiliate", actor=actor, at=at, facts=facts)


@transitions.action
def submit_profile(*, profile_id: UUID, actor: Any, at: datetime) -> PartyProfile:
    """
    Hand a version in for approval; the clock of the authority starts.

    :raises ProfileIncomplete: entries or required proofs are missing.
    :raises NotAllowedNow: it is handed in or decided.
    Source: domain §3.2 PartyProfile.
    """
    profile = _editable(profile_id, actor)
    lacking: dict[str, Any] = {
        name: _("Fill this in before the profile is handed in.")
        for name in REQUIRED_ENTRIES
        if not getattr(profile, name)
    }
    if missing_evidence(profile):
        lacking["evidence"] = _("Add the required proofs.")
    if lacking:
        raise errors.ProfileIncomplete(fields=lacking)
    transitions.perform(profile, "submit", actor=actor, at=at, by=actor)
    deadlines.start(profile, rules.PROFILE_REVIEW, at=at)
    return profile


@transitions.action
def approve_profile(*, profile_id: UUID, actor: Any, at: datetime) -> PartyProfile:
    """
    Approve a version: it is in force, the one before is replaced, the company verified anew.

    :raises Forbidden: the actor does not review profiles, handed this one in, or works near to it.
    :raises NotAllowedNow: it does not wait for approval.
    :raises CompanyBarred: the company is barred.
    Source: domain §3.2 PartyProfile (KYC evidence, credit check date).
    """
    organization, profile = _locked(profile_id, actor)
    if organization.state == Organization.State.BARRED:
        raise errors.CompanyBarred
    facts = {"credit_checked_on": clock.local_date(at), "valid_until": valid_until(at=at)}
    _ask_first(profile, "approve", actor=actor, at=at, by=actor, **facts)
    earlier = PartyProfile.objects.select_for_update(of=("self",), no_key=True).filter(
        organization=organization, state=PartyProfile.State.APPROVED
    )
    for row in earlier:
        transitions.perform(row, "supersede", actor=actor, at=at)
    transitions.perform(profile, "approve", actor=actor, at=at, by=actor, **facts)
    deadlines.close(profile, rules.PROFILE_REVIEW, at=at)
    for name in PUBLISHED_ENTRIES:
        setattr(organization, name, getattr(profile, name))
    step = "verify" if organization.state == Organization.State.REGISTERED else "renew"
    transitions.perform(organization, step, actor=actor, at=at, by=actor, **facts)
    return profile


@transitions.action
def return_profile(
    *, profile_id: UUID, reason: str, actor: Any, at: datetime
) -> PartyProfile:
    """
    Return a version with reasons; the version in force stays.

    :raises InvalidInput: no reason.
    :raises NotAllowedNow: it does not wait for approval.
    """
    _organization, profile = _locked(profile_id, actor)
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    transitions.perform(
        profile, "send_back", actor=actor, at=at, by=actor, reason=reason.strip()
    )
    deadlines.close(profile, rules.PROFILE_REVIEW, at=at)
    return profile


def _ask_first(
    profile: PartyProfile, name: str, *, actor: Any, at: datetime, **arguments: Any
) -> None:
    """Let ``perform`` refuse before anything else is touched, so that the attempt is on record."""
    permission = transitions.declared(PartyProfile, name).permission
    waits = profile.state == PartyProfile.State.SUBMITTED
    if not waits or not policy.may(actor, permission, profile):
        transitions.perform(profile, name, actor=actor, at=at, **arguments)


def _locked(profile_id: UUID, actor: Any) -> tuple[Organization, PartyProfile]:
    """Lock a profile, its organization first: everybody takes the two in this order."""
    known = PartyProfile.objects.filter(pk=profile_id).first()
    if known is None or not policy.holds(actor, "parties.see_partyprofile", known):
        raise NotFound
    organization = lock_organization(known.organization_id)
    profile = PartyProfile.objects.select_for_update(of=("self",), no_key=True).get(pk=profile_id)
    profile.organization = organization
    return organization, profile


def _editable(profile_id: UUID, actor: Any) -> PartyProfile:
    _organization, profile = _locked(profile_id, actor)
    if not policy.may(actor, "parties.edit_partyprofile", profile):
        raise Forbidden
    if profile.state not in EDITABLE:
        raise NotAllowedNow
    return profile


def _content_of(organization: Organization, last: PartyProfile | None) -> dict[str, str]:
    if last is not None:
        return {name: getattr(last, name) for name in PROFILE_ENTRIES}
    return {name: getattr(organization, name) for name in PUBLISHED_ENTRIES}
