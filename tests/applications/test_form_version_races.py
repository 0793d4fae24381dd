"""Two editors, two publishers, an edit against a publication: real threads, one outcome."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from applications import actions
from applications.errors import FormChanged
from applications.models import FormDefinition
from core.errors import NotAllowedNow
from tests.applications.form_editor_support import AT, drafted, edit, revision_of
from tests.applications.form_support import field, section
from tests.builders import applications as build

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_publishers_one_publishes(
    together: Callable[..., list[Any]],
) -> None:
    city = build.build_city()
    draft = drafted(city)

    def publish(days: int) -> Callable[[], Any]:
        return lambda: actions.publish_form(
            definition_id=draft.pk, effective_on=AT.date() + timedelta(days=days),
            actor=city.decider, at=AT,
        )  # fmt: skip

    results = together(publish(1), publish(2))

    [won] = [r for r in results if isinstance(r, FormDefinition)]
    [lost] = [r for r in results if not isinstance(r, FormDefinition)]
    assert isinstance(lost, NotAllowedNow)
    draft.refresh_from_db()
    assert (draft.state, draft.effective_on) == ("PUBLISHED", won.effective_on)


def test_of_two_editors_one_stores_and_the_other_is_told(
    together: Callable[..., list[Any]],
) -> None:
    city = build.build_city()
    draft = drafted(city, "D01")
    seen = revision_of(draft)

    def save(key: str) -> Callable[[], Any]:
        content = {"sections": [section("one", field(key))]}
        return lambda: edit(city, draft, content=content, revision=seen)

    results = together(save("a"), save("b"))

    [won] = [r for r in results if isinstance(r, FormDefinition)]
    [lost] = [r for r in results if isinstance(r, FormChanged)]
    assert lost.facts["who"] == city.case.full_name
    draft.refresh_from_db()
    assert draft.content == won.content


def test_an_edit_against_a_publication_leaves_one_of_them(
    together: Callable[..., list[Any]],
) -> None:
    city = build.build_city()
    draft = drafted(city)
    seen = revision_of(draft)
    changed = deepcopy(draft.content)
    changed["sections"][0]["title"]["zh"] = "另一个标题"

    results = together(
        lambda: edit(city, draft, content=changed, revision=seen),
        lambda: actions.publish_form(
            definition_id=draft.pk, effective_on=AT.date(), revision=seen,
            actor=city.decider, at=AT,
        ),
    )  # fmt: skip

    done = [isinstance(r, FormDefinition) for r in results]
    assert sorted(done) == [False, True]
    draft.refresh_from_db()
    published = draft.state == "PUBLISHED"
    assert published == done[1]
    assert (draft.content == changed) == (not published)
