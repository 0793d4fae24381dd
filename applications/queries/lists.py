"""
Lists and queues: bounded, ordered to the last tie, a fixed number of queries a page.

Every list is one query object: who may see it, which tab, which filters. Its page, its counts and
whatever is exported of it are taken from that one object.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from applications.models import Application, CorrectionNotice, ProviderBranch
from applications.queries import rows
from applications.queries.access import visible_applications
from applications.queries.case import BRANCH_TONES
from applications.queries.filters import Filters, narrowed
from applications.states import OPEN
from applications.states import ApplicationState as S
from core import clock
from core.calendars import working_calendar
from parties import queries as parties
from workflow import deadlines, policy
from workflow.deadlines import SOON_WORKING_DAYS
from workflow.models import Deadline

ALL = Filters()
LISTS = ("mine", "desk", "decisions", "security", "agenda", "search")
# Tabs that grow for ever: their count is known when they are open.
ENDLESS = ("all",)
STATES_OF: dict[str, tuple[str, ...]] = {
    "decisions": (S.DECISION_PENDING, S.OBJECTION),
    "security": (S.SECURITY_REVIEW,),
    "agenda": (S.COMMITTEE_REVIEW, S.OBJECTION),
}
PERMISSION_OF = {
    "desk": "applications.accept_application",
    "decisions": "applications.decide_application",
    "security": "applications.pass_security_review",
}
RUNNING = (S.ACCEPTED, S.PROVIDER_REVIEW, S.SECURITY_REVIEW, S.COMMITTEE_REVIEW)
# Clocks of the authority; those of the applicant are no arrears of the desk.
DESK_CLOCKS = ("acceptance", "overall", "objection_answer")


def my_applications(
    *, actor: Any, at: datetime, page: int = 1, filters: Filters = ALL
) -> rows.Listing:
    """Return the applications of the organizations the actor works for, the newest first."""
    return _listing(listed("mine", actor=actor, at=at, filters=filters), at=at, page=page)


def desk_queue(
    *, actor: Any, tab: str, at: datetime, page: int = 1, filters: Filters = ALL
) -> tuple[tuple[rows.QueueTab, ...], rows.Listing]:
    """
    Return the tabs of the acceptance desk with their counts, and one page of the chosen tab.

    The counts are those of the filtered rows. A tab that holds everything that ever was has no
    count until it is open.
    """
    queues = _queues(actor=actor, at=at)
    chosen = tab if tab in queues else "new"
    found = listed("desk", tab=chosen, actor=actor, at=at, filters=filters)
    # Every counted tab is about open cases, so the closed ones are not looked at.
    open_cases = _scope("desk", actor, few=True).filter(state__in=OPEN)
    counts = narrowed(open_cases, filters).aggregate(
        **{
            key: Count("pk", filter=under)
            for key, (_title, under) in queues.items()
            if key not in ENDLESS
        }
    )
    listing = _listing(found, at=at, page=page, total=counts.get(chosen))
    counts[chosen] = listing.total
    tabs = tuple(rows.QueueTab(k, title, counts.get(k)) for k, (title, _under) in queues.items())
    return tabs, listing


def decision_queue(
    *, actor: Any, at: datetime, page: int = 1, filters: Filters = ALL
) -> rows.Listing:
    """Return the cases that wait for a decision or an answer, the oldest first."""
    return _listing(listed("decisions", actor=actor, at=at, filters=filters), at=at, page=page)


def security_queue(
    *, actor: Any, at: datetime, page: int = 1, filters: Filters = ALL
) -> rows.Listing:
    """Return the cases that wait for the security review, the oldest first."""
    return _listing(listed("security", actor=actor, at=at, filters=filters), at=at, page=page)


def agenda(*, actor: Any, at: datetime, page: int = 1, filters: Filters = ALL) -> rows.Listing:
    """Return what panels are before and the actor sees or sits on, the oldest first."""
    return _listing(listed("agenda", actor=actor, at=at, filters=filters), at=at, page=page)


def search(*, actor: Any, at: datetime, filters: Filters, page: int = 1) -> rows.Listing:
    """Return the cases that fit, of all that the actor may see, the newest first."""
    return _listing(listed("search", actor=actor, at=at, filters=filters), at=at, page=page)


def listed(
    name: str, *, actor: Any, at: datetime, tab: str = "", filters: Filters = ALL
) -> QuerySet[Application]:
    """
    Return the rows of a list in their order: the one source of page, count and export.

    ``name`` is one of LISTS; ``tab`` is a queue of the acceptance desk.
    """
    found = narrowed(_scope(name, actor, few=bool(tab) and tab not in ENDLESS), filters)
    if name == "desk":
        found = found.filter(_queues(actor=actor, at=at)[tab][1])
    order = ("-created_at", "id") if name in ("mine", "search") else ("submitted_at", "id")
    return found.order_by(*order)


def _scope(name: str, actor: Any, *, few: bool = False) -> QuerySet[Application]:
    """Return what may be in a list at all; ``few`` when the tab asked for holds open cases only."""
    few = few or name in STATES_OF
    if name in PERMISSION_OF:
        found = policy.visible(actor, PERMISSION_OF[name], Application, few=few)
    elif name == "agenda":
        seated = policy.visible(actor, "applications.vote_application", Application, few=few)
        found = visible_applications(actor, few=few) | seated
    else:
        found = visible_applications(actor, few=few)
    if name == "mine":
        offices = [desk.organization_id for desk in parties.desks_of(actor)]
        return found.filter(applicant_id__in=offices)
    return found.filter(state__in=STATES_OF[name]) if name in STATES_OF else found


def branch_queue(*, actor: Any, at: datetime, show: str = "open") -> tuple[rows.BranchRow, ...]:
    """Return the branches of the actor's departments: open ones, or those answered."""
    states = ["OPEN", "DRAFTED"] if show == "open" else ["ANSWERED", "CLOSED"]
    mine = [desk.organization_id for desk in parties.desks_of(actor)]
    found = list(
        policy.visible(actor, "applications.see_providerbranch", ProviderBranch)
        .filter(state__in=states, provider_id__in=mine)
        .select_related("application", "provider")
        .order_by("opened_at", "id")[: settings.PAGE_ROWS_MAX]
    )
    clocks = deadlines.of_subjects(found, at=at)
    return tuple(
        rows.BranchRow(
            id=b.pk,
            application_id=b.application_id,
            number=b.application.number or "",
            scenario_name=b.application.scenario_name,
            provider_name=b.provider.name,
            state=b.state,
            state_name=str(b.get_state_display()),  # type: ignore[attr-defined]
            tone=BRANCH_TONES[b.state],
            clock=next(iter(clocks.get(str(b.pk), ())), None),
        )
        for b in found
    )


