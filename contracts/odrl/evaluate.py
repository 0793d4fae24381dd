"""
Does a rule hold for a request, as the world is? Pure.

Three answers: satisfied, unsatisfied, and unknown where the world does not say. A permission holds
when everything is satisfied; a prohibition holds unless something is unsatisfied. What is not known
therefore never opens anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.odrl import profile_terms, values
from contracts.odrl.jsonld import Value
from contracts.odrl.model import Action, Condition, Constraint, Group, Logical, Policy, Rule
from contracts.odrl.vocabulary import ORDER, short
from contracts.odrl.world import DATE_TIME, Ask, DutyState, Fact, Facts, Request, World


class Satisfaction(StrEnum):
    """Whether one premise is the case."""

    SATISFIED = "Satisfied"
    UNSATISFIED = "Unsatisfied"
    UNKNOWN = "Unknown"


YES, NO, OPEN = Satisfaction.SATISFIED, Satisfaction.UNSATISFIED, Satisfaction.UNKNOWN


@dataclass(frozen=True, slots=True)
class Premise:
    """One premise of a rule: what was compared, and what came of it."""

    kind: str
    satisfaction: Satisfaction
    reason: str = ""
    id: str = ""
    operator: str = ""
    left: tuple[Value, ...] = ()
    right: tuple[Value, ...] = ()
    members: tuple[Premise, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one rule for one thing asked."""

    rule: Rule
    ask: str
    active: bool
    reason: str
    premises: tuple[Premise, ...]
    duties: tuple[DutyFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyFinding:
    """The state of one duty, and whether it binds now."""

    rule: Rule
    state: DutyState
    reason: str
    premises: tuple[Premise, ...]
    failures: tuple[DutyFinding, ...] = ()

    @property
    def blocks(self) -> bool:
        """Return whether the duty takes away the permission it belongs to."""
        if self.state.deontic != "Violated":
            return False
        settled = [one.state.deontic == "Fulfilled" for one in self.failures]
        return not (settled and all(settled))


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of all the rules for one thing asked."""

    ask: Ask
    permitted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was found; ``decisions`` has one entry for each thing asked."""

    policy: Policy
    request: Request
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]

    @property
    def permitted(self) -> bool:
        """Return whether everything that was asked is permitted."""
        return all(one.permitted for one in self.decisions)


def evaluate(policy: Policy, request: Request, world: World) -> Evaluation:
    """Return what a policy says to a request in a state of the world."""
    one = _Evaluator(policy, request, world)
    findings = tuple(
        one.finding(rule, ask) for ask in request.asks for rule in policy.rules
    )
    decisions = tuple(
        _decide(policy, ask, [f for f in findings if f.ask == ask.id]) for ask in request.asks
    )
    return Evaluation(policy, request, findings, decisions)


def _decide(policy: Policy, ask: Ask, findings: list[Finding]) -> Decision:
    permitting = [f for f in findings if f.active and f.rule.kind == "Permission"]
    forbidding = [f for f in findings if f.active and f.rule.kind == "Prohibition"]
    if policy.type == "Offer":
        return Decision(ask, False, "an offer grants nothing until it is agreed")
    if not permitting:
        which = forbidding[0].rule.id if forbidding else ""
        why = f"the prohibition {which} holds" if which else "no permission holds"
        return Decision(ask, False, why)
    if forbidding and policy.conflict != "perm":
        both = f"{permitting[0].rule.id} permits and {forbidding[0].rule.id} forbids"
        rule = "prohibitions go first" if policy.conflict == "prohibit" else "the policy is void"
        return Decision(ask, False, f"{both}; {rule}")
    return Decision(ask, True, f"the permission {permitting[0].rule.id} holds")


