"""A term profile is negotiated between the data department and the authority."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import actions
from contracts.errors import DraftOpen, NothingChanged, ReasonMissing, TooLoose
from contracts.invariants import RuleBroken
from contracts.models import ProfileComment, TermProfile
from contracts.queries import profile_page, profile_preview, profiles, unprofiled
from contracts.terms import TermConflict
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.queries import system_actor
from tests.builders.applications import City, build_city, day
from workflow.models import AuditEntry

AT = day("2026-09-01")
pytestmark = pytest.mark.django_db
SHORT = {"retention": {"days": 14}}


@pytest.fixture
def city() -> City:
    city = build_city()
    actions.install_term_profiles(actor=system_actor(), at=AT)
    return city


def draft(city: City, who: Any, terms: dict[str, Any] = SHORT) -> TermProfile:
    return actions.draft_term_profile(
        dataset_id=city.datasets[0].pk, terms=terms, note="收紧", actor=who, at=AT
    )


def act(name: str, profile: TermProfile, who: Any, **more: Any) -> Any:
    return getattr(actions, f"{name}_term_profile")(
        profile_id=profile.pk, actor=who, at=AT, **more
    )


def state(profile: TermProfile) -> str:
    return TermProfile.objects.get(pk=profile.pk).state


class TestTheTalks:
    def test_of_a_draft_of_the_department_end_in_a_version_in_force(self, city: City) -> None:
        profile = draft(city, city.officer)
        act("comment", profile, city.officer, path="retention", text="数据更新快，十四日足够。")
        act("propose", profile, city.officer)
        act("comment", profile, city.case, path="", text="请说明依据。")
        act("send_back", profile, city.case, reason="请改为二十日。")
        act("revise", profile, city.officer, terms={"retention": {"days": 20}}, note="按意见修改")
        act("propose", profile, city.officer)
        act("agree", profile, city.case)
        act("publish", profile, city.leader)

        row = TermProfile.objects.get(pk=profile.pk)
        assert (row.state, row.terms, row.version) == ("PUBLISHED", {"retention": {"days": 20}}, 2)
        assert (row.drafted_by, row.agreed_by, row.published_by) == (
            city.officer, city.case, city.leader,
        )  # fmt: skip
        assert list(row.comments.values_list("side", flat=True)) == [
            "PROVIDER", "AUTHORITY", "AUTHORITY",
        ]  # fmt: skip
        done = AuditEntry.objects.filter(subject_id=str(profile.pk)).order_by("id")
        assert [entry.action.rsplit(".", 1)[-1] for entry in done][-8:] == [
            "comment", "propose", "comment", "send_back", "revise", "propose", "agree", "publish",
        ]  # fmt: skip

    def test_may_begin_with_the_authority_and_then_the_department_answers(
        self, city: City
    ) -> None:
        profile = draft(city, city.case)
        act("propose", profile, city.decider)

        with pytest.raises(Forbidden):
            act("agree", profile, city.decider)
        assert state(profile) == "PROPOSED"
        act("agree", profile, city.officer)
        act("publish", profile, city.decider)
        assert state(profile) == "PUBLISHED"

    @pytest.mark.parametrize(
        ("step", "who", "more"),
        [
            ("agree", "officer", {}),
            ("agree", "leader", {}),
            ("send_back", "officer", {"reason": "不行"}),
            ("withdraw", "case", {}),
            ("publish", "supervisor", {}),
        ],
    )
    def test_keep_each_side_to_its_own_steps(
        self, city: City, step: str, who: str, more: dict[str, str]
    ) -> None:
        profile = draft(city, city.officer)
        act("propose", profile, city.officer)
        comments = ProfileComment.objects.count()

        with pytest.raises(Forbidden):
            act(step, profile, getattr(city, who), **more)

        assert state(profile) == "PROPOSED"
        assert ProfileComment.objects.count() == comments

    @pytest.mark.parametrize("step", ["agree", "publish", "send_back"])
    def test_have_an_order(self, city: City, step: str) -> None:
        profile = draft(city, city.officer)
        more = {"reason": "早"} if step == "send_back" else {}

        with pytest.raises(NotAllowedNow):
            act(step, profile, city.leader if step == "publish" else city.case, **more)

        assert state(profile) == "DRAFT"

    def test_are_about_one_version_at_a_time(self, city: City) -> None:
        profile = draft(city, city.officer)

        for who in (city.officer, city.case):
            with pytest.raises(DraftOpen):
                draft(city, who)
        assert TermProfile.objects.filter(dataset=city.datasets[0]).count() == 2
        act("withdraw", profile, city.leader)
        assert draft(city, city.case).version == 3

    def test_are_closed_to_strangers(self, city: City) -> None:
        profile = draft(city, city.officer)
        before = AuditEntry.objects.count()

        for who in (city.second_officer, city.agent, city.stranger):
            with pytest.raises(NotFound):
                act("comment", profile, who, path="", text="你好")
            with pytest.raises(NotFound):
                profile_page(profile_id=profile.pk, actor=who)
            with pytest.raises(NotFound):
                profile_preview(dataset_id=profile.dataset_id, terms=SHORT, actor=who)
        with pytest.raises(Forbidden):
            act("comment", profile, city.supervisor, path="", text="你好")

        assert not ProfileComment.objects.exists()
        assert AuditEntry.objects.count() == before

    def test_take_no_empty_comment_and_none_after_the_end(self, city: City) -> None:
        profile = draft(city, city.officer)
        with pytest.raises(ReasonMissing):
            act("comment", profile, city.officer, path="", text="  ")
        with pytest.raises(InvalidInput):
            act("comment", profile, city.officer, path="weather", text="晴")
        act("withdraw", profile, city.officer)
        with pytest.raises(NotAllowedNow):
            act("comment", profile, city.officer, path="", text="晚了")

        assert not ProfileComment.objects.exists()


class TestADraft:
    @pytest.mark.parametrize(
        ("terms", "error", "said"),
        [
            ({"tax": {}}, InvalidInput, "tax"),
            ({"retention": {"days": 999}}, TooLoose, "retention.days"),
            ({"dispute": {"method": "ARBITRATION"}}, TermConflict, "ARBITRATION|仲裁"),
            ({"evaluation": {"weights": {"security": 100}}}, TermConflict, "100"),
            ({"quality_sla": {"datasets": {"D01": {"update_frequency": "SOON"}}}}, RuleBroken,
             "update_frequency"),
            ({"region": {"region": "CITY", "storage": ["110000"]}}, RuleBroken, "region.storage"),
        ],
    )
    def test_that_cannot_stand_is_refused_by_name_and_nothing_is_written(
        self, city: City, terms: dict[str, Any], error: type[Exception], said: str
    ) -> None:
        before = TermProfile.objects.count()

        with pytest.raises(error, match=said):
            draft(city, city.officer, terms)

        assert TermProfile.objects.count() == before

    def test_of_level_three_data_cannot_leave_the_sandbox(self, city: City) -> None:
        dataset = next(d for d in city.datasets if d.level == "L3")
        preview = profile_preview(
            dataset_id=dataset.pk,
            terms={"scope": {"datasets": [{"code": dataset.code, "mode": "API"}]}},
            actor=city.case,
        )

        # Strictest wins: the level keeps the sandbox, the profile cannot loosen it.
        assert preview.stands
        assert preview.clauses == ()

    def test_that_repeats_itself_changes_nothing(self, city: City) -> None:
        profile = draft(city, city.officer)
        with pytest.raises(NothingChanged):
            act("revise", profile, city.officer, terms=SHORT, note="收紧")
        with pytest.raises(Forbidden):
            act("revise", profile, city.case, terms={"retention": {"days": 9}}, note="")
        assert TermProfile.objects.get(pk=profile.pk).terms == SHORT


class TestThePreview:
    def test_shows_the_changed_clauses_word_by_word(self, city: City) -> None:
        preview = profile_preview(
            dataset_id=city.datasets[0].pk, terms=SHORT, actor=city.officer
        )

        [clause] = preview.clauses
        assert clause.heading.endswith("留存与备份")
        pieces = [(p.kind, p.text) for p in clause.paragraphs[0]]
        assert ("removed", "180") in pieces
        assert ("added", "14") in pieces
        assert all(p.kind == "same" for p in clause.paragraphs[1])

    def test_names_every_conflict_with_who_says_what(self, city: City) -> None:
        preview = profile_preview(
            dataset_id=city.datasets[0].pk,
            terms={"dispute": {"method": "ARBITRATION"}, "derived_ip": {"owner": "PROVIDER"},
                   "retention": {"days": 999}},
            actor=city.case,
        )  # fmt: skip

        assert not preview.stands
        assert preview.clauses == ()
        assert len(preview.conflicts) == 2
        for _entry, said in preview.conflicts:
            assert len(said) == 2
        assert any("D01" in source for _e, said in preview.conflicts for source, _v in said)
        assert len(preview.looser) == 1


class TestThePages:
    def test_say_whose_turn_it_is_and_cost_a_bounded_number_of_queries(
        self, city: City, queries_of: Any
    ) -> None:
        profile = draft(city, city.officer)
        act("propose", profile, city.officer)
        page = profile_page(profile_id=profile.pk, actor=city.case)

        assert [offer.name for offer in page.offers if not offer.barred] == ["agree", "send_back"]
        assert page.in_force == 1
        assert page.may_comment
        assert not page.may_draft
        assert queries_of(lambda: profile_page(profile_id=profile.pk, actor=city.case)) <= 45
        assert queries_of(lambda: profiles(actor=city.case)) <= 6

    def test_list_what_has_no_profile_for_those_who_may_draft_one(self, city: City) -> None:
        assert unprofiled(actor=city.stranger) == ()
        TermProfile.objects.filter(dataset=city.datasets[0]).delete()

        assert [row.code for row in unprofiled(actor=city.officer)] == [city.datasets[0].code]
        assert unprofiled(actor=city.second_officer) == ()
        assert [row.code for row in unprofiled(actor=city.case)] == [city.datasets[0].code]
