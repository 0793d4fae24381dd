"""Licenses as work of workers: once each in batches, and a job that cannot go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from contracts import actions as contracts
from contracts.models import Agreement
from core.errors import Conflict, Forbidden, NotFound
from licensing import actions
from licensing.actions import issue_jobs, issuing
from licensing.errors import AgreementNotInForce
from licensing.models import IssueItem, IssueJob, License
from notify.models import Message
from tests.builders.applications import City
from tests.builders.contracts import SIGNED, effective_agreement
from workflow import outbox
from workflow.models import AuditEntry, Deadline

pytestmark = pytest.mark.django_db
Stage = IssueJob.Stage


@pytest.fixture(scope="module")
def _signed(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, UUID]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city, agreement = effective_agreement()
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def city(_signed: tuple[City, UUID], db: None) -> City:
    return _signed[0]


@pytest.fixture
def agreement(_signed: tuple[City, UUID], db: None) -> Agreement:
    return Agreement.objects.get(pk=_signed[1])


def queued(agreement: Agreement, at: datetime = SIGNED) -> IssueJob:
    return actions.queue_issue(agreement_id=agreement.pk, at=at)


def run(at: datetime = SIGNED) -> int:
    return actions.run_issue_jobs(now=lambda: at)


def suspended(agreement: Agreement, city: City) -> None:
    contracts.suspend_agreement(
        agreement_id=agreement.pk, reason="核查", actor=city.supervisor, at=SIGNED
    )


def resumed(agreement: Agreement, city: City) -> None:
    contracts.resume_agreement(
        agreement_id=agreement.pk, reason="核查结束", actor=city.supervisor, at=SIGNED
    )


class TestTheLastSignature:
    def test_brings_the_licenses_by_way_of_the_workers(
        self, city: City, agreement: Agreement
    ) -> None:
        outbox.deliver_due(at=SIGNED)
        job = IssueJob.objects.get(agreement=agreement)
        assert (job.stage, job.items.count(), License.objects.count()) == (Stage.WAITING, 2, 0)
        assert run() == 2
        job.refresh_from_db()
        assert (job.stage, job.lease_until) == (Stage.DONE, None)
        made = License.objects.filter(agreement=agreement)
        assert set(made.values_list("state", flat=True)) == {"ACTIVE"}
        assert set(job.items.values_list("license", flat=True)) == {row.pk for row in made}
        assert Deadline.objects.filter(kind="credential", subject_id=str(agreement.pk)).exists()

    def test_delivered_twice_numbers_and_issues_once(self, agreement: Agreement) -> None:
        queued(agreement)
        serials = set(IssueItem.objects.values_list("serial", flat=True))
        queued(agreement)
        run()
        queued(agreement)
        assert run() == 0
        assert set(IssueItem.objects.values_list("serial", flat=True)) == serials
        assert set(License.objects.values_list("serial", flat=True)) == serials


class TestABatch:
    @pytest.fixture(autouse=True)
    def _one_license_a_commit(self, settings: Any) -> None:
        settings.LICENSE_ISSUE_BATCH_ROWS = 1

    def test_that_fails_keeps_what_was_issued_before_it(
        self, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = queued(agreement)
        plain, drawn = issuing.prepare, []

        def draw(*args: Any, **values: Any) -> issuing.Prepared:
            drawn.append(values["number"])
            if len(drawn) == 2:
                raise OSError("the disk of the fonts is gone")
            return plain(*args, **values)

        monkeypatch.setattr(issuing, "prepare", draw)
        assert run() == 1
        job.refresh_from_db()
        assert (job.stage, License.objects.count()) == (Stage.WAITING, 1)
        # It is left alone for a moment, then another worker goes on with the rest.
        assert run() == 0
        assert run(SIGNED + timedelta(seconds=issue_jobs.RETRY_SECONDS)) == 1
        job.refresh_from_db()
        assert (job.stage, License.objects.count()) == (Stage.DONE, 2)

    def test_of_a_worker_that_lost_its_lease_writes_nothing(
        self, agreement: Agreement, settings: Any
    ) -> None:
        queued(agreement)
        slow = issue_jobs._claim(at=SIGNED)
        assert slow is not None
        batch = issue_jobs._next_batch(slow)
        later = SIGNED + timedelta(seconds=settings.LICENSE_ISSUE_LEASE_SECONDS)
        assert run(later - timedelta(seconds=1)) == 0, "the lease still holds"
        assert run(later) == 2
        before = AuditEntry.objects.count()
        with pytest.raises(issue_jobs.Superseded):
            issue_jobs._issue(slow, batch, lambda: later)
        assert (License.objects.count(), AuditEntry.objects.count()) == (2, before)

    def test_draws_anew_what_changed_since_it_was_drawn(
        self, city: City, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        queued(agreement)
        plain = issuing.prepare

        def draw(*args: Any, **values: Any) -> issuing.Prepared:
            made = plain(*args, **values)
            type(city.applicant).objects.filter(pk=city.applicant.pk).update(name="新名称有限公司")
            return made

        monkeypatch.setattr(issuing, "prepare", draw)
        run()
        license_ = License.objects.order_by("serial").first()
        assert license_ is not None
        agreement.refresh_from_db()
        fresh = plain(
            Agreement.objects.select_related("applicant", "authority").get(pk=agreement.pk),
            license_.dataset,
            number=issuing.Number(license_.issued_at.date(), license_.serial),
            at=SIGNED,
        )
        assert fresh.issue.licensee == "新名称有限公司"
        original = license_.documents.get(kind="ORIGINAL")
        assert original.render_hash == fresh.files[original.kind].render_hash


class TestAJobThatCannotGoOn:
    def test_fails_with_the_reason_and_is_told_to_the_office(
        self, city: City, agreement: Agreement
    ) -> None:
        job = queued(agreement)
        suspended(agreement, city)
        assert run() == 0
        job.refresh_from_db()
        assert job.stage == Stage.FAILED
        assert job.problem
        assert License.objects.count() == 0
        assert Message.objects.filter(recipient=city.case, key__startswith="licensing.issue.")

    def test_is_taken_up_again_when_the_agreement_resumes(
        self, city: City, agreement: Agreement
    ) -> None:
        queued(agreement)
        suspended(agreement, city)
        run()
        resumed(agreement, city)
        outbox.deliver_due(at=SIGNED)
        assert run() == 2

    def test_is_taken_up_again_by_the_office_and_by_nobody_else(
        self, city: City, agreement: Agreement
    ) -> None:
        job = queued(agreement)
        with pytest.raises(Conflict):
            actions.resume_issue(job_id=job.pk, actor=city.case, at=SIGNED)
        suspended(agreement, city)
        run()
        resumed(agreement, city)
        for who, error in ((city.stranger, NotFound), (city.agent, Forbidden)):
            with pytest.raises(error):
                actions.resume_issue(job_id=job.pk, actor=who, at=SIGNED)
        job.refresh_from_db()
        assert job.stage == Stage.FAILED
        actions.resume_issue(job_id=job.pk, actor=city.case, at=SIGNED)
        assert run() == 2

    def test_that_workers_let_go_of_too_often_has_failed(
        self, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, at = queued(agreement), SIGNED

        def draw(*args: Any, **values: Any) -> issuing.Prepared:
            raise OSError("the disk of the fonts is gone")

        monkeypatch.setattr(issuing, "prepare", draw)
        for _attempt in range(issue_jobs.ATTEMPTS_MAX + 1):
            assert run(at) == 0
            at += timedelta(seconds=issue_jobs.RETRY_SECONDS)
        job.refresh_from_db()
        assert job.stage == Stage.FAILED

    def test_is_not_queued_for_an_agreement_that_does_not_hold(
        self, city: City, agreement: Agreement
    ) -> None:
        suspended(agreement, city)
        with pytest.raises(AgreementNotInForce):
            queued(agreement)
        assert not IssueJob.objects.exists()


def test_a_revoked_license_is_not_issued_again_when_the_agreement_resumes(
    city: City, agreement: Agreement
) -> None:
    queued(agreement)
    run()
    gone = License.objects.get(dataset__code="D01")
    actions.revoke_license(license_id=gone.pk, reason="虚假材料", actor=city.decider, at=SIGNED)
    suspended(agreement, city)
    resumed(agreement, city)
    outbox.deliver_due(at=SIGNED)
    assert run() == 0
    assert License.objects.count() == 2


@pytest.mark.parametrize("again", ["dataset", "number"])
def test_the_database_refuses_a_second_item_of_a_dataset_or_a_number(
    agreement: Agreement, again: str
) -> None:
    job = queued(agreement)
    first, second = job.items.order_by("serial")
    second.pk = None
    second.dataset_id = first.dataset_id if again == "dataset" else second.dataset_id
    second.serial = first.serial if again == "number" else 999_999
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)
