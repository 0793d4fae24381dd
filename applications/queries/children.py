"""Whether an amendment or a renewal may be begun, and how the cases of a scenario relate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from applications.errors import ChildUnderWay, NotGranted, OutsideWindow, UnderMeasure
from applications.models import Application
from applications.queries.access import visible_applications
from applications.queries.grants import Window, live_grants, renewal_window
from applications.queries.rows import CaseLink
from applications.queries.verdicts import state_name_of
from applications.states import CHILD_UNDER_WAY
from applications.states import ApplicationState as S
from core import clock
from core.errors import DomainError, InvalidInput
from workflow import deadlines, policy

Kind = Application.Kind
CHILD_KINDS = (Kind.AMENDMENT, Kind.RENEWAL)


@dataclass(frozen=True, slots=True)
class ChildOffer:
    """A kind of child case that the reader could begin; ``barred`` says why not now."""

    kind: str
    kind_name: str
    barred: str


@dataclass(frozen=True, slots=True)
class Family:
    """The case a child goes on from, the children of a case, and what may be begun."""

    kind: str
    kind_name: str
    parent: CaseLink | None
    children: tuple[CaseLink, ...]
    offers: tuple[ChildOffer, ...]
    window: Window | None


def problem_of(parent: Application, *, kind: str, at: datetime) -> DomainError | None:
    """Return why a child case of this kind cannot be begun, or None when it can."""
    if kind not in CHILD_KINDS:
        return InvalidInput(fields={"kind": NotGranted.default_message})
    grants = live_grants(parent, at=at) if parent.state == S.GRANTED else ()
    if not grants:
        return NotGranted()
    if any(g.under_measure for g in grants):
        return UnderMeasure()
    if any(_is_under_way(child, at=at) for child in parent.children.all()):
        return ChildUnderWay()
    if kind == Kind.RENEWAL:
        window = renewal_window(parent, at=at)
        if window is None:
            return NotGranted()
        if not window.holds(clock.local_date(at)):
            return OutsideWindow(
                opens=window.opens_on.isoformat(), closes=window.closes_on.isoformat()
            )
    return None


def _is_under_way(child: Application, *, at: datetime) -> bool:
    if child.state in (*CHILD_UNDER_WAY, S.GRANTED):
        # After a granted child the child is the case to go on from.
        return True
    if child.state == S.UPHELD:
        return child.decision_result != "REJECTED"
    # A refusal that may still be objected to may come back.
    return child.state == S.REJECTED and any(
        c.kind == "objection" and c.status not in ("closed", "overdue")
        for c in deadlines.of_subject(child, at=at)
    )


def family_of(case: Application, *, actor: Any, at: datetime) -> Family:
    """Return the relatives that this reader may open, and what the reader may begin."""
    seen = visible_applications(actor)
    below = seen.filter(parent=case).order_by("created_at", "id")[: settings.PAGE_ROWS_MAX]
    above = seen.filter(pk=case.parent_id).first() if case.parent_id else None
    offered = case.state == S.GRANTED and policy.may(actor, "applications.edit_application", case)
    offers = []
    for kind in CHILD_KINDS if offered else ():
        problem = problem_of(case, kind=kind, at=at)
        offers.append(ChildOffer(kind, str(kind.label), str(problem) if problem else ""))
    return Family(
        kind=case.kind,
        kind_name=str(Kind(case.kind).label),
        parent=_link(above) if above else None,
        children=tuple(_link(child) for child in below),
        offers=tuple(offers),
        window=renewal_window(case, at=at) if offered else None,
    )


def _link(case: Application) -> CaseLink:
    state = state_name_of(case)
    return CaseLink(case.pk, case.number or "", f"{Kind(case.kind).label} · {state}")
