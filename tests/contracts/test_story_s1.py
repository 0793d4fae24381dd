"""Story S1 from approval to the agreement in force and after, on its days."""

from __future__ import annotations

from datetime import date

import pytest

from applications.models import Application
from contracts import actions, errors
from contracts.models import Agreement, AgreementDocument
from contracts.queries import agreement_document, evaluation_plan, my_agreements
from core.errors import Forbidden, NotFound
from notify.models import Message
from tests.builders.applications import day
from tests.contracts.conftest import Case
from workflow import audit

STAGE = "effective"
pytestmark = pytest.mark.django_db


def test_the_agreement_is_signed_on_20_october_and_evaluated_first_on_20_december(
    case: Case,
) -> None:
    city, agreement = case

    assert agreement.state == Agreement.State.EFFECTIVE
    assert (agreement.valid_from, agreement.valid_to) == (date(2026, 10, 20), date(2027, 10, 19))
    assert agreement.number.startswith("WX-XY-2026-")
    plan = evaluation_plan(agreement.pk)
    assert (plan.first_on, plan.cycle_months) == (date(2026, 12, 20), 6)
    assert Application.objects.get(pk=agreement.application_id).state == "GRANTED"
    assert {s.text_hash for s in agreement.signatures.all()} == {agreement.text_hash}
    assert [s.signer for s in agreement.signatures.all()] == [
        city.legal_rep,
        city.leader,
        city.second_leader,
    ]
    assert audit.verify().ok


def test_both_papers_are_kept_and_only_the_parties_can_read_them(case: Case) -> None:
    city, agreement = case
    papers = {paper.kind: paper for paper in agreement.documents.all()}

    assert [paper.kind for paper in agreement.documents.order_by("pk")] == [
        AgreementDocument.Kind.TEXT,
        AgreementDocument.Kind.PART,
        AgreementDocument.Kind.PART,
        AgreementDocument.Kind.SIGNED,
    ]
    assert papers["TEXT"].content_hash != papers["SIGNED"].content_hash
    name, content = agreement_document(document_id=papers["SIGNED"].pk, actor=city.agent)
    assert content.startswith(b"%PDF")
    assert name == f"{agreement.number}-signed-v1.pdf"
    with pytest.raises(NotFound):
        agreement_document(document_id=papers["SIGNED"].pk, actor=city.stranger)


def test_everybody_was_told_when_it_was_their_turn(case: Case) -> None:
    city, _agreement = case

    def told(who: object) -> list[str]:
        return list(
            Message.objects.filter(recipient=who, link__startswith="/agreements/")
            .order_by("created_at", "id")
            .values_list("subject", flat=True)
        )

    assert told(city.legal_rep) == ["有一份协议待您签署"]
    assert told(city.leader) == ["有一份协议待您签署"]
    assert told(city.agent) == [
        "贵单位的协议草案已可查阅和协商",
        "协议另一方已签署",
        "协议另一方已签署",
        "协议已生效",
    ]
    assert told(city.stranger) == []


def test_the_list_shows_it_to_its_parties_only(case: Case) -> None:
    city, agreement = case

    assert [row.id for row in my_agreements(actor=city.agent).rows] == [agreement.pk]
    assert my_agreements(actor=city.agent, text="小微").total == 1
    assert my_agreements(actor=city.agent, text="不存在").total == 0
    assert my_agreements(actor=city.agent, state="LAPSED").total == 0
    assert my_agreements(actor=city.stranger).total == 0


def test_it_is_suspended_resumed_and_ended_by_those_who_may(case: Case) -> None:
    city, agreement = case
    at, known = day("2026-11-02"), {"agreement_id": agreement.pk}

    with pytest.raises(Forbidden):
        actions.suspend_agreement(**known, reason="试", actor=city.case, at=at)
    with pytest.raises(errors.ReasonMissing):
        actions.suspend_agreement(**known, reason="", actor=city.supervisor, at=at)
    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.EFFECTIVE
    actions.suspend_agreement(**known, reason="预警核查", actor=city.supervisor, at=at)
    actions.resume_agreement(**known, reason="核查无误", actor=city.supervisor, at=at)
    said = {**known, "reason": "双方协商一致", "legal_basis": "协议第21条", "at": at}
    with pytest.raises(errors.CauseUnknown):
        actions.begin_termination(**said, cause="WHIM", actor=city.decider)
    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.EFFECTIVE
    proposed = actions.begin_termination(**said, cause="MUTUAL", actor=city.legal_rep)
    for who in (city.leader, city.second_leader):
        actions.consent_to_termination(termination_id=proposed.pk, actor=who, at=at)

    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.TERMINATED


def test_it_ends_on_the_day_after_its_last_and_not_before(case: Case) -> None:
    _city, agreement = case

    assert actions.expire_overdue(at=day("2027-10-19", 23)) == 0
    assert actions.expire_overdue(at=day("2027-10-20", 9)) == 1
    assert actions.expire_overdue(at=day("2027-10-20", 10)) == 0

    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.EXPIRED
