"""What people need to sign: an application for codes, and a code at any moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parties import actions, onetime
from parties.models import SecondFactor
from tests.builders.parties import MORNING, PASSWORD

__all__ = ["PASSWORD", "code_of", "equip", "proof_of"]


def equip(*people: Any, at: datetime = MORNING) -> None:
    """Give people a second factor through the real actions."""
    for person in people:
        if not SecondFactor.objects.filter(user=person, removed_at=None).exists():
            actions.begin_enrolment(password=PASSWORD, actor=person, at=at)
            actions.confirm_enrolment(code=code_of(person, at=at), actor=person, at=at)


def code_of(person: Any, *, at: datetime) -> str:
    """Return a code that holds at ``at`` and was not used, as the telephone of a person shows."""
    factor = SecondFactor.objects.filter(user=person, removed_at=None).latest("id")
    secret = onetime.unseal(sealed=factor.secret)
    return onetime.unused_code(secret=secret, at=at, used=factor.used_steps)


def proof_of(person: Any, *, at: datetime) -> actions.Proof:
    """Return what a person enters to sign at ``at``."""
    equip(person)
    return actions.Proof(PASSWORD, code_of(person, at=at))
