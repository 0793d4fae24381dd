"""Saved views: whose they are, who finds them, and that they never show more than a list does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import SavedView
from applications.queries.saved_views import kept_query, saved_views
from core import clock
from core.errors import InvalidInput, NotFound
from parties.models import User
from tests.applications.desk_support import colleague
from tests.applications.test_pages import Reader
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db

AT = build.SUBMITTED


def saved(actor: User, name: str = "我的视图", list_name: str = "desk", **values: Any) -> SavedView:
    """Save a view."""
    given = {"query": "tab=all&state=SUBMITTED", "share": False, "is_default": False} | values
    return actions.save_view(list_name=list_name, name=name, actor=actor, at=AT, **given)


def names(actor: User, list_name: str = "desk") -> list[str]:
    """Return the names of the views a person finds."""
    return [view.name for view in saved_views(list_name=list_name, actor=actor)]


def test_a_view_is_kept_under_its_name_and_renewed_under_the_same(city: City) -> None:
    saved(city.case)
    saved(city.case, query="tab=overdue")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("我的视图", "tab=overdue")


def test_only_filters_and_the_tab_are_kept_of_an_address() -> None:
    assert kept_query("?page=7&q=a%26b&tab=all&evil=1&state=") == "q=a%26b&tab=all"
    assert kept_query("q=%00%00") == ""
    assert len(kept_query("q=" + "锡" * 400 + "&dataset=D01")) <= 500


def test_a_shared_view_is_found_by_the_desk_and_by_nobody_else(city: City) -> None:
    other = colleague(city)
    saved(city.case, "共享", share=True)
    saved(city.case, "自用")
    assert names(city.case) == ["共享", "自用"]
    assert names(other) == ["共享"]
    assert names(city.agent) == names(city.stranger) == []


def test_a_shared_view_never_widens_rights(city: City) -> None:
    case = build.submitted(city)
    mate = city.legal_rep
    saved(city.agent, "全部", "mine", query="state=SUBMITTED", share=True)
    view = saved_views(list_name="mine", actor=mate)[0]
    address = f"{reverse('portal:applications')}?{view.query}"
    assert case.number in Reader(mate).get(address)
    assert case.number not in Reader(city.stranger).get(address)


def test_nobody_changes_or_deletes_what_a_colleague_shared(city: City) -> None:
    view = saved(city.case, share=True)
    for person in (colleague(city), city.stranger):
        with pytest.raises(NotFound):
            actions.change_view(
                view_id=view.pk, name="改名", share=False, is_default=False, actor=person, at=AT
            )
        with pytest.raises(NotFound):
            actions.drop_view(view_id=view.pk, actor=person, at=AT)
    view.refresh_from_db()
    assert (view.name, view.shared_with_id) == ("我的视图", city.authority.pk)


def test_one_view_at_most_opens_a_list(city: City) -> None:
    first, second = saved(city.case, "一", is_default=True), saved(city.case, "二")
    actions.change_view(
        view_id=second.pk, name="二", share=False, is_default=True, actor=city.case, at=AT
    )
    first.refresh_from_db()
    assert not first.is_default
    client = Client()
    client.force_login(city.case)
    with clock.fixed(AT):
        answer = client.get(reverse("portal:application_desk"))
        assert answer["Location"].endswith(f"?{second.query}")
        assert client.get(answer["Location"]).status_code == 200
        assert client.get(reverse("portal:application_desk") + "?view=all").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "名" * 41])
def test_a_view_without_a_fitting_name_is_refused(city: City, name: str) -> None:
    with pytest.raises(InvalidInput):
        saved(city.case, name)
    assert not SavedView.objects.exists()


def test_a_name_in_use_an_unknown_list_and_nobody_to_share_with_are_refused(city: City) -> None:
    one, _two = saved(city.case, "一"), saved(city.case, "二")
    with pytest.raises(InvalidInput):
        actions.change_view(
            view_id=one.pk, name="二", share=False, is_default=False, actor=city.case, at=AT
        )
    with pytest.raises(NotFound):
        saved(city.case, list_name="everything")
    city.stranger.desks.update(closed_at=AT)
    with pytest.raises(InvalidInput):
        saved(city.stranger, list_name="mine", share=True)
    one.refresh_from_db()
    assert (one.name, SavedView.objects.count()) == ("一", 2)


def test_a_view_is_saved_changed_and_deleted_by_hand(city: City) -> None:
    reader = Reader(city.case)
    address = f"{reverse('portal:saved_views_new')}?list=desk&tab=all&state=SUBMITTED&page=3"
    assert "待受理" in reader.get(address) or "已提交" in reader.get(address)
    answer = reader.post(address, {"name": "已交", "share": "on"})
    assert answer["Location"].endswith("?state=SUBMITTED&tab=all")
    assert "已交" in reader.get(answer["Location"])
    view = SavedView.objects.get()
    place = reverse("portal:saved_view_change", args=[view.pk])
    reader.post(place, {"name": "新交", "is_default": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared_with_id, view.is_default) == ("新交", None, True)
    assert "新交" in reader.get(reverse("portal:saved_views"))
    reader.post(reverse("portal:saved_view_drop", args=[view.pk]))
    assert not SavedView.objects.exists()
