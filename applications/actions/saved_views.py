"""Views of lists that people keep: filters under a name, of one's own or shared with the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import SavedView
from applications.queries.lists import LISTS
from applications.queries.saved_views import kept_query
from core.errors import InvalidInput, NotFound
from parties import queries as parties
from workflow import audit, transitions

VIEWS_MAX = 30
NAME_CHARACTERS_MAX = 40


@transitions.action
def save_view(
    *,
    list_name: str,
    name: str,
    query: str,
    share: bool,
    is_default: bool,
    actor: Any,
    at: datetime,
) -> SavedView:
    """
    Keep the filters of a list under a name; a name used before gets the new filters.

    ``query`` is the query of the list's address; only filters and the tab are kept of it.

    :raises NotFound: there is no such list.
    :raises InvalidInput: no name, one too long, too many views, or nobody to share with.
    """
    if list_name not in LISTS:
        raise NotFound
    mine = SavedView.objects.filter(owner=actor, list_name=list_name)
    name = _name(name)
    if mine.exclude(name=name).count() >= VIEWS_MAX:
        raise InvalidInput(fields={"name": _("You keep 30 views of this list. Delete one first.")})
    view = mine.filter(name=name).first() or SavedView(
        owner=actor, list_name=list_name, name=name, created_at=at
    )
    view.query = kept_query(query)
    _settle(view, share=share, is_default=is_default)
    _record(view, "save_view", at=at)
    return view


@transitions.action
def change_view(
    *, view_id: int, name: str, share: bool, is_default: bool, actor: Any, at: datetime
) -> SavedView:
    """
    Rename one's view, share it or not, and open its list with it or not.

    :raises NotFound: it is not the actor's own.
    :raises InvalidInput: no name, one too long or in use, or nobody to share with.
    """
    view = _own(view_id, actor)
    view.name = _name(name)
    twins = SavedView.objects.filter(owner=actor, list_name=view.list_name, name=view.name)
    if twins.exclude(pk=view.pk).exists():
        raise InvalidInput(fields={"name": _("You have a view of this name already.")})
    _settle(view, share=share, is_default=is_default)
    _record(view, "change_view", at=at)
    return view


@transitions.action
def drop_view(*, view_id: int, actor: Any, at: datetime) -> None:
    """
    Delete one's view; colleagues it was shared with lose it too.

    :raises NotFound: it is not the actor's own.
    """
    view = _own(view_id, actor)
    _record(view, "drop_view", at=at)
    view.delete()


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_CHARACTERS_MAX:
        problem: str | Promise = _("Give the view a name of at most 40 characters.")
        raise InvalidInput(fields={"name": problem})
    return name


def _settle(view: SavedView, *, share: bool, is_default: bool) -> None:
    desks = parties.desks_of(view.owner)
    if share and not desks:
        raise InvalidInput(fields={"share": _("You have no desk to share a view with.")})
    view.shared_with_id = desks[0].organization_id if share else None
    if is_default:
        others = SavedView.objects.filter(owner=view.owner, list_name=view.list_name)
        others.exclude(pk=view.pk).update(is_default=False)
    view.is_default = is_default
    view.save()


def _own(view_id: int, actor: Any) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id, owner=actor).first()
    if view is None:
        raise NotFound
    return view


def _record(view: SavedView, act: str, *, at: datetime) -> None:
    said = {
        "list": view.list_name,
        "name": view.name,
        "query": view.query,
        "shared": view.shared_with_id is not None,
    }
    audit.record(view.owner, act, actor=view.owner, at=at, facts=said)
