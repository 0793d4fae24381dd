"""The end of an agreement before its term: who may, for what, with how much notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from contracts import actions, endings, errors
from contracts.models import Agreement, Termination
from core.errors import Forbidden, NotAllowedNow, NotFound
from notify.models import Message
from tests.builders.applications import City, day
from tests.builders.contracts import effective_agreement
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

# 2026-11-02 is a Monday; fifteen working days later is 2026-11-23.
AT, LAST, AFTER = day("2026-11-02"), date(2026, 11, 23), day("2026-11-24", 8)
BASIS = "协议第21条第2款"
Cause = Termination.Cause


@pytest.fixture(scope="module")
def _signed(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, UUID]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city, agreement = effective_agreement()
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def city(_signed: tuple[City, UUID], db: None) -> City:
    return _signed[0]


@pytest.fixture
def agreement(_signed: tuple[City, UUID], db: None) -> Agreement:
    return Agreement.objects.get(pk=_signed[1])


def begin(agreement: Agreement, who: Any, cause: str, **values: Any) -> Termination:
    said = {"reason": "协商一致或者事由成立", "legal_basis": BASIS, "at": AT, **values}
    return actions.begin_termination(
        agreement_id=agreement.pk, cause=cause, actor=who, **said
    )


def state_of(agreement: Agreement) -> str:
    return Agreement.objects.get(pk=agreement.pk).state


def refused(error: type[Exception], agreement: Agreement, who: Any, cause: str, **v: Any) -> None:
    with pytest.raises(error):
        begin(agreement, who, cause, **v)
    assert not Termination.objects.exists()
    assert state_of(agreement) == "EFFECTIVE"


WHO = {
    "MUTUAL": {"legal_rep", "leader", "second_leader"},
    "BREACH": {"leader", "second_leader", "decider"},
    "FORCE_MAJEURE": {"legal_rep", "leader", "second_leader", "decider"},
    "REGULATORY": {"decider"},
}
EVERYBODY = ("legal_rep", "leader", "second_leader", "decider", "agent", "officer", "supervisor")


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("cause", list(WHO))
def test_each_cause_is_stated_by_those_who_may_and_by_nobody_else(
    city: City, agreement: Agreement, cause: str, who: str
) -> None:
    if who in WHO[cause]:
        begun = begin(agreement, getattr(city, who), cause)
        assert begun.state == {"MUTUAL": "PROPOSED", "REGULATORY": "DONE"}.get(cause, "SERVED")
    else:
        role_is_known = who in ("legal_rep", "leader", "second_leader", "decider")
        error = errors.CauseNotYours if role_is_known else Forbidden
        refused(error, agreement, getattr(city, who), cause)


def test_a_stranger_learns_nothing(city: City, agreement: Agreement) -> None:
    refused(NotFound, agreement, city.stranger, "MUTUAL")


def test_a_provider_ends_it_for_breach_only_when_the_terms_say_so(
    city: City, agreement: Agreement
) -> None:
    agreement.terms["change"]["unilateral_causes"].remove(endings.PROVIDER_CAUSE)
    agreement.save()
    refused(errors.CauseNotYours, agreement, city.leader, "BREACH")
    assert begin(agreement, city.decider, "BREACH").state == "SERVED"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": " "}, errors.ReasonMissing),
        ({"legal_basis": " "}, errors.BasisMissing),
        ({"legal_basis": "法" * 301}, errors.BasisMissing),
        ({"ends_on": date(2026, 11, 20)}, errors.EndsTooEarly),
    ],
)
def test_what_is_not_stated_or_too_early_is_refused(
    city: City, agreement: Agreement, values: dict[str, Any], error: type[Exception]
) -> None:
    refused(error, agreement, city.decider, "BREACH", **values)


class TestNotice:
    @pytest.mark.parametrize("cause", ["BREACH", "FORCE_MAJEURE"])
    def test_runs_for_the_working_days_of_the_terms_and_ends_the_day_after_its_last(
        self, city: City, agreement: Agreement, cause: str
    ) -> None:
        assert agreement.terms["change"]["notice_working_days"] == 15
        served = begin(agreement, city.leader, cause)
        assert (served.state, served.ends_on) == ("SERVED", LAST)
        assert state_of(agreement) == "EFFECTIVE"
        assert actions.carry_out_terminations(at=day("2026-11-23", 23)) == 0
        assert state_of(agreement) == "EFFECTIVE"
        assert actions.carry_out_terminations(at=AFTER) == 1
        ended = Agreement.objects.get(pk=agreement.pk)
        assert (ended.state, ended.end_cause, ended.ended_at) == ("TERMINATED", cause, AFTER)
        assert BASIS in ended.end_reason
        assert actions.carry_out_terminations(at=AFTER) == 0

    def test_that_was_missed_for_days_is_made_up(self, city: City, agreement: Agreement) -> None:
        begin(agreement, city.decider, "BREACH")
        assert actions.carry_out_terminations(at=day("2026-12-15")) == 1

    def test_may_be_longer_than_the_terms_ask(self, city: City, agreement: Agreement) -> None:
        served = begin(agreement, city.decider, "BREACH", ends_on=date(2026, 12, 31))
        assert served.ends_on == date(2026, 12, 31)
        assert actions.carry_out_terminations(at=AFTER) == 0

    def test_reaches_both_sides_and_the_office_when_served_and_when_it_is_over(
        self, city: City, agreement: Agreement
    ) -> None:
        begin(agreement, city.leader, "BREACH")
        everybody = (city.agent, city.legal_rep, city.officer, city.leader, city.case)
        for who in everybody:
            told = Message.objects.filter(recipient=who, key__contains=":served")
            assert "2026-11-23" in told.get().body
            assert BASIS in told.get().body
        actions.carry_out_terminations(at=AFTER)
        for who in everybody:
            assert Message.objects.filter(recipient=who, key__contains=":ended").count() == 1

    def test_is_withdrawn_by_the_office_that_gave_it_and_by_nobody_else(
        self, city: City, agreement: Agreement
    ) -> None:
        served = begin(agreement, city.decider, "BREACH")
        said = {"termination_id": served.pk, "reason": "已整改", "at": AT}
        with pytest.raises(Forbidden):
            actions.withdraw_termination(**said, actor=city.leader)
        actions.withdraw_termination(**said, actor=city.decider)
        assert actions.carry_out_terminations(at=AFTER) == 0
        assert state_of(agreement) == "EFFECTIVE"

    def test_falls_when_the_agreement_expires_first(
        self, city: City, agreement: Agreement
    ) -> None:
        served = begin(agreement, city.decider, "BREACH", ends_on=date(2027, 12, 31))
        assert actions.expire_overdue(at=day("2027-10-20")) == 1
        served.refresh_from_db()
        assert (served.state, state_of(agreement)) == ("WITHDRAWN", "EXPIRED")

    def test_still_ends_an_agreement_that_stands_still(
        self, city: City, agreement: Agreement
    ) -> None:
        begin(agreement, city.decider, "BREACH")
        actions.suspend_agreement(
            agreement_id=agreement.pk, reason="核查", actor=city.supervisor, at=AT
        )
        assert actions.carry_out_terminations(at=AFTER) == 1
        assert state_of(agreement) == "TERMINATED"


def test_a_change_of_law_ends_it_at_once(city: City, agreement: Agreement) -> None:
    done = begin(agreement, city.decider, "REGULATORY")
    assert (done.state, state_of(agreement)) == ("DONE", "TERMINATED")


class TestMutualConsent:
    def test_needs_every_party_and_ends_it_with_the_last_one(
        self, city: City, agreement: Agreement
    ) -> None:
        proposed = begin(agreement, city.legal_rep, "MUTUAL")
        said = {"termination_id": proposed.pk, "at": AT}
        actions.consent_to_termination(**said, actor=city.leader)
        assert state_of(agreement) == "EFFECTIVE"
        actions.consent_to_termination(**said, actor=city.second_leader)
        assert state_of(agreement) == "TERMINATED"
        proposed.refresh_from_db()
        assert (proposed.state, proposed.ends_on) == ("DONE", AT.date())

    def test_holds_from_the_agreed_day(self, city: City, agreement: Agreement) -> None:
        proposed = begin(agreement, city.leader, "MUTUAL", ends_on=LAST)
        for who in (city.legal_rep, city.second_leader):
            actions.consent_to_termination(termination_id=proposed.pk, actor=who, at=AT)
        assert state_of(agreement) == "EFFECTIVE"
        assert actions.carry_out_terminations(at=AFTER) == 1
        assert Agreement.objects.get(pk=agreement.pk).end_cause == "MUTUAL"

    def test_is_not_given_twice_by_one_party_nor_by_whoever_does_not_sign(
        self, city: City, agreement: Agreement
    ) -> None:
        proposed = begin(agreement, city.legal_rep, "MUTUAL")
        acts = AuditEntry.objects.filter(outcome="DONE").count()
        for who in (city.legal_rep, city.agent, city.decider, city.case):
            with pytest.raises(Forbidden):
                actions.consent_to_termination(termination_id=proposed.pk, actor=who, at=AT)
        with pytest.raises(NotFound):
            actions.consent_to_termination(
                termination_id=proposed.pk, actor=city.stranger, at=AT
            )
        assert proposed.consents.count() == 1
        assert AuditEntry.objects.filter(outcome="DONE").count() == acts

    def test_refused_by_one_party_leaves_the_agreement_and_tells_everybody(
        self, city: City, agreement: Agreement
    ) -> None:
        proposed = begin(agreement, city.legal_rep, "MUTUAL")
        said = {"termination_id": proposed.pk, "at": AT}
        with pytest.raises(errors.ReasonMissing):
            actions.refuse_termination(**said, reason=" ", actor=city.leader)
        actions.refuse_termination(**said, reason="项目尚在执行", actor=city.leader)
        assert state_of(agreement) == "EFFECTIVE"
        told = Message.objects.filter(recipient=city.legal_rep, key__contains=":dropped")
        assert "项目尚在执行" in told.get().body
        with pytest.raises(NotAllowedNow):
            actions.consent_to_termination(**said, actor=city.second_leader)

    def test_is_one_at_a_time(self, city: City, agreement: Agreement) -> None:
        begin(agreement, city.legal_rep, "MUTUAL")
        with pytest.raises(errors.TerminationOpen):
            begin(agreement, city.decider, "BREACH")
        assert Termination.objects.count() == 1


def test_the_database_refuses_a_second_open_end_and_one_without_basis(
    city: City, agreement: Agreement
) -> None:
    proposed = begin(agreement, city.legal_rep, "MUTUAL")
    copy = Termination.objects.get(pk=proposed.pk)
    copy.pk = copy.id = Termination._meta.pk.get_default()
    with pytest.raises(IntegrityError, match="one_open_termination"), transaction.atomic():
        copy.save(force_insert=True)
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        Termination.objects.update(legal_basis="")
