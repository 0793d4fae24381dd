"""A text is signed only when every dataset that it names lasts its whole term."""

from __future__ import annotations

from datetime import date

import pytest

from catalog import actions as catalog
from catalog.models import Dataset
from contracts.errors import TermOutlastsDataset
from contracts.models import Agreement
from tests.builders.contracts import SIGNED, ready_agreement, sign

LAST = date(2027, 10, 19)


@pytest.mark.django_db
@pytest.mark.parametrize(("last", "signs"), [("2027-10-19", True), ("2027-10-18", False)])
def test_a_text_is_signed_only_when_every_dataset_lasts_its_whole_term(
    last: str, signs: bool
) -> None:
    city, agreement = ready_agreement()
    catalog.set_dataset_term(
        dataset_id=Dataset.objects.get(code="D01").pk, open_from=None,
        open_to=date.fromisoformat(last), operated_to=None, basis="开放清单（2026年）",
        actor=city.leader, at=SIGNED,
    )  # fmt: skip
    if signs:
        for who in (city.legal_rep, city.leader, city.second_leader):
            sign(agreement, who)
        agreement = Agreement.objects.get(pk=agreement.pk)
        assert (agreement.state, agreement.valid_to) == ("EFFECTIVE", LAST)
    else:
        with pytest.raises(TermOutlastsDataset, match="2027-10-18"):
            sign(agreement, city.legal_rep)
        assert not agreement.signatures.exists()
