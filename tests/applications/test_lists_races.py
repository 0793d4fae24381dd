"""Two workers at one file: real threads on a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions
from tests.applications.test_exports import AT, asked
from tests.builders import applications as build


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_file_once(together: Callable[..., list[Any]]) -> None:
    city = build.build_city()
    build.submitted(city)
    for _ in range(5):
        job = asked(city.agent, "mine")
        taken = together(
            lambda: actions.run_exports(now=lambda: AT), lambda: actions.run_exports(now=lambda: AT)
        )
        assert sorted(taken) == [0, 1]
        job.refresh_from_db()
        assert (job.stage, job.attempts, job.fence) == ("READY", 1, 1)
