"""
license_issue: ten thousand licenses issued by two worker processes, one of them killed.

Five thousand agreements in force are queued; the workers run the task of the product. Halfway one
is killed by SIGKILL and replaced. Measured is the whole time from the first worker's start to the
last license. The baseline is as many certificates drawn by as many processes without a database.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bench import Measurement
from bench._scratch import as_owner, multiply_row, open_catalog, open_scratch

LICENSES = int(os.environ.get("LICENSES", "10000"))
WORKERS = 2
DRAWN = 100
NAME = "'BENCH-' || n"
ID = "('0000bbbb-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"
WORKER = """
import django, time
django.setup()
from licensing.tasks import run_issue_jobs
while True:
    run_issue_jobs.apply()
    time.sleep(0.2)
"""


def run() -> Iterator[Measurement]:
    """Queue the agreements, let the workers issue, count what is there."""
    open_scratch()
    with tempfile.TemporaryDirectory() as folder:
        agreements, sample = _queue(Path(folder))
    seconds = _issue()
    missing, twice = _count(agreements)
    print(
        f"license_issue: {LICENSES} licenses of {len(agreements)} agreements in {seconds:.0f} s,"
        f" missing {missing}, twice {twice}",
        file=sys.stderr,
    )
    assert not missing, "licenses are missing"
    assert not twice, "licenses were issued twice"
    yield Measurement(
        bench="license_issue",
        value=LICENSES / seconds,
        unit="licenses/s",
        baseline=f"original and duplicate drawn by {WORKERS} processes, nothing stored",
        baseline_value=_drawn_a_second(sample),
    )


def _queue(folder: Path) -> tuple[list[Any], Any]:
    from contracts.models import Agreement
    from core import clock
    from demo import walk
    from demo.stories import s1
    from licensing import actions
    from licensing.models import IssueItem, License

    stage, cast = open_catalog(folder)
    application_id, agreement_id = walk.to_agreement(stage, cast, s1.PLAN)
    sample = License.objects.filter(agreement_id=agreement_id).order_by("serial").first()
    each = License.objects.filter(agreement_id=agreement_id).count()
    times = -(-LICENSES // each)
    with as_owner() as cursor:
        for table, pk, changed in (
            (
                "applications_application",
                application_id,
                {"number": NAME, "scenario_code": NAME, "decision_number": NAME},
            ),
            ("contracts_agreement", agreement_id, {"number": NAME, "application_id": ID}),
        ):
            multiply_row(cursor, table, pk, {"id": ID, **changed}, times=times)
        cursor.execute("ANALYZE")
    copies = Agreement.objects.filter(number__startswith="BENCH-").order_by("id")
    agreements = list(copies.values_list("id", flat=True))
    for one in agreements:
        actions.queue_issue(agreement_id=one, at=clock.now())
    assert IssueItem.objects.filter(license=None).count() >= LICENSES
    return agreements, sample


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.DEVNULL)


def _issue() -> float:
    from licensing.models import IssueItem

    waiting = IssueItem.objects.filter(license=None)
    total = waiting.count()
    began = time.perf_counter()
    workers = [_worker() for _ in range(WORKERS)]
    killed = False
    try:
        while left := waiting.count():
            if not killed and left < total / 2:
                os.kill(workers[0].pid, signal.SIGKILL)
                workers[0].wait()
                workers[0], killed = _worker(), True
            time.sleep(0.5)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return time.perf_counter() - began


def _count(agreements: list[Any]) -> tuple[int, int]:
    from licensing.models import License

    made = License.objects.filter(agreement__in=agreements)
    pairs = list(made.values_list("agreement_id", "dataset_id"))
    missing = max(LICENSES - len(set(pairs)), 0)
    return missing, len(pairs) - len(set(pairs))


def _drawn_a_second(sample: Any) -> float:
    from django.db import connections

    connections.close_all()
    began = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_draw, [sample.pk] * DRAWN))
    return DRAWN / (time.perf_counter() - began)


def _draw(license_id: Any) -> int:
    from contracts.models import Agreement
    from licensing.actions import issuing
    from licensing.models import License

    row = License.objects.select_related("dataset__current_version").get(pk=license_id)
    agreement = Agreement.objects.select_related("application").get(pk=row.agreement_id)
    number = issuing.Number(row.valid_from, row.serial)
    made = issuing.prepare(agreement, row.dataset, number=number, at=row.issued_at)
    return sum(len(file) for file in made.files.values())
