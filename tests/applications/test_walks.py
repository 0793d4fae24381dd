"""Any order of steps by anybody: a case moves along declared edges only, clocks fit its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import actions, scope
from applications.models import Application, ProviderBranch
from core.errors import DomainError
from parties import queries as parties
from tests.applications.conftest import running
from tests.builders import applications as build
from tests.builders.applications import City
from workflow.transitions import declared_transitions

pytestmark = pytest.mark.django_db

AT = build.CONCLUDED
EDGES = {
    (source, step.target) for step in declared_transitions(Application) for source in step.sources
}
# The clocks that run in each state; what is not listed has none.
CLOCKS: dict[str, set[str]] = {
    "SUBMITTED": {"acceptance"},
    "CORRECTION_REQUESTED": {"acceptance", "correction"},
    "PROVIDER_REVIEW": {"overall", "provider_review"},
    "SECURITY_REVIEW": {"overall", "security_review"},
    "COMMITTEE_REVIEW": {"overall", "committee"},
    "DECISION_PENDING": {"overall"},
    "APPROVED": {"signing"},
    "AGREEMENT_STAGE": {"signing"},
    "REJECTED": {"objection"},
    "OBJECTION": {"objection_answer"},
    "OVERTURNED": {"signing"},
}
DEFECT = {"section": "usage", "item": "证书", "problem": "过期", "required": "换证"}
Move = Callable[[City, Application], Any]


def _review(city: City, case: Application) -> None:
    branch = case.branches.exclude(state=ProviderBranch.State.ANSWERED).order_by("id").first()
    if branch is not None:
        build.answer_branch(city, branch, at=AT)


def _sit(city: City, case: Application) -> None:
    actions.seat_panel(
        application_id=case.pk, members=city.panel, chair=city.chair, actor=city.secretary, at=AT
    )
    for who in city.panel:
        actions.declare_interest(application_id=case.pk, conflict="", actor=who, at=AT)
        build.vote(case, who)


def _of(name: str, who: str, **arguments: Any) -> Move:
    def move(city: City, case: Application) -> Any:
        actor = parties.system_actor() if who == "system" else getattr(city, who)
        return getattr(actions, name)(application_id=case.pk, actor=actor, at=AT, **arguments)

    return move


MOVES: dict[str, Move] = {
    "submit": _of("submit_application", "agent"),
    "return": _of("request_correction", "case", defects=[DEFECT]),
    "correct": _of("resubmit_application", "agent", answers={"1": "已换"}),
    "accept": _of("accept_application", "case"),
    "refuse": _of("refuse_acceptance", "case", reason_code="OTHER", reason="不符合"),
    "review": _review,
    "secure": _of("pass_security_review", "security", assessment=build.ASSESSMENT),
    "sit": _sit,
    "close": _of("close_panel", "chair"),
    "conclude": build.sign_off,
    "approve": _of("decide", "decider", result="APPROVED", reasons="同意"),
    "reject": _of(
        "decide", "decider", result="REJECTED", reasons="不同意", departure_reason="另有考虑"
    ),
    "handler_decides": _of("decide", "case", result="APPROVED", reasons="同意"),
    "object": _of("object_to_decision", "agent", grounds="请复核"),
    "hear": lambda city, case: build.heard(city, case, at=AT),
    "overturn": _of("answer_objection", "second_decider", result="OVERTURNED", reasons="成立"),
    "agree": _of("begin_agreement", "system"),
    "complete": _of("complete_application", "system"),
    "withdraw": _of("withdraw_application", "agent"),
    "stranger": _of("withdraw_application", "stranger"),
}
# The straight road, so that walks get far; other moves are strewn in.
ROAD = ("submit", "accept", "review", "review", "secure", "sit", "conclude", "approve", "agree")
walks = st.tuples(
    st.integers(0, len(ROAD)), st.lists(st.sampled_from(sorted(MOVES)), min_size=1, max_size=6)
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=walks)
def test_a_case_moves_along_declared_edges_and_its_clocks_fit(
    city: City, walk: tuple[int, list[str]]
) -> None:
    start, moves = walk
    with transaction.atomic():
        case = build.drafted(city)
        for name in (*ROAD[:start], *moves):
            _step(city, case, name)
        transaction.set_rollback(True)


def _step(city: City, case: Application, name: str) -> None:
    before = case.state
    refused = False
    try:
        MOVES[name](city, case)
    except DomainError:
        refused = True
    case.refresh_from_db()
    if refused and name != "sit":
        assert case.state == before
    assert case.state == before or _leads(before, case.state), (name, before, case.state)
    assert running(case) == CLOCKS.get(case.state, set()), (name, case.state)


def _leads(before: str, after: str) -> bool:
    # Acceptance and the first step of the review are one act.
    return (before, after) in EDGES or (before, after) == ("SUBMITTED", "PROVIDER_REVIEW")


answers = st.one_of(
    st.just({"decision": "ALLOW", "rule": ""}),
    st.just({"decision": "DENY", "rule": ""}),
    st.sampled_from(sorted(scope.TRANSFORM_RULES)).map(
        lambda rule: {"decision": "TRANSFORM", "rule": rule}
    ),
)
fields = st.sampled_from(["a", "b", "c", "d"])
opinions = st.lists(st.dictionaries(fields, answers), max_size=3)


@given(requested=st.lists(fields, unique=True), given_=opinions)
def test_the_merged_scope_is_never_wider_than_the_request_or_any_opinion(
    requested: list[str], given_: list[dict[str, Any]]
) -> None:
    merged = scope.merge(requested=requested, opinions=given_)

    assert set(merged.fields) | set(merged.denied) == set(requested)
    assert not set(merged.fields) & set(merged.denied)
    strength = tuple(scope.TRANSFORM_RULES)
    for name in merged.fields:
        said = [one[name] for one in given_ if name in one]
        assert said
        assert all(answer["decision"] != "DENY" for answer in said)
        for answer in said:
            if answer["decision"] == "TRANSFORM":
                assert strength.index(merged.transforms[name]) >= strength.index(answer["rule"])
