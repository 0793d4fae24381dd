"""
From the nodes of a document to a policy, or the first term in it that nobody evaluates. Pure.

Everything a node says is looked at: a property is read, is known to describe only, or is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from contracts.odrl import profile_terms, values
from contracts.odrl.errors import Refused, Unreadable
from contracts.odrl.jsonld import Graph, Literal, Node, Ref, Value
from contracts.odrl.model import Action, Condition, Constraint, Group, Logical, Policy, Rule
from contracts.odrl.vocabulary import (
    CONFLICTS,
    DESCRIPTIONS,
    LOGIC,
    ODRL,
    OPERATORS,
    ORDER,
    PARTY_FUNCTIONS,
    POLICY_TYPES,
    PORTRAITS,
    PROFILES,
    RDF,
    RULE_KINDS,
    SINGLE,
    short,
)

NOT_EVALUATED = "this term is not evaluated here"
_SHARED = ("action", "target", "assignee", "assigner")
_RULE_TYPES = frozenset(ODRL + name for name in ("Permission", "Prohibition", "Duty", "Rule"))
_BURIED = _RULE_TYPES | {ODRL + "Constraint", ODRL + "LogicalConstraint"}
T = TypeVar("T")


def read_policy(graph: Graph) -> Policy:
    """
    Return the one policy of a document.

    :raises Refused: it contains a term that is not evaluated; the term and its place are named.
    :raises Unreadable: the document holds no policy, or several.
    """
    return _Reader(graph).policy(_root(graph))


def _root(graph: Graph) -> Node:
    policies = graph.of_type(*(ODRL + name for name in POLICY_TYPES))
    if not policies:
        rules = {ODRL + kind for kind in RULE_KINDS}
        policies = [n for n in graph.nodes.values() if rules & set(n.properties)]
        policies = [n for n in policies if ODRL + "Request" not in n.types]
    if len(policies) != 1:
        # A type of policy that is not evaluated is named, not called missing.
        others = [t for r in graph.roots for t in graph.node(r).types if t.startswith(ODRL)]
        if not policies and others:
            raise Refused(short(others[0]), path="policy", why="this type is not evaluated here")
        raise Unreadable(f"{len(policies)} policies were found, one is needed", path="policy")
    return policies[0]


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.seen: set[str] = set()
        self._open: list[str] = []
        self._hierarchy = graph_hierarchy(graph)

    def policy(self, node: Node) -> Policy:
        path = "policy"
        self.seen.add(node.id)
        types = [one for one in node.types if one.startswith(ODRL)]
        for one in types:
            if one.removeprefix(ODRL) not in POLICY_TYPES:
                raise Refused(short(one), path=path, why="this type is not evaluated here")
        allowed = {*RULE_KINDS, *_SHARED, "conflict", "profile", "uid"}
        self._only(node, allowed, path)
        kinds = {one.removeprefix(ODRL) for one in types} - {"Policy"} or {"Set"}
        if len(kinds) > 1:
            raise Refused(" and ".join(sorted(kinds)), path=path, why="a policy has one type")
        rules = tuple(
            self._rule(one, expected, f"{path}.{kind}[{index}]", node)
            for kind, expected in RULE_KINDS.items()
            for index, one in enumerate(self._things(node, kind, path))
        )
        if not rules:
            raise Unreadable("has no rule", path=path)
        self._nothing_buried()
        included, implied = self._hierarchy
        profiles = tuple(node.refs(ODRL + "profile"))
        for one in profiles:
            # Who does not know a profile must not process the policy (ODRL Information Model).
            if one not in PROFILES:
                raise Refused(short(one), path=f"{path}.profile", why="is not known here")
        return Policy(
            id=node.id,
            type=kinds.pop(),
            conflict=self._conflict(node, path),
            rules=rules,
            profiles=profiles,
            hierarchy=included,
            implications=implied,
            members=memberships(self.graph),
        )

    def _rule(self, node: Node, expected: str, path: str, policy: Node | None = None) -> Rule:
        with_duties = expected == "Permission"
        failure = {"Prohibition": "remedy", "Duty": "consequence"}.get(expected)
        self._typed(node, expected, path)
        allowed = {*_SHARED, "constraint", "uid"}
        allowed |= {"duty"} if with_duties else set()
        allowed |= {failure} if failure else set()
        functions = {one.removeprefix(ODRL) for one in PARTY_FUNCTIONS}
        self._only(node, allowed | (functions if expected == "Duty" else set()), path)
        with self._entered(node, path):
            sources = [node] if policy is None else [node, policy]
            action, target, assignee, assigner = (
                self._shared(sources, name, path) for name in _SHARED
            )
            return Rule(
                id=path if node.id.startswith("_:") else node.id,
                path=path,
                kind=expected,
                actions=tuple(self._action(v, p) for v, p in action),
                targets=tuple(self._group(v, p, "Asset") for v, p in target),
                assignees=tuple(self._group(v, p, "Party") for v, p in assignee),
                assigners=tuple(self._group(v, p, "Party") for v, p in assigner),
                conditions=self._conditions(node, "constraint", path),
                duties=self._rules(node, "duty", path) if with_duties else (),
                failures=self._rules(node, failure, path) if failure else (),
            )

    def _rules(self, node: Node, name: str, path: str) -> tuple[Rule, ...]:
        return tuple(
            self._rule(one, "Duty", f"{path}.{name}[{index}]")
            for index, one in enumerate(self._things(node, name, path))
        )

    def _shared(
        self, sources: list[Node], name: str, path: str
    ) -> list[tuple[Value, str]]:
        # What a rule leaves out, the policy may say for all of its rules.
        for source, prefix in zip(sources, (path, "policy"), strict=False):
            found = source.properties.get(ODRL + name, [])
            if found:
                return [(v, f"{prefix}.{name}[{i}]") for i, v in enumerate(found)]
        return []

    def _action(self, value: Value, path: str) -> Action:
        node = self._thing(value, path)
        self._typed(node, "Action", path)
        self._only(node, {"refinement", "includedIn", "implies", "uid"}, path, {RDF + "value"})
        named = node.refs(RDF + "value")
        if len(named) > 1 or (not named and node.id.startswith("_:")):
            raise Refused("odrl:action", path=path, why="exactly one action must be named")
        name = named[0] if named else node.id
        if name not in self._hierarchy[0] and not known_action(name):
            raise Refused(short(name), path=path, why="this action is not known here")
        if named:
            self.seen.add(name)
        with self._entered(node, path):
            return Action(name, self._conditions(node, "refinement", path))

    def _group(self, value: Value, path: str, kind: str) -> Group:
        node = self._thing(value, path)
        for one in node.types:
            if one.startswith(ODRL) and one not in (ODRL + kind, f"{ODRL}{kind}Collection"):
                raise Refused(short(one), path=path, why=f"is no type of a {kind.lower()}")
        own = {"partOf", "source", "refinement", "uid"}
        own |= {"hasPolicy"} if kind == "Asset" else {"assigneeOf", "assignerOf"}
        self._only(node, own, path, portrait=True)
        sources = node.refs(ODRL + "source")
        if len(sources) > 1:
            raise Refused("odrl:source", path=path, why="a collection has one source")
        with self._entered(node, path):
            return Group(
                "" if node.id.startswith("_:") else node.id,
                sources[0] if sources else "",
                self._conditions(node, "refinement", path),
            )

    def _conditions(self, node: Node, name: str, path: str) -> tuple[Condition, ...]:
        return tuple(
            self._condition(one, f"{path}.{name}[{index}]")
            for index, one in enumerate(self._things(node, name, path))
        )

    def _condition(self, node: Node, path: str) -> Condition:
        operators = [name for name in (*LOGIC, "andSequence") if ODRL + name in node.properties]
        if operators:
            return self._logical(node, operators, path)
        self._typed(node, "Constraint", path)
        allowed = {"leftOperand", "operator", "rightOperand", "unit", "dataType", "uid"}
        self._only(node, allowed, path)
        left = self._one_name(node, "leftOperand", path)
        if left not in profile_terms.LEFT_OPERANDS and not left.startswith(
            profile_terms.FILTER_VALUE
        ):
            raise Refused(short(left), path=f"{path}.leftOperand", why=NOT_EVALUATED)
        operator = self._one_name(node, "operator", path).removeprefix(ODRL)
        if operator not in OPERATORS:
            raise Refused(short(operator), path=f"{path}.operator", why=NOT_EVALUATED)
        stated = tuple(node.properties.get(ODRL + "rightOperand", ()))
        units, kinds = node.refs(ODRL + "unit"), node.refs(ODRL + "dataType")
        if len(units) > 1 or len(kinds) > 1:
            raise Refused("odrl:unit", path=path, why="at most one may be named")
        if kinds:
            stated = tuple(
                Literal(v.text, kinds[0]) if isinstance(v, Literal) else v for v in stated
            )
        right = self._right(left, operator, stated, f"{path}.rightOperand")
        return Constraint(node.id, path, left, operator, right, stated, "".join(units))

    def _right(
        self, left: str, operator: str, stated: tuple[Value, ...], path: str
    ) -> tuple[values.Operand, ...]:
        if not stated:
            raise Refused("odrl:rightOperand", path=path, why="a constraint needs a value")
        if operator in SINGLE and len(stated) > 1:
            raise Refused(f"odrl:{operator}", path=path, why="compares with one value, not several")
        temporal = left == f"{ODRL}dateTime"
        try:
            right = tuple(values.of(one, temporal=temporal) for one in stated)
        except values.Unfit as error:
            raise Refused("odrl:rightOperand", path=path, why=str(error)) from error
        if operator in ORDER and not values.is_ordered(right[0]):
            raise Refused(f"odrl:{operator}", path=path, why="needs a number or a time to compare")
        if temporal and not all(isinstance(one, values.Moment) for one in right):
            raise Refused("odrl:dateTime", path=path, why="is compared with dates and times only")
        return right

    def _logical(self, node: Node, operators: list[str], path: str) -> Logical:
        if len(operators) > 1:
            both = " and ".join(f"odrl:{name}" for name in operators)
            raise Refused(both, path=path, why="one operator joins the conditions, not several")
        [operator] = operators
        if operator == "andSequence":
            why = "one state of the world does not tell in which order conditions came true"
            raise Refused("odrl:andSequence", path=path, why=why)
        self._typed(node, "LogicalConstraint", path, also="Constraint")
        self._only(node, {operator, "uid"}, path)
        with self._entered(node, path):
            members = self._conditions(node, operator, path)
        return Logical(node.id, path, operator, members)

    def _conflict(self, node: Node, path: str) -> str:
        if ODRL + "conflict" not in node.properties:
            return "invalid"
        name = self._one_name(node, "conflict", path).removeprefix(ODRL)
        if name not in CONFLICTS:
            raise Refused(short(name), path=f"{path}.conflict", why=NOT_EVALUATED)
        return name

    def _one_name(self, node: Node, name: str, path: str) -> str:
        found = node.properties.get(ODRL + name, [])
        if len(found) != 1 or not isinstance(found[0], Ref):
            raise Refused(f"odrl:{name}", path=path, why="exactly one term must be named")
        self._described(found[0], f"{path}.{name}")
        return found[0].iri

    def _described(self, ref: Ref, path: str) -> None:
        # The term itself may be described in the document, and nothing more.
        if ref.iri in self.graph.nodes:
            self._only(self.graph.nodes[ref.iri], set(), path)
            self.seen.add(ref.iri)

    def _things(self, node: Node, name: str, path: str) -> Iterator[Node]:
        for index, value in enumerate(node.properties.get(ODRL + name, ())):
            yield self._thing(value, f"{path}.{name}[{index}]")

    def _thing(self, value: Value, path: str) -> Node:
        if isinstance(value, Literal):
            raise Refused(value.text[:80], path=path, why="a name or an object is needed")
        self.seen.add(value.iri)
        return self.graph.node(value.iri)

    def _typed(self, node: Node, expected: str, path: str, *, also: str = "") -> None:
        for one in node.types:
            if one.startswith(ODRL) and one.removeprefix(ODRL) not in (expected, also, "Rule"):
                raise Refused(short(one), path=path, why=f"a {expected} is needed here")

    def _only(
        self,
        node: Node,
        allowed: set[str],
        path: str,
        also: Iterable[str] = (),
        *,
        portrait: bool = False,
    ) -> None:
        for name in node.properties:
            if name.removeprefix(ODRL) in allowed and name.startswith(ODRL):
                continue
            if name in also or name in DESCRIPTIONS or name in profile_terms.ANNOTATIONS:
                continue
            if portrait and name.startswith(PORTRAITS):
                continue
            raise Refused(short(name), path=path, why=NOT_EVALUATED)

    def _entered(self, node: Node, path: str) -> _Entered:
        if node.id in self._open:
            raise Refused(short(node.id), path=path, why="contains itself")
        return _Entered(self._open, node.id)

    def _nothing_buried(self) -> None:
        for node in self.graph.nodes.values():
            if node.id not in self.seen and _BURIED & set(node.types):
                name = short(min(_BURIED & set(node.types)))
                raise Refused(name, path=node.id, why="belongs to no rule of the policy")


class _Entered:
    def __init__(self, stack: list[str], name: str) -> None:
        self._stack, self._name = stack, name

    def __enter__(self) -> None:
        self._stack.append(self._name)

    def __exit__(self, *_: object) -> None:
        self._stack.pop()


def known_action(name: str) -> bool:
    """Return whether an action is one of ODRL or of the profile."""
    return name in profile_terms.ACTIONS


def graph_hierarchy(graph: Graph) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Return the actions a document defines: what includes each, and what each implies."""
    included, implied = dict[str, str](), dict[str, frozenset[str]]()
    for node in graph.nodes.values():
        parents = node.refs(f"{ODRL}includedIn")
        if len(parents) > 1:
            raise Refused("odrl:includedIn", path=node.id, why="an action is included in one other")
        if parents and known_action(node.id):
            if profile_terms.ACTIONS[node.id] != parents[0]:
                why = "ODRL includes it in another action"
                raise Refused(short(node.id), path=node.id, why=why)
        elif parents:
            included[node.id] = parents[0]
        others = node.refs(f"{ODRL}implies")
        if others:
            implied[node.id] = frozenset(others)
    for name in included:
        _check_chain(name, included)
    return included, implied


def _check_chain(name: str, included: dict[str, str]) -> None:
    passed, current = [name], included[name]
    while not known_action(current):
        if current in passed or current not in included:
            raise Refused(short(current), path=name, why="does not lead to an action of ODRL")
        passed.append(current)
        current = included[current]


def memberships(graph: Graph) -> dict[str, frozenset[str]]:
    """Return of which collections each thing is a part, as a document says."""
    return _collected(graph, lambda node: node.refs(f"{ODRL}partOf"))


def _collected(graph: Graph, of: Callable[[Node], Any]) -> dict[str, frozenset[str]]:
    return {node.id: frozenset(of(node)) for node in graph.nodes.values() if of(node)}
