"""The company that comes by itself in the demonstration, told alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from demo.stories import waiting
from parties.models import Invitation, PartyProfile
from parties.roles import Kind, Role
from tests.builders.applications import day
from tests.builders.companies import build_office
from tests.builders.parties import organization, person


class Cast(dict[str, Any]):
    """The two players the story needs."""

    def __init__(self) -> None:
        credit = organization(Kind.APPLICANT, "锡城示例征信科技有限公司")
        super().__init__({"xczx-faren": person(credit, Role.APPLICANT_LEGAL_REP)})
        self.house = {"credit": credit}


@pytest.mark.django_db
def test_leaves_a_profile_to_approve_and_an_open_invitation() -> None:
    build_office()
    at = day("2026-12-24")
    stage = SimpleNamespace(
        at=at,
        move_to=lambda text: at,
        act=lambda narration, action, **arguments: action(at=at, **arguments),
    )

    waiting._company(stage, Cast())  # type: ignore[arg-type]

    assert PartyProfile.objects.get().state == "SUBMITTED"
    assert Invitation.objects.get().state == "OPEN"
