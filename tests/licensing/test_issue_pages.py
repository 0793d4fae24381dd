"""The page that shows how far the issuing of licenses is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from contracts import actions as contracts
from contracts.models import Agreement, SigningBatch
from core.errors import NotFound
from licensing import actions, queries
from licensing.actions import issue_jobs
from licensing.models import IssueJob, License
from tests.builders.applications import City
from tests.builders.contracts import SIGNED, ready_agreement, sign
from tests.builders.signing import proof_of
from tests.portal.reading import read, send
from workflow import outbox

pytestmark = pytest.mark.django_db
AT = SIGNED + timedelta(seconds=30)


@pytest.fixture(scope="module")
def _ready(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[City, UUID]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city, agreement = ready_agreement()
        for who in (city.legal_rep, city.leader):
            sign(agreement, who)
        yield city, agreement.pk
        transaction.set_rollback(True)


@pytest.fixture
def city(_ready: tuple[City, UUID], db: None) -> City:
    return _ready[0]


@pytest.fixture
def batch(_ready: tuple[City, UUID], city: City) -> SigningBatch:
    """Return a batch in which the last provider signed."""
    agreement = Agreement.objects.get(pk=_ready[1])
    made = contracts.sign_several(
        texts={agreement.pk: agreement.text_hash},
        proof=proof_of(city.second_leader, at=SIGNED),
        actor=city.second_leader,
        at=SIGNED,
    )
    assert made.items.get().signed
    outbox.deliver_due(at=SIGNED)
    return made


def page_of(city: City, batch: SigningBatch, who: Any = None, at: Any = AT) -> Any:
    return queries.issue_page(actor=who or city.case, at=at, batch_id=batch.pk)


def test_counts_what_waits_and_what_is_issued(city: City, batch: SigningBatch) -> None:
    before = page_of(city, batch).progress
    assert (before.done, before.total, before.waiting, before.running) == (0, 2, 1, True)
    assert before.seconds_left is None
    actions.run_issue_jobs(now=lambda: SIGNED)
    after = page_of(city, batch).progress
    assert (after.done, after.percent, after.issued, after.running) == (2, 100, 1, False)
    assert after.finished_at == SIGNED


def test_tells_pace_time_left_and_silence(city: City, batch: SigningBatch, settings: Any) -> None:
    settings.LICENSE_ISSUE_BATCH_ROWS = 1
    job = IssueJob.objects.get()
    claimed = issue_jobs._claim(at=SIGNED)
    assert claimed == job
    issue_jobs._issue(claimed, issue_jobs._next_batch(claimed), lambda: SIGNED)
    found = page_of(city, batch, at=AT).progress
    assert (found.done, found.total, found.at_work) == (1, 2, 1)
    assert found.a_minute == 2
    assert found.seconds_left == 30
    assert found.heartbeat_at == SIGNED
    assert not page_of(city, batch, at=SIGNED + timedelta(seconds=29)).progress.silent
    assert page_of(city, batch, at=SIGNED + timedelta(seconds=31)).progress.silent


def test_asks_again_by_itself_only_while_something_is_left(
    city: City, batch: SigningBatch
) -> None:
    page = read(city.case, "issuing_batch", batch.pk, at=AT)
    assert 'hx-trigger="every 2s"' in page
    assert "已签发0件，共2件" in page
    actions.run_issue_jobs(now=lambda: SIGNED)
    page = read(city.case, "issuing_batch", batch.pk, at=AT)
    assert "hx-trigger" not in page
    assert "没有待签发的许可" in page


def test_the_moving_part_comes_alone(city: City, batch: SigningBatch) -> None:
    client = Client()
    client.force_login(city.case, "django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("portal:issuing_batch", args=[batch.pk]), {"part": "rows"})
    assert answer.content.decode().lstrip().startswith('<div id="issuing-rows"')


def test_a_failed_job_is_taken_up_again_by_a_button(city: City, batch: SigningBatch) -> None:
    job = IssueJob.objects.get()
    key = {"agreement_id": job.agreement_id, "actor": city.supervisor, "at": SIGNED}
    contracts.suspend_agreement(reason="核查", **key)
    actions.run_issue_jobs(now=lambda: SIGNED)
    contracts.resume_agreement(reason="核查结束", **key)
    page = read(city.case, "issuing", at=AT)
    assert "重试" in page
    assert "已停止" in page
    send(city.case, "issuing_again", job.pk, at=AT)
    assert actions.run_issue_jobs(now=lambda: AT) == 2
    assert License.objects.count() == 2


def test_is_for_those_who_may_see_the_agreements(city: City, batch: SigningBatch) -> None:
    with pytest.raises(NotFound):
        page_of(city, batch, who=city.stranger)
    read(city.stranger, "issuing_batch", batch.pk, at=AT, status=404)
    assert queries.issue_page(actor=city.stranger, at=AT).total == 0
    assert page_of(city, batch, who=city.leader).total == 1
