"""Links are drawn for those who can follow them, and the browser finds its icon."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

from django.template import Context, Template
from django.test import Client

from parties.roles import Role

KEY = uuid4()
PAGE = Template("{% load reach %}{% reach 'portal:agreement' key text %}")


def drawn_for(*roles: Role) -> str:
    """Return what a holder of these roles sees."""
    desks = [SimpleNamespace(role=str(role)) for role in roles]
    return PAGE.render(Context({"chrome": {"desks": desks}, "key": KEY, "text": "<WX-1>"}))


class TestReach:
    def test_a_role_that_sees_agreements_gets_a_link(self) -> None:
        shown = drawn_for(Role.ASSESSOR, Role.PROVIDER_OFFICER)
        assert shown == f'<a href="/agreements/{KEY}/">&lt;WX-1&gt;</a>'

    def test_a_role_that_never_sees_agreements_gets_the_number_alone(self) -> None:
        assert drawn_for(Role.ASSESSOR) == "&lt;WX-1&gt;"
        assert drawn_for() == "&lt;WX-1&gt;"


def test_the_icon_a_browser_asks_for_beside_a_file_is_found(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith("datadeed/seal.svg")
