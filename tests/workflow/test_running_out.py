"""What runs out: the nearest of the work list, however many cases there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from notify import reminders
from notify.models import Message
from parties.roles import Kind, Role
from tests.builders.applications import day
from tests.builders.parties import organization, person
from tests.harbor.models import BerthRequest
from workflow import deadlines, inbox, transitions
from workflow.models import Deadline

pytestmark = pytest.mark.django_db


class TestManyCases:
    @pytest.fixture(autouse=True)
    def duty(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbox, "_duties", {})
        inbox.register(
            "harbor.assign",
            title="Assign",
            model=BerthRequest,
            transitions=("assign",),
            route="portal:home",
            describe=lambda subject: (subject.vessel, "v"),  # type: ignore[attr-defined]
        )
        rule = deadlines.Rule("berth", 3, "章程")
        deadlines.install_rules([rule], effective_on=day("2026-09-14").date())

    @staticmethod
    def fill(file_request: Any, numbers: range) -> None:
        with transaction.atomic():
            for number in numbers:
                at = day("2026-09-14") + timedelta(days=number % 3)
                deadlines.start(file_request(f"船{number}"), "berth", at=at)

    def test_cost_no_more_queries_than_one(
        self, master: Any, file_request: Any, queries_of: Callable[[Callable[[], Any]], int]
    ) -> None:
        def look() -> int:
            at = day("2026-09-21")
            return queries_of(
                lambda: inbox.running_out(master, horizon=at.date(), at=at)
            )

        self.fill(file_request, range(1))
        one = look()
        self.fill(file_request, range(1, 60))
        assert look() == one <= 9

    def test_lead_with_the_nearest_and_say_how_many_more(
        self, master: Any, file_request: Any
    ) -> None:
        self.fill(file_request, range(31))
        clerk = person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR)
        clerk.groups.set(master.groups.all())
        at = day("2026-09-21")

        assert reminders.remind(at=at) == 1

        message = Message.objects.get(recipient=clerk, topic="reminder")
        lines = message.body.splitlines()
        assert "超期31件" in message.subject
        assert (len(lines), lines[-1]) == (reminders.LINES_MAX + 1, "另有11件，请在工作台查看。")
        dates = [line.partition("期限")[2][:10] for line in lines[:-1]]
        assert dates == sorted(dates)

    def test_beyond_the_limit_keep_the_nearest_whatever_their_keys(
        self, master: Any, file_request: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox, "RUNNING_OUT_ROWS_MAX", 4)
        self.fill(file_request, range(12))
        at = day("2026-09-21")

        found = inbox.running_out(master, horizon=at.date(), at=at)

        assert len(found) == 4
        assert {item.due_on for _, item in found} == {min(d.due_on for d in Deadline.objects.all())}

    def test_cost_whoever_has_nothing_to_do_one_query(
        self, captain: Any, master: Any, file_request: Any,
        queries_of: Callable[[Callable[[], Any]], int],
    ) -> None:  # fmt: skip
        self.fill(file_request, range(2))
        at = day("2026-09-21")
        with transaction.atomic():
            assert queries_of(
                lambda: inbox.running_out(captain, horizon=at.date(), at=at)
            ) == 1
        with transaction.atomic():
            for request in BerthRequest.objects.all():
                transitions.perform(request, "assign", actor=master, at=at, berth="7")
        assert not inbox.running_out(master, horizon=at.date(), at=at)
