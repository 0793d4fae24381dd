"""
review_list/<page>: what an officer waits for among 100,000 applications, beside 1,000.

Every application has its rights, items, clocks and 24 entries in the audit trail; one in fifty is
open, more among the first thousand, so that a page is full at both sizes. A hundred officers of one
authority share the desk, every company has fifty applications. Measured is the time of the server
through the whole stack of a page, the 95th percentile over RUNS readings; ``/queries`` lines count
the round trips. The rows are multiplied by SQL from two cases that went through the procedure.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import Measurement
from bench._scratch import as_owner, columns_of, open_catalog, open_scratch

SMALL, LARGE = 1_000, 100_000
ENTRIES, OFFICERS, COMPANIES = 24, 100, 2_000
RUNS, WARM_UP = 40, 5
ID = "('0000cccc-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"
COMPANY = "('0000dddd-0000-4000-8000-' || lpad(({})::text, 12, '0'))::uuid"
IS_OPEN = f"(n % 50 = 0 OR n % 20 = 0 AND n <= {SMALL})"
A_CASE = f"0000cccc-0000-4000-8000-{100:012d}"


def run() -> Iterator[Measurement]:
    """Measure every page at 1,000 applications, then at 100,000."""
    open_scratch()
    with tempfile.TemporaryDirectory() as folder:
        world = _World(Path(folder))
    world.grow(SMALL)
    small = world.measure()
    world.grow(LARGE)
    large = world.measure()
    for page, (milliseconds, queries) in large.items():
        yield Measurement(
            bench=f"review_list/{page}",
            value=milliseconds,
            unit="ms p95",
            baseline=f"the same page at {SMALL:,} applications",
            baseline_value=small[page][0],
        )
        yield Measurement(
            bench=f"review_list/{page}/queries",
            value=queries,
            unit="queries",
            baseline=f"the same page at {SMALL:,} applications",
            baseline_value=small[page][1],
        )


class _World:
    """An authority with its officers, and as many applications as are asked for."""

    def __init__(self, folder: Path) -> None:
        from demo import walk
        from demo.stories import s1

        stage, cast = open_catalog(folder)
        self.done, _ = walk.to_agreement(stage, cast, s1.PLAN)
        self.open = walk.submit(stage, cast, s1.PLAN).id
        self.officer, self.size = cast["sjj-shouli"], 0
        with as_owner() as cursor:
            _add_companies(cursor, cast.house["credit"].pk)
            _add_officers(cursor, self.officer)

    def grow(self, size: int) -> None:
        """Multiply the two cases until there are so many applications."""
        with as_owner() as cursor:
            numbers = {"first": self.size + 1, "last": size}
            for sample, those in ((self.open, IS_OPEN), (self.done, f"NOT {IS_OPEN}")):
                _copy_cases(cursor, sample, those, numbers)
                _copy_parts(cursor, sample, those, numbers)
            cursor.execute(_ENTRIES, numbers)
            # The state that the server keeps tables in by itself, not that of the last minute.
            cursor.execute("VACUUM ANALYZE")
        self.size = size

    def measure(self) -> dict[str, tuple[float, int]]:
        """Return p95 in milliseconds and number of queries of every page."""
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import reverse

        settings.ALLOWED_HOSTS = ["testserver"]
        client = Client()
        client.force_login(self.officer)
        desk = reverse("portal:application_desk")
        pages = {
            "work_list": reverse("portal:home"),
            "desk": desk,
            "search": f"{desk}?tab=all&q=示例企业第7号&purpose=INDUSTRY",
            "case": reverse("portal:application", args=[A_CASE]),
        }
        found = {}
        for name, url in pages.items():
            times = []
            for _ in range(RUNS + WARM_UP):
                began = time.perf_counter()
                answer = client.get(url)
                times.append(1000 * (time.perf_counter() - began))
                assert answer.status_code == 200, (name, answer.status_code)
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            ordered = sorted(times[WARM_UP:])
            found[name] = ordered[int(len(ordered) * 0.95) - 1], len(captured)
        return found


_ENTRIES = f"""
    INSERT INTO workflow_auditentry (subject_type, subject_id, sequence, action, outcome, before,
        after, actor_id, actor_name, at, facts, previous_hash, hash)
    SELECT 'applications.application', ({ID})::text, step, 'note', 'DONE', '', '', 'bench', 'Bench',
        now(), '{{}}', CASE WHEN step = 1 THEN '' ELSE repeat('a', 64) END, repeat('b', 64)
    FROM generate_series(%(first)s::int, %(last)s::int) AS n, generate_series(1, {ENTRIES}) AS step
