"""The daily reminder: open work that is due, once a working day, made up when a day was missed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from applications import actions as applications
from core import clock
from core.errors import DomainError
from notify import mail as mailing
from notify import reminders
from notify.models import Message, ReminderRun
from parties.models import User
from parties.roles import Role
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import person
from workflow import deadlines, inbox
from workflow.models import Deadline

pytestmark = pytest.mark.django_db


def reminded(who: User | None = None) -> list[Message]:
    rows = Message.objects.filter(topic="reminder").order_by("id")
    return list(rows if who is None else rows.filter(recipient=who))


def last_day(case: Any) -> datetime:
    """Return ten o'clock on the last day of the acceptance period of a case."""
    due = Deadline.objects.get(subject_id=str(case.pk), kind="acceptance", closed_on=None).due_on
    return clock.start_of_day(due) + timedelta(hours=10)


@pytest.mark.scenario(38)
class TestReminder:
    def test_lists_only_open_work_that_is_due_and_is_one_mail_a_day(self, city: City) -> None:
        late = build.submitted(city)
        at = last_day(late)
        mailing.send_due(at=at)
        mail.outbox.clear()

        told = [reminders.remind(at=at + timedelta(hours=h)) for h in range(3)]
        [mailing.send_due(at=at + timedelta(hours=h)) for h in range(3)]

        assert told == [1, 0, 0]
        [message] = reminded()
        assert message.recipient == city.case
        assert message.subject.endswith("超期0件，即将到期1件")
        assert message.subject.startswith("待办提醒（无锡市数据局·")
        assert message.body.startswith(f"{late.number} ")
        assert message.link == "/home/"
        assert [letter.to for letter in mail.outbox] == [[city.case.email]]

    def test_of_zero_cases_is_no_message_and_no_mail(self, city: City) -> None:
        case = build.submitted(city)
        at = last_day(case)
        applications.accept_application(application_id=case.pk, actor=city.case, at=at)
        mailing.send_due(at=at)
        mail.outbox.clear()

        assert reminders.remind(at=at) == 0
        mailing.send_due(at=at)

        assert not reminded()
        assert not mail.outbox
        assert ReminderRun.objects.get().finished_at == at

    def test_says_what_is_overdue_day_after_day_until_it_is_done(self, city: City) -> None:
        case = build.submitted(city)
        monday = day("2026-10-12")
        assert [reminders.remind(at=monday + timedelta(days=n)) for n in range(2)] == [1, 1]
        assert all("超期1件" in m.subject and "已超期" in m.body for m in reminded())

        applications.accept_application(
            application_id=case.pk, actor=city.case, at=monday + timedelta(days=1)
        )
        reminders.remind(at=monday + timedelta(days=2))
        assert len(reminded(city.case)) == 2


class TestDays:
    def test_that_are_not_working_days_and_early_hours_are_left_alone(self, city: City) -> None:
        build.submitted(city)
        # The National Day holiday, then the make-up Saturday after it.
        assert reminders.remind(at=day("2026-10-05")) == 0
        assert reminders.remind(at=day("2026-10-08") - timedelta(hours=3)) == 0
        assert not ReminderRun.objects.exists()
        assert reminders.remind(at=day("2026-10-10")) == 1

    def test_that_were_missed_are_made_up_in_one_message_on_the_next_run(
        self, city: City
    ) -> None:
        build.submitted(city)
        reminders.remind(at=day("2026-10-12"))

        # Nothing ran on Tuesday, Wednesday, and over the weekend nobody is reminded.
        assert reminders.remind(at=day("2026-10-15")) == 1
        assert reminders.remind(at=day("2026-10-16")) == 1
        assert reminders.remind(at=day("2026-10-19")) == 1

        bodies = [message.body for message in reminded(city.case)]
        assert ["此前" in body for body in bodies] == [False, True, False, False]
        assert "此前2个工作日的提醒未能发出" in bodies[1]
        assert [run.missed_days for run in ReminderRun.objects.order_by("day")] == [0, 2, 0, 0]

    def test_on_which_it_failed_for_one_person_are_finished_by_the_next_run(
        self, city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        second = person(city.authority, Role.AUTHORITY_CASE)
        build.submitted(city)
        at, whole = day("2026-10-12"), inbox.running_out

        def half(actor: Any, **rest: Any) -> Any:
            if actor == second:
                raise DomainError
            return whole(actor, **rest)

        monkeypatch.setattr(inbox, "running_out", half)
        with caplog.at_level(logging.ERROR):
            assert reminders.remind(at=at) == 1
        assert "reminder_failed" in caplog.text
        assert ReminderRun.objects.get().finished_at is None

        monkeypatch.setattr(inbox, "running_out", whole)
        assert reminders.remind(at=at + timedelta(minutes=15)) == 1
        assert [len(reminded(who)) for who in (city.case, second)] == [1, 1]
        run = ReminderRun.objects.get()
        assert (run.messages_told, run.finished_at) == (2, at + timedelta(minutes=15))


class TestDesks:
    def test_of_one_person_are_told_one_by_one_each_with_its_own_work(self, city: City) -> None:
        build.submitted(city)
        reminders.remind(at=day("2026-10-12"))
        # The handler decides too, but no decision is due: one desk has work, one message.
        [message] = reminded(city.case)
        assert message.key == f"reminder.2026-10-12.{city.authority.pk}:AUTHORITY_CASE"

    def test_a_clock_that_stands_reminds_nobody(self, city: City) -> None:
        case = build.submitted(city)
        with transaction.atomic():
            deadlines.stop(
                case, "acceptance", reason="等待材料", actor=city.case, at=build.SUBMITTED
            )
        assert reminders.remind(at=day("2026-10-12")) == 0
