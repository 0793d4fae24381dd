"""Menu entries of supervision."""

from django.utils.translation import gettext_lazy as _

from portal.kit import MenuItem
from portal.oversight.common import OTHERS, STAFF

ITEMS = (
    MenuItem(_("Supervision desk"), "portal:supervision", "eye-check", STAFF),
    MenuItem(_("Evaluations and exits"), "portal:obligations", "clipboard-check", OTHERS),
)
