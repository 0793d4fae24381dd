"""Companies found by part of a name or the beginning of their code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parties.models import Organization
from parties.queries.base import find_organizations
from workflow import policy

FOUND_MAX = 200


@dataclass(frozen=True, slots=True)
class OrganizationHit:
    """One organization that was found."""

    id: UUID
    name: str
    uscc: str


def visible_organizations(
    *, actor: Any, text: str, most: int
) -> tuple[OrganizationHit, ...]:
    """Return the organizations that fit, of those the actor may see, by name."""
    fitting = find_organizations(text=text, most=FOUND_MAX)
    found = policy.visible(actor, "parties.see_organization", Organization)
    several = found.filter(pk__in=fitting).order_by("name", "id")[:most]
    return tuple(OrganizationHit(row.pk, row.name, row.uscc or "") for row in several)
