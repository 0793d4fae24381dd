"""What the tests of the committee do again and again."""

from __future__ import annotations

from typing import Any

from applications import actions, panel, queries
from applications.models import Application, PanelRule
from tests.builders import applications as build
from tests.builders.applications import City

AT = build.CONCLUDED


def seat(city: City, case: Application, members: list[Any] | None = None) -> None:
    """Seat a panel; nobody has declared yet."""
    actions.seat_panel(
        application_id=case.pk,
        members=members or city.panel,
        chair=city.chair,
        actor=city.secretary,
        at=AT,
    )


def declare(case: Application, who: Any, conflict: str = "") -> None:
    """Declare no interest, or recuse with a reason."""
    actions.declare_interest(application_id=case.pk, conflict=conflict, actor=who, at=AT)


def page_of(case: Application, who: Any) -> queries.PanelPage:
    """Return the panel as somebody sees it."""
    return queries.panel_page(application_id=case.pk, actor=who, at=AT)


def small_rules(**changes: Any) -> None:
    """Put a small panel into force: three of five make a quorum."""
    rule = {**panel.BASELINE["REVIEW"], "quorum_seats_min": 3, "presence_ratio": "1/2", **changes}
    made = PanelRule.objects.get(kind="REVIEW", version=1)
    for name, value in rule.items():
        setattr(made, name, value)
    made.save()
