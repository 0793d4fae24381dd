"""Which way a message takes: what the topic says, what the authority set, what the person chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from notify.models import Choice, HouseRule
from notify.topics import Topic, Way, louder
from parties.models import Desk


def house_rules(*, topic: str | None = None) -> dict[tuple[str, str], HouseRule]:
    """Return the rule that holds for each (topic, role) that the authority has set; one query."""
    rows = HouseRule.objects.select_related("set_by").order_by("topic", "role", "-version")
    rows = rows if topic is None else rows.filter(topic=topic)
    return {(row.topic, row.role): row for row in rows.distinct("topic", "role")}


def house_way(topic: Topic, role: str, rules: Mapping[tuple[str, str], HouseRule]) -> Way:
    """Return how a role hears of a topic; a rule below the least that is allowed is ignored."""
    rule = rules.get((topic.key, role))
    if rule is not None and Way(rule.way) in topic.house_ways():
        return Way(rule.way)
    return topic.default(role)


def ways_of(*, topic: Topic, people: Iterable[Any], role: str = "") -> dict[Any, Way]:
    """
    Return how each person hears of a topic, by primary key.

    ``role`` is the desk that is told; without one the loudest of the roles a person holds counts.
    Two queries, three when roles have to be looked up.
    """
    keys = [person.pk for person in people]
    rules = house_rules(topic=topic.key)
    rows = Choice.objects.filter(person__in=keys, topic=topic.key).values_list("person_id", "way")
    chosen = {pk: Way(way) for pk, way in rows if Way(way) in topic.own_ways()}
    held = {} if role or not (rules or topic.by_role) else _roles_of(keys)
    found = {}
    for pk in keys:
        roles = {role} if role else held.get(pk, {""})
        found[pk] = chosen.get(pk) or louder(house_way(topic, r, rules) for r in roles)
    return found


def _roles_of(keys: Iterable[Any]) -> dict[Any, set[str]]:
    held: dict[Any, set[str]] = {}
    rows = Desk.objects.filter(user__in=list(keys), closed_at=None)
    for pk, role in rows.values_list("user_id", "role"):
        held.setdefault(pk, set()).add(role)
    return held
