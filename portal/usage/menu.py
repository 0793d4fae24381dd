"""Menu entries of usage."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(
        _("Gates"),
        "portal:gates",
        "door",
        roles=(Role.PLATFORM_OPS, Role.SECURITY_OFFICER, Role.AUDITOR),
    ),
)
