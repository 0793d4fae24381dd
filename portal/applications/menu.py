"""Menu entries of applications and their reviews."""

from django.utils.translation import gettext_lazy as _

from applications.clock_keeping import READERS
from parties.roles import Role
from portal.kit import MenuItem

ITEMS = (
    MenuItem(
        _("My applications"),
        "portal:applications",
        "file-text",
        roles=(Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP, Role.APPLICANT_SECURITY),
    ),
    MenuItem(
        _("Acceptance desk"), "portal:application_desk", "inbox", roles=(Role.AUTHORITY_CASE,)
    ),
    MenuItem(
        _("Application form"),
        "portal:forms",
        "forms",
        roles=(Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER),
    ),
    MenuItem(
        _("Provider reviews"),
        "portal:application_branches",
        "clipboard-check",
        roles=(Role.PROVIDER_OFFICER, Role.PROVIDER_LEADER),
    ),
    MenuItem(
        _("Security reviews"),
        "portal:application_security_queue",
        "shield-check",
        roles=(Role.SECURITY_OFFICER,),
    ),
    MenuItem(
        _("Committee agenda"),
        "portal:application_agenda",
        "users",
        roles=(
            Role.COMMITTEE_SECRETARY,
            Role.COMMITTEE_CHAIR,
            Role.COMMITTEE_MEMBER,
            Role.EXPERT,
        ),
    ),
    MenuItem(
        _("Meetings"),
        "portal:committee_meetings",
        "calendar-event",
        roles=(
            Role.COMMITTEE_SECRETARY,
            Role.COMMITTEE_CHAIR,
            Role.COMMITTEE_MEMBER,
            Role.EXPERT,
        ),
    ),
    MenuItem(
        _("Committee roster"),
        "portal:committee_rosters",
        "address-book",
        roles=(Role.COMMITTEE_SECRETARY, Role.COMMITTEE_CHAIR),
    ),
    MenuItem(
        _("Rules of the panels"),
        "portal:committee_rules",
        "list-check",
        roles=(Role.COMMITTEE_SECRETARY, Role.COMMITTEE_CHAIR, Role.AUTHORITY_DECIDER),
    ),
    MenuItem(
        _("Rules of time limits"), "portal:clock_rules", "hourglass", roles=tuple(READERS)
    ),
    MenuItem(_("Official calendar"), "portal:calendars", "calendar", roles=tuple(READERS)),
    MenuItem(
        _("Decisions"), "portal:application_decisions", "gavel", roles=(Role.AUTHORITY_DECIDER,)
    ),
    MenuItem(
        _("Rules of the checks"),
        "portal:eligibility_rules",
        "checklist",
        roles=(Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER),
    ),
)
