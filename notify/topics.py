"""
What messages are about: each app declares its topics, and how they travel unless people choose.

The inbox always has a message. Mail takes it at once, once a day with the others (the digest), or
not at all. A topic names the least that a person may choose of it: a letter that starts a legal
period is never only in an inbox nobody opens. Source: docs/sources.md#b12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parties.roles import Role


class Way(TextChoices):
    """How a message travels beside the inbox, the loudest first."""

    NOW = "NOW", _("Mail at once")
    DIGEST = "DIGEST", _("In the daily digest")
    NONE = "NONE", _("Inbox only")
    MUTE = "MUTE", _("Muted: in the inbox, never counted as unread")


LOUDEST_FIRST = tuple(Way)


@dataclass(frozen=True, slots=True)
class Topic:
    """
    One topic: ``way`` by default, ``by_role`` where a role hears otherwise.

    ``least`` is the quietest way that may be chosen; where it is the inbox alone, a person may
    mute the topic too. ``roles`` are told of it; empty means everybody.
    """

    key: str
    title: str | Promise
    hint: str | Promise
    way: Way = Way.NOW
    least: Way = Way.NONE
    roles: tuple[str, ...] = ()
    by_role: Mapping[str, Way] = field(default_factory=dict, compare=False)

    def default(self, role: str) -> Way:
        """Return how a role hears of it unless the authority has set it otherwise."""
        return self.by_role.get(role, self.way)

    def house_ways(self) -> tuple[Way, ...]:
        """Return the ways the authority may set; nobody is muted by the house."""
        return tuple(w for w in self.own_ways() if w is not Way.MUTE)

    def own_ways(self) -> tuple[Way, ...]:
        """Return the ways a person may choose."""
        quietest = Way.MUTE if self.least is Way.NONE else self.least
        return LOUDEST_FIRST[: LOUDEST_FIRST.index(quietest) + 1]


_topics: dict[str, Topic] = {}


def declare(
    key: str,
    *,
    title: str | Promise,
    hint: str | Promise,
    way: Way = Way.NOW,
    least: Way = Way.NONE,
    roles: Iterable[str] = (),
    by_role: Mapping[str, Way] | None = None,
) -> Topic:
    """
    Declare a topic; at import time, once per key.

    :raises ValueError: declared twice, a role that does not exist, or a default below the least.
    """
    topic = Topic(key, title, hint, way, least, tuple(roles), dict(by_role or {}))
    unknown = {*topic.roles, *topic.by_role} - set(Role.values)
    if key in _topics or unknown:
        raise ValueError(f"topic {key}: declared twice, or unknown roles {sorted(unknown)}")
    if not {way, *topic.by_role.values()} <= set(topic.house_ways()):
        raise ValueError(f"topic {key}: a default is quieter than what may be chosen")
    _topics[key] = topic
    return topic


def topics() -> tuple[Topic, ...]:
    """Return every declared topic, by key."""
    return tuple(_topics[key] for key in sorted(_topics))


def find(key: str) -> Topic | None:
    """Return the topic of a key; None when no app declares it (any more)."""
    return _topics.get(key)


def louder(ways: Iterable[Way]) -> Way:
    """Return the loudest of several ways; whoever hears by two roles hears by the louder."""
    return min(ways, key=LOUDEST_FIRST.index)


GENERAL = declare(
    "general",
    title=_("General"),
    hint=_("What belongs to no other topic."),
)
ACCOUNT = declare(
    "account",
    title=_("Company and account"),
    hint=_("The profile of your company was approved or returned."),
    least=Way.DIGEST,
    roles=(Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP),
)
REMINDER = declare(
    "reminder",
    title=_("Daily reminder"),
    hint=_("Work of yours that is overdue or due within two working days."),
)
