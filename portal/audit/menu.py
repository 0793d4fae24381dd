"""Menu entries of those who check."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(_("Audit trail"), "portal:audit", "shield-check", (Role.AUDITOR,)),
    MenuItem(
        _("Books"),
        "portal:journals",
        "book-2",
        (Role.AUDITOR, Role.EXCHANGE_SETTLER, Role.EXCHANGE_FINANCE, Role.TREASURY_VIEWER),
    ),
    MenuItem(
        _("Dead letters"), "portal:dead_letters", "mail-x", (Role.AUDITOR, Role.PLATFORM_OPS)
    ),
)
