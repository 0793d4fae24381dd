"""
Errors that a person or a machine is told about.

Each carries a stable ``code`` for machines, an HTTP ``status``, and a translatable message
that says what to do next. Facts are interpolated late, so the language is the reader's.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A request that the rules of the field refuse; nothing was changed."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    default_message: ClassVar[str | Promise] = _("This is not possible. Nothing was changed.")

    def __init__(self, message: str | Promise | None = None, **facts: Any) -> None:
        self.message = self.default_message if message is None else message
        self.facts = facts
        super().__init__(self.message, facts)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.facts if self.facts else text


class InvalidInput(DomainError):
    """Input that does not fit; ``fields`` maps a field name to what is wrong with it."""

    code = "invalid_input"
    status = 422
    default_message = _("Some entries need correction.")

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        fields: dict[str, str | Promise] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, **facts)
        self.fields = fields or {}


class Forbidden(DomainError):
    """The actor may not do this to this subject, in any state."""

    code = "forbidden"
    status = 403
    default_message = _("You do not have the right to do this.")


class SwitchedOff(Forbidden):
    """The actor would hold this right, but the act is switched off; says by what authority."""

    code = "switched_off"
    default_message = _(
        "This act is switched off at present (%(basis)s): %(reason)s. Ask the data authority when"
        " it is open again."
    )


class NotFound(DomainError):
    """No such thing, or none that the actor may know of: the answer is the same."""

    code = "not_found"
    status = 404
    default_message = _("Nothing was found under this address.")


class NotAllowedNow(DomainError):
    """The subject's present state does not lead where the actor wants to go."""

    code = "not_allowed_now"
    status = 409
    default_message = _("This step is not open at present. Reload the page to see where it stands.")


class Conflict(DomainError):
    """Somebody else was faster, or the same key was used for something else."""

    code = "conflict"
    status = 409
    default_message = _("Somebody changed this in the meantime. Reload the page and try again.")
