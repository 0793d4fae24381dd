"""Only the recipients that the agreement names are registered."""

from __future__ import annotations

import pytest

from contracts.models import Agreement
from licensing import actions
from licensing.errors import InvalidClient
from licensing.models import ClientApplication
from tests.builders.licensing import APPROVED, issued

pytestmark = pytest.mark.django_db


def test_another_recipient_than_those_of_the_agreement_is_refused() -> None:
    city, agreement, _licenses = issued()
    # As a text would state it that names its recipients; the column is data of the agreement.
    stated = agreement.terms | {
        "delivery": agreement.terms["delivery"] | {"recipients": ["授信核验系统"]}
    }
    Agreement.objects.filter(pk=agreement.pk).update(terms=stated)
    before = ClientApplication.objects.count()

    def register(name: str) -> ClientApplication:
        return actions.register_client(
            agreement_id=agreement.pk, name=name, purpose="授信核验。", ip_allow_list=[],
            actor=city.agent, at=APPROVED,
        )  # fmt: skip

    with pytest.raises(InvalidClient):
        register("营销系统")
    assert ClientApplication.objects.count() == before
    assert register("授信核验系统").pk
