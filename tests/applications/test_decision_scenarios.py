"""Numbered scenarios of the decision: who decides, what, when, and how a case is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, Decision
from applications.queries import case_page
from core.errors import Forbidden, InvalidInput, NotAllowedNow
from parties import queries as parties
from tests.applications.conftest import running
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import person
from tests.portal.reading import read, send

pytestmark = pytest.mark.django_db


def decide(case: Application, who: Any, result: str = "APPROVED") -> Application:
    return actions.decide(
        application_id=case.pk, result=result, reasons="同意。", actor=who, at=build.DECIDED
    )


@pytest.mark.scenario(27)
class TestOneDecisionOfAKnownKind:
    @pytest.mark.parametrize("result", ["", "MAYBE", "approved", "EACH"])
    def test_is_refused_for_any_other_value(self, city: City, result: str) -> None:
        case = build.concluded(city)
        refuses(case, InvalidInput, lambda: decide(case, city.decider, result))

    @pytest.mark.parametrize("stage", ["submitted", "accepted", "reviewed", "secured", "seated"])
    def test_is_refused_before_it_is_asked_for(self, city: City, stage: str) -> None:
        case = getattr(build, stage)(city)
        refuses(case, NotAllowedNow, lambda: decide(case, city.decider))

    def test_is_taken_once(self, city: City) -> None:
        case = decide(build.concluded(city), city.decider)
        for who in (city.decider, city.second_decider):
            refuses(case, NotAllowedNow, lambda who=who: decide(case, who, "REJECTED"))
        assert Decision.objects.count() == 1


@pytest.mark.scenario(28)
class TestTheDecider:
    def test_is_not_the_handler_even_with_the_desk_of_a_decider(self, city: City) -> None:
        case = build.concluded(city)
        assert case.handler_id == city.case.pk
        for result in ("APPROVED", "REJECTED"):
            refuses(case, Forbidden, lambda result=result: decide(case, city.case, result))
        send(
            city.case, "application_decide", case.pk, at=build.DECIDED, status=403,
            data={"result": "APPROVED", "reasons": "同意"},
        )  # fmt: skip
        case.refresh_from_db()
        assert case.state == "DECISION_PENDING"

    def test_is_no_plain_handler_who_is_not_even_offered_it(self, city: City) -> None:
        case = build.concluded(city)
        plain = person(city.authority, "AUTHORITY_CASE", full_name="普通承办人")
        page = case_page(application_id=case.pk, actor=plain, at=build.DECIDED)
        names = {offer.name for offer in page.offers}
        assert not names & {"approve", "approve_with_conditions", "reject"}
        refuses(case, Forbidden, lambda: decide(case, plain))

    def test_approves_and_the_case_is_approved(self, city: City) -> None:
        case = build.concluded(city)
        assert "application_decide" not in read(
            city.agent, "application", case.pk, at=build.DECIDED
        )
        send(
            city.decider, "application_decide", case.pk, at=build.DECIDED,
            data={"result": "APPROVED", "reasons": "符合要求。"},
        )  # fmt: skip
        case.refresh_from_db()
        assert (case.state, case.decided_by_id) == ("APPROVED", city.decider.pk)

    def test_decides_each_dataset_on_the_page_and_reads_what_is_missing(self, city: City) -> None:
        case = build.concluded(city)
        page = read(city.decider, "application_decide", case.pk, at=build.DECIDED)
        assert "各数据集的审查意见" in page
        assert "如对本决定有异议" in page
        data = {
            "result": "EACH",
            "reasons": "部分符合。",
            "D01.result": "APPROVED_WITH_CONDITIONS",
            "D01.standard": ["SANDBOX_ONLY"],
            "D01.conditions": "每月抽查",
            "D07.result": "REJECTED",
            "D07.reasons": "用途不需要",
        }
        answer = send(
            city.decider, "application_decide", case.pk, at=build.DECIDED, data=data, status=422
        )
        assert "D07 · " in answer
        assert "请说明理由" in answer
        both = {**data, "result": "APPROVED"}
        answer = send(
            city.decider, "application_decide", case.pk, at=build.DECIDED, data=both, status=422
        )
        assert "已填写单个数据集" in answer
        data["D07.departure_reason"] = "范围过宽"
        send(city.decider, "application_decide", case.pk, at=build.DECIDED, data=data)
        case.refresh_from_db()
        assert case.partly_approved
        page = read(city.agent, "application", case.pk, at=build.DECIDED)
        for text in ("部分同意", "用途不需要", "仅限在安全沙箱内使用", "每月抽查"):
            assert text in page


def _returned(city: City) -> Application:
    case = build.submitted(city)
    defect = {"section": "usage", "item": "证书", "problem": "过期", "required": "换证"}
    return actions.request_correction(
        application_id=case.pk, defects=[defect], actor=city.case, at=day("2026-09-15")
    )


BEFORE: dict[str, Callable[[City], Application]] = {
    "DRAFT": build.drafted,
    "SUBMITTED": build.submitted,
    "CORRECTION_REQUESTED": _returned,
    "PROVIDER_REVIEW": build.accepted,
    "SECURITY_REVIEW": build.reviewed,
    "COMMITTEE_REVIEW": build.seated,
    "DECISION_PENDING": build.concluded,
}


def _after(city: City, state: str) -> Application:
    if state == "NOT_ACCEPTED":
        case = build.submitted(city)
        return actions.refuse_acceptance(
            application_id=case.pk, reason_code="OTHER", reason="不符合", actor=city.case,
            at=build.ACCEPTED,
        )  # fmt: skip
    case = build.concluded(city)
    if state == "WITHDRAWN":
        return actions.withdraw_application(
            application_id=case.pk, actor=city.agent, at=build.DECIDED
        )
    if state in ("REJECTED", "OBJECTION"):
        case = actions.decide(
            application_id=case.pk, result="REJECTED", reasons="不同意。", actor=city.decider,
            at=build.DECIDED, departure_reason="另有考虑",
        )  # fmt: skip
        if state == "OBJECTION":
            case = actions.object_to_decision(
                application_id=case.pk, grounds="请复核", actor=city.agent, at=build.DECIDED
            )
        return case
    case = decide(case, city.decider)
    system = parties.system_actor()
    if state != "APPROVED":
        case = actions.begin_agreement(application_id=case.pk, actor=system, at=build.DECIDED)
    if state == "GRANTED":
        case = actions.complete_application(application_id=case.pk, actor=system, at=build.DECIDED)
    return case


@pytest.mark.scenario(46)
class TestAWithdrawal:
    @pytest.mark.parametrize("state", sorted(BEFORE))
    def test_is_possible_from_every_state_before_the_decision(
        self, city: City, state: str
    ) -> None:
        case = BEFORE[state](city)
        assert case.state == state
        case = actions.withdraw_application(
            application_id=case.pk, actor=city.agent, at=build.DECIDED, reason="业务调整"
        )
        assert (case.state, case.withdrawal_reason) == ("WITHDRAWN", "业务调整")
        assert running(case) == set()

    @pytest.mark.parametrize(
        "state",
        [
            "NOT_ACCEPTED", "WITHDRAWN", "APPROVED", "REJECTED", "OBJECTION", "AGREEMENT_STAGE",
            "GRANTED",
        ],
    )  # fmt: skip
    def test_is_refused_afterwards(self, city: City, state: str) -> None:
        case = _after(city, state)
        assert case.state == state
        refuses(
            case,
            NotAllowedNow,
            lambda: actions.withdraw_application(
                application_id=case.pk, actor=city.agent, at=build.DECIDED
            ),
        )

    def test_is_for_the_applicant_alone(self, city: City) -> None:
        case = build.concluded(city)
        for who in (city.case, city.decider, city.officer):
            refuses(
                case,
                Forbidden,
                lambda who=who: actions.withdraw_application(
                    application_id=case.pk, actor=who, at=build.DECIDED
                ),
            )


@pytest.mark.scenario(52)
class TestThePapers:
    def test_keep_the_votes_of_the_members_from_the_applicant(self, city: City) -> None:
        case = decide(build.concluded(city), city.decider)
        minutes = case.documents.get(kind="MINUTES")
        letter = case.documents.get(kind="DECISION")
        for who in (city.agent, city.legal_rep):
            page = read(who, "application", case.pk, at=build.DECIDED)
            assert f"/applications/documents/{minutes.pk}/" not in page
            assert paper(who, minutes.pk) == 404
            assert paper(who, letter.pk) == 200
        assert f"/applications/documents/{minutes.pk}/" in read(
            city.decider, "application", case.pk, at=build.DECIDED
        )
        for who, status in ((city.decider, 200), (city.stranger, 404)):
            assert paper(who, minutes.pk) == status


def paper(who: Any, pk: int) -> int:
    client = Client()
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("portal:application_document", args=[pk])).status_code
