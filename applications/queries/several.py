"""The cases somebody chose in the list of the desk, as they are shown before an act on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from applications.models import Application
from applications.queries.exports import filters_of, tabs_are_known
from applications.queries.lists import listed
from applications.queries.verdicts import state_name_of


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """One chosen case, and who has it on the desk now."""

    id: UUID
    number: str
    scenario_name: str
    applicant_name: str
    state_name: str
    holder_id: str
    holder_name: str


def chosen_cases(*, ids: Sequence[str], actor: Any, at: datetime) -> tuple[ChosenRow, ...]:
    """Return the cases of the desk that are among ``ids``; what is no id, or not theirs, is not."""
    wanted = {one for one in (_uuid(text) for text in ids) if one}
    found = listed("desk", tab="all", actor=actor, at=at).filter(pk__in=wanted)
    cases = found.select_related("applicant", "holder")
    return tuple(_row(case) for case in cases)


def ids_that_fit(*, tab: str, query: str, most: int, actor: Any, at: datetime) -> list[str]:
    """Return the ids of all cases of a tab of the desk that fit its filters, at most ``most``."""
    if not tabs_are_known(list_name="desk", tab=tab):
        return []
    found = listed("desk", tab=tab, filters=filters_of(query=query), actor=actor, at=at)
    return [str(pk) for pk in found.values_list("pk", flat=True)[:most]]


def _row(case: Application) -> ChosenRow:
    return ChosenRow(
        id=UUID(str(case.pk)),
        number=case.number or "",
        scenario_name=case.scenario_name,
        applicant_name=case.applicant.name,
        state_name=state_name_of(case),
        holder_id=str(case.holder_id or ""),
        holder_name=case.holder.full_name if case.holder else "",
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
