"""Messages: told once, read by their recipient, mailed until it works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils.translation import gettext_lazy, override

from core.errors import NotFound
from notify import actions, queries
from notify import mail as mailing
from notify.models import Message
from parties.models import User
from parties.roles import Kind, Role
from tests.builders.parties import organization, person

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR)


class Broken:
    """A mail server that refuses everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise ConnectionRefusedError("no server")


BROKEN = f"{__name__}.Broken"


class TestTell:
    def test_the_same_occasion_is_one_message(self, clerk: User) -> None:
        told = [
            actions.tell(people=[clerk], subject="已受理", key="accept:1", at=AT) for _ in range(3)
        ]

        assert told == [1, 0, 0]
        assert Message.objects.count() == 1

    def test_many_are_told_each_once_by_few_statements(
        self, clerk: User, queries_of: Callable[..., int]
    ) -> None:
        several = [
            actions.Notice(person=clerk, subject=f"期限{n}", key=f"due:{n}", link=f"/n/{n}/")
            for n in range(40)
        ]
        assert actions.tell_each([several[0], several[0]], at=AT) == 1
        few = queries_of(lambda: actions.tell_each(several[1:2], at=AT))
        assert queries_of(lambda: actions.tell_each(several, at=AT)) == few
        assert actions.tell_each(several, at=AT) == 0
        assert Message.objects.count() == 40
        with pytest.raises(actions.UnusableMessage):
            actions.tell_each(
                [
                    actions.Notice(person=clerk, subject="新", key="new"),
                    actions.Notice(person=clerk, subject="坏", key="bad", link="//elsewhere"),
                ],
                at=AT,
            )
        assert Message.objects.count() == 40

    def test_a_desk_is_everyone_who_sits_there(self, clerk: User) -> None:
        office = organization(Kind.PLATFORM, "平台")
        second = person(office, Role.AUDITOR)
        person(office, Role.PLATFORM_OPS)

        told = actions.tell_desk(
            organization=office, role=Role.AUDITOR, subject="审计", key="k", at=AT
        )

        assert told == 2
        assert set(Message.objects.values_list("recipient", flat=True)) == {clerk.pk, second.pk}

    def test_is_told_in_the_language_of_the_house(self, clerk: User) -> None:
        with override("en"):
            actions.tell(people=[clerk], subject=gettext_lazy("Workbench"), key="k", at=AT)

        assert Message.objects.get().subject == "工作台"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"subject": " "},
            {"subject": "x" * 201},
            {"key": ""},
            {"link": "https://evil.example/"},
            {"link": "//evil.example/"},
            {"link": "/\\evil.example/"},
        ],
    )
    def test_refuses_what_cannot_be_told_and_writes_nothing(
        self, clerk: User, wrong: dict[str, str]
    ) -> None:
        with pytest.raises(actions.UnusableMessage):
            actions.tell(**{"people": [clerk], "subject": "s", "key": "k", "at": AT, **wrong})

        assert not Message.objects.exists()

    def test_the_database_refuses_a_link_that_leads_elsewhere(self, clerk: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.create(
                recipient=clerk, subject="s", key="k", created_at=AT, link="https://evil.example/"
            )


@pytest.mark.django_db(transaction=True)
def test_two_handlers_telling_the_same_at_once_tell_it_once(
    together: Callable[..., list[Any]],
) -> None:
    clerk = person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR)

    def tell() -> int:
        return actions.tell(people=[clerk], subject="s", key="k", at=AT)

    results = together(tell, tell)

    assert not any(isinstance(result, Exception) for result in results)
    assert Message.objects.count() == 1


class TestRead:
    def test_of_somebody_else_is_not_found_and_stays_unread(self, clerk: User) -> None:
        other = person(organization(Kind.PLATFORM, "平台"), Role.PLATFORM_OPS)
        actions.tell(people=[other], subject="s", key="k", at=AT)

        with pytest.raises(NotFound):
            actions.mark_read(message_id=Message.objects.get().pk, actor=clerk, at=AT)

        assert queries.unread_count(actor=other) == 1

    def test_keeps_the_first_time(self, clerk: User) -> None:
        actions.tell(people=[clerk], subject="s", key="k", at=AT)
        pk = Message.objects.get().pk

        for minutes in (1, 5):
            actions.mark_read(message_id=pk, actor=clerk, at=AT + timedelta(minutes=minutes))

        assert Message.objects.get().read_at == AT + timedelta(minutes=1)

    def test_the_inbox_is_bounded_and_newest_first(self, clerk: User) -> None:
        for number in range(60):
            at = AT + timedelta(minutes=number)
            actions.tell(people=[clerk], subject=f"第{number}条", key=str(number), at=at)

        first, second = (queries.inbox(actor=clerk, page=page) for page in (1, 2))

        assert [len(first.rows), len(second.rows)] == [50, 10]
        assert first.rows[0].subject == "第59条"
        assert (first.pages, first.total, first.unread) == (2, 60, 60)


class TestMail:
    def test_leaves_once_with_its_link_and_a_stable_id(self, clerk: User) -> None:
        actions.tell(
            people=[clerk], subject="已受理", body="三日内", key="k", at=AT, link="/home/"
        )

        assert [mailing.send_due(at=AT), mailing.send_due(at=AT)] == [1, 0]

        [sent] = mail.outbox
        assert sent.to == [clerk.email]
        assert sent.body.startswith("三日内")
        assert sent.body.endswith("/home/")
        assert sent.extra_headers["Message-ID"] == f"<message-{Message.objects.get().pk}@datadeed>"
        assert Message.objects.get().mailed_at == AT

    def test_is_tried_later_and_given_up_after_six_times_while_the_inbox_keeps_it(
        self, clerk: User
    ) -> None:
        actions.tell(people=[clerk], subject="s", key="k", at=AT)
        at = AT
        with override_settings(EMAIL_BACKEND=BROKEN):
            for _ in range(10):
                mailing.send_due(at=at)
                at += timedelta(days=1)

        message = Message.objects.get()
        assert message.mail_attempts == mailing.MAIL_ATTEMPTS_MAX
        assert (message.mailed_at, message.mail_due_at) == (None, None)
        assert queries.unread_count(actor=clerk) == 1

    def test_one_bad_address_holds_up_nobody_else(self, clerk: User) -> None:
        other = person(organization(Kind.PLATFORM, "平台"), Role.PLATFORM_OPS)
        actions.tell(people=[clerk, other], subject="s", key="k", at=AT)
        Message.objects.filter(recipient=clerk).update(mail_due_at=AT + timedelta(days=1))

        assert mailing.send_due(at=AT) == 1
        assert mail.outbox[0].to == [other.email]

    def test_people_without_an_address_are_told_in_the_inbox_only(self, clerk: User) -> None:
        clerk.email = ""
        clerk.save()

        actions.tell(people=[clerk], subject="s", key="k", at=AT)

        assert Message.objects.get().mail_due_at is None
        assert mailing.send_due(at=AT) == 0
