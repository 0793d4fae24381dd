"""One code at two places at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parties import actions, errors
from parties.roles import Kind, Role
from tests.builders.parties import MORNING, organization, person
from tests.builders.signing import PASSWORD, code_of, equip


@pytest.mark.django_db(transaction=True)
def test_one_code_at_two_places_is_good_at_one(together: Callable[..., list[Any]]) -> None:
    who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
    equip(who)
    proof = actions.Proof(PASSWORD, code_of(who, at=MORNING))

    results = together(
        *[lambda: actions.renew_recovery_codes(proof=proof, actor=who, at=MORNING)] * 2
    )

    assert sorted(type(result) for result in results if not isinstance(result, tuple)) == [
        errors.CodeUsed
    ]
    assert sum(isinstance(result, tuple) for result in results) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_wrong_tries_at_once_are_five_and_a_pause(together: Callable[..., list[Any]]) -> None:
    who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
    equip(who)
    proof = actions.Proof(PASSWORD, "12")

    results = together(
        *[lambda: actions.renew_recovery_codes(proof=proof, actor=who, at=MORNING)] * 10
    )

    kinds = [type(result) for result in results]
    assert kinds.count(errors.ProofWrong) == 5
    assert kinds.count(errors.TooManyAttempts) == 5
