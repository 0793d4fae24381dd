"""Two people beginning a child of one case at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from applications.errors import ChildUnderWay
from applications.models import Application
from tests.builders import licensing as builders
from tests.licensing.test_children import OPENS, begin


@pytest.mark.django_db(transaction=True)
def test_two_agents_beginning_at_once_begin_one(together: Callable[..., list[Any]]) -> None:
    stage = builders.licensed()
    case_id: UUID = stage.agreement.application_id
    case = Application.objects.get(pk=case_id)
    results = together(
        *[
            lambda kind=kind: begin(case, stage.city, kind, OPENS)
            for kind in ("AMENDMENT", "RENEWAL")
        ]
    )
    assert sum(isinstance(r, Application) for r in results) == 1
    assert sum(isinstance(r, ChildUnderWay) for r in results) == 1
    assert Application.objects.filter(parent=case).count() == 1
