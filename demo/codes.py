"""
The telephones of the players: every person who signs has an authenticator in the demonstration.

Only a demonstration or a test may compute somebody's code; a real site never can by this road.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from parties import actions, onetime
from parties.models import SecondFactor, User
from parties.roles import Role

# Who signs by office, and who may be empowered to.
WITH_TELEPHONE = frozenset(
    {
        Role.APPLICANT_LEGAL_REP,
        Role.APPLICANT_AGENT,
        Role.PROVIDER_LEADER,
        Role.PROVIDER_OFFICER,
    }
)


def hand_out(*, person: User, password: str, at: datetime) -> None:
    """Enrol an authenticator for a player through the acts of the profile page."""
    actions.begin_enrolment(password=password, actor=person, at=at)
    actions.confirm_enrolment(code=code_of(person=person, at=at), actor=person, at=at)


def code_of(*, person: User, at: datetime) -> str:
    """
    Return the code that the telephone of a player shows at ``at``, one that was not used yet.

    :raises ImproperlyConfigured: this is neither a demonstration nor a test.
    :raises SecondFactor.DoesNotExist: the player has no telephone.
    """
    if not (settings.DEMO or settings.TESTING):
        raise ImproperlyConfigured("codes of other people exist in a demonstration only")
    factor = SecondFactor.objects.filter(user=person, removed_at=None).latest("id")
    secret = onetime.unseal(sealed=factor.secret)
    return onetime.unused_code(secret=secret, at=at, used=factor.used_steps)


def proof_of(*, person: User, password: str, at: datetime) -> actions.Proof:
    """Return what a player enters to sign at ``at``."""
    return actions.Proof(password, code_of(person=person, at=at))
