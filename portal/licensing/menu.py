"""Menu entries of licenses and client applications."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(
        _("Licenses"),
        "portal:licenses",
        "certificate",
        roles=(
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
        _("Issuing of licenses"),
        "portal:issuing",
        "hourglass",
        roles=(
            Role.PROVIDER_LEADER,
            Role.AUTHORITY_CASE,
            Role.AUTHORITY_DECIDER,
            Role.PLATFORM_OPS,
        ),
    ),
    MenuItem(
        _("Client applications to review"),
        "portal:clients",
        "plug",
        roles=(Role.PLATFORM_OPS,),
    ),
)
