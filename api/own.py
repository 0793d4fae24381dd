"""For the person signed in: what waits, and what the own organizations hold."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from api.problems import Problem
from api.schemas import ApplicationList, LicenseList, StatementList, WorkList
from applications import queries as applications
from core import clock
from licensing import queries as licensing
from settlement import queries as settlement
from workflow import inbox

router = Router(tags=["own"])
PAGE_MAX = 10_000


@router.get(
    "/work",
    response={200: WorkList, 401: Problem},
    operation_id="list_work",
    summary="What waits for me",
)
def list_work(request: HttpRequest) -> dict[str, Any]:
    """Return the work list of the person signed in, the nearest deadline first."""
    return {"rows": list(inbox.waiting_for(request.user, at=clock.now()))}


@router.get(
    "/applications",
    response={200: ApplicationList, 401: Problem, 422: Problem},
    operation_id="list_applications",
    summary="Applications of my organizations",
)
def list_applications(
    request: HttpRequest, page: int = Query(1, ge=1, le=PAGE_MAX)
) -> dict[str, Any]:
    """Return one page of the applications of the organizations the person works for."""
    found = applications.my_applications(actor=request.user, at=clock.now(), page=page)
    return {
        "rows": list(found.rows),
        "total": found.total,
        "page": found.number,
        "pages": found.pages,
    }


@router.get(
    "/licenses",
    response={200: LicenseList, 401: Problem, 422: Problem},
    operation_id="list_licenses",
    summary="Licenses I may see",
)
def list_licenses(
    request: HttpRequest, page: int = Query(1, ge=1, le=PAGE_MAX)
) -> Any:
    """Return one page of the licenses the person signed in may see."""
    return licensing.my_licenses(actor=request.user, page=page, at=clock.now())


@router.get(
    "/statements",
    response={200: StatementList, 401: Problem, 422: Problem},
    operation_id="list_statements",
    summary="Statements I may see",
)
def list_statements(
    request: HttpRequest, page: int = Query(1, ge=1, le=PAGE_MAX)
) -> Any:
    """Return one page of the statements the person signed in may see."""
    return settlement.statements(actor=request.user, at=clock.now(), page=page)
