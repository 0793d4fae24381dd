"""A set-up step is done once, and what is missing is named with the command that brings it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform.conftest import ROOT, bare_environment
from tools import setup


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "var" / "stamps.json")
    return tmp_path


class Counter:
    """A step that counts how often it was done and leaves a file behind."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof
        self.times = 0

    def __call__(self) -> None:
        self.times += 1
        self.proof.touch()

    def run(self, mark: str) -> int:
        setup.run_step("step", "a step", mark, self.proof, self)
        return self.times


def test_a_step_is_done_again_only_when_its_inputs_or_its_result_changed(folder: Path) -> None:
    step = Counter(folder / "result")

    assert [step.run("a"), step.run("a")] == [1, 1]
    assert step.run("b") == 2
    step.proof.unlink()
    assert step.run("b") == 3


def test_a_step_that_failed_is_done_again(folder: Path) -> None:
    def fail() -> None:
        raise subprocess.CalledProcessError(1, ["npm"])

    with pytest.raises(subprocess.CalledProcessError):
        setup.run_step("step", "a step", "a", folder, fail)

    assert setup.read_stamps() == {}


def test_the_mark_of_files_changes_with_names_and_contents(folder: Path) -> None:
    first, second = folder / "a.txt", folder / "b.txt"
    first.write_text("one")
    mark = setup.hash_files([first])
    second.write_text("one")

    assert setup.hash_files([second]) != mark
    first.write_text("two")
    assert setup.hash_files([first]) != mark


@pytest.mark.parametrize("program", ["node", "npm"])
def test_a_missing_program_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    found = setup.shutil.which
    monkeypatch.setattr(
        setup.shutil, "which", lambda name: None if name == program else found(name)
    )

    with pytest.raises(setup.Missing, match=rf"'{program}' is missing.*apt-get install -y nodejs"):
        setup.check_node()


def test_an_old_python_is_refused_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(setup.Missing, match=r"3\.11 or newer is needed; this is 3\.9\.2.*python3"):
        setup.check_python()


def test_an_old_python_can_read_the_script_far_enough_to_say_so() -> None:
    import ast

    code = (ROOT / "tools" / "setup.py").read_text(encoding="utf-8")

    assert ast.parse(code, feature_version=(3, 8))


def test_programs_of_the_tests_that_may_not_be_installed_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)

    with pytest.raises(setup.Missing, match=r"chromium .*hledger .*poppler-utils qpdf"):
        setup.set_up_test_programs()


def test_without_node_the_whole_set_up_ends_with_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "setup.py")],
        text=True, capture_output=True, check=False,
        env=bare_environment(PATH=str(tmp_path), DATADEED_VAR_DIR=str(tmp_path / "var")),
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith("setup: 'node' is missing")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "var").exists()
