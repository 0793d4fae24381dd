"""Open to everyone: the catalog and the verification of a license."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from axes.helpers import get_client_ip_address
from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import StringConstraints

from api.problems import Problem
from api.schemas import DatasetDetail, DatasetList, Verification
from catalog import queries as catalog
from core import clock
from core.errors import NotFound
from licensing import queries as licensing

router = Router(tags=["public"])
PAGE_MAX = 10_000
# PostgreSQL takes no NUL in a text.
NO_NUL = r"^[^\x00]*$"
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,24}$")]


@router.get(
    "/datasets",
    response={200: DatasetList, 422: Problem},
    auth=None,
    operation_id="list_datasets",
    summary="Search the published datasets",
)
def list_datasets(
    request: HttpRequest,
    q: str = Query("", max_length=60, pattern=NO_NUL),
    domain: list[Code] = Query([]),
    openness: list[Code] = Query([]),
    level: list[Code] = Query([]),
    page: int = Query(1, ge=1, le=PAGE_MAX),
) -> dict[str, Any]:
    """Return one page of the published datasets that match, by code."""
    filters: dict[str, Sequence[str]] = {"domain": domain, "openness": openness, "level": level}
    found = catalog.search(text=q, filters=filters, page=page)
    rows = [
        {
            "code": row.code,
            "title": row.title,
            "description": row.description,
            "provider": row.provider_name,
            "domain": row.domain,
            "openness": row.openness,
            "level": row.level,
            "update_frequency": row.frequency_name,
            "row_count": row.row_count,
            "suspended": row.suspended,
            "updated_at": row.updated_at,
        }
        for row in found.rows
    ]
    return {"rows": rows, "total": found.total, "page": found.page, "pages": found.pages}


@router.get(
    "/datasets/{code}",
    response={200: DatasetDetail, 404: Problem, 422: Problem},
    auth=None,
    operation_id="get_dataset",
    summary="Read one dataset with its fields and conditions",
)
def get_dataset(
    request: HttpRequest, code: str = Path(..., max_length=20, pattern=NO_NUL)
) -> dict[str, Any]:
    """Return one dataset; what is not published is there for its own desks only."""
    found = catalog.dataset_page(code=code, actor=request.user)
    names = (
        "code", "title", "description", "openness", "level", "state", "conditions",
        "requires_consent", "applicable", "version", "row_count", "sha256", "updated_at", "fields",
    )  # fmt: skip
    return {
        **{name: getattr(found, name) for name in names},
        "provider": found.provider_name,
        "domain": found.domain_name,
        "update_frequency": found.frequency_name,
        "delivery_modes": list(found.delivery_modes),
    }


@router.get(
    "/licenses/{number}/verification",
    response={200: Verification, 404: Problem, 422: Problem, 429: Problem},
    auth=None,
    operation_id="verify_license",
    summary="Ask whether a license holds now",
)
def verify_license(
    request: HttpRequest, number: str = Path(..., max_length=40, pattern=NO_NUL)
) -> Any:
    """Return what everybody may know of a license, by either of its numbers."""
    at = clock.now()
    licensing.count_number_asked(source=str(get_client_ip_address(request) or ""), at=at)
    found = licensing.verification(number, at=at)
    if found is None:
        raise NotFound
    return found
