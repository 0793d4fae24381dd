"""A dataset is made shorter in the moment in which an agreement over it takes effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from catalog import actions as catalog
from catalog.errors import TermInUse
from catalog.models import Dataset
from contracts.errors import TermOutlastsDataset
from contracts.models import Agreement
from tests.builders.contracts import SIGNED, ready_agreement, sign


@pytest.mark.django_db(transaction=True)
def test_either_the_term_or_the_agreement_wins_and_never_both(
    together: Callable[..., list[Any]],
) -> None:
    city, agreement = ready_agreement()
    for who in (city.legal_rep, city.leader):
        sign(agreement, who)
    dataset = Dataset.objects.get(code="D01")

    def shorten() -> Any:
        return catalog.set_dataset_term(
            dataset_id=dataset.pk, open_from=None, open_to=date(2027, 1, 1), operated_to=None,
            basis="开放清单（2026年）", actor=city.leader, at=SIGNED,
        )  # fmt: skip

    results = together(shorten, lambda: sign(agreement, city.second_leader))
    dataset.refresh_from_db()
    now = Agreement.objects.get(pk=agreement.pk)
    shortened, in_force = dataset.open_to is not None, now.state == "EFFECTIVE"
    assert shortened != in_force, results
    lost = results[1] if shortened else results[0]
    # Whoever comes later is refused by name, or by the database itself.
    assert isinstance(lost, TermOutlastsDataset | TermInUse) or "outside" in str(lost), lost
