"""The views of lists that a person finds: one's own, and those shared by colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from applications.models import SavedView
from applications.queries.filters import NAMES
from parties import queries as parties

VIEWS_SHOWN_MAX = 60
QUERY_CHARACTERS_MAX = 500
# What a view keeps of an address: filters and the tab, never the page.
KEPT = (*NAMES, "tab")


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One saved view; only one's own can be changed. ``owner_name`` is set for a colleague's."""

    id: int
    list_name: str
    name: str
    query: str
    own: bool
    shared: bool
    is_default: bool
    owner_name: str


def saved_views(*, list_name: str, actor: Any) -> tuple[ViewRow, ...]:
    """Return the views of a list that a person finds, one's own first, by name."""
    desks = [desk.organization_id for desk in parties.desks_of(actor)]
    found = (
        SavedView.objects.filter(Q(owner=actor) | Q(shared_with__in=desks), list_name=list_name)
        .select_related("owner")
        .order_by("name", "id")[:VIEWS_SHOWN_MAX]
    )
    rows = [
        ViewRow(
            id=view.pk,
            list_name=view.list_name,
            name=view.name,
            query=view.query,
            own=view.owner_id == actor.pk,
            shared=view.shared_with_id is not None,
            is_default=view.is_default and view.owner_id == actor.pk,
            owner_name="" if view.owner_id == actor.pk else view.owner.full_name,
        )
        for view in found
    ]
    return tuple(sorted(rows, key=lambda row: not row.own))


def kept_query(query: str) -> str:
    """Return what a view keeps of the query of an address, in one order; unknown parts go."""
    asked = QueryDict(query.lstrip("?"))
    texts = ((name, asked.get(name, "").replace("\x00", "")[:120]) for name in KEPT)
    pairs = [(name, text) for name, text in texts if text]
    while len(urlencode(pairs)) > QUERY_CHARACTERS_MAX:
        pairs.pop()
    return urlencode(pairs)
