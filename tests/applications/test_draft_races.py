"""Several people write one draft at the same moment: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from applications import actions, merging
from applications.errors import DraftChanged
from applications.models import Application
from tests.builders import applications as build
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]
WRITERS, SAVES = 25, 5


def test_of_two_editors_one_wins_and_the_other_learns_who_changed_what(
    together: Together,
) -> None:
    city = build.build_city()
    draft = build.drafted(city)

    def save(region: str) -> Callable[[], Any]:
        return lambda: actions.edit_application(
            application_id=draft.pk,
            changes={"region": region},
            revision=draft.revision,
            actor=city.agent,
            at=build.SUBMITTED,
        )

    results = together(save("江苏"), save("上海"))

    [won] = [r for r in results if isinstance(r, Application)]
    [lost] = [r for r in results if isinstance(r, DraftChanged)]
    assert lost.facts["who"].startswith(city.agent.full_name)
    assert lost.facts["changed"] == ["region"]
    assert lost.facts["revision"] == draft.revision + 1
    draft.refresh_from_db()
    assert draft.region == won.region


def test_submitting_twice_at_once_makes_one_number(together: Together) -> None:
    city = build.build_city()
    draft = build.drafted(city)

    def submit() -> Any:
        return actions.submit_application(
            application_id=draft.pk, actor=city.agent, at=build.SUBMITTED
        )

    results = together(submit, submit)

    assert sum(isinstance(r, Application) for r in results) == 1
    draft.refresh_from_db()
    assert draft.number == "WX-SQ-2026-00001"
    assert draft.snapshots.count() == 1


def test_many_writers_lose_no_save_and_a_refused_one_writes_nothing(together: Together) -> None:
    city = build.build_city()
    draft = build.drafted(city)
    began, kept = draft.revision, AuditEntry.objects.filter(action="edit").count()

    def write(number: int) -> Callable[[], list[str]]:
        def run() -> list[str]:
            stored = []
            for turn in range(SAVES):
                text = f"第{number}人第{turn}次"
                seen = Application.objects.values_list("revision", flat=True).get(pk=draft.pk)
                try:
                    actions.edit_application(
                        application_id=draft.pk,
                        changes={"region": text},
                        revision=seen,
                        actor=city.agent,
                        at=build.SUBMITTED,
                    )
                except DraftChanged:
                    continue
                stored.append(text)
            return stored

        return run

    results = together(*(write(n) for n in range(WRITERS)))

    stored = [text for texts in results for text in texts]
    draft.refresh_from_db()
    assert 0 < len(stored) <= WRITERS * SAVES
    assert draft.revision == began + len(stored)
    assert AuditEntry.objects.filter(action="edit").count() == kept + len(stored)
    assert draft.region in stored


def test_a_draft_written_on_or_erased_at_once_ends_one_way(
    together: Together,
) -> None:
    city = build.build_city()
    for _turn in range(10):
        draft = build.drafted(city)
        began = draft.updated_at
        actions.expire_drafts(at=began + timedelta(days=84))
        now = began + timedelta(days=91)

        edited, swept = together(
            lambda: actions.edit_application(
                application_id=draft.pk, changes={"region": "江苏省"}, actor=city.agent, at=now  # noqa: B023
            ),
            lambda: actions.expire_drafts(at=now),  # noqa: B023
        )

        there = Application.objects.filter(pk=draft.pk)
        if isinstance(edited, Application):
            assert swept == (0, 0)
            assert there.get().region == "江苏省"
            there.update(updated_at=now - timedelta(days=1))
            actions.delete_draft(application_id=draft.pk, actor=city.agent, at=now)
        else:
            assert swept == (0, 1)
            assert not there.exists()


def test_two_people_at_once_on_different_entries_both_get_through(
    together: Together,
) -> None:
    city = build.build_city()
    draft = build.drafted(city)
    base = merging.marks({"region": draft.region, "purpose_text": draft.purpose_text})

    def edit(**changes: str) -> Callable[[], Any]:
        return lambda: actions.edit_application(
            application_id=draft.pk,
            changes=changes,
            revision=draft.revision,
            base=base,
            actor=city.agent,
            at=build.SUBMITTED,
        )

    began = draft.revision

    results = together(
        edit(region="江苏省"), edit(purpose_text="另一个人写的用途，写够二十个字的一段。")
    )

    assert all(isinstance(result, Application) for result in results)
    draft.refresh_from_db()
    assert (draft.region, draft.purpose_text[:4]) == ("江苏省", "另一个人")
    assert draft.revision == began + 2
