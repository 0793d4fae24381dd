"""The clocks of story S1, to the day. Source: domain §6 S1."""

from __future__ import annotations

import pytest

from applications import actions
from applications.models import ApplicationDocument
from applications.queries import granted_scope
from core import hashing
from tests.applications.conftest import due, running
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


def test_every_clock_of_story_s1_ends_on_its_golden_day(city: City) -> None:
    case = build.submitted(city)
    assert case.number == "WX-SQ-2026-00001"
    assert case.scenario_code == "CJ-2026-00001"
    assert due(case, "acceptance") == "2026-09-17"

    case = actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
    assert case.state == "PROVIDER_REVIEW"
    assert due(case, "provider_review") == "2026-09-22"
    assert due(case, "overall") == "2026-10-20"

    for branch in case.branches.all():
        assert due(branch, "provider_review") == "2026-09-22"
        build.answer_branch(city, branch)
    case.refresh_from_db()
    assert case.state == "SECURITY_REVIEW"
    assert due(case, "security_review") == "2026-09-30"

    case = actions.pass_security_review(
        application_id=case.pk, assessment=build.ASSESSMENT, actor=city.security, at=build.SECURED
    )
    assert due(case, "committee") == "2026-10-16"

    actions.seat_panel(
        application_id=case.pk,
        members=city.panel,
        chair=city.chair,
        actor=city.secretary,
        at=build.CONCLUDED,
    )
    for member in city.panel:
        actions.declare_interest(
            application_id=case.pk, conflict="", actor=member, at=build.CONCLUDED
        )
        build.vote(case, member)
    build.sign_off(city, case)
    case = actions.decide(
        application_id=case.pk,
        result="APPROVED",
        reasons="符合要求。",
        actor=city.decider,
        at=build.DECIDED,
    )
    assert case.state == "APPROVED"
    assert due(case, "signing") == "2026-11-03"
    assert running(case) == {"signing"}


def test_the_papers_of_the_case_are_stored_with_their_hashes(city: City) -> None:
    _city, case = build.approved_application(city)
    papers = {d.kind: d for d in ApplicationDocument.objects.filter(application=case)}
    assert set(papers) == {"ACCEPTANCE", "MINUTES", "DECISION"}
    for paper in papers.values():
        assert bytes(paper.file).startswith(b"%PDF")
        assert paper.content_hash == hashing.digest(bytes(paper.file))
    assert papers["DECISION"].number == case.decision_number == "锡数决〔2026〕1号"


def test_the_granted_scope_is_what_every_provider_let_through(city: City) -> None:
    case = build.reviewed(
        city,
        decisions={
            "capital": {"decision": "DENY", "reason": "非必要", "legal_basis": "最小必要原则"},
            "name": {"decision": "TRANSFORM", "rule": "mask"},
        },
    )
    first, second = granted_scope(case.pk)
    assert first.dataset_code == "D01"
    assert first.fields == ("uscc", "name", "status", "reg_date", "industry")
    assert first.transforms == {"name": "mask"}
    assert second.fields == build.D07_FIELDS
    item = case.items.get(dataset__code="D01")
    assert item.outcome["denied"] == ["capital"]
