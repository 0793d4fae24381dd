"""What holds for a clock whatever is done to it, in any order: nothing is lost, all is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import CalendarDay
from workflow import deadlines
from workflow.deadlines import ClockError, Rule
from workflow.models import Deadline, DeadlineChange

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 16, 4, tzinfo=UTC)
ACTS = st.lists(
    st.tuples(st.sampled_from(["stop", "resume", "extend", "recompute"]), st.integers(0, 5)),
    max_size=8,
)


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    deadlines.install_rules([Rule("d20", 20, "By-law")], effective_on=date(2026, 1, 1))


def do(act: str, subject: Any, actor: Any, at: datetime) -> None:
    match act:
        case "stop":
            deadlines.stop(subject, "d20", reason="r", actor=actor, at=at)
        case "resume":
            deadlines.resume(subject, "d20", actor=actor, at=at)
        case "extend":
            deadlines.extend(subject, "d20", working_days=7, reason="r", actor=actor, at=at)
        case _:
            day = at.date() + timedelta(days=1)
            if day.weekday() < 5 and not CalendarDay.objects.filter(day=day).exists():
                CalendarDay.objects.create(
                    day=day, day_type="OFF", name="休", source_notice="https://example.org"
                )
            deadlines.recompute_open(at=at, reason="calendar")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_used_and_remaining_make_the_whole_and_every_move_is_kept(
    filed: Any, master: Any, acts: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        deadlines.start(filed, "d20", at=START)
        due, at = Deadline.objects.get().due_on, START
        for act, days in acts:
            at += timedelta(days=days)
            try:
                do(act, filed, master, at)
            except ClockError:
                continue
            [view] = deadlines.of_subject(filed, at=at)
            assert view.used + view.remaining == view.total
            assert view.used >= 0
            assert view.stopped_days >= 0
        moves = list(DeadlineChange.objects.values_list("due_on_before", "due_on_after"))
        for before, after in moves:
            assert before == due
            due = after
        assert Deadline.objects.get().due_on == due
        transaction.set_rollback(True)


def test_a_standing_clock_uses_up_nothing_and_says_how_long_it_stands(
    filed: Any, master: Any
) -> None:
    deadlines.start(filed, "d20", at=START)
    deadlines.stop(filed, "d20", reason="r", actor=master, at=START + timedelta(days=8))
    for days, stood in ((8, 0), (10, 2), (15, 5)):
        [view] = deadlines.of_subject(filed, at=START + timedelta(days=days))
        assert (view.used, view.remaining, view.stopped_days) == (6, 14, stood)
