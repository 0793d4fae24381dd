"""Idle drafts: one warning, a full period, then gone; nothing else is ever touched."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from applications import actions
from applications.models import Application, DraftRule, DraftWarning
from notify.models import Message
from parties.models import User
from parties.queries import system_actor
from parties.roles import Role
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import person
from tests.portal.reading import read
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
BEGUN = build.SUBMITTED


def after(days: int, hours: int = 0) -> datetime:
    return BEGUN + timedelta(days=days, hours=hours)


def told(who: User) -> int:
    return Message.objects.filter(recipient=who, subject__startswith="草稿").count()


def kept() -> tuple[int, int, int, int]:
    """Return what a run may change."""
    return (
        Application.objects.count(),
        DraftWarning.objects.count(),
        Message.objects.count(),
        AuditEntry.objects.count(),
    )


@pytest.mark.scenario(15)
class TestAnIdleDraft:
    def test_is_warned_of_once_to_every_agent_and_erased_with_a_record(self, city: City) -> None:
        colleague = person(city.applicant, Role.APPLICANT_AGENT, full_name="吴同事")
        draft = build.drafted(city)
        assert actions.expire_drafts(at=after(82)) == (0, 0)

        assert actions.expire_drafts(at=after(84)) == (1, 0)
        assert (told(city.agent), told(colleague)) == (1, 1)
        assert all(
            m.mail_due_at for m in Message.objects.filter(subject__startswith="草稿")
        )
        assert AuditEntry.objects.filter(action="warn_idle_draft").count() == 1

        before = kept()
        assert actions.expire_drafts(at=after(84, 1)) == (0, 0)
        assert kept() == before

        assert actions.expire_drafts(at=after(94)) == (0, 1)
        assert not Application.objects.filter(pk=draft.pk).exists()
        last = AuditEntry.objects.filter(subject_id=str(draft.pk)).order_by("sequence").last()
        assert last is not None
        assert (last.action, last.actor_id) == ("delete_draft", str(system_actor().pk))

    def test_is_warned_a_full_period_before_even_if_days_were_missed(self, city: City) -> None:
        build.drafted(city)
        assert actions.expire_drafts(at=after(200)) == (1, 0)
        assert actions.expire_drafts(at=after(206, 23)) == (0, 0)
        assert actions.expire_drafts(at=after(207)) == (0, 1)

    def test_is_kept_when_somebody_goes_on_and_then_needs_another_warning(
        self, city: City
    ) -> None:
        draft = build.drafted(city)
        actions.expire_drafts(at=after(84))
        actions.edit_application(
            application_id=draft.pk, changes={"region": "江苏省"}, actor=city.agent, at=after(89)
        )
        assert actions.expire_drafts(at=after(95)) == (0, 0)
        assert actions.expire_drafts(at=after(89 + 83)) == (1, 0)
        assert told(city.agent) == 2
        assert actions.expire_drafts(at=after(89 + 89)) == (0, 0)
        assert actions.expire_drafts(at=after(89 + 90)) == (0, 1)

    @pytest.mark.parametrize(("days", "warned"), [(82, 0), (83, 1)])
    def test_is_idle_from_the_very_day(self, city: City, days: int, warned: int) -> None:
        build.drafted(city)
        assert actions.expire_drafts(at=after(days)) == (warned, 0)

    def test_says_on_its_page_until_when_it_is_kept(self, city: City) -> None:
        draft = build.drafted(city)
        quiet = read(city.agent, "application_tasks", draft.pk, at=after(1))
        assert "如不再编辑，保留至2026年12月13日" in quiet
        actions.expire_drafts(at=after(84))
        warned = read(city.agent, "application_tasks", draft.pk, at=after(84))
        # Warned a day late, it is kept a day longer.
        assert "将于2026年12月14日删除" in warned


@pytest.mark.scenario(17)
class TestWhatIsLeftAlone:
    def test_what_an_office_does_keeps_no_draft_and_what_was_handed_in_is_never_touched(
        self, city: City
    ) -> None:
        submitted = build.submitted(city, scenario_name="已提交")
        returned = build.submitted(city, scenario_name="已退回")
        actions.request_correction(
            application_id=returned.pk,
            defects=[
                {"section": "usage", "item": "地域", "problem": "不清", "required": "写明"}
            ],
            actor=city.case,
            at=build.ACCEPTED,
        )
        draft = build.drafted(city, scenario_name="草稿")
        # A message of an office about the draft is no work on it.
        DraftRule.objects.filter(version=1).update(legal_basis="依据已改写")
        assert actions.expire_drafts(at=after(400)) == (1, 0)
        assert actions.expire_drafts(at=after(407)) == (0, 1)
        left = set(Application.objects.values_list("pk", flat=True))
        assert {submitted.pk, returned.pk} <= left
        assert draft.pk not in left

    def test_a_withdrawn_draft_is_no_idle_draft(self, city: City) -> None:
        draft = build.drafted(city)
        actions.withdraw_application(
            application_id=draft.pk, actor=city.agent, at=BEGUN, reason=""
        )
        before = kept()
        assert actions.expire_drafts(at=after(400)) == (0, 0)
        assert kept() == before

    def test_without_a_rule_in_force_nothing_happens_and_it_is_logged(
        self, city: City, caplog: pytest.LogCaptureFixture
    ) -> None:
        build.drafted(city)
        DraftRule.objects.all().delete()
        before = kept()
        assert actions.expire_drafts(at=after(400)) == (0, 0)
        assert kept() == before
        assert "draft_rule_missing" in caplog.text
