"""The exit: destruction due on the golden day, a gap found, the second certificate accepted."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Forbidden, NotAllowedNow, NotFound
from oversight import actions, errors, queries
from oversight.models import Alert, DestructionCertificate, ExitCase, OversightDocument
from parties.queries import system_actor
from tests.builders import oversight as build
from tests.builders.applications import day
from workflow import deadlines, outbox

pytestmark = pytest.mark.django_db
SUBMITTED, CHECKED = day("2026-07-14"), day("2026-07-15")
COPY = {
    "kind": "COPY", "location": "生产库", "content": "D01 全量", "method": "覆写三次",
    "destroyed_on": "2026-07-10",
}  # fmt: skip
BACKUP = COPY | {"kind": "BACKUP", "location": "备份存储", "method": "物理粉碎"}
CERTIFICATE = {
    "number": "销证-2026-1",
    "copies": [COPY],
    "none_of": ["EXTRACT", "PROCESSOR"],
    "method": "覆写三次",
    "standard": "GB/T 37973-2019",
    "operator": "韩立",
    "witness": "示例公证处",
    "destroyed_on": date(2026, 7, 10),
}


@pytest.fixture
def leaving(world) -> ExitCase:
    """Return the exit of the license closed on the first of July, opened by its event."""
    build.decided(world)
    outbox.deliver_due(at=build.DECIDED)
    return ExitCase.objects.get(license=world.license("D01"))


def submit(world, leaving, *, at=SUBMITTED, **changes):
    facts = CERTIFICATE | {"actor": world.city.agent, "at": at} | changes
    return actions.submit_certificate(exit_id=leaving.pk, **facts)


def fresh(leaving) -> ExitCase:
    return ExitCase.objects.get(pk=leaving.pk)


class TestOpen:
    def test_destruction_is_due_on_the_golden_day(self, leaving):
        assert leaving.state == ExitCase.State.DESTRUCTION_DUE
        assert leaving.destruction_due_on == date(2026, 7, 22)
        assert leaving.access_closed_at == build.DECIDED
        [clock] = deadlines.of_subject(leaving, at=build.DECIDED)
        assert (clock.kind, clock.due_on) == ("destruction", date(2026, 7, 22))

    def test_counts_from_the_day_access_was_closed_when_the_event_comes_late(self, world):
        build.decided(world)
        late = actions.open_exit(
            license_id=world.license("D01").pk, actor=system_actor(), at=day("2026-07-03")
        )
        assert late.destruction_due_on == date(2026, 7, 22)

    def test_happens_once_for_a_license(self, leaving, world):
        again = actions.open_exit(
            license_id=world.license("D01").pk, actor=system_actor(), at=SUBMITTED
        )
        assert again.pk == leaving.pk
        assert ExitCase.objects.count() == 1

    def test_is_refused_for_a_license_that_lives(self, world):
        with pytest.raises(NotAllowedNow):
            actions.open_exit(
                license_id=world.license("D07").pk, actor=system_actor(), at=SUBMITTED
            )
        assert not ExitCase.objects.exists()

    def test_is_seen_by_the_licensee_and_by_no_stranger(self, leaving, world):
        page = queries.exit_page(exit_id=leaving.pk, actor=world.city.agent, at=SUBMITTED)
        assert page.row.destruction_due_on == date(2026, 7, 22)
        with pytest.raises(NotFound):
            queries.exit_page(exit_id=leaving.pk, actor=world.city.stranger, at=SUBMITTED)


class TestCertificate:
    def test_without_backups_is_rejected_and_the_second_one_verified(self, leaving, world):
        submit(world, leaving)
        with pytest.raises(errors.CertificateIncomplete):
            actions.verify_certificate(exit_id=leaving.pk, actor=world.city.ops, at=CHECKED)
        assert fresh(leaving).state == ExitCase.State.CERTIFICATE_SUBMITTED
        actions.reject_certificate(
            exit_id=leaving.pk, findings=["备份缺失"], actor=world.city.ops, at=CHECKED
        )
        assert fresh(leaving).state == ExitCase.State.REJECTED
        submit(world, leaving, number="销证-2026-2", copies=[COPY, BACKUP], at=day("2026-07-20"))
        actions.verify_certificate(exit_id=leaving.pk, actor=world.city.ops, at=day("2026-07-21"))
        assert fresh(leaving).state == ExitCase.State.VERIFIED
        verdicts = list(DestructionCertificate.objects.values_list("accepted", "findings"))
        assert verdicts == [(False, ["备份缺失"]), (True, [])]
        paper = OversightDocument.objects.get(exit_case=leaving)
        assert paper.kind == OversightDocument.Kind.DESTRUCTION_RECORD
        assert bytes(paper.file).startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("witness", {"witness": "韩立"}),
            ("standard", {"standard": " "}),
            ("copies", {"copies": []}),
            ("copies", {"copies": [COPY | {"kind": "CLOUD"}]}),
            ("copies", {"copies": [COPY | {"destroyed_on": "2026-08-01"}]}),
            ("none_of", {"none_of": ["COPY"]}),
            ("destroyed_on", {"destroyed_on": date(2026, 7, 15)}),
        ],
    )
    def test_impossible_entries_are_refused_and_nothing_is_written(
        self, leaving, world, field, changes
    ):
        with pytest.raises(errors.CertificateInvalid) as refused:
            submit(world, leaving, **changes)
        assert field in refused.value.fields
        assert not DestructionCertificate.objects.exists()
        assert fresh(leaving).state == ExitCase.State.DESTRUCTION_DUE

    def test_a_copy_that_still_exists_is_a_gap(self, leaving, world):
        undestroyed = BACKUP | {"destroyed_on": None}
        submit(world, leaving, copies=[COPY, undestroyed])
        with pytest.raises(errors.CertificateIncomplete):
            actions.verify_certificate(exit_id=leaving.pk, actor=world.city.ops, at=CHECKED)
        page = queries.exit_page(exit_id=leaving.pk, actor=world.city.ops, at=CHECKED)
        assert len(page.certificates[0].gaps) == 1

    def test_is_not_verified_by_the_licensee(self, leaving, world):
        submit(world, leaving, copies=[COPY, BACKUP])
        with pytest.raises(Forbidden):
            actions.verify_certificate(exit_id=leaving.pk, actor=world.city.agent, at=CHECKED)
        assert fresh(leaving).state == ExitCase.State.CERTIFICATE_SUBMITTED

    def test_an_overdue_one_is_warned_of_once(self, leaving):
        actions.sweep(at=day("2026-07-22", 23))
        assert not Alert.objects.exists()
        actions.sweep(at=day("2026-07-23"))
        actions.sweep(at=day("2026-07-24"))
        assert Alert.objects.get().rule == Alert.Rule.DESTRUCTION_OVERDUE


def test_the_way_ends_in_the_archive_for_thirty_years(leaving, world):
    submit(world, leaving, copies=[COPY, BACKUP])
    with pytest.raises(NotAllowedNow):
        actions.begin_final_settlement(
            exit_id=leaving.pk, refund_fen=0, damages_fen=0, note="无", actor=world.city.ops,
            at=CHECKED,
        )  # fmt: skip
    actions.verify_certificate(exit_id=leaving.pk, actor=world.city.security, at=CHECKED)
    actions.begin_final_settlement(
        exit_id=leaving.pk, refund_fen=0, damages_fen=5_000_000,
        note="按违约条款预付费用不予退还。", actor=world.city.ops, at=CHECKED,
    )  # fmt: skip
    actions.archive_exit(exit_id=leaving.pk, actor=world.city.ops, at=CHECKED)
    done = fresh(leaving)
    assert (done.state, done.retain_until) == (ExitCase.State.ARCHIVED, date(2056, 7, 15))
