"""Alerts: the rule over the meter, grades, interim restriction, false alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from gateway.models import UsageEvent
from oversight import actions, detection, queries
from oversight.models import Alert, Measure
from tests.builders.applications import day
from workflow import deadlines

NOW = day("2026-06-10", 9)


def calls(license_id, hour_from: datetime, count: int, *, refused: bool = False) -> None:
    """Store calls of one hour as the meter would."""
    UsageEvent.objects.bulk_create(
        UsageEvent(
            source="test",
            event_id=f"{hour_from.isoformat()}-{n}-{refused}",
            license_id=license_id,
            dataset_code="D01",
            fields_hash="0" * 64,
            query_hash="0" * 64,
            rows=1,
            bytes=1,
            status=403 if refused else 200,
            reason="SCOPE" if refused else "",
            billable=not refused,
            excluded_because="REFUSED" if refused else "",
            payload_hash=b"",
            occurred_at=hour_from + timedelta(seconds=n % 3600),
            stored_at=hour_from,
        )
        for n in range(count)
    )


@pytest.mark.django_db
class TestDetectVolume:
    def test_nine_times_the_mean_at_night_is_a_grave_alert_and_raised_once(self, world):
        license_id = world.license("D01").pk
        night = day("2026-06-10", 8) - timedelta(hours=6)  # two in the morning
        for back in range(1, 31):
            calls(license_id, night - timedelta(days=back), 30)
        calls(license_id, night, 270)
        at = night + timedelta(hours=1, minutes=5)
        assert actions.detect_volume(at=at) == 1
        assert actions.detect_volume(at=at + timedelta(minutes=15)) == 0
        alert = Alert.objects.get()
        assert (alert.rule, alert.grade) == (Alert.Rule.OFF_HOURS, "II")
        assert alert.evidence["ratio"] == "9"
        assert alert.evidence["calls"] == 270

    def test_three_times_the_mean_is_still_usual(self, world):
        license_id = world.license("D01").pk
        hour = day("2026-06-10", 10)
        for back in range(1, 31):
            calls(license_id, hour - timedelta(days=back), 70)
        calls(license_id, hour, 210)
        assert actions.detect_volume(at=hour + timedelta(hours=1)) == 0
        assert not Alert.objects.exists()

    def test_refused_calls_are_no_volume(self, world):
        license_id = world.license("D01").pk
        night = day("2026-06-10", 8) - timedelta(hours=5)
        calls(license_id, night, 500, refused=True)
        assert actions.detect_volume(at=night + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("count", "before", "hour", "expected"),
    [
        (199, 0, 3, None),
        (200, 0, 3, ("OFF_HOURS", "II")),
        (200, 0, 12, None),
        (301, 3000, 12, ("VOLUME", "III")),
        (300, 3000, 12, None),
        (1000, 3000, 12, ("VOLUME", "II")),
        (301, 3000, 23, ("OFF_HOURS", "II")),
    ],
)
def test_the_border_of_suspicion_is_above_three_times_the_mean(count, before, hour, expected):
    found = detection.judge_hour(calls=count, calls_before=before, hour=hour)
    assert (found and (found.rule, found.grade)) == expected


@pytest.mark.django_db
class TestHandling:
    def raised(self, world) -> Alert:
        return actions.raise_alert(
            rule="WATERMARK", grade="II", summary="水印数据出现在外部",
            license_id=world.license("D01").pk, actor=world.city.security, at=NOW,
        )  # fmt: skip

    def test_the_licensee_neither_raises_nor_sees_alerts(self, world):
        with pytest.raises(Forbidden):
            actions.raise_alert(
                rule="MANUAL", grade="IV", summary="x", license_id=world.license("D01").pk,
                actor=world.city.agent, at=NOW,
            )  # fmt: skip
        assert not Alert.objects.exists()
        alert = self.raised(world)
        assert queries.alerts_board(actor=world.city.agent) == ()
        with pytest.raises(NotFound):
            actions.acknowledge_alert(alert_id=alert.pk, actor=world.city.agent, at=NOW)

    def test_an_unknown_grade_is_refused(self, world):
        with pytest.raises(InvalidInput):
            actions.raise_alert(
                rule="MANUAL", grade="V", summary="x", license_id=world.license("D01").pk,
                actor=world.city.ops, at=NOW,
            )  # fmt: skip
        assert not Alert.objects.exists()

    def test_is_acknowledged_once_and_closed_with_an_outcome(self, world):
        alert = self.raised(world)
        actions.acknowledge_alert(alert_id=alert.pk, actor=world.city.security, at=NOW)
        with pytest.raises(NotAllowedNow):
            actions.acknowledge_alert(alert_id=alert.pk, actor=world.city.ops, at=NOW)
        with pytest.raises(InvalidInput):
            actions.close_alert(
                alert_id=alert.pk, outcome="CASE", note="x", actor=world.city.ops, at=NOW
            )
        alert.refresh_from_db()
        assert (alert.state, alert.owner) == ("ACKNOWLEDGED", world.city.security)

    def test_a_false_alarm_lifts_its_restriction(self, world):
        alert = self.raised(world)
        actions.restrict_for_alert(
            alert_id=alert.pk, quota_factor="0.1", reason="核查",
            actor=world.city.supervisor, at=NOW,
        )  # fmt: skip
        assert world.license("D01").restriction["quota_factor"] == "0.1"
        actions.close_alert(
            alert_id=alert.pk, outcome="FALSE_POSITIVE", note="系统升级回填",
            actor=world.city.ops, at=NOW,
        )  # fmt: skip
        assert world.license("D01").restriction is None
        assert Measure.objects.get().ended_at == NOW
        assert not [c for c in deadlines.of_subject(alert, at=NOW) if c.status != "closed"]

    def test_the_platform_cannot_restrict_by_itself(self, world):
        alert = self.raised(world)
        with pytest.raises(Forbidden):
            actions.restrict_for_alert(
                alert_id=alert.pk, quota_factor="0.1", reason="核查", actor=world.city.ops, at=NOW
            )
        assert world.license("D01").restriction is None
        assert not Measure.objects.exists()
        assert not deadlines.of_subject(alert, at=NOW)

    def test_an_interim_restriction_ends_by_itself_after_fifteen_working_days(self, world):
        alert = self.raised(world)
        actions.restrict_for_alert(
            alert_id=alert.pk, quota_factor="0", reason="核查", actor=world.city.supervisor, at=NOW
        )
        measure = Measure.objects.get()
        actions.sweep(at=measure.until - timedelta(seconds=1))
        assert Measure.objects.get().ended_at is None
        actions.sweep(at=measure.until)
        assert Measure.objects.get().ended_at == measure.until
