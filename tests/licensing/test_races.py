"""Two people acting on one license, and two on one key, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import NotAllowedNow
from licensing import actions
from licensing.models import Credential, License
from tests.builders.applications import day
from tests.builders.licensing import licensed

AT = day("2026-11-03")


@pytest.mark.django_db(transaction=True)
def test_one_state_is_left_and_one_key_is_shown(together: Callable[..., list[Any]]) -> None:
    stage = licensed()
    requested = actions.request_credential(
        client_id=stage.client.pk, actor=stage.city.agent, at=AT
    )
    issue = {"credential_id": requested.pk, "actor": stage.city.agent, "at": AT}
    shown = together(*[lambda: actions.issue_credential(**issue)] * 2)
    assert sorted(type(one).__name__ for one in shown) == ["IssuedSecret", "NotAllowedNow"]

    license_id = stage.licenses["D01"].pk
    results = together(
        lambda: actions.suspend_license(
            license_id=license_id, reason="x", actor=stage.city.supervisor, at=AT
        ),
        lambda: actions.revoke_license(
            license_id=license_id, reason="x", actor=stage.city.decider, at=AT
        ),
    )
    assert isinstance(results[0], License | NotAllowedNow)
    assert License.objects.get(pk=license_id).state == License.State.REVOKED
    assert Credential.objects.get(pk=requested.pk).state == Credential.State.ACTIVE
