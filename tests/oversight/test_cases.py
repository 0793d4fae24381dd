"""The violation case: story S3, duties kept apart, all or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from core.errors import Forbidden, NotAllowedNow, NotFound
from licensing.models import Credential, License
from oversight import actions, errors, queries
from oversight.models import (
    CaseState,
    Evidence,
    Measure,
    OversightDocument,
    PartyStatement,
    ViolationCase,
)
from parties.models import Organization
from tests.builders import oversight as build
from tests.builders.applications import day
from workflow import deadlines
from workflow.models import AuditEntry, Deadline, Event

pytestmark = pytest.mark.django_db


def decide(world, case, **changes):
    facts = {
        "measure": "CLOSE",
        "reasons": "事实清楚。",
        "actor": world.city.decider,
        "at": build.DECIDED,
    }
    return actions.decide_case(case_id=case.pk, **(facts | changes))


def fresh(case) -> ViolationCase:
    return ViolationCase.objects.get(pk=case.pk)


class TestHearing:
    def test_the_statement_is_due_on_the_golden_day(self, world):
        case = build.heard(world)
        assert case.statement_due_on == date(2026, 6, 25)
        [clock] = deadlines.of_subject(case, at=build.HEARD)
        assert (clock.kind, clock.due_on) == ("party_statement", date(2026, 6, 25))
        paper = OversightDocument.objects.get(case=case)
        assert paper.kind == OversightDocument.Kind.HEARING_NOTICE
        assert bytes(paper.file).startswith(b"%PDF")

    def test_the_party_sees_the_case_from_the_hearing_on_and_not_before(self, world):
        case = build.filed(world)
        with pytest.raises(NotFound):
            queries.case_page(case_id=case.pk, actor=world.city.agent, at=build.HEARD)
        actions.send_hearing_notice(
            case_id=case.pk, proposed_measure="CLOSE", actor=world.city.supervisor, at=build.HEARD
        )
        page = queries.case_page(case_id=case.pk, actor=world.city.agent, at=build.HEARD)
        assert page.row.number.startswith("锡数案〔2026〕")
        with pytest.raises(NotFound):
            queries.case_page(case_id=case.pk, actor=world.city.stranger, at=build.HEARD)

    def test_nobody_is_heard_twice(self, world):
        case = build.heard(world)
        with pytest.raises(NotAllowedNow):
            actions.send_hearing_notice(
                case_id=case.pk, proposed_measure="WARN", actor=world.city.supervisor,
                at=build.HEARD,
            )  # fmt: skip
        assert fresh(case).proposed_measure == "CLOSE"

    def test_the_system_goes_on_without_a_statement_only_after_the_last_day(self, world):
        case = build.heard(world)
        actions.sweep(at=day("2026-06-25", 23))
        assert fresh(case).state == CaseState.HEARING_NOTICE
        actions.sweep(at=day("2026-06-26"))
        assert fresh(case).state == CaseState.WAIVED
        assert not Deadline.objects.filter(subject_id=str(case.pk), closed_on=None).exists()

    def test_a_case_is_filed_on_evidence_only(self, world):
        case = build.reported(world)
        with pytest.raises(errors.EvidenceMissing):
            actions.file_case(
                case_id=case.pk, code="V4", severity="SERIOUS", facts="事实", rule_article="第二条",
                actor=world.city.supervisor, at=build.FILED,
            )  # fmt: skip
        assert fresh(case).state == CaseState.REPORTED
        assert fresh(case).number is None

    def test_a_license_of_another_party_is_refused(self, world):
        with pytest.raises(errors.LicenseOfAnother):
            actions.report_violation(
                party_id=world.city.provider.pk, license_ids=world.license_ids, source="COMPLAINT",
                report="误报", actor=world.city.supervisor, at=build.NOTICED,
            )  # fmt: skip
        assert not ViolationCase.objects.exists()


class TestDecide:
    def test_close_revokes_license_and_key_in_the_same_transaction(self, world):
        case = build.stated(world, codes=("D01", "D07"))
        decide(world, case, damages_fen=5_000_000)
        assert fresh(case).state == CaseState.ENFORCED
        assert {row.state for row in License.objects.all()} == {"REVOKED"}
        key = Credential.objects.get(pk=world.credential.pk)
        assert (key.state, key.ended_at) == (Credential.State.REVOKED, build.DECIDED)
        entries = AuditEntry.objects.filter(subject_id=str(key.pk), action="revoke")
        assert entries.get().at == build.DECIDED
        kinds = set(OversightDocument.objects.values_list("kind", flat=True))
        assert kinds == {"HEARING_NOTICE", "DECISION"}

    def test_the_key_stays_while_it_opens_another_license(self, world):
        decide(world, build.stated(world))
        assert world.license("D01").state == "REVOKED"
        assert world.license("D07").state == "ACTIVE"
        assert Credential.objects.get(pk=world.credential.pk).state == "ACTIVE"

    def test_a_failure_after_the_revocation_takes_everything_back(self, world, monkeypatch):
        case = build.stated(world, codes=("D01", "D07"))
        events = Event.objects.count()

        def broken(*args, **kwargs):
            raise RuntimeError("no paper")

        monkeypatch.setattr("oversight.actions.papers.decision", broken)
        with pytest.raises(RuntimeError):
            decide(world, case)
        assert fresh(case).state == CaseState.STATEMENT_RECEIVED
        assert {row.state for row in License.objects.all()} == {"ACTIVE"}
        assert Credential.objects.get(pk=world.credential.pk).state == "ACTIVE"
        assert Organization.objects.get(pk=world.city.applicant.pk).state == "VERIFIED"
        assert not Measure.objects.exists()
        assert Event.objects.count() == events

    def test_the_investigator_may_not_decide_and_nothing_is_written(self, world):
        from tests.builders.parties import add_desk

        add_desk(world.city.supervisor, world.city.authority, "AUTHORITY_DECIDER")
        case = build.stated(world)
        with pytest.raises(Forbidden):
            decide(world, case, actor=world.city.supervisor)
        assert fresh(case).state == CaseState.STATEMENT_RECEIVED
        assert fresh(case).decision_number == ""
        assert world.license("D01").state == "ACTIVE"
        refused = AuditEntry.objects.get(subject_id=str(case.pk), action="decide")
        assert refused.outcome == AuditEntry.Outcome.REFUSED

    def test_the_database_itself_keeps_decider_and_investigator_apart(self, world):
        case = build.decided(world)
        with pytest.raises(DatabaseError), transaction.atomic():
            ViolationCase.objects.filter(pk=case.pk).update(decided_by=world.city.supervisor)

    @pytest.mark.parametrize("who", ["agent", "case", "supervisor", "ops", "officer"])
    def test_only_a_decider_decides(self, world, who):
        case = build.stated(world)
        actor = world.city.case if who == "case" else getattr(world.city, who)
        if who == "case":
            # This person also holds a decider's desk in the builder's city.
            actor = world.city.security
        with pytest.raises((Forbidden, NotFound)):
            decide(world, case, actor=actor)
        assert fresh(case).state == CaseState.STATEMENT_RECEIVED

    def test_a_measure_outside_the_ladder_needs_a_reason(self, world):
        case = build.stated(world)
        with pytest.raises(errors.MeasureOutsideLadder) as refused:
            decide(world, case, measure="WARN")
        assert "measure" in refused.value.fields
        assert fresh(case).state == CaseState.STATEMENT_RECEIVED
        assert not Measure.objects.exists()
        decide(world, case, measure="WARN", departure_reason="首次且及时纠正，未造成损失。")
        assert fresh(case).measure == "WARN"
        assert world.license("D01").state == "ACTIVE"

    def test_nothing_is_decided_before_the_party_was_heard(self, world):
        case = build.heard(world)
        with pytest.raises(NotAllowedNow):
            decide(world, case)
        assert world.license("D01").state == "ACTIVE"

    def test_damages_stay_within_the_agreement(self, world):
        case = build.stated(world)
        limit = queries.case_page(
            case_id=case.pk, actor=world.city.decider, at=build.STATED
        ).damages_limit_fen
        with pytest.raises(errors.DamagesTooHigh):
            decide(world, case, damages_fen=limit + 1)
        assert fresh(case).state == CaseState.STATEMENT_RECEIVED
        decide(world, case, damages_fen=limit)
        assert fresh(case).damages_fen == limit

    def test_a_repetition_within_twelve_months_climbs_the_ladder(self, world):
        first = build.stated(world, code="V1", severity="MINOR", measure="WARN")
        decide(world, first, measure="WARN")
        second = build.stated(world, code="V1", severity="MINOR", measure="RESTRICT")
        with pytest.raises(errors.MeasureOutsideLadder):
            decide(world, second, measure="WARN", at=day("2026-09-01"))
        decide(world, second, measure="RESTRICT", at=day("2026-09-01"))
        assert fresh(second).prior_count == 1
        restriction = world.license("D01").restriction
        assert restriction["quota_factor"] == "0.5"
        assert restriction["until"].startswith("2026-10-01T16:00")

    def test_v2_closes_every_license_of_the_party(self, world):
        case = build.stated(world, code="V2")
        decide(world, case)
        assert {row.state for row in License.objects.all()} == {"REVOKED"}

    def test_close_bars_the_party_and_shows_the_record_to_later_reviewers(self, world):
        from applications import registers

        case = decide(world, build.stated(world))
        party = Organization.objects.get(pk=world.city.applicant.pk)
        assert (party.state, party.barred_until) == ("BARRED", date(2027, 7, 1))
        [line] = registers.look_up(
            registers.VIOLATIONS, organization_id=party.pk, at=build.DECIDED
        )
        assert case.decision_number in line
        assert "V4" in line
        [record] = queries.violations_of(party)
        assert (record.code, record.measure) == ("V4", "CLOSE")

    def test_a_barred_party_cannot_submit_again(self, world):
        from applications.errors import NotEligible
        from tests.builders.applications import submitted

        decide(world, build.stated(world))
        with pytest.raises(NotEligible) as refused:
            submitted(world.city, at=day("2026-07-15"))
        assert "V4" in str(refused.value)


class TestInterim:
    def test_a_restriction_of_the_alert_stands_on_when_a_case_is_filed(self, world):
        license_id = world.license("D01").pk
        alert = actions.raise_alert(
            rule="OFF_HOURS", grade="II", summary="夜间批量调用，为均值的9倍",
            license_id=license_id, actor=world.city.security, at=build.NOTICED,
        )  # fmt: skip
        actions.restrict_for_alert(
            alert_id=alert.pk, quota_factor="0.1", reason="疑似超场景使用",
            actor=world.city.supervisor, at=build.NOTICED,
        )  # fmt: skip
        # 15 working days from 10 June over the Dragon Boat holiday.
        assert world.license("D01").restriction["until"].startswith("2026-07-02T16:00")
        case = actions.report_violation(
            party_id=world.city.applicant.pk, license_ids=[license_id], source="ALERT",
            report="预警转案件", alert_id=alert.pk, actor=world.city.supervisor, at=build.FILED,
        )  # fmt: skip
        actions.file_case(
            case_id=case.pk, code="V4", severity="SERIOUS", facts="事实", rule_article="第二条",
            actor=world.city.supervisor, at=build.FILED,
        )  # fmt: skip
        assert world.license("D01").restriction["until"] is None
        assert Measure.objects.get().case_id == case.pk
        alert.refresh_from_db()
        assert (alert.state, alert.outcome) == ("CLOSED", "CASE")

    def test_a_suspension_is_lifted_when_the_case_is_dismissed(self, world):
        case = build.filed(world)
        actions.order_interim_measure(
            case_id=case.pk, kind="SUSPEND", reason="防止扩散", actor=world.city.supervisor,
            at=build.FILED,
        )  # fmt: skip
        assert world.license("D01").state == "SUSPENDED"
        assert fresh(case).state == CaseState.INVESTIGATING
        actions.dismiss_case(
            case_id=case.pk, reason="查无实据", actor=world.city.supervisor, at=build.HEARD
        )
        assert world.license("D01").state == "ACTIVE"
        assert Measure.objects.get().ended_at == build.HEARD

    def test_a_milder_decision_replaces_the_interim_suspension(self, world):
        case = build.filed(world, severity="MINOR")
        actions.order_interim_measure(
            case_id=case.pk, kind="SUSPEND", reason="防止扩散", actor=world.city.supervisor,
            at=build.FILED,
        )  # fmt: skip
        actions.send_hearing_notice(
            case_id=case.pk, proposed_measure="RESTRICT", actor=world.city.supervisor,
            at=build.HEARD,
        )  # fmt: skip
        actions.waive_statement(case_id=case.pk, actor=world.city.legal_rep, at=build.STATED)
        decide(world, case, measure="RESTRICT")
        now = world.license("D01")
        assert (now.state, now.restriction["quota_factor"]) == ("ACTIVE", "0.5")


class TestEvidence:
    def test_cannot_be_changed_or_deleted(self, world):
        case = build.filed(world)
        for attempt in (
            lambda: Evidence.objects.filter(case=case).update(name="改名"),
            lambda: Evidence.objects.filter(case=case).delete(),
            lambda: Evidence.objects.get(case=case).delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                attempt()
        assert Evidence.objects.get(case=case).name == "含水印数据样本"

    def test_keeps_hash_and_custody_on_the_audit_chain(self, world):
        case = build.filed(world)
        evidence = Evidence.objects.get(case=case)
        assert evidence.custodian == world.city.supervisor
        entry = AuditEntry.objects.get(subject_id=str(case.pk), action="add_evidence")
        assert entry.facts["sha256"] == evidence.content_hash

    def test_the_same_content_is_refused(self, world):
        case = build.reported(world)
        facts = {"case_id": case.pk, "name": "样本", "content": b"x", "at": build.NOTICED}
        actions.add_evidence(actor=world.city.supervisor, **facts)
        with pytest.raises(errors.EvidenceKnown):
            actions.add_evidence(actor=world.city.supervisor, **facts)
        assert Evidence.objects.filter(case=case).count() == 1

    def test_nothing_is_added_after_the_party_was_heard(self, world):
        case = build.heard(world)
        with pytest.raises(NotAllowedNow):
            actions.add_evidence(
                case_id=case.pk, name="迟到", content=b"late", actor=world.city.supervisor,
                at=build.STATED,
            )  # fmt: skip
        assert Evidence.objects.filter(case=case).count() == 1

    def test_the_words_of_a_party_stay(self, world):
        build.stated(world)
        with pytest.raises(DatabaseError), transaction.atomic():
            PartyStatement.objects.update(text="改写")
        assert PartyStatement.objects.get().text == "系业务人员操作失误。"
