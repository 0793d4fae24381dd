"""Menu entries of those who open datasets."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(
        _("Opening list"),
        "portal:opening_list",
        "list-check",
        (
            Role.PROVIDER_OFFICER,
            Role.PROVIDER_LEADER,
            Role.SECRECY_REVIEWER,
            Role.AUTHORITY_CASE,
            Role.AUTHORITY_DECIDER,
            Role.AUTHORITY_SUPERVISOR,
            Role.PLATFORM_OPS,
            Role.SECURITY_OFFICER,
            Role.AUDITOR,
        ),
    ),
)