"""


def _copy_cases(cursor: Any, sample: Any, those: str, numbers: dict[str, int]) -> None:
    """Copy one application, with names and companies of its own."""
    changed = {
        "id": ID,
        "number": "'WX-SQ-2025-' || lpad(n::text, 7, '0')",
        "scenario_code": "'CJ-2025-' || lpad(n::text, 7, '0')",
        "decision_number": "CASE WHEN decision_number IS NULL THEN NULL ELSE 'BENCH-' || n END",
        "scenario_name": "'授信核验第' || n || '个场景'",
        # Integers divide without a rest: fifty applications a company.
        "applicant_id": COMPANY.format("(n - 1) / 50"),
        "submitted_at": "submitted_at - (n || ' minutes')::interval",
        "created_at": "created_at - (n || ' minutes')::interval",
    }
    _insert(cursor, "applications_application", changed, "id = %(sample)s", sample, those, numbers)


def _copy_parts(cursor: Any, sample: Any, those: str, numbers: dict[str, int]) -> None:
    """Copy what hangs on an application: items, rights of the offices, clocks."""
    of_case = "application_id = %(sample)s"
    _insert(
        cursor, "applications_applicationitem", {"application_id": ID}, of_case, sample, those,
        numbers,
    )  # fmt: skip
    _insert(
        cursor, "applications_applicationgrouppermission", {"content_object_id": ID},
        "content_object_id = %(sample)s", sample, those, numbers,
    )  # fmt: skip
    # Clocks that run end within ten days before or after today; the others stay as they were.
    moved = "CASE WHEN closed_on IS NULL THEN current_date - due_on + n % 20 - 10 ELSE 0 END"
    clocks = {
        "subject_id": f"({ID})::text",
        "started_on": f"started_on + ({moved})",
        "due_on": f"due_on + ({moved})",
    }
    _insert(
        cursor, "workflow_deadline", clocks, "subject_id = %(sample)s::text", sample, those, numbers
    )


def _insert(
    cursor: Any, table: str, changed: dict[str, str], which: str, sample: Any, those: str,
    numbers: dict[str, int],
) -> None:  # fmt: skip
    columns = [c for c in columns_of(cursor, table) if c != "id" or "id" in changed]
    values = [changed.get(name, f't."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    those = those.replace("%", "%%")
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values).replace('n % ', 'n %% ')}"
        f" FROM {table} AS t, generate_series(%(first)s::int, %(last)s::int) AS n"
        f" WHERE t.{which} AND {those}",
        {**numbers, "sample": str(sample)},
    )


def _add_companies(cursor: Any, sample: Any) -> None:
    names = columns_of(cursor, "parties_organization")
    changed = {
        "id": COMPANY.format("n"),
        "name": "'示例企业第' || n || '号有限公司'",
        "short_name": "'示例' || n",
        "uscc": "'9132' || lpad(n::text, 14, '0')",
    }
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO parties_organization ({columns}) SELECT {values.replace('%', '%%')}"
        f" FROM parties_organization, generate_series(0, {COMPANIES - 1}) AS n WHERE id = %s",
        [sample],
    )


def _add_officers(cursor: Any, officer: Any) -> None:
    """Give the desk of an officer a hundred colleagues."""
    names = columns_of(cursor, "parties_user")
    identity = "('0000eeee-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"
    changed = {"id": identity, "username": "'bench-' || n", "full_name": "'承办人' || n"}
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    series = f"generate_series(1, {OFFICERS - 1}) AS n"
    cursor.execute(
        f"INSERT INTO parties_user ({columns}) SELECT {values} FROM parties_user, {series}"
        " WHERE id = %s",
        [officer.pk],
    )
    cursor.execute(
        f"INSERT INTO parties_user_groups (user_id, group_id) SELECT {identity}, group_id"
        f" FROM parties_user_groups, {series} WHERE user_id = %s",
        [officer.pk],
    )