class _Evaluator:
    def __init__(self, policy: Policy, request: Request, world: World) -> None:
        self._world = world
        self._members = _merged(
            [policy.members, request.members, world.members], profile_terms.REGIONS
        )
        self._types = _merged([request.types, world.types], {})
        self._parents = {**request.included, **policy.hierarchy}
        self._implications = policy.implications

    def finding(self, rule: Rule, ask: Ask) -> Finding:
        facts = {**ask.facts, **self._world.facts}
        if rule.kind == "Duty":
            duty = self._duty(rule, facts)
            premises = (*self._who_and_what(rule, ask, facts), *duty.premises)
            active = all(p.satisfaction is not NO for p in premises)
            return Finding(rule, ask.id, active, duty.reason, premises, (duty,))
        premises = (
            *self._who_and_what(rule, ask, facts),
            *(self._condition(one, facts) for one in rule.conditions),
        )
        duties = tuple(self._duty(one, facts) for one in (*rule.duties, *rule.failures))
        if rule.kind == "Permission":
            active = all(p.satisfaction is YES for p in premises)
            blocking = [d for d in duties if d.blocks]
            reason = _why(premises, blocking) if blocking or not active else "every premise holds"
            return Finding(rule, ask.id, active and not blocking, reason, premises, duties)
        active = all(p.satisfaction is not NO for p in premises)
        reason = "no premise fails" if active else _why(premises, [])
        return Finding(rule, ask.id, active, reason, premises, duties)

    def _who_and_what(self, rule: Rule, ask: Ask, facts: Facts) -> tuple[Premise, ...]:
        found = []
        if rule.targets:
            found.append(self._groups("TargetReport", rule.targets, ask.target))
        if rule.assignees:
            found.append(self._groups("PartyReport", rule.assignees, ask.party))
        if rule.actions:
            found.append(self._actions(rule, ask.action, facts))
        return tuple(found)

    def _groups(self, kind: str, groups: tuple[Group, ...], asked: str) -> Premise:
        found = [self._group(one, asked) for one in groups]
        satisfaction = _any(one.satisfaction for one in found)
        reasons = [one.reason for one in found if one.reason]
        members = tuple(premise for one in found for premise in one.members)
        reason = "" if satisfaction is YES else "; ".join(reasons)
        return Premise(kind, satisfaction, reason, members=members)

    def _group(self, group: Group, asked: str) -> Premise:
        if not asked:
            return Premise("", OPEN, "the request does not say")
        names = {group.id, group.source} - {""}
        belongs = asked in names or bool(names & self._closure(asked, self._members))
        if names and not belongs:
            return Premise("", NO, f"{asked} is not {' or '.join(sorted(names))}, nor part of it")
        own = self._world.of_things.get(asked, {})
        members = tuple(self._condition(one, own) for one in group.refinements)
        satisfaction = _all(one.satisfaction for one in members)
        reason = "" if satisfaction is YES else f"{asked} does not fit the refinement"
        return Premise("", satisfaction, reason, members=members)

    def _actions(self, rule: Rule, asked: str, facts: Facts) -> Premise:
        members: list[Premise] = []
        results: list[Satisfaction] = []
        for action in rule.actions:
            if not asked:
                results.append(OPEN)
            elif self._covers(action, asked, rule.kind):
                refined = [self._condition(one, facts) for one in action.refinements]
                members += refined
                results.append(_all(one.satisfaction for one in refined))
            else:
                results.append(NO)
        satisfaction = _any(results)
        named = " or ".join(short(one.name) for one in rule.actions)
        reason = f"{short(asked) or 'the action asked for'} is not covered by {named}"
        return Premise(
            "ActionReport", satisfaction, "" if satisfaction is YES else reason,
            members=tuple(members),
        )  # fmt: skip

    def _covers(self, action: Action, asked: str, kind: str) -> bool:
        wanted = {action.name}
        if kind == "Permission":
            # What is permitted may not be made impossible: what it implies comes with it.
            wanted |= self._closure(action.name, self._implications)
        return bool(wanted & {asked, *self._including(asked)})

    def _including(self, action: str) -> list[str]:
        found: list[str] = []
        current: str | None = action
        while current is not None and current not in found:
            found.append(current)
            current = self._parents.get(current) or profile_terms.ACTIONS.get(current)
        return found

    def _closure(self, start: str, graph: Mapping[str, frozenset[str]]) -> set[str]:
        found, waiting = set[str](), [start]
        while waiting:
            for one in graph.get(waiting.pop(), frozenset()) - found:
                found.add(one)
                waiting.append(one)
        return found

    def _condition(self, condition: Condition, facts: Facts) -> Premise:
        if isinstance(condition, Logical):
            members = tuple(self._condition(one, facts) for one in condition.members)
            joined = _JOINED[condition.operator](m.satisfaction for m in members)
            reason = "" if joined is YES else f"odrl:{condition.operator} does not hold"
            return Premise(
                "ConstraintReport", joined, reason, condition.id or condition.path,
                condition.operator, members=members,
            )  # fmt: skip
        fact = facts.get(condition.left)
        satisfaction, reason = self._constraint(condition, fact)
        return Premise(
            "ConstraintReport", satisfaction, reason, condition.id or condition.path,
            condition.operator, fact.stated if fact else (), condition.stated,
        )  # fmt: skip

    def _constraint(
        self, constraint: Constraint, fact: Fact | None
    ) -> tuple[Satisfaction, str]:
        name = short(constraint.left)
        if fact is None:
            return OPEN, f"nothing is known of {name}"
        if constraint.unit and fact.unit != constraint.unit:
            return OPEN, f"{name} is not given in {constraint.unit}"
        found = self._compared(constraint, fact.values)
        if found is YES:
            return YES, ""
        if found is OPEN:
            return OPEN, f"{name} cannot be compared by odrl:{constraint.operator}"
        return NO, f"{name} does not satisfy odrl:{constraint.operator}"

    def _compared(self, one: Constraint, left: tuple[values.Operand, ...]) -> Satisfaction:
        if one.operator in ("isAllOf", "hasPart"):
            if one.operator == "hasPart":
                left = tuple(part for value in left for part in self._parts(value))
            return _all(_any(_sat(values.equal(v, r)) for v in left) for r in one.right)
        if not left:
            # No value at all: contained in everything, none of anything, equal to nothing.
            return YES if one.operator in ("isPartOf", "isNoneOf") else NO
        return _same(self._single(one, value) for value in left)

    def _single(self, one: Constraint, value: values.Operand) -> Satisfaction:
        right = one.right
        match one.operator:
            case "eq":
                return _sat(values.equal(value, right[0]))
            case "neq":
                return _not(_sat(values.equal(value, right[0])))
            case operator if operator in ORDER:
                return _sat(values.order(value, right[0], operator))
            case "isAnyOf":
                return _any(_sat(values.equal(value, r)) for r in right)
            case "isNoneOf":
                return _not(_any(_sat(values.equal(value, r)) for r in right))
            case "isA":
                return _any(_sat(v == r) for v in self._kinds(value) for r in right)
            case _:
                return _any(_sat(v == r) for v in self._wholes(value) for r in right)

    def _kinds(self, value: values.Operand) -> list[values.Operand]:
        if not isinstance(value, values.Name):
            return [value]
        return [value, *(values.Name(one) for one in self._types.get(value.text, ()))]

    def _wholes(self, value: values.Operand) -> list[values.Operand]:
        if not isinstance(value, values.Name):
            return [value]
        closure = self._closure(value.text, self._members)
        return [value, *(values.Name(one) for one in sorted(closure))]

    def _parts(self, value: values.Operand) -> list[values.Operand]:
        if not isinstance(value, values.Name):
            return [value]
        inside = [m for m in self._members if value.text in self._closure(m, self._members)]
        return [value, *(values.Name(one) for one in inside)]

    def _duty(self, rule: Rule, facts: Facts) -> DutyFinding:
        premises = tuple(self._condition(one, facts) for one in rule.conditions)
        failures = tuple(self._duty(one, facts) for one in rule.failures)
        reported = self._world.duties.get(rule.id)
        if reported is not None:
            reason = f"reported as {reported.deontic}"
            return DutyFinding(rule, reported, reason, premises, failures)
        if self._too_late(rule, facts):
            late = DutyState("Violated", "Unperformed")
            reason = "its time is over and nothing reports that it was done"
            return DutyFinding(rule, late, reason, premises, failures)
        return DutyFinding(rule, DutyState("NonSet"), "nothing is reported", premises, failures)

    def _too_late(self, rule: Rule, facts: Facts) -> bool:
        limits = [
            one
            for one in rule.conditions
            if isinstance(one, Constraint)
            and one.left == DATE_TIME
            and one.operator in ("lt", "lteq")
        ]
        return any(
            self._constraint(one, facts.get(DATE_TIME))[0] is NO for one in limits
        )


