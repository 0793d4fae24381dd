"""What the tests of the acceptance desk share."""

from __future__ import annotations

from typing import Any

from applications import actions, form
from applications.models import Application
from parties.models import User
from parties.roles import Role
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import person
from workflow.models import AuditEntry

PDF = b"%PDF-1.7\n1 0 obj\n"
DEFECT = {"section": "usage", "item": "证书", "problem": "证书过期", "required": "更新证书"}


def colleague(city: City, name: str = "同事甲") -> User:
    """Return one more person at the acceptance desk."""
    return person(city.authority, Role.AUTHORITY_CASE, full_name=name)


def take(case: Application, who: User, *, frm: Any = None, reason: str = "", at: Any = None) -> Any:
    """Take a case over."""
    return actions.take_over(
        application_id=case.pk,
        from_person_id=frm,
        actor=who,
        at=at or build.SUBMITTED,
        reason=reason,
    )


def resubmitted(city: City, case: Application, **changes: Any) -> Application:
    """Return a case for correction in "usage" and hand it in again with some entries changed."""
    actions.request_correction(
        application_id=case.pk, defects=[DEFECT], actor=city.case, at=build.SUBMITTED
    )
    if changes:
        actions.edit_application(
            application_id=case.pk, changes=changes, actor=city.agent, at=build.ACCEPTED
        )
    return actions.resubmit_application(
        application_id=case.pk,
        answers={"1": "已更新"},
        codes=form.COMMITMENTS,
        actor=city.agent,
        at=build.ACCEPTED,
    )


def ask(case: Application, city: City, *people: User, at: Any = None) -> Any:
    """Ask officials for their opinion."""
    return actions.ask_opinion(
        application_id=case.pk,
        people=[p.pk for p in people],
        question="范围是否相称？",
        actor=city.case,
        at=at or build.ACCEPTED,
    )


def acts(case: Any) -> list[str]:
    """Return the acts on record, oldest first."""
    rows = AuditEntry.objects.filter(subject_id=str(case.pk), outcome="DONE").order_by("id")
    return list(rows.values_list("action", flat=True))


def last_act(case: Any, action: str) -> AuditEntry:
    """Return the newest entry of an act."""
    return AuditEntry.objects.filter(subject_id=str(case.pk), action=action).latest("id")
