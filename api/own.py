"""For the person signed in: what waits, and what the own organizations hold."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from api.problems import Problem
from api.schemas import LicenseList, WorkList
from core import clock
from licensing import queries as licensing
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
