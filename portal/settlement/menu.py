"""Menu entries of settlement."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(
        _("Statements"),
        "portal:statements",
        "receipt",
        roles=(
            Role.APPLICANT_AGENT,
            Role.APPLICANT_LEGAL_REP,
            Role.EXCHANGE_SETTLER,
            Role.EXCHANGE_FINANCE,
            Role.TREASURY_VIEWER,
            Role.AUTHORITY_SUPERVISOR,
            Role.AUDITOR,
        ),
    ),
    MenuItem(
        _("Price versions"),
        "portal:price_desk",
        "tag",
        roles=(Role.EXCHANGE_SETTLER, Role.EXCHANGE_FINANCE),
    ),
)
