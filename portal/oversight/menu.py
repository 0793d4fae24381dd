"""Menu entries of supervision."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem
from portal.oversight.common import OTHERS, STAFF

ITEMS = (
    MenuItem(_("Supervision desk"), "portal:supervision", "eye-check", STAFF),
    MenuItem(
        _("Acts switched off"),
        "portal:switches",
        "toggle-left",
        (Role.AUTHORITY_SUPERVISOR, Role.AUTHORITY_DECIDER),
    ),
    MenuItem(_("Evaluations and exits"), "portal:obligations", "clipboard-check", OTHERS),
)
