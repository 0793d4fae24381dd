"""Menu entries around lists."""

from django.utils.translation import gettext_lazy as _

from portal.kit import MenuItem

ITEMS = (
    MenuItem(_("Search"), "portal:search", "search"),
    MenuItem(_("Export centre"), "portal:exports", "file-export"),
)
