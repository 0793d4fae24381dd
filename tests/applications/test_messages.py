"""The applicant is told of every step that concerns them, once."""

from __future__ import annotations

import pytest

from notify.models import Message
from tests.builders import applications as build
from tests.builders.applications import City
from workflow import outbox

pytestmark = pytest.mark.django_db


def test_agent_and_legal_representative_are_told_of_each_step_once(city: City) -> None:
    build.approved_application(city)
    outbox.deliver_due(at=build.DECIDED)
    outbox.deliver_due(at=build.DECIDED)

    told = Message.objects.filter(key__startswith="applications.event.")
    mine = told.filter(recipient=city.agent).order_by("id")
    assert mine[1].subject.endswith("开放主体审查")
    assert mine.count() == 6
    assert told.filter(recipient=city.legal_rep).count() == 6
    assert not told.exclude(recipient__in=[city.agent, city.legal_rep]).exists()
