"""The price list is imported all or nothing, and only what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core import clock
from settlement.models import PriceVersion
from tests.builders.settlement import DRAFTED, Counter

pytestmark = pytest.mark.django_db
HEAD = "dataset,model,base_price,tiers,effective_on,legal_basis\n"
LIST = HEAD + (
    "D01,TIERED_CALL,0,100000:0.06|:0.05,2027-01-01,示例价目\n"
    "D07,PER_CALL,0,:1.20,2027-01-01,示例价目\n"
)


def imported(counter: Counter, tmp_path: Path, text: str, *options: str) -> None:
    """Import a list as the finance officer would."""
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    with clock.fixed(DRAFTED):
        call_command(
            "import_prices",
            str(path),
            "--publisher",
            counter.finance.username,
            *options,
            verbosity=0,
        )


def test_a_list_imported_twice_stands_once(counter: Counter, tmp_path: Path) -> None:
    before = PriceVersion.objects.count()
    imported(counter, tmp_path, LIST)
    assert PriceVersion.objects.count() == before + 2
    imported(counter, tmp_path, LIST)
    assert PriceVersion.objects.count() == before + 2
    newest = PriceVersion.objects.get(dataset__code="D01", number=2)
    assert newest.tiers == [{"up_to": "100000", "price": "0.06"}, {"up_to": None, "price": "0.05"}]
    assert newest.published_by == counter.finance


def test_a_trial_run_stores_nothing(counter: Counter, tmp_path: Path) -> None:
    before = PriceVersion.objects.count()
    imported(counter, tmp_path, LIST, "--dry-run")
    assert PriceVersion.objects.count() == before


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("D99,PER_CALL,0,:1.20,2027-01-01,示例价目\n", "D99"),
        ("D07,BY_FEELING,0,:1.20,2027-01-01,示例价目\n", "BY_FEELING"),
        ("D07,PER_CALL,zero,:1.20,2027-01-01,示例价目\n", "base_price"),
        ("D07,PER_CALL,0,1.20,2027-01-01,示例价目\n", "tiers"),
        ("D07,PER_CALL,0,:1.20,soon,示例价目\n", "effective_on"),
        ("D07,PER_CALL,0,:1.20,2027-01-01,\n", "legal_basis"),
    ],
)
def test_one_wrong_cell_refuses_the_whole_list_and_is_named(
    counter: Counter, tmp_path: Path, row: str, named: str
) -> None:
    before = list(PriceVersion.objects.values_list())
    good = HEAD + "D01,PER_CALL,0,:0.06,2027-01-01,示例价目\n"
    with pytest.raises(CommandError, match=named):
        imported(counter, tmp_path, good + row)
    assert list(PriceVersion.objects.values_list()) == before


@pytest.mark.parametrize("row", [
    "D07,PER_CALL,5,,2027-01-01,示例价目\n",
    "D07,PER_CALL,0,:1.20,2027-01-15,示例价目\n",
])  # fmt: skip
def test_figures_that_make_no_price_refuse_the_whole_list(
    counter: Counter, tmp_path: Path, row: str
) -> None:
    before = list(PriceVersion.objects.values_list())
    good = HEAD + "D01,PER_CALL,0,:0.06,2027-01-01,示例价目\n"
    with pytest.raises(CommandError):
        imported(counter, tmp_path, good + row)
    assert list(PriceVersion.objects.values_list()) == before


def test_nobody_outside_the_exchange_publishes_a_list(counter: Counter, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(LIST, encoding="utf-8")
    before = PriceVersion.objects.count()
    for publisher in (counter.city.agent.username, "nobody"):
        with pytest.raises(CommandError), clock.fixed(DRAFTED):
            call_command("import_prices", str(path), "--publisher", publisher, verbosity=0)
    assert PriceVersion.objects.count() == before
