"""Menu entries of companies and their approval."""

from django.utils.translation import gettext_lazy as _

from parties.roles import Role
from portal.kit import MenuItem

OWN = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)
ITEMS = (
    MenuItem(_("Our company"), "portal:company", "building", roles=OWN),
    MenuItem(
        _("Seats and invitations"),
        "portal:company_seats",
        "users",
        roles=(*OWN, Role.APPLICANT_SECURITY),
    ),
    MenuItem(
        _("Companies to approve"),
        "portal:profile_queue",
        "building",
        roles=(Role.AUTHORITY_CASE,),
    ),
    MenuItem(
        _("Hand over cases"), "portal:handover", "arrows-exchange",
        roles=(Role.AUTHORITY_SUPERVISOR,),
    ),
)  # fmt: skip
