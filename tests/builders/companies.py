"""Companies that come by themselves, brought to any step through the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.core import mail

from parties import actions, tasks
from parties.models import Invitation, Organization, PartyProfile, User
from parties.roles import Kind, Role
from tests.builders.parties import MORNING, organization, person, uscc

PASSWORD = "a-long-pass-phrase"
PDF = b"%PDF-1.7\nscan"
PNG = b"\x89PNG\r\n\x1a\nscan"
_numbers = count(9_000_000)

ENTRIES = {
    "name": "惠山示例数据科技有限公司",
    "short_name": "惠山示例",
    "legal_representative": "杜示例",
    "address": "无锡市惠山区示例路1号",
    "contact_name": "联系人",
    "contact_phone": "0510-00000000",
    "contact_email": "contact@example.com",
    "signatory_name": "签署人",
    "signatory_phone": "0510-00000001",
    "security_contact_name": "安全联系人",
    "security_contact_phone": "0510-00000002",
    "bank_name": "示例银行无锡分行",
    "bank_account": "320200000000000001",
    "taxpayer_type": "GENERAL",
    "tax_address": "无锡市惠山区示例路1号",
    "tax_phone": "0510-00000000",
}


@dataclass
class Office:
    """The authority and its people, so far as they approve companies."""

    authority: Organization
    platform: Organization
    case: User
    second_case: User
    supervisor: User


@dataclass
class Company:
    """A company and the person who registered it."""

    organization: Organization
    founder: User

    @property
    def profile(self) -> PartyProfile:
        """The newest version of its profile."""
        return PartyProfile.objects.filter(organization=self.organization).latest("version")


def build_office() -> Office:
    """Return an authority that can approve companies."""
    authority = organization(Kind.AUTHORITY, "无锡市数据局")
    platform = organization(Kind.PLATFORM, "无锡公共数据平台")
    return Office(
        authority,
        platform,
        person(authority, Role.AUTHORITY_CASE, full_name="受理人"),
        person(authority, Role.AUTHORITY_CASE, full_name="另一受理人"),
        person(authority, Role.AUTHORITY_SUPERVISOR, full_name="监管人"),
    )


def fresh_uscc() -> str:
    """Return a code that nobody has."""
    return uscc(next(_numbers))


def person_data(number: int | None = None, **changes: str) -> dict[str, str]:
    """Return what somebody without an account says of themselves."""
    number = next(_numbers) if number is None else number
    return {
        "username": f"founder{number}",
        "full_name": f"创办人{number}",
        "email": f"founder{number}@example.com",
        "phone": "",
        "password": PASSWORD,
        **changes,
    }


def registered(
    *, at: datetime = MORNING, role: str = Role.APPLICANT_AGENT, code: str = "", **changes: str
) -> Company:
    """Return a company that somebody registered, its profile in preparation."""
    who = person_data()
    company = actions.register_company(
        uscc=code or fresh_uscc(),
        role=role,
        entries={**ENTRIES, **changes},
        person=who,
        at=at,
    )
    return Company(company, User.objects.get(username=who["username"]))


def proved(company: Company, *, at: datetime = MORNING) -> Company:
    """Add the required proofs to the newest version."""
    for kind in ("BUSINESS_LICENSE", "AUTHORIZATION_LETTER"):
        actions.add_evidence(
            profile_id=company.profile.pk,
            kind=kind,
            name=f"{kind}.pdf",
            content=PDF,
            actor=company.founder,
            at=at,
        )
    return company


def waiting(*, at: datetime = MORNING, **changes: Any) -> Company:
    """Return a company whose profile waits for approval."""
    company = proved(registered(at=at, **changes), at=at)
    actions.submit_profile(profile_id=company.profile.pk, actor=company.founder, at=at)
    return company


def approved(office: Office, *, at: datetime = MORNING, **changes: Any) -> Company:
    """Return a company whose first profile is in force."""
    company = waiting(at=at, **changes)
    actions.approve_profile(profile_id=company.profile.pk, actor=office.case, at=at)
    company.organization.refresh_from_db()
    return company


def code_of(invitation: Invitation, *, at: datetime) -> str:
    """Mail what is due and return the code from the mail to this address."""
    tasks.mail_due(at=at)
    [letter] = [m for m in mail.outbox if m.to == [invitation.email]][-1:]
    return str(letter.body).split("/invitations/#")[1].split()[0]
