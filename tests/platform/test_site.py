"""A fresh folder becomes a site: its history cannot be rewritten, and it runs as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from config import embedded, ownership
from core import clock
from tests.platform.conftest import ROOT, bare_environment, remove_traces
from tests.platform.product import STOP_SECONDS_MAX, Product
from tests.platform.test_supervisor import listens

REFUSED = psycopg.errors.InsufficientPrivilege


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, text=True, capture_output=True, check=False,
        env=bare_environment(DATADEED_VAR_DIR=str(folder)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Cluster]:
    """Set a whole folder up once, as ``make run`` does."""
    folder = tmp_path_factory.mktemp("site")
    cluster = embedded.Cluster(data_dir=folder / "postgres")
    try:
        done = manage(folder, "setup_database")
        assert done.returncode == 0, done.stderr
        yield cluster
    finally:
        embedded.stop(cluster=cluster)
        remove_traces(cluster)


def tables_of(site: embedded.Cluster) -> list[str]:
    with site.connect(database=embedded.DATABASE) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') ORDER BY 1"
        ).fetchall()
    return [row[0] for row in rows]


def partitions_of(site: embedded.Cluster) -> list[str]:
    with site.connect(database=embedded.DATABASE) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1"
        ).fetchall()
    return [row[0] for row in rows]


def test_every_history_table_takes_rows_and_gives_none_back(site: embedded.Cluster) -> None:
    histories = [
        t for t in tables_of(site) if ownership.choose_rights(table=t) == ("SELECT", "INSERT")
    ]
    assert {"workflow_auditentry", "workflow_auditseal"} <= set(histories)
    assert any(t.startswith("ledger_") for t in histories)
    histories += partitions_of(site)

    with site.connect(user=embedded.APP_ROLE, database=embedded.DATABASE) as connection:
        for table in histories:
            name = sql.Identifier(table)
            column = connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND attidentity = '' AND NOT attisdropped ORDER BY attnum LIMIT 1",
                [table],
            ).fetchone()
            assert column is not None
            connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name))
            for attack in (
                sql.SQL("UPDATE {} SET {c} = {c}").format(name, c=sql.Identifier(column[0])),
                sql.SQL("DELETE FROM {}").format(name),
                sql.SQL("TRUNCATE {}").format(name),
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(name),
                sql.SQL("DROP TABLE {}").format(name),
            ):
                with pytest.raises(REFUSED):
                    connection.execute(attack)


def test_the_application_truncates_nothing_and_creates_nothing(site: embedded.Cluster) -> None:
    with site.connect(user=embedded.APP_ROLE, database=embedded.DATABASE) as connection:
        for table in tables_of(site):
            with pytest.raises(REFUSED):
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))
        for attack in (
            "CREATE TABLE public.own (id int)",
            "SET session_replication_role = replica",
            "SET ROLE datadeed_owner",
            "DELETE FROM django_migrations",
        ):
            with pytest.raises(REFUSED):
                connection.execute(attack)


def test_the_application_may_work_with_everything_else(site: embedded.Cluster) -> None:
    every = ("SELECT", "INSERT", "UPDATE", "DELETE")
    partitions = partitions_of(site)
    ordinary = [
        t
        for t in tables_of(site)
        if ownership.choose_rights(table=t) == every and t not in partitions
    ]
    with site.connect(user=embedded.APP_ROLE, database=embedded.DATABASE) as connection:
        for table in ordinary:
            row = connection.execute(
                "SELECT bool_and(has_table_privilege(%s, r)) FROM unnest(%s::text[]) r",
                [f'public."{table}"', list(every)],
            ).fetchone()
            assert row == (True,), table


def test_it_may_be_repeated_and_takes_back_what_was_given_too_much(
    site: embedded.Cluster,
) -> None:
    with site.connect(user=embedded.OWNER_ROLE, database=embedded.DATABASE) as connection:
        connection.execute("GRANT ALL ON workflow_auditentry TO datadeed_app")

    again = manage(site.data_dir.parent, "setup_database")

    assert again.returncode == 0, again.stderr
    assert "The database is ready" in again.stdout
    with (
        site.connect(user=embedded.APP_ROLE, database=embedded.DATABASE) as connection,
        pytest.raises(REFUSED),
    ):
        connection.execute("DELETE FROM workflow_auditentry")


def test_the_broker_has_its_tables_in_a_schema_of_its_own(site: embedded.Cluster) -> None:
    with site.connect(user=embedded.APP_ROLE, database=embedded.DATABASE) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'broker' ORDER BY 1"
        ).fetchall()

    assert [row[0] for row in rows] == ["kombu_message", "kombu_queue"]
    assert not [t for t in tables_of(site) if t.startswith("kombu")]


def test_every_table_named_append_only_exists(site: embedded.Cluster) -> None:
    named = {*settings.APPEND_ONLY_TABLES, *settings.LEDGER_MUTABLE_TABLES}

    assert named <= set(tables_of(site))


def test_the_usage_of_the_coming_months_has_its_partitions(site: embedded.Cluster) -> None:
    month = datetime.now(UTC).astimezone(clock.SHANGHAI).strftime("%Y_%m")

    found = partitions_of(site)

    assert f"gateway_usageevent_{month}" in found
    assert len(found) >= 4, "the default one, this month and two more"


def test_a_worker_makes_partitions_as_the_owner_and_says_when_it_may_not(
    site: embedded.Cluster,
) -> None:
    with site.connect(user=embedded.OWNER_ROLE, database=embedded.DATABASE) as connection:
        [last] = [p for p in partitions_of(site) if "default" not in p][-1:]
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(last)))
    call = "from config import tasks; print(tasks.prepare_partitions())"

    done = manage(site.data_dir.parent, "shell", "-c", call)

    assert done.stdout.split()[-1] == "True", done.stderr
    assert last in partitions_of(site)
    stripped = (
        "from django.conf import settings; settings.DATABASE_OWNER.update("
        "settings.DATABASES['default']); " + call
    )
    refused = manage(site.data_dir.parent, "shell", "-c", stripped)
    assert refused.stdout.split()[-1] == "False", refused.stderr
    assert "ensure_partitions" in refused.stdout + refused.stderr


def test_a_fresh_start_is_refused_for_the_real_database(site: embedded.Cluster) -> None:
    refused = manage(site.data_dir.parent, "setup_database", "--fresh")

    assert refused.returncode != 0
    assert "DATADEED_DATABASE" in refused.stderr
    assert "workflow_auditentry" in tables_of(site)


def test_it_serves_works_on_survives_its_database_and_stops_as_one(
    site: embedded.Cluster,
) -> None:
    product = Product(site.data_dir.parent, site)
    try:
        product.wait_for_answer(product.port, "/healthz")
        product.wait_for_answer(product.gate_port, "/healthz")
        product.wait_for_task()

        first = embedded.find_postmaster(cluster=site)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        product.wait_for_another_postmaster(first)
        product.wait_for_answer(product.gate_port, "/healthz")
        product.wait_for_task()

        began = time.monotonic()
        product.process.send_signal(signal.SIGINT)
        assert product.process.wait(timeout=STOP_SECONDS_MAX) == 0
        assert time.monotonic() - began < STOP_SECONDS_MAX
        assert not listens(product.port)
        assert not listens(product.gate_port)
        assert embedded.find_postmaster(cluster=site) is None
    finally:
        product.process.kill()
        product.process.wait()
        embedded.ensure_running(cluster=site)


def test_it_stops_when_asked(site: embedded.Cluster) -> None:
    assert "PostgreSQL stopped." in manage(site.data_dir.parent, "stop_database").stdout
    assert embedded.find_postmaster(cluster=site) is None
    assert "left as it is" in manage(site.data_dir.parent, "stop_database").stdout
    embedded.ensure_running(cluster=site)
