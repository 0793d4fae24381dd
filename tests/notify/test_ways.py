"""Which way a message takes: topic, role, what the house set, what the person chose."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import Forbidden, InvalidInput
from notify import actions, queries, topics
from notify.models import Choice, HouseRule, Message
from notify.topics import Topic, Way
from parties.models import User
from parties.roles import Kind, Role
from tests.builders.parties import organization, person
from workflow.models import AuditEntry

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
APPS = ("applications", "catalog", "contracts", "gateway", "licensing", "notify", "oversight",
        "parties", "settlement")  # fmt: skip
pytestmark = pytest.mark.django_db


def topic(key: str) -> Topic:
    found = topics.find(key)
    assert found is not None
    return found


@pytest.fixture
def decider() -> User:
    return person(organization(Kind.AUTHORITY, "数据局"), Role.AUTHORITY_DECIDER)


@pytest.fixture
def agent() -> User:
    return person(organization(Kind.APPLICANT, "示例公司"), Role.APPLICANT_AGENT)


def told(who: User, key: str, *, role: str = "") -> Message:
    occasion = f"{key}.{Message.objects.count()}"
    actions.tell(people=[who], subject="s", key=occasion, topic=topic(key), role=role, at=AT)
    return Message.objects.get(recipient=who, key=occasion)


def set_house(decider: User, key: str, role: str, way: str, reason: str = "减少邮件") -> int:
    return actions.set_house_ways(wanted={(key, role): way}, reason=reason, actor=decider, at=AT)


class TestWay:
    def test_by_default_is_that_of_the_topic_for_the_role_that_is_told(self, agent: User) -> None:
        assert told(agent, "progress", role=Role.APPLICANT_AGENT).way == Way.NOW
        assert told(agent, "progress", role=Role.APPLICANT_LEGAL_REP).way == Way.DIGEST

    def test_of_whoever_holds_two_roles_is_the_louder(self) -> None:
        company = organization(Kind.APPLICANT, "示例公司")
        both = person(company, Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)
        quiet = person(company, Role.APPLICANT_LEGAL_REP)

        assert told(both, "progress").way == Way.NOW
        assert told(quiet, "progress").way == Way.DIGEST

    def test_set_by_the_house_holds_for_that_role_only_and_from_now_on(
        self, decider: User, agent: User
    ) -> None:
        before = told(agent, "progress", role=Role.APPLICANT_AGENT)

        assert set_house(decider, "progress", Role.APPLICANT_AGENT, "NONE") == 1

        after = told(agent, "progress", role=Role.APPLICANT_AGENT)
        before.refresh_from_db()
        assert (before.way, after.way, after.mail_due_at) == (Way.NOW, Way.NONE, None)
        assert told(agent, "progress", role=Role.APPLICANT_LEGAL_REP).way == Way.DIGEST

    def test_chosen_by_the_person_goes_before_the_house(self, decider: User, agent: User) -> None:
        set_house(decider, "progress", Role.APPLICANT_AGENT, "NONE")
        actions.choose_ways(wanted={"progress": "DIGEST"}, actor=agent, at=AT)
        assert told(agent, "progress", role=Role.APPLICANT_AGENT).way == Way.DIGEST

        actions.choose_ways(wanted={"progress": ""}, actor=agent, at=AT)
        assert told(agent, "progress", role=Role.APPLICANT_AGENT).way == Way.NONE

    def test_muted_stays_in_the_inbox_and_is_never_unread(self, agent: User) -> None:
        actions.choose_ways(wanted={"progress": "MUTE"}, actor=agent, at=AT)

        told(agent, "progress")

        box = queries.inbox(actor=agent)
        assert (len(box.rows), box.unread, queries.unread_count(actor=agent)) == (1, 0, 0)
        assert box.rows[0].delivery == "muted"
        assert not queries.inbox(actor=agent, unread_only=True).rows


class TestChoose:
    @pytest.mark.parametrize(
        "wanted",
        [
            {"decision": "MUTE"},
            {"decision": "NONE"},
            {"correction": "DIGEST"},
            {"agreement": "NONE"},
            {"progress": "LOUD"},
            {"weather": "NOW"},
            {"progress": "NONE", "decision": "NONE"},
        ],
    )
    def test_refuses_what_the_topic_does_not_allow_and_writes_nothing(
        self, agent: User, wanted: dict[str, str]
    ) -> None:
        entries = AuditEntry.objects.count()

        with pytest.raises(InvalidInput):
            actions.choose_ways(wanted=wanted, actor=agent, at=AT)

        assert not Choice.objects.exists()
        assert AuditEntry.objects.count() == entries

    def test_keeps_only_what_changed_and_puts_it_on_record(self, agent: User) -> None:
        wanted = {"progress": "NONE", "exports": ""}
        changed = [actions.choose_ways(wanted=wanted, actor=agent, at=AT) for _ in range(2)]

        assert changed == [1, 0]
        [entry] = AuditEntry.objects.filter(action="choose_messages")
        assert entry.facts == {"changed": {"progress": "NONE"}}

    def test_shows_only_the_topics_that_may_reach_the_person(self, agent: User) -> None:
        keys = {row.key for row in queries.own_ways(actor=agent)}
        assert {"decision", "general", "reminder"} <= keys
        assert not keys & {"committee", "alert"}


class TestHouse:
    def test_every_change_is_a_version_with_its_reason_and_who_made_it(
        self, decider: User
    ) -> None:
        for way in ("DIGEST", "DIGEST", "NOW"):
            set_house(decider, "exports", Role.AUDITOR, way)

        rules = HouseRule.objects.order_by("version")
        assert [(r.version, r.way, r.set_by) for r in rules] == [
            (1, "DIGEST", decider),
            (2, "NOW", decider),
        ]
        assert AuditEntry.objects.filter(action="set_rule").count() == 2

    @pytest.mark.parametrize(
        ("key", "role", "way", "reason"),
        [
            ("decision", "APPLICANT_AGENT", "NONE", "r"),
            ("decision", "AUDITOR", "NOW", "r"),
            ("exports", "AUDITOR", "MUTE", "r"),
            ("exports", "AUDITOR", "", "r"),
            ("exports", "AUDITOR", "NONE", "  "),
            ("exports", "AUDITOR", "NONE", "x" * 301),
        ],
    )
    def test_refuses_what_cannot_be_set_and_writes_nothing(
        self, decider: User, key: str, role: str, way: str, reason: str
    ) -> None:
        with pytest.raises(InvalidInput):
            set_house(decider, key, role, way, reason)
        assert not HouseRule.objects.exists()

    def test_is_set_and_read_by_deciders_of_the_authority_only(self, agent: User) -> None:
        handler = person(organization(Kind.AUTHORITY, "数据局"), Role.AUTHORITY_CASE)
        for other in (agent, handler):
            with pytest.raises(Forbidden):
                set_house(other, "exports", Role.AUDITOR, "NONE")
            with pytest.raises(Forbidden):
                queries.house_ways(actor=other)
        assert not HouseRule.objects.exists()

    def test_a_rule_quieter_than_a_topic_allows_by_now_is_ignored(
        self, decider: User, agent: User
    ) -> None:
        HouseRule.objects.create(
            topic="decision", role=Role.APPLICANT_AGENT, version=1, way="NONE", reason="r",
            set_by=decider, set_at=AT,
        )  # fmt: skip
        assert told(agent, "decision", role=Role.APPLICANT_AGENT).way == Way.NOW


@pytest.mark.django_db(transaction=True)
def test_two_deciders_setting_the_same_rule_at_once_make_two_versions_or_one(
    together: Callable[..., list[Any]],
) -> None:
    office = organization(Kind.AUTHORITY, "数据局")
    first, second = (person(office, Role.AUTHORITY_DECIDER) for _ in range(2))

    results = together(
        lambda: set_house(first, "exports", Role.AUDITOR, "NONE"),
        lambda: set_house(second, "exports", Role.AUDITOR, "DIGEST"),
    )

    assert results == [1, 1]
    assert [r.version for r in HouseRule.objects.order_by("version")] == [1, 2]


class TestInbox:
    def test_is_filtered_by_topic_and_counts_each(self, agent: User) -> None:
        for key in ("progress", "progress", "decision"):
            told(agent, key)

        box = queries.inbox(actor=agent, topic="progress")

        assert {row.topic for row in box.rows} == {"progress"}
        assert (box.total, box.unread) == (2, 2)
        assert [(t.key, t.count) for t in box.topics] == [("decision", 1), ("progress", 2)]
        assert not queries.inbox(actor=agent, topic="weather").rows

    def test_asks_the_same_number_of_queries_for_one_message_and_for_fifty(
        self, agent: User, queries_of: Callable[[Callable[[], Any]], int]
    ) -> None:
        told(agent, "progress")
        one = queries_of(lambda: queries.inbox(actor=agent))
        for _ in range(49):
            told(agent, "progress")
        assert queries_of(lambda: queries.inbox(actor=agent)) == one

    def test_telling_fifty_people_costs_what_telling_one_costs(
        self, queries_of: Callable[[Callable[[], Any]], int]
    ) -> None:
        company = organization(Kind.APPLICANT, "示例公司")
        people = [person(company, Role.APPLICANT_LEGAL_REP) for _ in range(12)]

        def tell(some: list[User], key: str) -> int:
            return queries_of(
                lambda: actions.tell(
                    people=some, subject="s", key=key, topic=topic("progress"), at=AT
                )
            )

        assert tell(people[:1], "a") == tell(people, "b")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call that tells people something, with where it stands."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else (
                    node.func.id if isinstance(node.func, ast.Name) else ""
                )  # fmt: skip
                if name in {"tell", "tell_desk", "tell_each"}:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_call_that_tells_people_names_its_topic() -> None:
    found = list(calls())
    assert len(found) > 30
    silent = [where for where, call in found if "topic" not in {k.arg for k in call.keywords}]
    assert not silent, f"name a topic here: {silent}"


def test_every_declared_topic_is_told_by_somebody_or_is_the_general_one() -> None:
    source = "".join(
        path.read_text()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if path.name != "topics.py"
    )
    for declared in topics.topics():
        name = declared.key.upper()
        assert name == "GENERAL" or name in source, f"nobody tells of {declared.key}"


def test_a_topic_is_declared_once_and_with_roles_that_exist() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        topics.declare("general", title="t", hint="h")
    with pytest.raises(ValueError, match="unknown roles"):
        topics.declare("new", title="t", hint="h", roles=["NOBODY"])
    with pytest.raises(ValueError, match="quieter"):
        topics.declare("new", title="t", hint="h", way=Way.NONE, least=Way.DIGEST)
    assert topics.find("new") is None


def test_messages_from_before_have_the_general_topic_and_are_mailed_as_they_were(
    agent: User,
) -> None:
    Message.objects.create(recipient=agent, subject="s", key="k", created_at=AT, mail_due_at=AT)
    [row] = queries.inbox(actor=agent).rows
    assert (row.topic, row.delivery) == ("general", "due")
    assert row.mail_at == AT
