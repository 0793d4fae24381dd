"""Drafting: strictest wins, everybody's word is named, and the steps have an order."""

from __future__ import annotations

import pytest

from contracts import actions
from contracts.models import Agreement
from contracts.queries import agreement_page, agreement_terms
from core.errors import Forbidden, NotAllowedNow, NotFound
from parties.queries import system_actor
from tests.builders.contracts import OPENED, SIGNED, sign
from tests.builders.signing import equip
from tests.contracts.conftest import Case
from workflow.models import AuditEntry

STAGE = "drafted"
pytestmark = pytest.mark.django_db


def test_the_draft_is_the_strictest_of_all_and_says_whose_word_each_is(case: Case) -> None:
    _city, agreement = case
    terms = agreement_terms(agreement.pk)

    assert agreement.sources["retention.days"] == "level:L3"
    assert agreement.sources["evaluation.first_after_months"] == "profile:D07"
    assert agreement.sources["quota.every.per_month"] == "request"
    assert agreement.sources["scope.datasets.D01.fields"] == "grant"
    assert agreement.sources["exit.disposal"] == "template"
    assert terms.quota_of("D01").per_month == 400_000
    assert terms.quota_of("D07").per_month == 20_000
    assert terms.dataset("D07").mode == "VERIFY_ONLY"  # type: ignore[union-attr]
    assert terms.dataset("D01").mode == "SANDBOX"  # type: ignore[union-attr]
    assert agreement.profile_versions == {"D01": 1, "D07": 1}


def test_drafting_twice_makes_one_agreement(case: Case) -> None:
    _city, agreement = case

    again = actions.draft_agreement(
        application_id=agreement.application_id, actor=system_actor(), at=SIGNED
    )

    assert again == agreement
    assert Agreement.objects.count() == 1


def test_a_stranger_learns_nothing_of_it(case: Case) -> None:
    city, agreement = case
    equip(city.stranger)
    before = AuditEntry.objects.count()

    with pytest.raises(NotFound):
        sign(agreement, city.stranger)
    with pytest.raises(NotFound):
        actions.open_negotiation(agreement_id=agreement.pk, actor=city.stranger, at=SIGNED)
    with pytest.raises(NotFound):
        agreement_page(agreement_id=agreement.pk, actor=city.stranger, at=SIGNED)

    assert AuditEntry.objects.count() == before
    assert not agreement.signatures.exists()


def test_the_steps_have_an_order(case: Case) -> None:
    city, agreement = case

    with pytest.raises(NotAllowedNow):
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=OPENED)
    with pytest.raises(NotAllowedNow):
        actions.propose_change(
            agreement_id=agreement.pk,
            changes={"retention": {"days": 7}},
            reason="太早",
            actor=city.agent,
            at=OPENED,
        )

    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.DRAFTING
    assert not agreement.documents.exists()


def test_the_negotiation_is_opened_by_the_data_officer(case: Case) -> None:
    city, agreement = case

    with pytest.raises(Forbidden):
        actions.open_negotiation(agreement_id=agreement.pk, actor=city.agent, at=OPENED)

    assert Agreement.objects.get(pk=agreement.pk).state == Agreement.State.DRAFTING


class TestThePage:
    def test_marks_what_departs_from_the_template_and_whose_word_it_is(self, case: Case) -> None:
        city, agreement = case
        page = agreement_page(agreement_id=agreement.pk, actor=city.officer, at=OPENED)
        terms = {term.name: term for term in page.terms}

        assert len(page.terms) == 23
        assert {"retention", "evaluation"} <= page.changed_terms
        assert "exit" not in page.changed_terms
        [days] = [e for e in terms["retention"].entries if e.path == "retention.days"]
        assert (days.value, days.template_value, days.changed) == ("30", "180", True)
        assert "L3" in days.source
        assert [offer.name for offer in page.offers] == ["open_negotiation"]
        assert [s.status for s in page.signatures] == ["later"] * 3

    def test_costs_a_bounded_number_of_queries(self, case: Case, queries_of: object) -> None:
        city, agreement = case

        counted = queries_of(  # type: ignore[operator]
            lambda: agreement_page(agreement_id=agreement.pk, actor=city.officer, at=OPENED)
        )

        assert counted <= 35
