"""Each rule finds what it is for, and lets pass what it should."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import lint_structure

STATE_UPDATES = [
    ("catalog/actions.py", "Dataset.objects.filter(pk=1).update(state='PUBLISHED')", True),
    ("catalog/actions.py", "Dataset.objects.bulk_update(rows, ['state'])", True),
    ("catalog/actions.py", "Dataset.objects.update_or_create(defaults={'state': 'X'})", True),
    ("catalog/actions.py", "Dataset.objects.update(title='x')", False),
    ("catalog/actions.py", "names.update(other)", False),
    ("workflow/transitions.py", "rows.update(state='X')", False),
]
IMPORTS = [
    ("catalog/models.py", "import sqlalchemy", True),
    ("catalog/models.py", "from sqlalchemy.orm import Session", True),
    ("ledger/store.py", "from sqlalchemy import select", False),
    ("catalog/apps.py", "from django.db.models.signals import post_save", True),
    ("catalog/apps.py", "from django.db.models import signals", True),
    ("catalog/apps.py", "from django.dispatch import receiver", True),
    ("portal/catalog/views.py", "from django.db import connection", True),
    ("portal/catalog/views.py", "from catalog import queries", False),
    ("gateway/gate.py", "from django.db import models", True),
    ("gateway/gate.py", "from core import errors", False),
]


@pytest.mark.parametrize(("place", "code", "found"), STATE_UPDATES)
def test_a_state_changed_past_the_one_road_is_found(place: str, code: str, found: bool) -> None:
    problems = lint_structure.find_state_updates(path=Path(place), tree=ast.parse(code))

    assert bool(list(problems)) == found


@pytest.mark.parametrize(("place", "code", "found"), IMPORTS)
def test_an_import_against_the_architecture_is_found(place: str, code: str, found: bool) -> None:
    problems = lint_structure.find_forbidden_imports(path=Path(place), tree=ast.parse(code))

    assert bool(list(problems)) == found


@pytest.mark.parametrize(("lines", "found"), [(60, False), (61, True)])
def test_a_function_that_does_not_fit_a_screen_is_found(lines: int, found: bool) -> None:
    code = "def long():\n" + "    x = 1\n" * (lines - 1)
    problems = lint_structure.find_long_functions(path=Path("a.py"), tree=ast.parse(code))

    assert bool(list(problems)) == found


def test_long_files_are_found_outside_generated_folders_only(tmp_path: Path) -> None:
    for name in ("app/long.py", "app/migrations/0001.py", "node_modules/x.py", "templates/a.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n" * 401)
    (tmp_path / "app" / "short.py").write_text("x = 1\n" * 400)

    problems = list(lint_structure.find_long_files(root=tmp_path))

    assert [p.split(":")[0] for p in problems] == ["app/long.py", "templates/a.html"]


def test_a_package_without_a_place_in_the_order_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.importlinter.contracts]]\nlayers = ["config", "portal | api"]\n'
    )
    for name in ("config", "api", "market", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()

    problems = list(lint_structure.find_unlisted_packages(root=tmp_path))

    assert len(problems) == 1
    assert problems[0].startswith("market/")


def test_two_packages_that_overwrite_each_other_are_found() -> None:
    both = {"django-fsm", "django-fsm-2", "django"}

    assert list(lint_structure.find_colliding_packages(installed=both))
    assert not list(lint_structure.find_colliding_packages(installed=both - {"django-fsm"}))


def test_a_file_that_does_not_parse_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[[tool.importlinter.contracts]]\nlayers = []\n")
    (tmp_path / "broken.py").write_text("x = 1\ndef broken(:\n")

    assert lint_structure.check(root=tmp_path, installed=set())[0].startswith("broken.py:2")


@pytest.mark.parametrize("path", lint_structure.PURE_MODULES)
def test_every_module_held_to_be_pure_is_there(path: str) -> None:
    # A rule about a file that was renamed would hold for ever without saying anything.
    assert (lint_structure.ROOT / path).is_file()
