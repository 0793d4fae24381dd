"""The 68 units of the annex."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from parties import queries
from parties.models import PublicUnit

pytestmark = pytest.mark.django_db
FILE = "demo/data/targets_2023.csv"


def test_the_annex_sums_to_2637_beside_the_2240_of_the_text(capsys):
    call_command("import_units", FILE)
    targets = queries.targets()
    assert (targets.count, targets.total, targets.policy_total) == (68, 2_637, 2_240)
    assert [(count, total) for _name, count, total in targets.by_group] == [
        (14, 125),
        (38, 1_569),
        (8, 47),
        (8, 896),
    ]
    assert "sum of targets 2,637, the policy's text says >= 2,240" in capsys.readouterr().out


def test_the_same_file_twice_changes_nothing(capsys):
    call_command("import_units", FILE, verbosity=0)
    before = list(PublicUnit.objects.values())
    call_command("import_units", FILE)
    assert list(PublicUnit.objects.values()) == before
    assert "0 added, 0 changed" in capsys.readouterr().out


def test_a_changed_file_says_what_it_changes(tmp_path, capsys):
    call_command("import_units", FILE, verbosity=0)
    changed = tmp_path / "units.csv"
    text = Path(FILE).read_text(encoding="utf-8").replace("16,市教育局,150", "16,市教育局,160")
    changed.write_text(text, encoding="gb18030")
    call_command("import_units", str(changed))
    assert "16 市教育局 150 GOVERNMENT -> 16 市教育局 160 GOVERNMENT" in capsys.readouterr().out
    assert queries.targets().total == 2_647


def test_a_trial_run_stores_nothing():
    call_command("import_units", FILE, "--dry-run", verbosity=0)
    assert not PublicUnit.objects.exists()


def test_every_wrong_cell_is_named_and_nothing_is_written(tmp_path):
    wrong = tmp_path / "units.csv"
    wrong.write_text(
        "seq,unit_zh,target_datasets_2023\n1,甲局,5\n2,甲局,=1+1\n4,,-3\n", encoding="utf-8-sig"
    )
    with pytest.raises(CommandError) as refused:
        call_command("import_units", str(wrong))
    message = str(refused.value)
    for part in ("3", "4", "target_datasets_2023", "unit_zh"):
        assert part in message
    assert not PublicUnit.objects.exists()


def test_a_gap_in_the_numbers_is_refused(tmp_path):
    wrong = tmp_path / "units.csv"
    wrong.write_text("seq,unit_zh,target_datasets_2023\n1,甲,5\n3,乙,6\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_units", str(wrong))
    assert not PublicUnit.objects.exists()
