"""Scratch folders for clusters of their own, stopped and removed after each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import embedded

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return an empty folder that other accounts may pass through."""
    path = Path(tempfile.mkdtemp(prefix="datadeed-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[embedded.Cluster]:
    """Return a cluster that nobody has started yet."""
    scratch = embedded.Cluster(data_dir=folder / "postgres", fast=True)
    yield scratch
    embedded.stop(cluster=scratch)
    remove_traces(scratch)


def remove_traces(cluster: embedded.Cluster) -> None:
    """Remove what a cluster keeps outside its folder."""
    shutil.rmtree(cluster.socket_dir, ignore_errors=True)
    if cluster.data_dir.is_symlink():
        shutil.rmtree(cluster.data_dir.resolve().parent, ignore_errors=True)


@pytest.fixture
def in_new_process() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a starter of Python code in a process of its own; none survives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=bare_environment(),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def bare_environment(**more: str) -> dict[str, str]:
    """Return the environment without anything that names a database or a demo."""
    hidden = ("DATABASE", "DATADEED", "CELERY", "DJANGO", "PG", "SECRET", "DEBUG")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more
