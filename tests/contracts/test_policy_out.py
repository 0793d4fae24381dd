"""The policy of an agreement goes out to those who may see the agreement, and to nobody else."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from contracts.lattice import leaves
from contracts.odrl import jsonld
from contracts.odrl.calls import CallFacts, decide
from contracts.odrl.reader import read_policy
from contracts.odrl.uses import terms_of
from contracts.terms import parse, terms_hash
from core import clock

STAGE = "effective"


def get(client: Client, who: Any, agreement_id: Any) -> Any:
    client.force_login(who)
    return client.get(f"/api/v1/agreements/{agreement_id}/policy")


def test_says_all_terms_to_a_party_and_can_be_evaluated(case: Any, client: Client) -> None:
    city, agreement = case
    answer = get(client, city.agent, agreement.pk)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/ld+json"
    found = json.loads(answer.content)
    terms = parse(agreement.terms)
    assert found["@type"] == "Agreement"
    assert found["datadeed:termsHash"] == terms_hash(terms)
    assert found["datadeed:textHash"] == agreement.text_hash
    assert terms_of(list(found.values())) == set(leaves(terms))

    policy = read_policy(jsonld.parse(answer.content.decode(), what="policy"))
    [dataset, *_] = terms.scope.datasets if terms.scope else []
    call = CallFacts(
        dataset=dataset.code,
        licensee=agreement.applicant.uscc,
        at=clock.start_of_day(agreement.valid_from),
        scenario=terms.purpose.scenario_code if terms.purpose else "",
        purpose_class=terms.purpose.purpose_class if terms.purpose else None,
        fields=tuple(dataset.fields or ())[:1],
        in_sandbox=True, format="JSON", channel="API", client_reviewed=True,
        protection_level=4, place="CITY",
    )  # fmt: skip
    assert decide(policy, call).permitted
    late = CallFacts(**{n: getattr(call, n) for n in call.__slots__} | {
        "at": clock.end_of_day(agreement.valid_to)})  # fmt: skip
    assert not decide(policy, late).permitted


@pytest.mark.parametrize("name", ["stranger"])
def test_is_not_there_for_others(case: Any, client: Client, name: str) -> None:
    city, agreement = case
    answer = get(client, getattr(city, name), agreement.pk)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert get(client, city.agent, uuid4()).status_code == 404
    assert get(client, city.agent, "nonsense").status_code == 422


def test_costs_as_many_queries_for_two_datasets_as_for_one(
    case: Any, django_assert_max_num_queries: Any
) -> None:
    from contracts.queries import agreement_policy

    city, agreement = case
    with django_assert_max_num_queries(9):
        agreement_policy(agreement_id=agreement.pk, actor=city.agent)
