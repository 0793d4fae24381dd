"""What was handed in, and what of it a reviewer has read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.utils import Error

from applications import actions, queries
from applications.models import Application, Comment, Snapshot
from core import hashing
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from tests.applications.desk_support import colleague, resubmitted
from tests.applications.form_support import sign
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Application:
    """Return a submitted case."""
    return build.submitted(city)


def comment(case: Application, who: Any, **more: Any) -> Comment:
    """Comment on the purpose unless told otherwise."""
    given = {"section": "scenario", "item": "purpose_text", "text": "用途过宽", **more}
    return actions.add_comment(application_id=case.pk, actor=who, at=build.SUBMITTED, **given)


def view(case: Application, who: Any, show: str = "all") -> Any:
    """Return the case as a reviewer reads it."""
    return queries.desk_view(application_id=case.pk, actor=who, show=show)


def entry(seen: Any, key: str) -> Any:
    """Return one entry of the view."""
    return next(e for s in seen.sections for e in s.entries if e.key == key)


def section(seen: Any, key: str) -> Any:
    """Return one section of the view."""
    return next(s for s in seen.sections if s.key == key)


class TestSnapshots:
    def test_freezes_what_was_handed_in_with_its_hash(self, city: City, case: Application) -> None:
        first = case.snapshots.get()
        assert first.number == 1
        assert first.content["purpose_text"] == build.SCENARIO["purpose_text"]
        assert [i["code"] for i in first.content["items"]] == ["D01", "D07"]
        assert first.content_hash == hashing.digest_of(first.content)

    def test_a_second_submission_leaves_the_first_as_it_was(
        self, city: City, case: Application
    ) -> None:
        resubmitted(city, case, protection_certificate="32020043-20009")
        first, second = case.snapshots.order_by("number")
        assert first.content["protection_certificate"] == "32020043-20001"
        assert second.content["protection_certificate"] == "32020043-20009"

    def test_the_database_refuses_to_change_one(self, case: Application) -> None:
        for change in (
            lambda: Snapshot.objects.update(content={}),
            lambda: Snapshot.objects.all().delete(),
        ):
            with pytest.raises(Error, match="append-only"), transaction.atomic():
                change()
        assert case.snapshots.get().content

    @pytest.mark.scenario(29)
    def test_after_a_return_the_officer_sees_old_and_new_and_cannot_act_in_between(
        self, city: City, case: Application
    ) -> None:
        other = build.submitted(city)
        actions.request_correction(
            application_id=case.pk,
            defects=[{"section": "usage", "item": "地区", "problem": "不明", "required": "写明"}],
            actor=city.case,
            at=build.SUBMITTED,
        )
        case.refresh_from_db()
        for step in (
            lambda: actions.accept_application(
                application_id=case.pk, actor=city.case, at=build.ACCEPTED
            ),
            lambda: actions.refuse_acceptance(
                application_id=case.pk,
                reason_code="OTHER",
                reason="材料不符",
                actor=city.case,
                at=build.ACCEPTED,
            ),
            lambda: actions.request_correction(
                application_id=case.pk,
                defects=[
                    {"section": "usage", "item": "期限", "problem": "过长", "required": "缩短"}
                ],
                actor=city.case,
                at=build.ACCEPTED,
            ),
        ):
            refuses(case, NotAllowedNow, step)
        actions.edit_application(
            application_id=case.pk,
            actor=city.agent,
            at=build.ACCEPTED,
            changes={"region": "江苏省无锡市新吴区"},
        )
        sign(city, case)
        actions.resubmit_application(
            application_id=case.pk, answers={"1": "已写明"}, actor=city.agent, at=build.ACCEPTED
        )
        changed = view(case, city.case, "changes")
        assert [e.key for s in changed.sections for e in s.entries] == ["region"]
        region = entry(changed, "region")
        assert [(p.kind, p.text) for p in region.pieces] == [
            ("same", "江苏省无锡市"),
            ("added", "新吴区"),
        ]
        # Handed in again without an edit, everything reads as before.
        resubmitted(city, other)
        assert view(other, city.case, "changes").changed == 0
        assert view(other, city.case).against == 1


class TestLooking:
    def test_shows_each_reviewer_what_changed_since_their_own_last_look(
        self, city: City, case: Application
    ) -> None:
        late = colleague(city)
        actions.note_sighting(application_id=case.pk, actor=city.case, at=build.SUBMITTED)
        resubmitted(city, case, region="江苏省苏州市")
        for _again in range(2):
            # Read twice, the page shows twice what is new; it is old with the next submission.
            actions.note_sighting(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
            assert view(case, city.case, "seen").against == 1
            assert [e.key for s in view(case, city.case, "seen").sections for e in s.entries] == [
                "region"
            ]
        actions.note_sighting(application_id=case.pk, actor=late, at=build.ACCEPTED)
        assert view(case, late, "seen").changed == 0

    def test_nobody_outside_is_noted(self, city: City, case: Application) -> None:
        seen = actions.note_sighting(application_id=case.pk, actor=city.agent, at=build.SUBMITTED)
        assert seen is None
        assert not case.sightings.exists()

    def test_a_mark_resets_when_its_section_changes_and_only_then(
        self, city: City, case: Application
    ) -> None:
        for name in ("usage", "security"):
            actions.mark_section(
                application_id=case.pk,
                section=name,
                seen=True,
                actor=city.case,
                at=build.SUBMITTED,
            )
        assert (view(case, city.case).seen, view(case, city.case).total) == (2, 5)
        resubmitted(city, case, region="江苏省苏州市")
        after = view(case, city.case)
        assert (section(after, "usage").seen, section(after, "usage").reset) == (False, True)
        assert section(after, "security").seen
        assert view(case, colleague(city)).seen == 0

    def test_a_mark_can_be_taken_back_and_strangers_cannot_mark(
        self, city: City, case: Application
    ) -> None:
        def mark(who: Any, seen: bool, name: str = "usage") -> None:
            actions.mark_section(
                application_id=case.pk, section=name, seen=seen, actor=who, at=build.SUBMITTED
            )

        mark(city.case, True)
        mark(city.case, False)
        assert view(case, city.case).seen == 0
        with pytest.raises(InvalidInput):
            mark(city.case, True, "nonsense")
        with pytest.raises(Forbidden):
            mark(city.agent, True)
        with pytest.raises(NotFound):
            mark(city.stranger, True)
        assert not case.section_marks.exists()

    def test_the_number_of_queries_does_not_grow_with_the_comments(
        self, city: City, case: Application, queries_of: Any
    ) -> None:
        comment(case, city.case)
        few = queries_of(lambda: view(case, city.case))
        for number in range(8):
            said = comment(case, city.case, text=f"意见{number}", item="expected_products")
            actions.reply_to_comment(
                comment_id=said.pk, text="同意", actor=city.case, at=build.SUBMITTED
            )
        assert queries_of(lambda: view(case, city.case)) == few
