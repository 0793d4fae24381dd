"""What a decision per dataset leaves for the agreement and the licenses."""

from __future__ import annotations

import pytest
from django.db import transaction

from applications import actions as applications
from applications import conditions
from contracts import actions, terms
from contracts.models import Agreement
from licensing import actions as licensing
from parties.queries import system_actor
from tests.builders import applications as build
from tests.builders import contracts as builders
from tests.builders.applications import City, day
from tests.contracts.test_objection import deliver

pytestmark = pytest.mark.django_db

NO = {"result": "REJECTED", "reasons": "用途不需要", "departure_reason": "范围过宽"}
WITH = {
    "result": "APPROVED_WITH_CONDITIONS",
    "conditions": [{"standard": "NO_ROW_EXPORT"}, {"standard": "GROUP_SIZE:10"}, "每月抽查"],
}


def partly_approved(city: City) -> Agreement:
    system = system_actor()
    actions.install_base_template(actor=system, at=build.DECIDED)
    case = build.concluded(city)
    applications.decide(
        application_id=case.pk,
        items={"D01": WITH, "D07": NO},
        reasons="部分符合。",
        actor=city.decider,
        at=build.DECIDED,
    )
    return actions.draft_agreement(application_id=case.pk, actor=system, at=build.DECIDED)


class TestAPartialApproval:
    def test_brings_only_the_approved_data_and_their_providers_into_the_agreement(self) -> None:
        city = build.build_city()
        agreement = partly_approved(city)
        stated = terms.parse(agreement.terms)
        assert [d.code for d in stated.scope.datasets] == ["D01"]  # type: ignore[union-attr]
        parties = agreement.parties.values_list("organization_id", flat=True)
        assert set(parties) == {city.applicant.pk, city.provider.pk}

    def test_makes_its_standard_conditions_terms_and_its_lines_text(self) -> None:
        agreement = partly_approved(build.build_city())
        stated = terms.parse(agreement.terms)
        dataset = stated.dataset("D01")
        assert dataset is not None
        assert (dataset.mode, dataset.group_size_min) == ("SANDBOX", 10)
        assert stated.desensitization is not None
        assert stated.desensitization.output_check is True
        assert list(agreement.facts["conditions"]) == [
            "不得导出明细行，结果经出域审核后方可带出",
            "统计分组不少于10个对象，出域前逐批检验k值",
            "每月抽查",
        ]

    def test_licenses_only_the_approved_data(self) -> None:
        city = build.build_city()
        agreement = partly_approved(city)
        actions.open_negotiation(agreement_id=agreement.pk, actor=city.officer, at=builders.OPENED)
        actions.finalize_agreement(
            agreement_id=agreement.pk, actor=city.officer, at=builders.FINALIZED
        )
        for who in (city.legal_rep, city.leader):
            builders.sign(agreement, who)
        made = licensing.issue_licenses(
            agreement_id=agreement.pk, actor=system_actor(), at=builders.SIGNED
        )
        assert [one.dataset.code for one in made] == ["D01"]

    def test_that_is_objected_to_waits_and_then_takes_the_new_provider_in(self) -> None:
        city = build.build_city()
        agreement = partly_approved(city)
        objected = applications.object_to_decision(
            application_id=agreement.application_id,
            grounds="需要D07",
            actor=city.agent,
            at=day("2026-10-20"),
        )
        build.heard(city, objected, at=day("2026-10-21"))
        applications.answer_objection(
            application_id=agreement.application_id,
            result="OVERTURNED",
            reasons="成立。",
            actor=city.second_decider,
            at=day("2026-10-22"),
        )
        with transaction.atomic():
            deliver(agreement, "overturn")
        agreement.refresh_from_db()
        stated = terms.parse(agreement.terms)
        assert [d.code for d in stated.scope.datasets] == ["D01", "D07"]  # type: ignore[union-attr]
        parties = agreement.parties.values_list("organization_id", flat=True)
        assert set(parties) == {city.applicant.pk, city.provider.pk, city.second_provider.pk}


@pytest.mark.parametrize("key", sorted(conditions.STANDARD))
def test_every_standard_condition_states_terms_that_can_be_read(key: str) -> None:
    _text, fragment = conditions.STANDARD[key]
    assert terms.dump(terms.parse(fragment("D01")))
