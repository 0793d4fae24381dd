"""The public answer about a license: what it is and whether it holds now. Source: domain §3.6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from catalog.models import Dataset
from contracts.models import Agreement
from core import clock
from licensing.models import License
from licensing.numbers import read_number

VALID, STOPPED, ENDED = "VALID", "STOPPED", "ENDED"
GENUINE = "GENUINE"


@dataclass(frozen=True, slots=True)
class PublicLicense:
    """
    What everybody may know of a license: never keys, prices or contacts.

    ``standing`` is VALID, STOPPED or ENDED at the moment asked; ``state`` and ``state_name`` say it
    exactly. ``checked_at`` is the moment of the answer.
    """

    number: str
    machine_number: str
    licensee: str
    provider: str
    authority: str
    dataset_code: str
    dataset_title: str
    scenario_name: str
    valid_from: date
    valid_to: date
    issued_on: date
    standing: str
    state: str
    state_name: str
    restricted: bool
    checked_at: datetime

    @property
    def answer(self) -> str:
        """Return GENUINE for a license in force, otherwise its state, in one word."""
        return GENUINE if self.state == License.State.ACTIVE else self.state


def verification(number: str, *, at: datetime | None = None) -> PublicLicense | None:
    """
    Return what the public may know of a license, by either of its numbers, now.

    None when the number is not one of ours: unknown, mistyped, or with a wrong check character.
    A license whose agreement or dataset does not hold is not valid, whatever its own state.
    """
    wanted = read_number(number)
    if wanted is None:
        return None
    field = "machine_number" if wanted.startswith("WX-") else "number"
    row = (
        License.objects.select_related("licensee", "provider", "authority", "dataset", "agreement")
        .filter(**{field: wanted})
        .first()
    )
    if row is None:
        return None
    at = at or clock.now()
    state = effective_state(row, at=at)
    return PublicLicense(
        number=row.number,
        machine_number=row.machine_number,
        licensee=row.licensee.name,
        provider=row.provider.name,
        authority=row.authority.name,
        dataset_code=row.dataset.code,
        dataset_title=row.dataset.title,
        scenario_name=row.scenario_name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        issued_on=clock.local_date(row.issued_at),
        standing=standing_of(state),
        state=state,
        state_name=str(License.State(state).label),
        restricted=state == License.State.ACTIVE and row.restriction is not None,
        checked_at=at,
    )


def effective_state(row: License, *, at: datetime) -> str:
    """
    Return the state of a license as it holds at a moment.

    A term that is over counts before the sweep has ended it, and so do agreement and dataset.
    """
    live = row.state in License.LIVE
    if live and clock.local_date(at) > row.valid_to:
        return License.State.EXPIRED
    stopped = (
        row.agreement.state != Agreement.State.EFFECTIVE
        or row.dataset.state != Dataset.State.PUBLISHED
    )
    if row.state == License.State.ACTIVE and stopped:
        return License.State.SUSPENDED
    return str(row.state)


def standing_of(state: str) -> str:
    """Return VALID, STOPPED or ENDED for a state as it holds."""
    if state == License.State.ACTIVE:
        return VALID
    return STOPPED if state in (License.State.ISSUED, License.State.SUSPENDED) else ENDED
