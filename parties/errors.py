"""What the rules about people and organizations refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError


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
