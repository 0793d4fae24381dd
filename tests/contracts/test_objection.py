"""Between a decision with conditions and the signature: object, wait, go on or begin again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications import actions as applications
from applications.errors import ObjectionOpen, ObjectionTooLate
from applications.models import Application, Objection
from applications.queries import case_page
from contracts import actions
from contracts.models import Agreement, Signature
from contracts.wording import TextFacts
from core import clock
from core.errors import NotAllowedNow
from parties.queries import system_actor
from tests.builders import applications as build
from tests.builders import contracts as builders
from tests.builders.applications import City, day
from workflow import deadlines, inbox, outbox
from workflow.models import Event

pytestmark = pytest.mark.django_db
OBJECTED, ANSWERED, SIGNED = day("2026-10-20"), day("2026-10-22"), day("2026-10-26")


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, UUID]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city, agreement = builders.ready_agreement(conditions=("仅限沙箱内使用",))
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def city(_world: tuple[City, UUID], db: None) -> City:
    return _world[0]


@pytest.fixture
def agreement(_world: tuple[City, UUID], db: None) -> Agreement:
    return Agreement.objects.get(pk=_world[1])


def case_of(agreement: Agreement) -> Application:
    return Application.objects.get(pk=agreement.application_id)


def object_to(agreement: Agreement, city: City, at: Any = OBJECTED) -> Application:
    return applications.object_to_decision(
        application_id=agreement.application_id, grounds="条件过严", actor=city.agent, at=at
    )


def answer(agreement: Agreement, city: City, result: str, *conditions: str) -> None:
    """Answer as the second decider does, and deliver the event to the agreement."""
    build.heard(city, case_of(agreement), at=OBJECTED)
    applications.answer_objection(
        application_id=agreement.application_id,
        result=result,
        reasons="经复核。",
        conditions=conditions,
        actor=city.second_decider,
        at=ANSWERED,
    )
    verb = {"UPHELD": "uphold", "OVERTURNED": "overturn"}[result]
    deliver(agreement, verb)


def deliver(agreement: Agreement, verb: str) -> None:
    name = f"applications.application.{verb}"
    event = Event.objects.filter(subject_id=str(agreement.application_id), name=name).get()
    [handler] = [
        s.handler
        for s in outbox.subscriptions()
        if (s.event, s.name) == (name, "contracts.draft_agreement")
    ]
    with transaction.atomic():
        handler(event, at=ANSWERED)


def running(case: Application) -> set[str]:
    clocks = deadlines.of_subject(case, at=OBJECTED)
    return {c.kind for c in clocks if c.status != "closed"}


def test_the_applicant_may_object_while_the_agreement_waits_for_the_signature(
    city: City, agreement: Agreement
) -> None:
    assert case_of(agreement).state == "AGREEMENT_STAGE"

    case = object_to(agreement, city)

    assert case.state == "OBJECTION"
    assert running(case) == {"objection_answer"}


def test_nobody_signs_while_the_objection_is_open_and_the_page_says_why(
    city: City, agreement: Agreement
) -> None:
    object_to(agreement, city)

    with pytest.raises(ObjectionOpen):
        builders.sign(agreement, city.legal_rep, at=OBJECTED)

    agreement.refresh_from_db()
    assert agreement.state == "READY_TO_SIGN"
    assert not Signature.objects.filter(agreement=agreement).exists()
    duties = [i.duty for i in inbox.waiting_for(city.legal_rep, at=OBJECTED)]
    assert "contracts.sign_as_user" not in duties
    client = Client()
    client.force_login(city.legal_rep, "django.contrib.auth.backends.ModelBackend")
    reason = "对审批决定的异议正在复核"
    with clock.fixed(OBJECTED):
        page = client.get(reverse("portal:agreement", args=[agreement.pk]))
        assert reason in page.content.decode()
        page = client.get(reverse("portal:agreement_sign", args=[agreement.pk]))
    assert (page.status_code, reason in page.content.decode()) == (409, True)


def test_a_decision_that_stands_lets_the_same_text_be_signed(
    city: City, agreement: Agreement
) -> None:
    object_to(agreement, city)
    answer(agreement, city, "UPHELD")

    assert case_of(agreement).state == "AGREEMENT_STAGE"
    before = agreement.text_hash
    agreement.refresh_from_db()
    assert (agreement.state, agreement.text_hash) == ("READY_TO_SIGN", before)
    for who in (city.legal_rep, city.leader, city.second_leader):
        builders.sign(agreement, who, at=SIGNED)
    agreement.refresh_from_db()
    assert agreement.state == "EFFECTIVE"
    assert case_of(agreement).state == "GRANTED"


def test_a_changed_decision_gives_the_agreement_a_new_draft_with_the_new_conditions(
    city: City, agreement: Agreement
) -> None:
    old = TextFacts.load(agreement.facts)
    object_to(agreement, city)
    answer(agreement, city, "OVERTURNED", "每季度报送使用情况")

    case = case_of(agreement)
    assert case.state == "AGREEMENT_STAGE"
    assert running(case) == {"signing"}
    version = agreement.text_version
    agreement.refresh_from_db()
    new = TextFacts.load(agreement.facts)
    assert agreement.state == "DRAFTING"
    assert agreement.text_version == version + 1
    assert agreement.finalized_at is None
    assert new.decision_number == case.decision_number != old.decision_number
    assert "每季度报送使用情况" in "".join(new.conditions)
    assert "仅限沙箱内使用" not in "".join(new.conditions)

    actions.open_negotiation(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)
    actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)
    for who in (city.legal_rep, city.leader, city.second_leader):
        builders.sign(agreement, who, at=SIGNED)
    assert case_of(agreement).state == "GRANTED"


def test_a_change_proposed_for_the_old_draft_is_declined_by_the_new_one(
    city: City, agreement: Agreement
) -> None:
    proposal = actions.propose_change(
        agreement_id=agreement.pk,
        changes={"retention": {"days": 7}},
        reason="缩短留存",
        actor=city.agent,
        at=OBJECTED,
    )
    object_to(agreement, city)
    answer(agreement, city, "OVERTURNED")

    proposal.refresh_from_db()
    assert proposal.state == "DECLINED"
    assert proposal.answered_by == system_actor()


def test_a_signature_accepts_the_decision_and_ends_the_right_to_object(
    city: City, agreement: Agreement
) -> None:
    builders.sign(agreement, city.legal_rep, at=OBJECTED)

    assert running(case_of(agreement)) == {"signing"}
    with pytest.raises(ObjectionTooLate):
        object_to(agreement, city)
    actions.reopen_agreement(
        agreement_id=agreement.pk, reason="更正地址", actor=city.officer, at=OBJECTED
    )
    with pytest.raises(ObjectionTooLate):
        object_to(agreement, city)
    assert case_of(agreement).state == "AGREEMENT_STAGE"
    assert not Objection.objects.exists()


def test_the_button_to_object_is_there_only_in_time(city: City, agreement: Agreement) -> None:
    def offered(at: Any) -> bool:
        page = case_page(application_id=agreement.application_id, actor=city.agent, at=at)
        return "object" in [offer.name for offer in page.offers]

    assert offered(OBJECTED)
    assert offered(day("2026-10-27"))
    assert not offered(day("2026-10-28"))
    with pytest.raises(ObjectionTooLate):
        object_to(agreement, city, at=day("2026-10-28"))


def test_a_decision_delivered_after_the_objection_waits_for_the_answer(city: City) -> None:
    _city, case = builders.approved_application(city, conditions=("仅限沙箱内使用",))
    applications.object_to_decision(
        application_id=case.pk, grounds="条件过严", actor=city.agent, at=OBJECTED
    )
    pending = Agreement(application_id=case.pk)

    deliver(pending, "approve_with_conditions")
    assert not Agreement.objects.filter(application=case).exists()

    answer(pending, city, "UPHELD")
    drafted = Agreement.objects.get(application=case)
    assert drafted.state == "DRAFTING"
    assert case_of(drafted).state == "AGREEMENT_STAGE"


def test_an_approval_without_conditions_has_nothing_to_object_to(city: City) -> None:
    _city, agreement = builders.drafted_agreement(city)

    with pytest.raises(NotAllowedNow):
        object_to(agreement, city)
    assert case_of(agreement).state == "AGREEMENT_STAGE"