def _merged(
    parts: list[Mapping[str, frozenset[str]]], fixed: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    found = {name: frozenset({whole}) for name, whole in fixed.items()}
    for part in parts:
        for name, wholes in part.items():
            found[name] = found.get(name, frozenset()) | wholes
    return found


def _sat(answer: bool | None) -> Satisfaction:
    return OPEN if answer is None else YES if answer else NO


def _not(found: Satisfaction) -> Satisfaction:
    return {YES: NO, NO: YES, OPEN: OPEN}[found]


def _all(found: Iterable[Satisfaction]) -> Satisfaction:
    given = list(found)
    return NO if NO in given else OPEN if OPEN in given else YES


def _any(found: Iterable[Satisfaction]) -> Satisfaction:
    given = list(found)
    return YES if YES in given else OPEN if OPEN in given else NO


def _same(found: Iterable[Satisfaction]) -> Satisfaction:
    # Several values that do not agree tell nothing certain, so nothing opens by them.
    given = set(found)
    return given.pop() if len(given) == 1 else OPEN


def _xone(found: Iterable[Satisfaction]) -> Satisfaction:
    given = list(found)
    certain = given.count(YES)
    if certain > 1:
        return NO
    return OPEN if OPEN in given else YES if certain else NO


_JOINED: dict[str, Callable[[Iterable[Satisfaction]], Satisfaction]] = {
    "and": _all, "or": _any, "xone": _xone,
}  # fmt: skip


def _why(premises: tuple[Premise, ...], blocking: list[DutyFinding]) -> str:
    reasons = [p.reason for p in premises if p.satisfaction is not YES and p.reason]
    reasons += [f"the duty {d.rule.id} is violated: {d.reason}" for d in blocking]
    return "; ".join(reasons)