def _queues(*, actor: Any, at: datetime) -> dict[str, tuple[str, Q]]:
    """Return the tabs of the acceptance desk: title and what is under it."""
    today = clock.local_date(at)
    soon = working_calendar().due(start=today, working_days=SOON_WORKING_DAYS).on
    corrected = Exists(CorrectionNotice.objects.filter(application=OuterRef("pk")))
    running = Deadline.objects.filter(
        subject_type=Application._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
        closed_on=None,
        kind__in=DESK_CLOCKS,
    ).exclude(stops__isnull=False, stops__until_on=None)
    is_open = Q(state__in=OPEN)
    near = Q(Exists(running.filter(due_on__gte=today, due_on__lte=soon)))
    late = Q(Exists(running.filter(due_on__lt=today)))
    return {
        "new": (_("New applications"), Q(state=S.SUBMITTED) & ~Q(corrected)),
        "corrected": (_("Corrected"), Q(state=S.SUBMITTED) & Q(corrected)),
        "soon": (_("Due soon"), is_open & near),
        "overdue": (_("Overdue"), is_open & late),
        "mine": (_("Held by me"), is_open & Q(holder=getattr(actor, "pk", None))),
        "unassigned": (_("Held by nobody"), is_open & Q(holder=None)),
        "running": (_("Under review"), Q(state__in=RUNNING)),
        "all": (_("All"), Q()),
    }


def _listing(
    found: QuerySet[Application], *, at: datetime, page: int, total: int | None = None
) -> rows.Listing:
    size = settings.PAGE_ROWS_MAX
    total = found.count() if total is None else total
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    several = list(
        found.select_related("applicant").prefetch_related("items__dataset")[
            (number - 1) * size : number * size
        ]
    )
    clocks = deadlines.of_subjects(several, at=at)
    return rows.Listing(
        rows=tuple(_row(a, clocks.get(str(a.pk), ())) for a in several),
        number=number,
        pages=pages,
        total=total,
    )


def _row(application: Application, clocks: tuple[deadlines.ClockView, ...]) -> rows.ApplicationRow:
    codes = sorted(item.dataset.code for item in application.items.all())
    return rows.ApplicationRow(
        id=UUID(str(application.pk)),
        number=application.number or "",
        scenario_name=application.scenario_name,
        applicant_name=application.applicant.name,
        datasets="、".join(codes),
        state=application.state,
        state_name=str(application.get_state_display()),  # type: ignore[attr-defined]
        tone=rows.tone_of(application.state),
        submitted_at=application.submitted_at,
        updated_at=application.updated_at,
        clock=clocks[0] if clocks else None,
    )
