"""Licenses are issued by real worker processes that are killed again and again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from core import clock
from licensing import actions
from licensing.models import IssueItem, IssueJob, License, LicenseDocument
from tests.builders.contracts import effective_agreement
from tests.licensing.many import copies_of
from workflow.models import AuditEntry

ROOT = Path(__file__).parents[2]
AGREEMENTS = 100
KILLS = 3
SECONDS_MAX = 150

# A worker of the product without its broker: the sweep of the task, over and over.
WORKER = """
import django, time
django.setup()
from licensing.tasks import run_issue_jobs
while True:
    run_issue_jobs.apply()
    time.sleep(0.2)
"""


def start_worker() -> subprocess.Popen[bytes]:
    """Start a process that runs the task of the product against the database of the tests."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATADEED_TESTING": "1",
        "DATADEED_DATABASE": connection.settings_dict["NAME"],
        "DATADEED_OUTBOX_NUDGE": "0",
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL
    )


def issued() -> int:
    """Return how many licenses are numbered and have their certificates."""
    return IssueItem.objects.exclude(license=None).count()


def wait_for(count: int, *, until: float) -> None:
    """Wait until so many licenses are issued."""
    while issued() < count:
        assert time.monotonic() < until, f"only {issued()} of {count}"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_several_times_issue_every_license_once() -> None:
    _city, agreement = effective_agreement()
    chosen = copies_of(agreement, times=AGREEMENTS)
    for one in chosen:
        actions.queue_issue(agreement_id=one, at=clock.now())
    wanted = IssueItem.objects.count()
    assert wanted == 2 * AGREEMENTS

    until = time.monotonic() + SECONDS_MAX
    for kill in range(1, KILLS + 1):
        worker = start_worker()
        try:
            wait_for(kill * wanted // (KILLS + 2), until=until)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
    assert issued() < wanted, "the workers were killed too late to prove anything"
    workers = [start_worker(), start_worker()]
    try:
        wait_for(wanted, until=until)
        while IssueJob.objects.exclude(stage=IssueJob.Stage.DONE).exists():
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    licenses = License.objects.filter(agreement__in=chosen)
    assert licenses.count() == wanted
    each = Counter(licenses.values_list("agreement_id", "dataset_id"))
    assert set(each.values()) == {1}
    assert set(licenses.values_list("state", flat=True)) == {License.State.ACTIVE}
    assert LicenseDocument.objects.filter(license__in=licenses).count() == 2 * wanted
    serials = sorted(licenses.values_list("serial", flat=True))
    assert serials == list(range(serials[0], serials[0] + wanted)), "a number is missing or twice"
    born = AuditEntry.objects.filter(subject_type="licensing.license", action="create")
    assert born.count() == born.values("subject_id").distinct().count() == wanted
