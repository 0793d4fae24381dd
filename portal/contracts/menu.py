"""Menu entries of agreements and term profiles."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(
        _("Agreements"),
        "portal:agreements",
        "file-text",
        (
            Role.APPLICANT_AGENT,
            Role.APPLICANT_LEGAL_REP,
            Role.APPLICANT_SECURITY,
            Role.PROVIDER_OFFICER,
            Role.PROVIDER_LEADER,
            Role.AUTHORITY_CASE,
            Role.AUTHORITY_DECIDER,
            Role.AUTHORITY_SUPERVISOR,
            Role.PLATFORM_OPS,
            Role.SECURITY_OFFICER,
            Role.AUDITOR,
            Role.EXCHANGE_SETTLER,
            Role.EXCHANGE_FINANCE,
        ),
    ),
    MenuItem(
        _("Agreements to sign"),
        "portal:agreements_to_sign",
        "signature",
        (Role.APPLICANT_LEGAL_REP, Role.PROVIDER_LEADER),
    ),
    MenuItem(
        _("Term profiles"),
        "portal:term_profiles",
        "adjustments",
        (
            Role.PROVIDER_OFFICER,
            Role.PROVIDER_LEADER,
            Role.AUTHORITY_CASE,
            Role.AUTHORITY_DECIDER,
            Role.AUTHORITY_SUPERVISOR,
        ),
    ),
    MenuItem(
        _("Template library"),
        "portal:library",
        "book",
        (Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER, Role.AUTHORITY_SUPERVISOR),
    ),
)
