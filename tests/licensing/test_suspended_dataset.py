"""A dataset suspended while the case was under way: nothing opens it before it is open again."""

from __future__ import annotations

from typing import Any

import pytest

from applications.models import Application
from catalog import actions as catalog
from licensing.actions.licenses import require_usable_surroundings
from licensing.errors import DatasetNotPublished
from licensing.models import License
from tests.builders import applications as build
from tests.builders.licensing import APPROVED, ISSUED, issued
from workflow import outbox

pytestmark = pytest.mark.django_db


@pytest.mark.scenario(8)
def test_what_was_granted_meanwhile_opens_nothing_until_the_dataset_is_open_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = build.build_city()
    dataset = city.datasets[0]
    draft_of = build.drafted

    def drafted_then_suspended(*args: Any, **changes: Any) -> Application:
        draft = draft_of(*args, **changes)
        catalog.suspend_dataset(
            dataset_id=dataset.pk, reason="复核字段", actor=city.supervisor, at=build.SUBMITTED
        )
        return draft

    monkeypatch.setattr(build, "drafted", drafted_then_suspended)
    city, _, licenses = issued(city)

    assert licenses["D01"].state == License.State.ISSUED
    assert licenses["D07"].state == License.State.ACTIVE
    with pytest.raises(DatasetNotPublished):
        require_usable_surroundings(licenses["D01"], at=ISSUED)

    catalog.resume_dataset(
        dataset_id=dataset.pk, reason="已复核", actor=city.supervisor, at=APPROVED
    )
    outbox.deliver_due(at=APPROVED)
    assert License.objects.get(pk=licenses["D01"].pk).state == License.State.ACTIVE
