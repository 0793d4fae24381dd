"""
What is asked, and what is the case: from documents to facts. Pure.

Three forms of a request are read: ``odrl:Request`` with rules, the evaluation request of the state
of the world vocabulary, and plain JSON. What the world says of a left operand goes before what the
request says of itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from contracts.odrl import profile_terms, values
from contracts.odrl.errors import Refused, Unreadable
from contracts.odrl.jsonld import Graph, Literal, Node, Ref, Value
from contracts.odrl.reader import graph_hierarchy, memberships
from contracts.odrl.vocabulary import DCT, ODRL, RDF, REPORT, RULE_KINDS, SOTW, short

DATE_TIME = f"{ODRL}dateTime"
_FEATURES = {"TemporalData": "dateTime", "CurrentXSDDateTime": "dateTime"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATES = ("NonSet", "Fulfilled", "Violated")
_PERFORMANCES = ("Performed", "Unperformed", "Unknown")


@dataclass(frozen=True, slots=True)
class Fact:
    """The values of one left operand; ``unit`` as far as it is told."""

    values: tuple[values.Operand, ...]
    stated: tuple[Value, ...] = ()
    unit: str = ""


Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class DutyState:
    """What is reported of one duty."""

    deontic: str
    performance: str = "Unknown"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing somebody wants to do; empty where the request names nobody or nothing."""

    id: str
    action: str = ""
    party: str = ""
    target: str = ""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A request: everything it asks for, and what its document says of things."""

    id: str
    asks: tuple[Ask, ...]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    included: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """The state of the world: facts, what belongs to what, duties, and facts of single things."""

    facts: Facts = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    duties: Mapping[str, DutyState] = field(default_factory=dict)
    of_things: Mapping[str, Facts] = field(default_factory=dict)


def read_world(graph: Graph) -> World:
    """
    Return the state of the world from a document.

    :raises Unreadable: a value in it does not fit, or two states are told of one duty.
    """
    facts, of_things = dict[str, Fact](), dict[str, Facts]()
    roots = {node.id for node in graph.of_type(f"{SOTW}SotW", "http://example.org/Sotw")}
    if not roots:
        parts = set(_reports(graph)) | set(memberships(graph))
        roots = set(graph.roots) - parts
    for node in graph.nodes.values():
        own = facts_of(node)
        if node.id in roots:
            facts |= own
        elif own:
            of_things[node.id] = own
    now = _current_time(graph)
    if now is not None:
        facts[DATE_TIME] = now
    return World(facts, memberships(graph), types_of(graph), _duties(graph), of_things)


def read_request(graph: Graph) -> Request:
    """
    Return what a document asks for.

    :raises Unreadable: it asks for nothing, or for something that cannot be told.
    """
    found = graph.of_type(f"{ODRL}Request", f"{SOTW}EvaluationRequest")
    roots = found or [graph.node(one) for one in graph.roots]
    roots = [node for node in roots if _asks_something(node)]
    if len(roots) != 1:
        raise Unreadable(f"{len(roots)} requests were found, one is needed", path="request")
    [root] = roots
    asks = _asks(graph, root)
    included, _implied = graph_hierarchy(graph)
    for ask in asks:
        if ask.action and ask.action not in profile_terms.ACTIONS | included:
            raise Refused(short(ask.action), path="request", why="this action is not known here")
    return Request(root.id, asks, memberships(graph), types_of(graph), included)


def facts_of(node: Node) -> dict[str, Fact]:
    """
    Return what a node says of left operands.

    :raises Unreadable: a value does not fit its datatype.
    """
    return {
        name: _fact(stated, name, f"{node.id} {short(name)}")
        for name, stated in node.properties.items()
        if is_operand(name)
    }


def is_operand(name: str) -> bool:
    """Return whether a name is a left operand that is evaluated here."""
    return name in profile_terms.LEFT_OPERANDS or name.startswith(profile_terms.FILTER_VALUE)


def types_of(graph: Graph) -> dict[str, frozenset[str]]:
    """Return the types of everything that has one."""
    return {node.id: frozenset(node.types) for node in graph.nodes.values() if node.types}


def time_of(world: World) -> datetime | None:
    """Return the present of a world, as far as it tells and a calendar reaches."""
    fact = world.facts.get(DATE_TIME)
    if fact is None or not isinstance(fact.values[0], values.Moment):
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(fact.values[0].seconds * 1_000_000))
    except OverflowError:
        return None


def _fact(stated: list[Value], name: str, path: str, unit: str = "") -> Fact:
    temporal = name == DATE_TIME
    try:
        found = tuple(values.of(one, temporal=temporal) for one in stated)
    except values.Unfit as error:
        raise Unreadable(str(error), path=path) from error
    if temporal and not all(isinstance(one, values.Moment) for one in found):
        raise Unreadable("is no date and time", path=path)
    return Fact(found, tuple(stated), unit)


def _asks_something(node: Node) -> bool:
    names = {ODRL + kind for kind in RULE_KINDS} | {ODRL + "action", ODRL + "target"}
    names |= {SOTW + "requestedAction", SOTW + "evaluatedAction", ODRL + "assignee"}
    return bool(names & set(node.properties))


def _asks(graph: Graph, root: Node) -> tuple[Ask, ...]:
    common = facts_of(root) | _parameters(graph, root)
    rules = [
        graph.node(one) for kind in RULE_KINDS for one in root.refs(ODRL + kind)
    ]
    if rules:
        return tuple(_ask(graph, rule, common) for rule in rules)
    return (_ask(graph, root, common),)


def _ask(graph: Graph, node: Node, common: Facts) -> Ask:
    own = facts_of(node) | _given(graph, node)
    action = _one(node, (ODRL + "action", SOTW + "requestedAction", SOTW + "evaluatedAction"))
    if action.startswith("_:") or graph.node(action).refs(RDF + "value"):
        own = own | _given(graph, graph.node(action), "refinement")
        action = _one(graph.node(action), (RDF + "value",))
    return Ask(
        id=node.id,
        action=action,
        party=_one(node, (ODRL + "assignee", SOTW + "requestingParty", SOTW + "evaluatedParty")),
        target=_one(node, (ODRL + "target", SOTW + "requestedTarget", SOTW + "evaluatedTarget")),
        facts={**common, **own},
    )


def _one(node: Node, names: tuple[str, ...]) -> str:
    found = [value for name in names for value in node.properties.get(name, ())]
    if len(found) > 1:
        raise Unreadable("a request names one action, party and target at a time", path=node.id)
    if found and not isinstance(found[0], Ref):
        raise Unreadable(f"{found[0].text[:80]} is no name", path=node.id)
    return found[0].iri if found and isinstance(found[0], Ref) else ""


def _given(graph: Graph, node: Node, name: str = "constraint") -> dict[str, Fact]:
    # A request says what is the case: "the purpose equals this".
    found = dict[str, Fact]()
    for index, one in enumerate(node.refs(ODRL + name)):
        path = f"{node.id}.{name}[{index}]"
        given = graph.node(one)
        left = given.refs(f"{ODRL}leftOperand")
        if given.refs(f"{ODRL}operator") != [f"{ODRL}eq"] or len(left) != 1:
            raise Unreadable("a request states facts with the operator eq only", path=path)
        if not is_operand(left[0]):
            raise Refused(short(left[0]), path=path, why="this left operand is not evaluated here")
        stated = given.properties.get(f"{ODRL}rightOperand", [])
        found[left[0]] = _fact(stated, left[0], path, "".join(given.refs(f"{ODRL}unit")))
    return found


def _parameters(graph: Graph, root: Node) -> dict[str, Fact]:
    found = dict[str, Fact]()
    for one in root.refs(f"{SOTW}requestParameter"):
        node = graph.node(one)
        for feature in node.refs(f"{SOTW}describesFeature"):
            left = _operand_of(feature)
            stated = node.properties.get(f"{SOTW}value", [])
            if left is not None:
                found[left] = _fact(stated, left, f"request {short(feature)}")
    return found


def _operand_of(feature: str) -> str | None:
    if is_operand(feature):
        return feature
    name = feature.removeprefix(SOTW)
    left = ODRL + _FEATURES.get(name, name[:1].lower() + name[1:])
    return left if is_operand(left) else None


def _current_time(graph: Graph) -> Fact | None:
    moments: list[Value] = []
    for node in graph.nodes.values():
        given = list(node.properties.get(f"{SOTW}currentTime", []))
        moments += [one for one in given if isinstance(one, Literal)]
        named = {v.iri for v in given if isinstance(v, Ref)}
        named |= {node.id} if node.id.endswith(("/currentTime", "#currentTime")) else set()
        for name in named:
            moments += graph.node(name).properties.get(f"{DCT}issued", [])
    if not moments:
        return None
    fact = _fact(moments, DATE_TIME, "world current time")
    if len(set(fact.values)) > 1:
        raise Unreadable("two different current times", path="world")
    return Fact(fact.values[:1], fact.stated[:1])


def _reports(graph: Graph) -> dict[str, Node]:
    return {n.id: n for n in graph.nodes.values() if f"{REPORT}deonticState" in n.properties}


def _duties(graph: Graph) -> dict[str, DutyState]:
    found = dict[str, DutyState]()
    for node in _reports(graph).values():
        deontic = _state(node, "deonticState", STATES)
        performance = _state(node, "performanceState", _PERFORMANCES) or "Unknown"
        rules = node.refs(f"{REPORT}rule")
        if not rules:
            raise Unreadable("a report of a duty must name its rule", path=node.id)
        for rule in rules:
            state = DutyState(deontic, performance)
            if found.setdefault(rule, state).deontic != deontic:
                raise Unreadable("two different states of one duty", path=rule)
    return found


def _state(node: Node, name: str, allowed: tuple[str, ...]) -> str:
    found = node.properties.get(REPORT + name, [])
    texts = {v.iri if isinstance(v, Ref) else v.text for v in found}
    names = {text.removeprefix(REPORT) for text in texts}
    if len(names) > 1 or not names <= set(allowed):
        listed = ", ".join(sorted(map(short, names)))
        raise Unreadable(f"{name} is one of {', '.join(allowed)}, not {listed}", path=node.id)
    return "".join(names)
