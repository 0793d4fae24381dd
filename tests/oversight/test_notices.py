"""What the public reads: act and measure, natural persons masked, for a time; objection, repair."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from core.errors import Forbidden, NotAllowedNow, NotFound
from oversight import actions, errors, masking, queries
from oversight.models import CaseState, PublicNotice, ViolationCase
from parties.models import Organization
from tests.builders import oversight as build
from tests.builders.applications import day
from workflow import deadlines

pytestmark = pytest.mark.django_db
PUBLISHED = day("2026-07-02")


def publish(world, **facts):
    case = build.decided(world, **facts)
    return actions.publish_notice(
        case_id=case.pk, actor=world.city.supervisor, at=PUBLISHED, persons=("王小明",)
    )


class TestPublish:
    def test_the_notice_shows_act_and_measure_and_masks_persons(self, world, client):
        notice = publish(world)
        shown = queries.public_notice(notice_id=notice.pk, at=PUBLISHED)
        assert "营销线索" in shown.act
        assert "王某某" in shown.act
        assert "王小明" not in shown.act
        assert "138****1234" in shown.act
        assert "关闭数据获取权限" in shown.measures[0]
        assert (shown.publish_from, shown.publish_to) == (date(2026, 7, 1), date(2027, 6, 30))
        number, content = queries.notice_document(notice_id=notice.pk, at=PUBLISHED)
        assert number == shown.number
        assert content.startswith(b"%PDF")

    def test_the_same_facts_give_the_same_paper(self, world, monkeypatch):
        from oversight.actions import papers
        from oversight.models import OversightDocument

        notice = publish(world)
        drawn = []
        monkeypatch.setattr(papers, "_store", lambda content, **_owner: drawn.append(content))
        papers.public_notice(notice, at=PUBLISHED)
        assert drawn == [bytes(OversightDocument.objects.get(notice=notice).file)]

    def test_the_list_is_open_to_everyone_and_finds_the_party(self, world, client):
        notice = publish(world)
        url = reverse("portal:notice", args=[notice.pk])
        page = client.get(url)
        assert page.status_code == 200
        found = queries.public_notices(at=PUBLISHED, text=notice.party_uscc)
        assert [row.id for row in found.rows] == [notice.pk]
        assert queries.public_notices(at=PUBLISHED, text="无此单位").total == 0

    def test_is_refused_before_the_decision(self, world):
        case = build.stated(world)
        with pytest.raises(NotAllowedNow):
            actions.publish_notice(case_id=case.pk, actor=world.city.supervisor, at=PUBLISHED)
        assert not PublicNotice.objects.exists()

    def test_is_no_matter_of_the_platform(self, world):
        case = build.decided(world)
        with pytest.raises(Forbidden):
            actions.publish_notice(case_id=case.pk, actor=world.city.ops, at=PUBLISHED)
        assert not PublicNotice.objects.exists()

    def test_a_notice_runs_out_after_a_year_and_the_case_closes(self, world):
        notice = publish(world)
        assert queries.public_notice(notice_id=notice.pk, at=day("2027-06-30", 20)).shown
        assert not queries.public_notice(notice_id=notice.pk, at=day("2027-07-01")).shown
        actions.sweep(at=day("2027-07-01"))
        notice.refresh_from_db()
        assert notice.state == PublicNotice.State.EXPIRED
        assert ViolationCase.objects.get(pk=notice.case_id).state == CaseState.CLOSED


class TestRepair:
    def test_needs_three_months_and_verified_destruction(self, world):
        notice = publish(world)
        actions.open_exit(
            license_id=world.license("D01").pk, actor=_system(), at=build.DECIDED
        )
        facts = {"case_id": notice.case_id, "reason": "整改经核实", "actor": world.city.supervisor}
        with pytest.raises(errors.RepairTooEarly):
            actions.repair_case(**facts, at=day("2026-09-30"))
        with pytest.raises(errors.DutiesOpen):
            actions.repair_case(**facts, at=day("2026-10-08"))
        assert queries.public_notice(notice_id=notice.pk, at=day("2026-10-08")).shown

    def test_takes_the_notice_off_lifts_the_bar_and_keeps_the_record(self, world, client):
        notice = publish(world)
        actions.repair_case(
            case_id=notice.case_id, reason="整改经核实", actor=world.city.supervisor,
            at=day("2026-10-08"),
        )  # fmt: skip
        shown = queries.public_notice(notice_id=notice.pk, at=day("2026-10-08"))
        assert not shown.shown
        assert (shown.act, shown.party_name, shown.measures) == ("", "", ())
        with pytest.raises(NotFound):
            queries.notice_document(notice_id=notice.pk, at=day("2026-10-08"))
        page = client.get(reverse("portal:notice", args=[notice.pk]))
        assert page.status_code == 200
        assert "锡城" not in page.content.decode()
        party = Organization.objects.get(pk=world.city.applicant.pk)
        assert party.state == Organization.State.VERIFIED
        [record] = queries.violations_of(party)
        assert record.repaired


class TestObjection:
    def test_is_answered_by_a_second_decider_only(self, world):
        notice = publish(world)
        actions.object_to_case(
            case_id=notice.case_id, text="处理过重", actor=world.city.legal_rep, at=PUBLISHED
        )
        facts = {"case_id": notice.case_id, "upheld": True, "reason": "事实清楚", "at": PUBLISHED}
        with pytest.raises(Forbidden):
            actions.answer_case_objection(**facts, actor=world.city.decider)
        actions.answer_case_objection(**facts, actor=world.city.second_decider)
        case = ViolationCase.objects.get(pk=notice.case_id)
        assert case.state == CaseState.UPHELD
        assert case.statements.get(kind="OBJECTION").answer == "事实清楚"

    def test_comes_too_late_after_ten_working_days(self, world):
        notice = publish(world)
        with pytest.raises(errors.ObjectionLate):
            actions.object_to_case(
                case_id=notice.case_id, text="迟到", actor=world.city.agent, at=day("2026-07-17")
            )
        assert ViolationCase.objects.get(pk=notice.case_id).state == CaseState.PUBLISHED

    def test_a_right_that_lapsed_is_closed_and_never_shown_as_overdue(self, world):
        notice = publish(world)
        case = ViolationCase.objects.get(pk=notice.case_id)
        actions.sweep(at=day("2026-07-16", 23))
        assert "normal" in {c.status for c in deadlines.of_subject(case, at=PUBLISHED)}
        actions.sweep(at=day("2026-07-17"))
        clocks = deadlines.of_subject(case, at=day("2026-07-17"))
        assert {c.status for c in clocks} == {"closed"}

    def test_a_changed_decision_takes_the_notice_off_and_lifts_the_bar(self, world):
        notice = publish(world)
        actions.object_to_case(
            case_id=notice.case_id, text="处理过重", actor=world.city.agent, at=PUBLISHED
        )
        facts = {
            "case_id": notice.case_id, "upheld": False, "reason": "情节较轻",
            "actor": world.city.second_decider, "at": PUBLISHED,
        }  # fmt: skip
        with pytest.raises(errors.MilderMeasureNeeded):
            actions.answer_case_objection(**facts, measure="CLOSE")
        actions.answer_case_objection(**facts, measure="SUSPEND")
        assert not queries.public_notice(notice_id=notice.pk, at=PUBLISHED).shown
        party = Organization.objects.get(pk=world.city.applicant.pk)
        assert party.state == Organization.State.VERIFIED
        # What was revoked stays revoked.
        assert world.license("D01").state == "REVOKED"


def test_masking_keeps_surnames_and_hides_numbers():
    text = "欧阳小明（320200199001011234）电话13912345678，卡号6222020200012345678，a.b@example.com"
    masked = masking.mask_text(text, persons=("欧阳小明",))
    assert masked == (
        "欧阳某某（320200********1234）电话139****5678，卡号6222********5678，a***@example.com"
    )


def _system():
    from parties.queries import system_actor

    return system_actor()
