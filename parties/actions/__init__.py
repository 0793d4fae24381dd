"""What can be done with people, organizations, their profiles and their seats."""

from parties.actions.companies import count_attempt, register_company
from parties.actions.handing_over import appoint_agent, hand_over_cases
from parties.actions.organizations import (
    PROFILE_FIELDS,
    bar_organization,
    edit_organization,
    lift_bar,
    register_organization,
    verify_organization,
)
from parties.actions.people import close_desk, create_user, open_desk
from parties.actions.profiles import (
    add_affiliate,
    add_evidence,
    approve_profile,
    begin_profile,
    edit_profile,
    remove_affiliate,
    remove_evidence,
    return_profile,
    submit_profile,
)
from parties.actions.seats import (
    accept_invitation,
    accept_with_new_account,
    end_seat,
    expire_invitations,
    invite,
    revoke_invitation,
)

__all__ = [
    "PROFILE_FIELDS",
    "accept_invitation",
    "accept_with_new_account",
    "add_affiliate",
    "add_evidence",
    "appoint_agent",
    "approve_profile",
    "bar_organization",
    "begin_profile",
    "close_desk",
    "count_attempt",
    "create_user",
    "edit_organization",
    "edit_profile",
    "end_seat",
    "expire_invitations",
    "hand_over_cases",
    "invite",
    "lift_bar",
    "open_desk",
    "register_company",
    "register_organization",
    "remove_affiliate",
    "remove_evidence",
    "return_profile",
    "revoke_invitation",
    "submit_profile",
    "verify_organization",
]
