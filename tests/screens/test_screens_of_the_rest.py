"""Every screen of licenses, statements, supervision, the catalog and the public pages; see tests/screens/looking.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.screens.looking import Looker
from tests.screens.pages import routes_of
from tests.screens.walk import look_at

AREAS = ("-applications", "-lists", "-home", "-parties")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", routes_of(*AREAS))
def test_screen_is_readable_by_everybody_in_both_themes_languages_and_widths(
    scene: Any, window: Callable[[str], Looker], route: str
) -> None:
    found = look_at(scene, window, route)

    assert not found, "\n".join(found)
