"""The pages of messages: the filter, the own choices, the rules of the house."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notify import actions, topics
from notify.models import Choice, HouseRule
from notify.topics import Way
from parties.models import User
from parties.roles import Kind, Role
from tests.builders.parties import organization, person

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
MINE, HOUSE, INBOX = (reverse(f"portal:{n}") for n in ("my_ways", "house_ways", "inbox"))
pytestmark = pytest.mark.django_db


def client_of(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def agent() -> User:
    return person(organization(Kind.APPLICANT, "示例公司"), Role.APPLICANT_AGENT)


@pytest.fixture
def decider() -> User:
    return person(organization(Kind.AUTHORITY, "数据局"), Role.AUTHORITY_DECIDER)


def as_shown(client: Client, address: str) -> dict[str, Any]:
    """Return what a browser would post back from the form as it stands."""
    form = client.get(address).context["form"]
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


class TestInbox:
    def test_shows_one_topic_by_its_address_and_keeps_it_over_tabs(self, agent: User) -> None:
        for key in ("progress", "decision"):
            topic = topics.find(key)
            assert topic is not None
            actions.tell(people=[agent], subject=f"S-{key}", key=key, topic=topic, at=AT)
        client = client_of(agent)

        text = client.get(f"{INBOX}?topic=decision&show=unread").content.decode()
        unknown = client.get(f"{INBOX}?topic=%27%22%3E<script>")

        assert "S-decision" in text
        assert "S-progress" not in text
        assert "?topic=decision" in text
        assert "邮件待发送" in text
        assert unknown.status_code == 200
        assert "<script>" not in unknown.content.decode().partition("<main")[2]


class TestMine:
    def test_keeps_what_was_chosen_and_shows_it_again(self, agent: User) -> None:
        client = client_of(agent)
        answer = client.post(MINE, {**as_shown(client, MINE), "progress": "MUTE"})

        assert answer.status_code == 302
        assert [(c.topic, c.way) for c in Choice.objects.all()] == [("progress", "MUTE")]
        assert as_shown(client, MINE)["progress"] == Way.MUTE

    def test_refuses_a_way_the_topic_does_not_allow_and_writes_nothing(self, agent: User) -> None:
        client = client_of(agent)
        answer = client.post(MINE, {**as_shown(client, MINE), "agreement": "MUTE"})
        assert answer.status_code == 422
        assert not Choice.objects.exists()

    def test_leaves_what_is_not_named_as_it_was_and_has_no_field_for_others(
        self, agent: User
    ) -> None:
        client = client_of(agent)
        client.post(MINE, {"committee": "DIGEST"})
        assert not Choice.objects.exists()


class TestHouse:
    def test_sets_what_changed_and_nothing_else(self, decider: User) -> None:
        client = client_of(decider)
        shown = as_shown(client, HOUSE)
        data = {**shown, "progress--APPLICANT_AGENT": "DIGEST", "reason": "邮件过多"}

        assert client.post(HOUSE, data).status_code == 302

        rule = HouseRule.objects.get()
        assert (rule.topic, rule.role, rule.way, rule.reason) == (
            "progress", "APPLICANT_AGENT", "DIGEST", "邮件过多",
        )  # fmt: skip
        assert "邮件过多" in client.get(HOUSE).content.decode()

    @pytest.mark.parametrize(
        "change",
        [
            {"progress--APPLICANT_AGENT": "NONE"},
            {"agreement--APPLICANT_AGENT": "NONE", "reason": "r"},
            {"progress--APPLICANT_AGENT": "MUTE", "reason": "r"},
        ],
    )
    def test_refuses_a_change_without_reason_or_below_the_least_and_writes_nothing(
        self, decider: User, change: dict[str, str]
    ) -> None:
        client = client_of(decider)
        data = {**as_shown(client, HOUSE), "reason": "", **change}
        assert client.post(HOUSE, data).status_code == 422
        assert not HouseRule.objects.exists()

    def test_is_closed_to_everybody_else(self, agent: User) -> None:
        handler = person(organization(Kind.AUTHORITY, "数据局"), Role.AUTHORITY_CASE)
        for who in (agent, handler):
            client = client_of(who)
            assert client.get(HOUSE).status_code == 403
            assert client.post(HOUSE, {"reason": "r"}).status_code == 403
        assert not HouseRule.objects.exists()
