"""Named errors of signing; each says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class UnableToSign(DomainError):
    """A document that cannot be signed as asked; nothing was changed."""

    code = "unable_to_sign"
    status = 409


class KeysNotConfigured(UnableToSign):
    """The place where keys are kept is not set up, or does not open."""

    code = "keys_not_configured"
    status = 503
    default_message = _(
        "The keys for signing are not set up: %(what)s. Ask the operator of the platform to"
        " complete the settings."
    )


class NoKeyOfHolder(UnableToSign):
    """Nobody keeps a key for this holder here."""

    code = "no_key_of_holder"
    default_message = _(
        "No key of %(holder)s is kept here. Sign with your own key and upload the signed copy."
    )


class TimestampUnavailable(UnableToSign):
    """The time-stamping service does not answer."""

    code = "timestamp_unavailable"
    status = 503
    default_message = _(
        "The time-stamping service does not answer. Nothing was signed; try again in a moment."
    )


class NotSignable(UnableToSign):
    """The bytes are no PDF that can be signed."""

    code = "not_signable"
    default_message = _("This file is no PDF that can be signed.")


class SignedAlready(UnableToSign):
    """The place of this signature is taken."""

    code = "signed_already"
    default_message = _("This place of the document is signed already.")


class ClosedToSignatures(UnableToSign):
    """The first signature keeps no place for this one."""

    code = "closed_to_signatures"
    default_message = _("The document is complete; it keeps no place for another signature.")
