"""Amendments and renewals: when they may begin, what they may not change, what they replace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from applications import actions as applications
from applications.errors import (
    ChildUnderWay,
    NotGranted,
    OutsideWindow,
    RenewalWidens,
    ScenarioFixed,
    UnderMeasure,
)
from applications.models import Application, RenewalRule
from contracts import actions as contracts
from contracts.models import Agreement
from core.errors import Forbidden, NotFound
from licensing import actions, handlers
from licensing.models import License
from parties.queries import system_actor
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders import licensing as builders
from tests.builders.applications import City, day
from tests.builders.contracts import sign
from tests.builders.licensing import Licensed
from tests.portal.reading import read, send
from workflow import outbox
from workflow.models import Event

pytestmark = pytest.mark.django_db

# Signed on 2026-10-20 for twelve months: the last day is 2027-10-19.
OPENS, CLOSES = day("2027-08-20"), day("2027-09-19")
EARLY, LATE = day("2027-08-19"), day("2027-09-20")
AMENDED = day("2027-01-11")


@pytest.fixture(scope="module")
def _stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Licensed]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield builders.licensed()
        transaction.set_rollback(True)


@pytest.fixture
def stage(_stage: Licensed, db: None) -> Licensed:
    return _stage


@pytest.fixture
def case(stage: Licensed) -> Application:
    return Application.objects.get(pk=stage.agreement.application_id)


def begin(
    case: Application, city: City, kind: str = "AMENDMENT", at: datetime = AMENDED, who: Any = None
) -> Application:
    return applications.begin_child(
        application_id=case.pk, kind=kind, actor=who or city.agent, at=at
    )


def submit(child: Application, city: City, at: datetime = AMENDED) -> Application:
    commit(child, city, at)
    return hand_in(child, city, at)


def commit(child: Application, city: City, at: datetime = AMENDED) -> None:
    applications.sign_commitments(
        application_id=child.pk, codes=build.form.COMMITMENTS, actor=city.agent, at=at
    )


def hand_in(child: Application, city: City, at: datetime = AMENDED) -> Application:
    return applications.submit_application(application_id=child.pk, actor=city.agent, at=at)


class TestARenewal:
    @pytest.mark.parametrize("at", [OPENS, CLOSES])
    def test_may_be_begun_on_the_boundary_days_and_not_a_day_beside_them(
        self, stage: Licensed, case: Application, at: datetime
    ) -> None:
        beside = EARLY if at == OPENS else LATE
        refuses(case, OutsideWindow, lambda: begin(case, stage.city, "RENEWAL", beside))
        child = begin(case, stage.city, "RENEWAL", at)
        assert (child.kind, child.parent_id, child.state) == ("RENEWAL", case.pk, "DRAFT")

    def test_keeps_to_the_version_of_the_window_in_force_on_the_day(
        self, stage: Licensed, case: Application
    ) -> None:
        RenewalRule.objects.create(
            version=2, effective_on=date(2027, 8, 20), opens_days=30, closes_days=0,
            legal_basis="测试",
        )  # fmt: skip
        early = day("2027-09-18")
        refuses(case, OutsideWindow, lambda: begin(case, stage.city, "RENEWAL", early))
        assert begin(case, stage.city, "RENEWAL", day("2027-10-19")).kind == "RENEWAL"

    def test_shares_the_scenario_of_its_parent_and_is_signed_anew(
        self, stage: Licensed, case: Application
    ) -> None:
        child = begin(case, stage.city, "RENEWAL", OPENS)
        assert child.commitments == {}
        child = submit(child, stage.city, OPENS)
        assert child.scenario_code == case.scenario_code
        assert child.number != case.number

    def test_cannot_ask_for_a_field_that_was_not_granted(
        self, stage: Licensed, case: Application
    ) -> None:
        outcome = case.items.get(dataset__code="D01")
        branch = case.branches.get(provider=outcome.dataset.provider)
        branch.opinion["D01"]["fields"]["capital"]["decision"] = "DENY"
        branch.save()
        child = begin(case, stage.city, "RENEWAL", OPENS)
        assert "capital" not in child.items.get(dataset__code="D01").fields
        wider = [
            {"code": i.dataset.code, "fields": [*i.fields, *extra], "filters": {},
             "justification": i.justification}
            for i in child.items.select_related("dataset")
            for extra in [["capital"] if i.dataset.code == "D01" else []]
        ]  # fmt: skip
        applications.set_items(
            application_id=child.pk, items=wider, actor=stage.city.agent, at=OPENS
        )
        commit(child, stage.city, OPENS)
        refuses(child, RenewalWidens, lambda: hand_in(child, stage.city, OPENS))


class TestAnAmendment:
    @pytest.mark.parametrize(
        "changes",
        [
            {"scenario_name": "贷后营销"},
            {"purpose_class": "SECTOR"},
            {"purpose_text": "改用于贷后管理和客户分层，另作他用的长段说明。"},
        ],
    )
    def test_cannot_change_the_scenario(
        self, stage: Licensed, case: Application, changes: dict[str, str]
    ) -> None:
        child = begin(case, stage.city)
        error = refuses(
            child,
            ScenarioFixed,
            lambda: applications.edit_application(
                application_id=child.pk, changes=changes, actor=stage.city.agent, at=AMENDED
            ),
        )
        assert set(error.fields) == set(changes)  # type: ignore[attr-defined]

    def test_that_got_another_scenario_past_the_form_is_refused_at_submission(
        self, stage: Licensed, case: Application
    ) -> None:
        child = begin(case, stage.city)
        Application.objects.filter(pk=child.pk).update(purpose_class="SECTOR")
        commit(child, stage.city)
        refuses(child, ScenarioFixed, lambda: hand_in(child, stage.city))

    def test_may_ask_for_more_and_goes_through_the_whole_review(
        self, stage: Licensed, case: Application
    ) -> None:
        child = begin(case, stage.city)
        applications.edit_application(
            application_id=child.pk,
            changes={"monthly_quota": 500_000},
            actor=stage.city.agent,
            at=AMENDED,
        )
        child = submit(child, stage.city)
        child = applications.accept_application(
            application_id=child.pk, actor=stage.city.case, at=AMENDED
        )
        assert child.state == "PROVIDER_REVIEW"
        assert child.branches.count() == 2

    def test_is_one_at_a_time(self, stage: Licensed, case: Application) -> None:
        child = begin(case, stage.city)
        refuses(case, ChildUnderWay, lambda: begin(case, stage.city))
        refuses(case, ChildUnderWay, lambda: begin(case, stage.city, "RENEWAL", OPENS))
        applications.withdraw_application(
            application_id=child.pk, actor=stage.city.agent, at=AMENDED
        )
        assert begin(case, stage.city).parent_id == case.pk

    def test_is_for_the_agents_of_the_applicant(self, stage: Licensed, case: Application) -> None:
        city = stage.city
        for who, error in ((city.stranger, NotFound), (city.case, Forbidden)):
            refuses(case, error, lambda who=who: begin(case, city, who=who))

    def test_needs_a_grant_that_holds(self, stage: Licensed, case: Application) -> None:
        refuses(case, NotGranted, lambda: begin(case, stage.city, at=day("2027-10-20")))
        draft = build.drafted(stage.city)
        refuses(draft, NotGranted, lambda: begin(draft, stage.city))

    def test_waits_while_a_measure_stands_on_the_license(
        self, stage: Licensed, case: Application
    ) -> None:
        actions.suspend_license(
            license_id=stage.licenses["D01"].pk,
            reason="涉嫌超场景",
            actor=stage.city.supervisor,
            at=AMENDED,
        )
        refuses(case, UnderMeasure, lambda: begin(case, stage.city))


def test_the_page_offers_what_can_be_begun_and_says_why_the_rest_cannot(
    stage: Licensed, case: Application
) -> None:
    page = read(stage.city.agent, "application", case.pk, at=AMENDED)
    assert "2027-08-20" in page
    assert "child-barred-RENEWAL" in page
    assert "child-barred-AMENDMENT" not in page
    assert "变更申请" not in read(stage.city.case, "application", case.pk, at=AMENDED)
    send(stage.city.agent, "application_child", case.pk, at=AMENDED, data={"kind": "AMENDMENT"})
    child = case.children.get()
    page = read(stage.city.agent, "application", case.pk, at=AMENDED)
    assert f"/applications/{child.pk}/" in page
    assert case.number in read(stage.city.agent, "application", child.pk, at=AMENDED)


def granted_child(case: Application, city: City, *, at: datetime = AMENDED) -> Agreement:
    """Lead an amendment through everything to an agreement in force with its licenses."""
    child = submit(begin(case, city, at=at), city, at)
    applications.accept_application(application_id=child.pk, actor=city.case, at=at)
    for branch in child.branches.order_by("id"):
        build.answer_branch(city, branch, at=at)
    applications.pass_security_review(
        application_id=child.pk, assessment=build.ASSESSMENT, actor=city.security, at=at
    )
    applications.seat_panel(
        application_id=child.pk, members=city.panel, chair=city.chair, actor=city.secretary, at=at
    )
    for who in city.panel:
        applications.declare_interest(application_id=child.pk, conflict="", actor=who, at=at)
        build.vote(child, who, at=at)
    build.sign_off(city, child, at=at)
    applications.decide(
        application_id=child.pk, result="APPROVED", reasons="同意变更。", actor=city.decider, at=at
    )
    system = system_actor()
    agreement = contracts.draft_agreement(application_id=child.pk, actor=system, at=at)
    contracts.open_negotiation(agreement_id=agreement.pk, actor=city.officer, at=at)
    contracts.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=at)
    for who in (city.legal_rep, city.leader, city.second_leader):
        sign(agreement, who, at=at)
    actions.issue_licenses(agreement_id=agreement.pk, actor=system, at=at)
    return agreement


class TestAGrantedChild:
    def test_takes_the_place_of_the_old_licenses_with_its_first_key(
        self, stage: Licensed, case: Application
    ) -> None:
        key = builders.key_of(stage)
        agreement = granted_child(case, stage.city)
        # Until then the use goes on under the old licenses.
        assert set(states(stage)) == {"ACTIVE"}
        assert actions.succeed(agreement_id=agreement.pk, at=AMENDED) == 2
        assert set(states(stage)) == {"SUPERSEDED"}
        old = stage.client.credentials.get(pk=key.credential_id)
        assert old.state == "REVOKED"
        assert "接续" in stage.license("D01").end_reason
        assert set(agreement.licenses.values_list("state", flat=True)) == {"ACTIVE"}
        assert actions.succeed(agreement_id=agreement.pk, at=AMENDED) == 0

    def test_is_followed_by_the_event_of_the_first_key(
        self, stage: Licensed, case: Application
    ) -> None:
        city, agreement = stage.city, granted_child(case, stage.city)
        client = actions.register_client(
            agreement_id=agreement.pk, name="授信核验系统二期", purpose="在授信环节核验企业状态。",
            ip_allow_list=[], actor=city.agent, at=AMENDED,
        )  # fmt: skip
        actions.approve_client(client_id=client.pk, actor=city.ops, at=AMENDED)
        wanted = actions.request_credential(client_id=client.pk, actor=city.agent, at=AMENDED)
        assert set(states(stage)) == {"ACTIVE"}
        actions.issue_credential(credential_id=wanted.pk, actor=city.agent, at=AMENDED)
        event = Event.objects.get(name="licensing.credential.issue", subject_id=str(wanted.pk))
        handlers.succeed(event, at=AMENDED)
        assert set(states(stage)) == {"SUPERSEDED"}
        names = {(s.event, s.name) for s in outbox.subscriptions()}
        assert ("licensing.credential.issue", "licensing.succeed") in names

    def test_is_the_case_to_go_on_from(self, stage: Licensed, case: Application) -> None:
        agreement = granted_child(case, stage.city)
        refuses(case, ChildUnderWay, lambda: begin(case, stage.city))
        child = Application.objects.get(pk=agreement.application_id)
        assert begin(child, stage.city).scenario_code == case.scenario_code

    def test_leaves_alone_what_it_does_not_license(
        self, stage: Licensed, case: Application
    ) -> None:
        agreement = granted_child(case, stage.city)
        actions.revoke_license(
            license_id=License.objects.get(agreement=agreement, dataset__code="D07").pk,
            reason="另行处理",
            actor=stage.city.decider,
            at=AMENDED,
        )
        assert actions.succeed(agreement_id=agreement.pk, at=AMENDED) == 1
        assert (stage.license("D01").state, stage.license("D07").state) == ("SUPERSEDED", "ACTIVE")

    def test_of_nobody_supersedes_nothing(self, stage: Licensed) -> None:
        assert actions.succeed(agreement_id=stage.agreement.pk, at=AMENDED) == 0


def states(stage: Licensed) -> list[str]:
    return [stage.license(code).state for code in ("D01", "D07")]
