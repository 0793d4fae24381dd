"""The versions of the rules of the checks: the one in force, the history, what one would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from applications import eligibility
from applications.eligibility_rules import BY_LAW, CODES, Rules
from applications.eligibility_words import (
    CHECK_NAMES,
    LEVEL_NAMES,
    MODE_NAMES,
    environment_names,
)
from applications.models import Application, EligibilityRule
from applications.queries.checks import RESULT_NAMES, collect_facts
from applications.queries.rulebook import rules_of, rules_on
from core import clock
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Role
from workflow import policy, transitions

VERSIONS_MAX = 50
# How many open cases a proposed version is tried on.
PREVIEW_CASES_MAX = 30
PROPOSERS = (Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER)


@dataclass(frozen=True, slots=True)
class CheckRule:
    """How one check works under a version; ``was`` is how it worked before, when it differs."""

    code: str
    name: str
    mode: str
    mode_name: str
    by_law: str
    was: str


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version as the page shows it."""

    id: UUID
    version: int
    label: str
    state: str
    state_name: str
    current: bool
    checks: tuple[CheckRule, ...]
    rules: Rules
    high_levels: str
    closed_environments: str
    free_purposes: str
    legal_basis: str
    effective_on: date
    proposed_by: str
    settled_by: str
    offers: tuple[transitions.Offer, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that a proposed version would turn on an open case; empty is "not run"."""

    number: str
    applicant: str
    check: str
    before: str
    after: str
    blocks: bool


def eligibility_rules(*, actor: Any, at: datetime) -> tuple[RuleVersion, ...]:
    """Return the versions an actor may see, the newest first; the first one needs no right."""
    if not may_see_eligibility_rules(actor):
        return ()
    seen = policy.visible(actor, "applications.see_eligibilityrule", EligibilityRule)
    rows = list(
        (seen | EligibilityRule.objects.filter(version=1))
        .select_related("proposed_by", "settled_by")
        .order_by("-version")[:VERSIONS_MAX]
    )
    today = clock.local_date(at)
    now = rules_on(on=today).version
    approved = [row for row in rows if row.state == EligibilityRule.State.IN_FORCE]
    return tuple(_version(row, approved, now=now, actor=actor) for row in rows)


def may_see_eligibility_rules(actor: Any) -> bool:
    """Return whether an actor has a desk from which the rules are kept."""
    return any(parties.has_role(actor, role) for role in PROPOSERS)


def preview_rule(*, rule_id: UUID, actor: Any, at: datetime) -> tuple[Change, ...]:
    """
    Return what a version would find otherwise on the newest cases not decided yet.

    Only cases this actor may see, at most ``PREVIEW_CASES_MAX``; nothing is stored.

    :raises NotFound: there is no such version for this actor.
    """
    seen = policy.visible(actor, "applications.see_eligibilityrule", EligibilityRule)
    row = seen.filter(id=rule_id).first()
    if row is None:
        raise NotFound
    then, now = rules_of(row), rules_on(on=clock.local_date(at))
    cases = (
        policy.visible(actor, "applications.see_application", Application)
        .filter(state__in=["SUBMITTED", "CORRECTION_REQUESTED"])
        .select_related("applicant__parent")
        .order_by("-submitted_at", "id")[:PREVIEW_CASES_MAX]
    )
    return tuple(
        change for case in cases for change in _changes(case, now=now, then=then, at=at)
    )


def _changes(case: Application, *, now: Rules, then: Rules, at: datetime) -> list[Change]:
    facts = collect_facts(application=case, at=at)
    before = {f.code: f for f in eligibility.run_checks(facts=facts, rules=now)}
    after = {f.code: f for f in eligibility.run_checks(facts=facts, rules=then)}
    found = []
    for code in CODES:
        old, new = before.get(code), after.get(code)
        was, becomes = old.result if old else "", new.result if new else ""
        blocks = new is not None and new.blocking and new.result == eligibility.FAIL
        blocked = old is not None and old.blocking and old.result == eligibility.FAIL
        if was != becomes or blocks != blocked:
            found.append(
                Change(
                    number=case.number or "",
                    applicant=case.applicant.name,
                    check=str(CHECK_NAMES[code]),
                    before=str(RESULT_NAMES.get(was, "")),
                    after=str(RESULT_NAMES.get(becomes, "")),
                    blocks=blocks,
                )
            )
    return found


def _version(
    row: EligibilityRule, approved: list[EligibilityRule], *, now: str, actor: Any
) -> RuleVersion:
    rules = rules_of(row)
    before = next((rules_of(r) for r in approved if r.version < row.version), rules)
    return RuleVersion(
        id=row.pk,
        version=row.version,
        label=row.label,
        state=row.state,
        state_name=str(EligibilityRule.State(row.state).label),
        current=row.label == now,
        checks=tuple(_check(code, rules, before) for code in CODES),
        rules=replace(rules, modes={code: rules.mode(code) for code in CODES}),
        high_levels="、".join(str(LEVEL_NAMES.get(c, c)) for c in rules.high_levels),
        closed_environments=environment_names(list(rules.closed_environments)),
        free_purposes="、".join(
            str(Application.PurposeClass(p).label) for p in rules.free_purposes
        ),
        legal_basis=row.legal_basis,
        effective_on=row.effective_on,
        proposed_by=row.proposed_by.full_name if row.proposed_by else "",
        settled_by=row.settled_by.full_name if row.settled_by else "",
        offers=transitions.offers(row, actor=actor),
    )


def _check(code: str, rules: Rules, before: Rules) -> CheckRule:
    mode, was = rules.mode(code), before.mode(code)
    return CheckRule(
        code=code,
        name=str(CHECK_NAMES[code]),
        mode=mode,
        mode_name=str(MODE_NAMES[mode]),
        by_law=BY_LAW.get(code, ""),
        was=str(MODE_NAMES[was]) if was != mode else "",
    )
