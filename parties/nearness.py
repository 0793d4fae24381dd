"""Which organizations are near to which: what barriers look at, in a fixed number of questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from parties.models import Affiliate, Desk, Organization, PartyProfile
from workflow import glance

NEAR_MAX = 500


def affiliates(organization_ids: Iterable[UUID]) -> frozenset[UUID]:
    """
    Return the organizations affiliated with any of these, without themselves. One query.

    An affiliation counts whichever side named it in a profile that is in force, and a common parent
    makes sisters.
    """
    own = list(organization_ids)
    return _near(own) if own else frozenset()


def _near(own: Any) -> frozenset[UUID]:
    """Return what is near to these organizations, named by their keys or by a subquery."""
    in_force = Affiliate.objects.filter(profile__state=PartyProfile.State.APPROVED)
    named_by_us = in_force.filter(profile__organization__in=own).values("uscc")
    name_us = in_force.filter(
        uscc__in=Organization.objects.filter(pk__in=own).values("uscc")
    ).values("profile__organization")
    parents = Organization.objects.filter(pk__in=own, parent__isnull=False).values("parent")
    rows = Organization.objects.filter(
        Q(uscc__in=named_by_us)
        | Q(pk__in=name_us)
        | Q(parent__in=own)
        | Q(pk__in=parents)
        | Q(parent__in=parents)
    ).exclude(pk__in=own)
    return frozenset(rows.values_list("pk", flat=True)[:NEAR_MAX])


def of_person(person: Any) -> frozenset[UUID]:
    """Return the organizations affiliated with any at which a person has a desk; once a glance."""

    def ask() -> frozenset[UUID]:
        held = Desk.objects.filter(user=person, closed_at=None).order_by()
        return _near(held.values("organization"))

    if not getattr(person, "is_authenticated", False):
        return frozenset()
    return glance.once(("parties.near", person.pk), ask)
