"""More time by a second person, and late clocks put before the desk above, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from applications import actions
from applications.models import Application
from core import clock
from core.errors import Forbidden, InvalidInput
from notify.models import Message
from tests.applications.conftest import due
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City
from workflow.deadlines import ClockError
from workflow.models import AuditEntry, ClockExtension, Deadline, EscalationRule

pytestmark = pytest.mark.django_db

REASON = "涉及两个部门，需补充论证。"


def ask(case: Application, city: City, *, days: int = 10, actor: Any = None, **more: Any) -> Any:
    return actions.ask_extension(
        application_id=case.pk,
        working_days=days,
        reason=more.get("reason", REASON),
        actor=actor or city.case,
        at=more.get("at", build.REVIEWED),
    )


def settle(case: Application, actor: Any, *, granted: bool = True, note: str = "") -> Any:
    return actions.settle_extension(
        application_id=case.pk, granted=granted, note=note, actor=actor, at=build.SECURED
    )


class TestExtension:
    def test_moves_the_limit_only_when_another_person_grants_it(self, city: City) -> None:
        case = build.accepted(city)
        before = due(case, "overall")
        ask(case, city)
        assert due(case, "overall") == before == "2026-10-20"
        assert Message.objects.filter(recipient=city.decider, subject__contains="待批准").exists()

        settle(case, city.decider)
        assert due(case, "overall") == "2026-11-03"
        told = Message.objects.get(recipient=city.agent, key__startswith="extension.")
        assert told.subject.endswith("延长10个工作日，至2026年11月3日")
        assert told.body == REASON

    def test_is_not_granted_by_who_asked_for_it(self, city: City) -> None:
        case = build.accepted(city)
        ask(case, city)
        refuses(case, Forbidden, lambda: settle(case, city.case))
        refuses(case, Forbidden, lambda: settle(case, city.supervisor))
        assert ClockExtension.objects.get().granted is None

    def test_refused_needs_a_reason_and_leaves_the_limit(self, city: City) -> None:
        case = build.accepted(city)
        ask(case, city)
        refuses(case, InvalidInput, lambda: settle(case, city.decider, granted=False, note=" "))
        settle(case, city.decider, granted=False, note="理由不充分")
        assert due(case, "overall") == "2026-10-20"
        assert not Message.objects.filter(recipient=city.agent, key__contains="granted").exists()
        # A better founded request may follow a refused one.
        ask(case, city, days=5)
        assert ClockExtension.objects.filter(granted=None).count() == 1

    def test_is_asked_once_at_a_time_and_granted_once(self, city: City) -> None:
        case = build.accepted(city)
        refuses(case, ClockError, lambda: settle(case, city.decider))
        ask(case, city)
        refuses(case, ClockError, lambda: ask(case, city))
        settle(case, city.decider)
        refuses(case, ClockError, lambda: settle(case, city.decider))
        refuses(case, ClockError, lambda: ask(case, city))

    @pytest.mark.parametrize("days", [0, 11])
    def test_outside_one_to_ten_working_days_is_refused(self, city: City, days: int) -> None:
        case = build.accepted(city)
        refuses(case, InvalidInput, lambda: ask(case, city, days=days))
        refuses(case, InvalidInput, lambda: ask(case, city, reason="  "))
        assert not ClockExtension.objects.exists()


class TestEscalation:
    def test_comes_one_working_day_after_the_last_day_and_once(self, city: City) -> None:
        case = build.submitted(city)
        assert due(case, "acceptance") == "2026-09-17"
        assert actions.escalate_overdue(at=build.day("2026-09-17", 23)) == 0
        assert actions.escalate_overdue(at=build.day("2026-09-18")) == 1
        assert actions.escalate_overdue(at=build.day("2026-09-18")) == 0
        assert actions.escalate_overdue(at=build.day("2026-09-21")) == 0

        told = Message.objects.get(key__startswith="escalation.")
        assert (told.recipient, told.link) == (city.supervisor, f"/applications/{case.pk}/")
        entry = AuditEntry.objects.get(action="escalate_clock", subject_id=str(case.pk))
        assert entry.facts["due_on"] == "2026-09-17"

    def test_of_a_missed_day_is_made_up(self, city: City) -> None:
        build.submitted(city)
        assert actions.escalate_overdue(at=build.day("2026-10-30")) == 1
        assert Message.objects.filter(key__startswith="escalation.").count() == 1

    def test_spares_a_clock_that_stands(self, city: City) -> None:
        case = build.accepted(city)
        actions.stop_clock(
            application_id=case.pk,
            kind="provider_review",
            reason=REASON,
            actor=city.case,
            at=build.ACCEPTED,
        )
        late = build.day("2026-10-09")
        assert actions.escalate_overdue(at=late) == 0
        assert Deadline.objects.filter(kind="provider_review", escalated_at=None).exists()

    def test_follows_the_version_in_force_when_the_clock_began(self, city: City) -> None:
        build.submitted(city)
        EscalationRule.objects.create(
            kind="acceptance",
            version=2,
            after_working_days=5,
            role="AUTHORITY_DECIDER",
            legal_basis="试行规定",
            effective_on=date(2026, 9, 15),
        )
        assert actions.escalate_overdue(at=build.day("2026-09-18")) == 1
        assert Message.objects.get(key__startswith="escalation.").recipient == city.supervisor


def test_the_pages_ask_and_settle_and_only_the_other_person_is_offered_it(city: City) -> None:
    case = build.accepted(city)
    base = f"/applications/{case.pk}/"
    handler, decider = Client(), Client()
    handler.force_login(city.case)
    decider.force_login(city.decider)
    with clock.fixed(build.REVIEWED):
        assert decider.get(f"{base}extension/").status_code == 404
        asked = handler.post(f"{base}extend/", {"working_days": 5, "reason": REASON})
        assert asked.status_code == 302
        assert f"{base}extension/" not in handler.get(base).content.decode()
        assert handler.get(f"{base}extension/").status_code == 404
        assert f"{base}extension/" in decider.get(base).content.decode()
        assert REASON in decider.get(f"{base}extension/").content.decode()
        assert decider.post(f"{base}extension/", {"granted": "yes"}).status_code == 302
    assert due(case, "overall") == "2026-10-27"
