"""What the rules about people and organizations refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, InvalidInput


class UsccInUse(Conflict):
    """Another organization has this unified social credit code."""

    code = "uscc_in_use"
    default_message = _(
        "An organization with this unified social credit code is registered already."
    )


class UsernameTaken(Conflict):
    """Another person has this user name."""

    code = "username_taken"
    default_message = _("This user name is taken. Choose another one.")


class WrongDesk(DomainError):
    """A role that this kind of organization does not have."""

    code = "wrong_desk"
    status = 422
    default_message = _("This organization has no such desk. Choose a role of its kind.")


class IncompatibleDesks(DomainError):
    """Two roles that nobody may hold at once."""

    code = "incompatible_desks"
    status = 409
    default_message = _(
        "This person holds a role that excludes this one. Close that desk first or choose"
        " another person."
    )


class SecondOfItsKind(Conflict):
    """There is one authority, one platform, one committee, one exchange and one treasury."""

    code = "second_of_its_kind"
    default_message = _("There is an organization of this kind already, and there may be only one.")


class CannotRegister(Conflict):
    """A company with this code cannot be registered here; who has it is nobody's business."""

    code = "cannot_register"
    default_message = _(
        "This company cannot be registered here. If it is yours, ask the data authority or a"
        " colleague for an invitation."
    )


class AddressInUse(Conflict):
    """A mail address that cannot be used for this."""

    code = "address_in_use"
    default_message = _(
        "This e-mail address cannot be used here. If you have an account, sign in with it."
    )


class TooManyAttempts(DomainError):
    """Too many tries from one address."""

    code = "too_many_attempts"
    status = 429
    default_message = _("Too many attempts. Wait a quarter of an hour, then try again.")


class ProfileUnderWay(Conflict):
    """A version of the profile waits; there is one at a time."""

    code = "profile_under_way"
    default_message = _("A version of the profile is under way. Finish that one first.")


class ProfileIncomplete(InvalidInput):
    """Entries or proofs are missing; ``fields`` says which."""

    code = "profile_incomplete"
    default_message = _("The profile is not complete. Add what is named.")


class ReviewTheProfile(Conflict):
    """A company with a profile is verified by approving the profile, not beside it."""

    code = "review_the_profile"
    default_message = _("This company has handed in a profile. Approve or return the profile.")


class CompanyBarred(Conflict):
    """A barred company gets no new version approved and no new seats."""

    code = "company_barred"
    default_message = _("The company is barred. The bar has to be lifted first.")


class NotVerified(DomainError):
    """A company without a valid verification cannot apply."""

    code = "not_verified"
    status = 409
    default_message = _(
        "Your company has no valid verification. Complete its profile and have it approved first."
    )


class AlreadyJoined(Conflict):
    """The person has this seat."""

    code = "already_joined"
    default_message = _("You have joined this company already.")


class AddressInvited(Conflict):
    """The address has an open invitation of this company, or belongs to one of its people."""

    code = "address_invited"
    default_message = _(
        "This address is invited already or belongs to somebody who has a seat in the company."
    )


class InvitationUnusable(DomainError):
    """A code that opens nothing: unknown, for another address, used, revoked or expired."""

    code = "invitation_unusable"
    status = 404
    default_message = _(
        "This invitation code cannot be used. Check the code and sign in with the address it was"
        " sent to, or ask the company for a new invitation."
    )


class SeatElsewhere(Conflict):
    """A person has seats in one company at a time."""

    code = "seat_elsewhere"
    default_message = _(
        "You have a seat in another company. Confirm that you leave it; your seats there end."
    )


class LastSeat(Conflict):
    """The last agent or legal representative stays while cases are open."""

    code = "last_seat"
    default_message = _(
        "This is the company's last seat of this role and cases are open. Give the role to"
        " somebody else first."
    )


class NoColleague(InvalidInput):
    """The person cases are handed to must have the same kind of desk in the same organization."""

    code = "no_colleague"
    default_message = _("Choose a colleague who has a desk of the same role here.")


class SecondFactorMissing(Conflict):
    """An act that asks for a one-time code, by a person who has enrolled no application."""

    code = "second_factor_missing"
    default_message = _(
        "This act needs a one-time code. Set up your authenticator application in your profile"
        " first."
    )


class ProofWrong(InvalidInput):
    """Password and code of an act, of which one is not right; it is not said which."""

    code = "proof_wrong"
    default_message = _(
        "Password or one-time code is not right. Nothing was done. Check both; after five wrong"
        " tries there is a pause of a quarter of an hour."
    )


class CodeUsed(InvalidInput):
    """A one-time code that was good once already."""

    code = "code_used"
    default_message = _(
        "This one-time code was used already. Wait for the next one, which comes within 30 seconds."
    )


class NothingToConfirm(Conflict):
    """A code for an enrolment that was not begun."""

    code = "nothing_to_confirm"
    default_message = _("Begin the set-up first; the picture to scan is shown then.")
