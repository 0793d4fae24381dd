"""Agreements as policies that other systems evaluate."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from api.problems import Problem
from api.schemas import OdrlPolicy
from contracts import queries as contracts

router = Router(tags=["agreements"])
JSON_LD = "application/ld+json"


@router.get(
    "/{agreement_id}/policy",
    response={401: Problem, 404: Problem, 422: Problem},
    operation_id="get_agreement_policy",
    summary="Read the terms of an agreement as an ODRL 2.2 policy",
    openapi_extra={
        "responses": {
            200: {
                "description": "The policy: an agreement, or an offer until it takes effect",
                "content": {JSON_LD: {"schema": OdrlPolicy.model_json_schema()}},
            }
        }
    },
)
def get_agreement_policy(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Return the policy of an agreement the person signed in may see."""
    found = contracts.agreement_policy(agreement_id=agreement_id, actor=request.user)
    answer = HttpResponse(json.dumps(found, ensure_ascii=False), content_type=JSON_LD)
    answer["Cache-Control"] = "no-store"
    return answer
