"""Periodic evaluation: scheduled at signing, boundaries, veto, rectification, failure."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Forbidden, NotAllowedNow, NotFound
from oversight import actions, errors, queries, scoring
from oversight.models import Alert, Evaluation, Score, SelfReport, ViolationCase
from parties.queries import system_actor
from tests.builders import oversight as build
from tests.builders.applications import day
from workflow import deadlines, outbox

DUE = day("2026-05-04")
REPORT = dict.fromkeys(("purposes", "products", "benefits", "incidents", "staff"), "如实说明。")
FULL = {"compliance": 40, "security": 25, "utilization": 20, "benefit": 10, "reporting": 5}


def points_of(total: int) -> dict[str, int]:
    """Return points that add up to a total, taken from the first indicators."""
    left, found = total, {}
    for name, limit in FULL.items():
        found[name] = min(limit, left)
        left -= found[name]
    return found


@pytest.fixture
def evaluation(world) -> Evaluation:
    """Return the first evaluation, opened on its day."""
    found = actions.schedule_first_evaluation(
        agreement_id=world.agreement.pk, actor=system_actor(), at=build.IN_FORCE
    )
    return actions.open_evaluation(evaluation_id=found.pk, actor=system_actor(), at=DUE)


@pytest.fixture
def verified(world, evaluation) -> Evaluation:
    """Return an evaluation that waits for its points."""
    actions.submit_self_report(
        evaluation_id=evaluation.pk, content=REPORT, actor=world.city.agent, at=DUE
    )
    actions.verify_self_report(evaluation_id=evaluation.pk, actor=world.city.ops, at=DUE)
    return Evaluation.objects.get(pk=evaluation.pk)


def score(world, evaluation, total, **changes):
    facts = {"remarks": "按指标评分。", "rectifications": ["补充最小权限清单"], "at": DUE}
    return actions.score_evaluation(
        evaluation_id=evaluation.pk,
        points=points_of(total),
        actor=changes.pop("actor", world.judge),
        **(facts | changes),
    )


def fresh(evaluation) -> Evaluation:
    return Evaluation.objects.get(pk=evaluation.pk)


@pytest.mark.django_db
class TestSchedule:
    def test_is_done_by_the_event_of_the_agreement_in_force_and_once(self, world):
        outbox.deliver_due(at=day("2026-10-20"))
        found = Evaluation.objects.get()
        assert found.state == Evaluation.State.SCHEDULED
        again = actions.schedule_first_evaluation(
            agreement_id=world.agreement.pk, actor=system_actor(), at=DUE
        )
        assert again.pk == found.pk

    def test_falls_so_many_months_after_the_first_day_of_the_agreement(self, world):
        found = actions.schedule_first_evaluation(
            agreement_id=world.agreement.pk, actor=system_actor(), at=build.IN_FORCE
        )
        months = world.agreement.terms["evaluation"]["first_after_months"]
        assert months == 2  # the profile of D07 asks for it
        assert found.due_on == date(2026, 5, 2)

    def test_the_sweep_opens_it_on_its_day_and_not_before(self, world):
        found = actions.schedule_first_evaluation(
            agreement_id=world.agreement.pk, actor=system_actor(), at=build.IN_FORCE
        )
        actions.sweep(at=day("2026-05-01"))
        assert fresh(found).state == Evaluation.State.SCHEDULED
        actions.sweep(at=day("2026-05-02"))
        assert fresh(found).state == Evaluation.State.SELF_REPORT_DUE


@pytest.mark.django_db
class TestSelfReport:
    def test_is_refused_when_a_topic_is_missing(self, world, evaluation):
        with pytest.raises(errors.ReportIncomplete) as refused:
            actions.submit_self_report(
                evaluation_id=evaluation.pk, content=REPORT | {"staff": " "},
                actor=world.city.agent, at=DUE,
            )  # fmt: skip
        assert set(refused.value.fields) == {"staff"}
        assert not SelfReport.objects.exists()

    def test_three_days_late_is_taken_marked_and_warned_of(self, world, evaluation):
        [clock] = deadlines.of_subject(evaluation, at=DUE)
        # 4 May is a holiday: ten working days end on Monday 18 May (9 May is worked).
        assert clock.due_on == date(2026, 5, 18)
        actions.sweep(at=day("2026-05-19"))
        assert Alert.objects.get().grade == "IV"
        report = actions.submit_self_report(
            evaluation_id=evaluation.pk, content=REPORT, actor=world.city.agent,
            at=day("2026-05-21"),
        )  # fmt: skip
        assert report.late_working_days == 3

    def test_is_returned_with_a_reason_and_given_again(self, world, verified, evaluation):
        with pytest.raises(NotAllowedNow):
            actions.return_self_report(
                evaluation_id=evaluation.pk, reason="不符", actor=world.city.ops, at=DUE
            )
        assert fresh(evaluation).state == Evaluation.State.VERIFIED

    def test_strangers_learn_nothing(self, world, evaluation):
        with pytest.raises(NotFound):
            queries.evaluation_page(evaluation_id=evaluation.pk, actor=world.city.stranger, at=DUE)
        with pytest.raises(NotFound):
            actions.submit_self_report(
                evaluation_id=evaluation.pk, content=REPORT, actor=world.city.stranger, at=DUE
            )


@pytest.mark.django_db
class TestScore:
    @pytest.mark.parametrize(
        ("total", "state"),
        [(59, "FAILED"), (60, "RECTIFICATION"), (79, "RECTIFICATION"), (80, "PASSED")],
    )
    def test_the_borders_are_sixty_and_eighty(self, world, verified, total, state):
        score(world, verified, total)
        found = fresh(verified)
        assert (found.state, found.total) == (state, total)
        assert sum(Score.objects.values_list("points", flat=True)) == total

    def test_a_pass_schedules_the_next_one(self, world, verified):
        score(world, verified, 84)
        following = Evaluation.objects.get(sequence=2)
        cycle = world.agreement.terms["evaluation"]["cycle_months"]
        assert following.due_on == date(2026, 5 + cycle, 2)
        assert following.period_from == verified.due_on

    def test_a_failure_reports_a_violation_with_the_result_as_evidence(self, world, verified):
        score(world, verified, 40)
        case = ViolationCase.objects.get()
        assert case.source == ViolationCase.Source.EVALUATION
        assert case.evidence.count() == 1
        page = queries.evaluation_page(
            evaluation_id=verified.pk, actor=world.city.agent, at=DUE
        )
        # The party learns of a case by the hearing notice.
        assert page.case_id is None
        assert page.case_number == ""

    def test_rectification_leads_to_a_second_round_that_ends(self, world, verified):
        score(world, verified, 76)
        running = [c for c in deadlines.of_subject(verified, at=DUE) if c.status != "closed"]
        assert [c.kind for c in running] == ["rectification"]
        actions.submit_rectification(
            evaluation_id=verified.pk, content={"rectified": "已补充。"}, actor=world.city.agent,
            at=DUE,
        )  # fmt: skip
        score(world, verified, 84)
        assert fresh(verified).state == Evaluation.State.PASSED
        assert Score.objects.filter(round=2).count() == len(FULL)

    def test_rectification_must_be_said(self, world, verified):
        with pytest.raises(errors.RectificationUnsaid):
            score(world, verified, 70, rectifications=[])
        assert fresh(verified).state == Evaluation.State.VERIFIED
        assert not Score.objects.exists()

    def test_what_is_not_rectified_in_time_fails(self, world, verified):
        score(world, verified, 70)
        actions.sweep(at=day("2026-05-25"))
        assert fresh(verified).state == Evaluation.State.RECTIFICATION
        actions.sweep(at=day("2026-05-27"))
        assert fresh(verified).state == Evaluation.State.FAILED
        assert ViolationCase.objects.count() == 1

    def test_a_decided_v3_vetoes_whatever_the_points(self, world, verified):
        build.decided(world, code="V3")
        score(world, verified, 100, at=day("2026-07-02"))
        found = fresh(verified)
        assert (found.state, found.total, found.veto) == ("FAILED", 100, "V3")

    def test_points_beyond_the_limit_are_refused_and_nothing_is_written(self, world, verified):
        with pytest.raises(errors.PointsInvalid) as refused:
            actions.score_evaluation(
                evaluation_id=verified.pk, points=FULL | {"benefit": 11}, remarks="",
                actor=world.judge, at=DUE,
            )  # fmt: skip
        assert set(refused.value.fields) == {"benefit"}
        assert not Score.objects.exists()

    def test_the_licensee_does_not_score_itself(self, world, verified):
        with pytest.raises(Forbidden):
            score(world, verified, 100, actor=world.city.agent)
        assert fresh(verified).state == Evaluation.State.VERIFIED


@given(
    points=st.fixed_dictionaries({k: st.integers(0, v) for k, v in FULL.items()}),
    again=st.booleans(),
)
def test_the_result_follows_from_the_total_alone(points, again):
    found = scoring.judge(
        points=points, scale=scoring.Scale.of_terms({}), second_round=again
    )
    total = sum(points.values())
    if total >= 80:
        assert found.result == scoring.PASS
    elif total < 60 or again:
        assert found.result == scoring.FAIL
    else:
        assert found.result == scoring.RECTIFY


@pytest.mark.parametrize("bad", [True, 4.0, "4", None, -1, 6])
def test_only_whole_points_count(bad):
    with pytest.raises(errors.PointsInvalid):
        scoring.judge(points=FULL | {"reporting": bad}, scale=scoring.Scale.of_terms({}))
