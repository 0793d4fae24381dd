"""Signing in, demo logins, messages, the workbench."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from notify import actions
from notify.models import Message
from parties.models import User
from parties.roles import Kind, Role
from tests.builders.parties import organization, person

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    user = person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR, full_name="审计员")
    user.set_password("korrekt-pferd-batterie")
    user.save()
    return user


class TestSignIn:
    def test_leads_to_the_page_that_was_asked_for(self, client: Client, clerk: User) -> None:
        asked = client.get(reverse("portal:audit"))

        answer = client.post(
            asked["Location"],
            {
                "username": clerk.username,
                "password": "korrekt-pferd-batterie",
                "next": reverse("portal:audit"),
            },
        )

        assert answer["Location"] == reverse("portal:audit")

    def test_refuses_a_wrong_password_without_saying_what_was_wrong(
        self, client: Client, clerk: User
    ) -> None:
        for name in (clerk.username, "nobody"):
            answer = client.post(reverse("portal:sign_in"), {"username": name, "password": "x"})

            assert answer.status_code == 422
            assert "用户名或密码不正确" in answer.content.decode()
            assert "_auth_user_id" not in client.session

    @override_settings(AXES_ENABLED=True)
    def test_answers_too_many_wrong_passwords_with_how_long_to_wait(
        self, client: Client, clerk: User
    ) -> None:
        def sign_in(password: str) -> tuple[int, str]:
            answer = client.post(
                reverse("portal:sign_in"), {"username": clerk.username, "password": password}
            )
            return answer.status_code, answer.content.decode()

        for _attempt in range(4):
            assert sign_in("wrong")[0] == 422

        for password in ("wrong", "korrekt-pferd-batterie"):
            status, page = sign_in(password)
            assert status == 429
            assert "一刻钟" in page or "十五分钟" in page or "15 分钟" in page
            assert clerk.username not in page
        assert "_auth_user_id" not in client.session

    def test_never_leads_to_another_host(self, client: Client, clerk: User) -> None:
        answer = client.post(
            reverse("portal:sign_in"),
            {
                "username": clerk.username,
                "password": "korrekt-pferd-batterie",
                "next": "https://evil.example/",
            },
        )

        assert answer["Location"] == reverse("portal:home")

    def test_signing_out_takes_a_form_and_ends_the_session(
        self, client: Client, clerk: User
    ) -> None:
        client.force_login(clerk)
        assert client.get(reverse("portal:sign_out")).status_code == 405
        assert "_auth_user_id" in client.session

        client.post(reverse("portal:sign_out"))

        assert "_auth_user_id" not in client.session


class TestDemoLogins:
    @override_settings(DEMO=True)
    def test_stand_on_the_sign_in_page_and_sign_in_with_one_click(
        self, client: Client, clerk: User
    ) -> None:
        page = client.get(reverse("portal:sign_in")).content.decode()
        assert f'value="{clerk.username}"' in page
        assert "演示环境" in page

        client.post(reverse("portal:demo_sign_in"), {"username": clerk.username})

        assert client.session["_auth_user_id"] == str(clerk.pk)

    @override_settings(DEMO=True)
    def test_never_open_the_system_account(self, client: Client, clerk: User) -> None:
        answer = client.post(reverse("portal:demo_sign_in"), {"username": "system"})

        assert answer.status_code == 404
        assert "_auth_user_id" not in client.session

    @override_settings(DEMO=False)
    def test_do_not_exist_outside_a_demonstration(self, client: Client, clerk: User) -> None:
        page = client.get(reverse("portal:sign_in")).content.decode()
        answer = client.post(reverse("portal:demo_sign_in"), {"username": clerk.username})

        assert clerk.username not in page
        assert answer.status_code == 404
        assert "_auth_user_id" not in client.session


class TestInbox:
    def test_opening_a_message_marks_it_and_leads_to_its_page(
        self, client: Client, clerk: User
    ) -> None:
        actions.tell(people=[clerk], subject="已受理", key="k", at=AT, link="/audit/")
        client.force_login(clerk)
        message = Message.objects.get()
        assert "1 条未读" in client.get(reverse("portal:home")).content.decode()

        answer = client.post(reverse("portal:message_open", args=[message.pk]))

        message.refresh_from_db()
        assert answer["Location"] == "/audit/"
        assert message.read_at is not None

    def test_somebody_elses_message_stays_unread(self, client: Client, clerk: User) -> None:
        other = person(organization(Kind.PLATFORM, "平台"), Role.PLATFORM_OPS)
        actions.tell(people=[other], subject="别人的", key="k", at=AT)
        client.force_login(clerk)

        client.post(reverse("portal:message_open", args=[Message.objects.get().pk]))
        client.post(reverse("portal:inbox_read_all"))

        assert Message.objects.get().read_at is None
        assert "别人的" not in client.get(reverse("portal:inbox")).content.decode()

    def test_all_messages_are_marked_at_once(self, client: Client, clerk: User) -> None:
        for number in range(3):
            actions.tell(people=[clerk], subject=f"第{number}条", key=str(number), at=AT)
        client.force_login(clerk)

        client.post(reverse("portal:inbox_read_all"))

        assert Message.objects.filter(read_at=None).count() == 0


class TestPassword:
    def test_changes_with_the_old_one_as_proof_and_keeps_this_session(
        self, client: Client, clerk: User
    ) -> None:
        client.force_login(clerk)
        entries = {
            "old_password": "korrekt-pferd-batterie",
            "new_password1": "anders-pferd-batterie",
            "new_password2": "anders-pferd-batterie",
        }

        refused = client.post(reverse("portal:password"), {**entries, "old_password": "falsch"})
        clerk.refresh_from_db()
        assert refused.status_code == 422
        assert clerk.check_password("korrekt-pferd-batterie")

        client.post(reverse("portal:password"), entries)

        clerk.refresh_from_db()
        assert clerk.check_password("anders-pferd-batterie")
        assert client.get(reverse("portal:home")).status_code == 200
