"""Menu entries everyone sees."""

from django.utils.translation import gettext_lazy as _

from portal.kit import MenuItem

ITEMS = (
    MenuItem(_("Data catalog"), "portal:catalog", "database-search", public=True),
    MenuItem(_("Price list"), "portal:prices", "list-details", public=True),
    MenuItem(_("Verify a license"), "portal:verify", "certificate", public=True),
    MenuItem(_("Public notices"), "portal:notices", "speakerphone", public=True),
    MenuItem(_("Statistics"), "portal:statistics", "chart-bar", public=True),
    MenuItem(_("Annual targets"), "portal:targets", "target-arrow", public=True),
)
