"""The right panel of the case page, and what this reader may do beside the steps of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from applications import registers
from applications.models import Application
from applications.queries.access import (
    is_of_applicant,
    visible_application,
    visible_applications,
)
from applications.queries.consultation import ConsultationRow, consultations_of
from applications.queries.holding import HoldingView, holding_of
from applications.queries.talks import Talks, talks_of
from applications.states import DECIDED, OPEN
from applications.states import ApplicationState as S
from workflow import policy

RELATED_MAX = 5


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case that this reader may open; ``datasets`` are those it shares."""

    id: UUID
    number: str
    scenario_name: str
    state_name: str
    datasets: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Neighbor:
    """The case before or after in the queue."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class DeskSide:
    """
    Everything beside the answers of a case.

    ``may`` are the acts open to this reader: comment, tell, consult, stop, reference. With
    ``demand_offer`` the case was not accepted because the data are not open: they can be asked for.
    """

    holding: HoldingView | None
    talks: Talks
    consultations: tuple[ConsultationRow, ...]
    reference: str
    may: frozenset[str]
    same_applicant: tuple[RelatedCase, ...]
    same_datasets: tuple[RelatedCase, ...]
    licenses: tuple[str, ...]
    previous: Neighbor | None
    following: Neighbor | None
    demand_offer: bool = False


RIGHTS = {
    "comment": "applications.write_notes",
    "tell": "applications.write_to_applicant",
    "consult": "applications.consult_application",
    "stop": "applications.manage_clock",
    "reference": "applications.assign_reference",
}


def desk_side(*, application_id: UUID, actor: Any, at: datetime) -> DeskSide:
    """
    Return what stands beside the answers of a case, as far as this reader may see it.

    :raises NotFound: there is no such case for this actor.
    """
    case = visible_application(application_id=application_id, actor=actor)
    is_applicant = is_of_applicant(case, actor=actor)
    inside = not is_applicant and policy.may(actor, "applications.read_notes", case)
    own = policy.holds(actor, "applications.hold_application", case)
    before, after = _neighbors(case, actor) if own else (None, None)
    return DeskSide(
        holding=holding_of(case, actor=actor, at=at) if inside else None,
        talks=talks_of(case, actor=actor, at=at, is_applicant=is_applicant),
        consultations=() if is_applicant else consultations_of(case, actor=actor),
        reference=case.external_reference if inside else "",
        may=_rights(case, actor) if case.state in OPEN else frozenset(),
        same_applicant=_same_applicant(case, actor) if inside else (),
        same_datasets=_same_datasets(case, actor) if inside else (),
        licenses=_licenses(case, at=at) if inside else (),
        previous=before,
        following=after,
        demand_offer=case.state == S.NOT_ACCEPTED and case.refusal_code == "NON_OPEN",
    )


def _rights(case: Application, actor: Any) -> frozenset[str]:
    return frozenset(
        act for act, permission in RIGHTS.items() if policy.may(actor, permission, case)
    )


def _same_applicant(case: Application, actor: Any) -> tuple[RelatedCase, ...]:
    rows = visible_applications(actor, few=True).filter(applicant=case.applicant)
    rows = rows.exclude(pk=case.pk).exclude(state=S.DRAFT).order_by("-submitted_at", "id")
    return tuple(_related(row) for row in rows[:RELATED_MAX])


def _same_datasets(case: Application, actor: Any) -> tuple[RelatedCase, ...]:
    asked = {item.dataset_id: item.dataset.code for item in case.items.select_related("dataset")}
    rows = (
        visible_applications(actor, few=True)
        .filter(pk__in=_asking_for(asked), state__in=DECIDED, decided_at__isnull=False)
        .exclude(pk=case.pk)
        .prefetch_related("items")
        .order_by("-decided_at", "id")
    )
    return tuple(
        _related(
            row,
            datasets="、".join(
                sorted(asked[i.dataset_id] for i in row.items.all() if i.dataset_id in asked)
            ),
        )
        for row in rows[:RELATED_MAX]
    )


def _asking_for(asked: dict[Any, str]) -> Any:
    return Application.objects.filter(items__dataset_id__in=list(asked)).values("pk")


def _licenses(case: Application, *, at: datetime) -> tuple[str, ...]:
    lines = registers.look_up(registers.LICENSES, organization_id=case.applicant_id, at=at) or ()
    codes = {item.dataset.code for item in case.items.select_related("dataset")}
    return tuple(line for line in lines if line.split(" ")[0] in codes)


def _neighbors(case: Application, actor: Any) -> tuple[Neighbor | None, Neighbor | None]:
    """Return the open cases of the desk before and after this one, in order of submission."""
    if case.submitted_at is None:
        return None, None
    held = policy.visible(actor, "applications.hold_application", Application, few=True)
    queue = held.filter(state__in=OPEN, submitted_at__isnull=False).only("number")
    same = Q(submitted_at=case.submitted_at)
    after = queue.filter(Q(submitted_at__gt=case.submitted_at) | same & Q(pk__gt=case.pk))
    before = queue.filter(Q(submitted_at__lt=case.submitted_at) | same & Q(pk__lt=case.pk))
    return (
        _neighbor(before.order_by("-submitted_at", "-pk").first()),
        _neighbor(after.order_by("submitted_at", "pk").first()),
    )


def _neighbor(row: Application | None) -> Neighbor | None:
    return None if row is None else Neighbor(row.pk, row.number or "")


def _related(row: Application, *, datasets: str = "") -> RelatedCase:
    return RelatedCase(
        id=row.pk,
        number=row.number or "",
        scenario_name=row.scenario_name,
        state_name=str(row.get_state_display()),  # type: ignore[attr-defined]
        datasets=datasets,
        decided_at=row.decided_at,
    )


def find_by_number(*, actor: Any, text: str) -> tuple[RelatedCase, ...]:
    """Return the visible cases that have exactly this number, their own or the office's."""
    wanted = text.strip()
    if not wanted:
        return ()
    rows = visible_applications(actor).filter(Q(number=wanted) | Q(external_reference=wanted))
    return tuple(_related(row) for row in rows.order_by("-submitted_at", "id")[:RELATED_MAX])
