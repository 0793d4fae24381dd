"""Two people at once: one decides, the other is told that it is done."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedNow
from licensing.models import Credential, License
from oversight import actions
from oversight.models import Measure, OversightDocument, ViolationCase
from tests.builders import oversight as build

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_deciders_at_once_decide_once(together):
    world = build.world()
    case = build.stated(world, codes=("D01", "D07"))

    def decide(who, measure):
        return lambda: actions.decide_case(
            case_id=case.pk, measure=measure, reasons="事实清楚。", actor=who, at=build.DECIDED
        )

    results = together(
        decide(world.city.decider, "CLOSE"), decide(world.city.second_decider, "CLOSE")
    )
    late = [one for one in results if isinstance(one, NotAllowedNow)]
    done = [one for one in results if isinstance(one, ViolationCase)]
    assert (len(done), len(late)) == (1, 1)
    assert Measure.objects.filter(interim=False).count() == 1
    assert OversightDocument.objects.filter(kind="DECISION").count() == 1
    assert set(License.objects.values_list("state", flat=True)) == {"REVOKED"}
    assert Credential.objects.get(pk=world.credential.pk).state == "REVOKED"
    assert ViolationCase.objects.get().decided_by_id == done[0].decided_by_id
