"""Lists and queues: bounded, ordered to the last tie, a fixed number of queries a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from applications.models import Application, CorrectionNotice, ProviderBranch
from applications.queries import rows
from applications.queries.access import visible_applications
from applications.queries.case import BRANCH_TONES
from applications.states import ApplicationState as S
from core import clock
from core.calendars import working_calendar
from parties import queries as parties
from workflow import deadlines, policy
from workflow.deadlines import SOON_WORKING_DAYS
from workflow.models import Deadline

RUNNING = (S.ACCEPTED, S.PROVIDER_REVIEW, S.SECURITY_REVIEW, S.COMMITTEE_REVIEW)
# Clocks of the authority; those of the applicant are no arrears of the desk.
DESK_CLOCKS = ("acceptance", "overall", "objection_answer")


def my_applications(*, actor: Any, at: datetime, page: int = 1) -> rows.Listing:
    """Return the applications of the organizations the actor works for, the newest first."""
    mine = [desk.organization_id for desk in parties.desks_of(actor)]
    found = visible_applications(actor).filter(applicant_id__in=mine)
    return _listing(found.order_by("-created_at", "id"), at=at, page=page)


def desk_queue(
    *, actor: Any, tab: str, at: datetime, page: int = 1
) -> tuple[tuple[rows.QueueTab, ...], rows.Listing]:
    """Return the tabs of the acceptance desk with their counts, and one page of the chosen tab."""
    base = policy.visible(actor, "applications.accept_application", Application)
    queues = _queues(base, at=at)
    chosen = tab if tab in queues else "new"
    tabs = tuple(rows.QueueTab(key, title, q.count()) for key, (title, q) in queues.items())
    return tabs, _listing(queues[chosen][1].order_by("submitted_at", "id"), at=at, page=page)


def decision_queue(*, actor: Any, at: datetime, page: int = 1) -> rows.Listing:
    """Return the cases that wait for a decision or an answer, the oldest first."""
    found = policy.visible(actor, "applications.decide_application", Application).filter(
        state__in=[S.DECISION_PENDING, S.OBJECTION]
    )
    return _listing(found.order_by("submitted_at", "id"), at=at, page=page)


def security_queue(*, actor: Any, at: datetime, page: int = 1) -> rows.Listing:
    """Return the cases that wait for the security review, the oldest first."""
    found = policy.visible(actor, "applications.pass_security_review", Application).filter(
        state=S.SECURITY_REVIEW
    )
    return _listing(found.order_by("submitted_at", "id"), at=at, page=page)


def agenda(*, actor: Any, at: datetime, page: int = 1) -> rows.Listing:
    """Return what panels are before and the actor sees or sits on, the oldest first."""
    seated = policy.visible(actor, "applications.vote_application", Application)
    found = (visible_applications(actor) | seated).filter(
        state__in=[S.COMMITTEE_REVIEW, S.OBJECTION]
    )
    return _listing(found.order_by("submitted_at", "id"), at=at, page=page)


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


def _queues(
    base: QuerySet[Application], *, at: datetime
) -> dict[str, tuple[str, QuerySet[Application]]]:
    today = clock.local_date(at)
    soon = working_calendar().due(start=today, working_days=SOON_WORKING_DAYS).on
    corrected = Exists(CorrectionNotice.objects.filter(application=OuterRef("pk")))
    running = Deadline.objects.filter(
        subject_type=Application._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
        closed_on=None,
        kind__in=DESK_CLOCKS,
    )
    near = Exists(running.filter(due_on__gte=today, due_on__lte=soon))
    return {
        "new": (_("New applications"), base.filter(~corrected, state=S.SUBMITTED)),
        "corrected": (_("Corrected"), base.filter(corrected, state=S.SUBMITTED)),
        "soon": (_("Due soon"), base.filter(near)),
        "overdue": (_("Overdue"), base.filter(Exists(running.filter(due_on__lt=today)))),
        "running": (_("Under review"), base.filter(state__in=RUNNING)),
        "all": (_("All"), base),
    }


def _listing(found: QuerySet[Application], *, at: datetime, page: int) -> rows.Listing:
    size = settings.PAGE_ROWS_MAX
    total = found.count()
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
