"""The roles people hold at desks, which organizations have such desks, what excludes what."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an organization is in the life of the data."""

    APPLICANT = "APPLICANT", _("Applicant")
    PROVIDER = "PROVIDER", _("Data provider")
    AUTHORITY = "AUTHORITY", _("Data authority")
    COMMITTEE = "COMMITTEE", _("Review committee")
    PLATFORM = "PLATFORM", _("Platform operator")
    EXCHANGE = "EXCHANGE", _("Data exchange")
    OPERATOR = "OPERATOR", _("Authorized operator")
    TREASURY = "TREASURY", _("Treasury")
    ASSESSOR = "ASSESSOR", _("Assessor")


class Role(TextChoices):
    """What a person does at a desk of an organization. Source: domain §3.1."""

    APPLICANT_AGENT = "APPLICANT_AGENT", _("Applicant's agent")
    APPLICANT_LEGAL_REP = "APPLICANT_LEGAL_REP", _("Applicant's legal representative")
    APPLICANT_SECURITY = "APPLICANT_SECURITY", _("Applicant's security officer")
    PROVIDER_OFFICER = "PROVIDER_OFFICER", _("Data officer")
    PROVIDER_LEADER = "PROVIDER_LEADER", _("Provider's leader")
    SECRECY_REVIEWER = "SECRECY_REVIEWER", _("Secrecy reviewer")
    AUTHORITY_CASE = "AUTHORITY_CASE", _("Case handler")
    AUTHORITY_DECIDER = "AUTHORITY_DECIDER", _("Decider")
    AUTHORITY_SUPERVISOR = "AUTHORITY_SUPERVISOR", _("Supervisor")
    COMMITTEE_CHAIR = "COMMITTEE_CHAIR", _("Committee chair")
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", _("Committee member")
    COMMITTEE_SECRETARY = "COMMITTEE_SECRETARY", _("Committee secretary")
    EXPERT = "EXPERT", _("Expert")
    PLATFORM_OPS = "PLATFORM_OPS", _("Platform operations")
    SECURITY_OFFICER = "SECURITY_OFFICER", _("Platform security officer")
    AUDITOR = "AUDITOR", _("Auditor")
    EXCHANGE_MATCHER = "EXCHANGE_MATCHER", _("Exchange matching clerk")
    EXCHANGE_SETTLER = "EXCHANGE_SETTLER", _("Exchange settlement clerk")
    EXCHANGE_FINANCE = "EXCHANGE_FINANCE", _("Exchange finance clerk")
    OPERATOR_AGENT = "OPERATOR_AGENT", _("Operator's agent")
    IMPLEMENTING_OFFICER = "IMPLEMENTING_OFFICER", _("Implementing officer")
    TREASURY_VIEWER = "TREASURY_VIEWER", _("Treasury viewer")
    PUBLIC_USER = "PUBLIC_USER", _("Member of the public")
    ASSESSOR = "ASSESSOR", _("Third-party assessor")


# An operator also applies for data; everybody else keeps to the desks of the own kind.
DESKS: dict[str, frozenset[str]] = {
    Kind.APPLICANT: frozenset(
        {Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP, Role.APPLICANT_SECURITY, Role.PUBLIC_USER}
    ),
    Kind.PROVIDER: frozenset({Role.PROVIDER_OFFICER, Role.PROVIDER_LEADER, Role.SECRECY_REVIEWER}),
    Kind.AUTHORITY: frozenset(
        {
            Role.AUTHORITY_CASE,
            Role.AUTHORITY_DECIDER,
            Role.AUTHORITY_SUPERVISOR,
            Role.IMPLEMENTING_OFFICER,
        }
    ),
    Kind.COMMITTEE: frozenset(
        {Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY, Role.EXPERT}
    ),
    Kind.PLATFORM: frozenset({Role.PLATFORM_OPS, Role.SECURITY_OFFICER, Role.AUDITOR}),
    Kind.EXCHANGE: frozenset({Role.EXCHANGE_MATCHER, Role.EXCHANGE_SETTLER, Role.EXCHANGE_FINANCE}),
    Kind.OPERATOR: frozenset(
        {
            Role.OPERATOR_AGENT,
            Role.APPLICANT_AGENT,
            Role.APPLICANT_LEGAL_REP,
            Role.APPLICANT_SECURITY,
        }
    ),
    Kind.TREASURY: frozenset({Role.TREASURY_VIEWER}),
    Kind.ASSESSOR: frozenset({Role.ASSESSOR}),
}

# Nobody holds both at once in one organization. Source: domain §3.1, the rules in brackets.
INCOMPATIBLE: tuple[frozenset[str], ...] = (
    frozenset({Role.PROVIDER_OFFICER, Role.SECRECY_REVIEWER}),
    frozenset({Role.PLATFORM_OPS, Role.AUDITOR}),
    frozenset({Role.SECURITY_OFFICER, Role.AUDITOR}),
    frozenset({Role.EXCHANGE_SETTLER, Role.EXCHANGE_FINANCE}),
)

# There is one of each; ``parties.queries.the(kind)`` returns it.
SINGLE_KINDS = (Kind.AUTHORITY, Kind.PLATFORM, Kind.COMMITTEE, Kind.EXCHANGE, Kind.TREASURY)


def own_holder(*, kind: str) -> str:
    """Return the name under which an organization of a kind holds rights on itself."""
    return f"own_{kind.lower()}"
