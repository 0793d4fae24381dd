"""Menu entries of the workbench."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(_("Workbench"), "portal:home", "layout-dashboard"),
    MenuItem(_("Messages"), "portal:inbox", "bell"),
    MenuItem(_("Rules of messages"), "portal:house_ways", "settings", (Role.AUTHORITY_DECIDER,)),
    MenuItem(
        _("Reset a second factor"),
        "portal:second_factor_reset",
        "key",
        (Role.SECURITY_OFFICER,),
    ),
)
