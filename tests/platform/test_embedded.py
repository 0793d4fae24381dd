"""The embedded server is started once, by anybody, after anything."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config import embedded, place
from tests.platform.conftest import remove_traces

FIRST_START_SECONDS_MAX = 5
START = """
import sys
from pathlib import Path
from config import embedded
cluster = embedded.Cluster(data_dir=Path(sys.argv[1]), fast=True)
print("started" if embedded.ensure_running(cluster=cluster) else "reused")
print(embedded.find_postmaster(cluster=cluster), flush=True)
if len(sys.argv) > 2:
    import time; time.sleep(60)
"""


def answer(cluster: embedded.Cluster, query: str, user: str = embedded.SUPERUSER) -> object:
    with cluster.connect(user=user, database=embedded.DATABASE) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_the_first_start_takes_under_five_seconds_and_provides_two_plain_roles(
    cluster: embedded.Cluster,
) -> None:
    began = time.monotonic()

    assert embedded.ensure_running(cluster=cluster) is True

    assert time.monotonic() - began < FIRST_START_SECONDS_MAX
    with cluster.connect(database=embedded.DATABASE) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname LIKE 'datadeed%' ORDER BY 1"
        ).fetchall()
    assert roles == [
        (embedded.APP_ROLE, False, False, False),
        (embedded.OWNER_ROLE, False, False, True),
    ]
    assert answer(cluster, "SHOW server_encoding") == "UTF8"


def test_nobody_else_can_reach_it(cluster: embedded.Cluster) -> None:
    embedded.ensure_running(cluster=cluster)

    assert answer(cluster, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data_dir.stat().st_mode) == 0o700
    assert len(str(cluster.socket_dir / ".s.PGSQL.5432")) <= place.SOCKET_PATH_BYTES_MAX


def test_a_running_server_is_used_as_it_is(cluster: embedded.Cluster) -> None:
    embedded.ensure_running(cluster=cluster)
    first = embedded.find_postmaster(cluster=cluster)

    assert embedded.ensure_running(cluster=cluster) is False
    assert embedded.find_postmaster(cluster=cluster) == first


def test_of_two_starters_in_two_processes_one_starts(
    cluster: embedded.Cluster, in_new_process: Callable[..., subprocess.Popen[str]]
) -> None:
    starters = [in_new_process(START, cluster.data_dir) for _ in range(2)]
    said = [starter.communicate(timeout=60)[0].split() for starter in starters]

    assert sorted(words[-2] for words in said) == ["reused", "started"]
    assert said[0][-1] == said[1][-1], "both speak of the same server"


def test_it_comes_back_with_every_committed_row_after_its_own_kill_9(
    folder: Path, cluster: embedded.Cluster
) -> None:
    cluster = embedded.Cluster(data_dir=cluster.data_dir)  # The durable kind, as it is served.
    embedded.ensure_running(cluster=cluster)
    with cluster.connect(database=embedded.DATABASE) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    process_id = embedded.find_postmaster(cluster=cluster)
    assert process_id is not None
    os.kill(process_id, signal.SIGKILL)

    assert embedded.ensure_running(cluster=cluster) is True

    assert answer(cluster, "SELECT count(*) FROM kept") == 1000
    assert embedded.find_postmaster(cluster=cluster) != process_id


def test_it_survives_the_kill_9_of_its_starter_and_can_still_be_stopped(
    cluster: embedded.Cluster, in_new_process: Callable[..., subprocess.Popen[str]]
) -> None:
    starter = in_new_process(START, cluster.data_dir, "stay")
    assert starter.stdout is not None
    assert starter.stdout.readline() == "started\n"
    process_id = int(starter.stdout.readline())
    starter.kill()
    starter.wait()

    assert embedded.ensure_running(cluster=cluster) is False
    assert embedded.find_postmaster(cluster=cluster) == process_id
    assert embedded.stop(cluster=cluster) is True
    assert embedded.find_postmaster(cluster=cluster) is None


def test_a_stale_number_of_a_living_stranger_neither_stops_it_nor_harms_the_stranger(
    cluster: embedded.Cluster,
) -> None:
    embedded.ensure_running(cluster=cluster)
    note = cluster.data_dir / "postmaster.pid"
    lines = note.read_text().split("\n")
    embedded.stop(cluster=cluster)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        note.write_text("\n".join([str(stranger.pid), *lines[1:]]))

        assert embedded.stop(cluster=cluster) is False
        assert embedded.ensure_running(cluster=cluster) is True
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_it_is_left_running_while_somebody_else_uses_it(cluster: embedded.Cluster) -> None:
    embedded.ensure_running(cluster=cluster)
    with cluster.connect(user=embedded.APP_ROLE, database=embedded.DATABASE):
        assert embedded.stop_if_unused(cluster=cluster) is False
        assert embedded.find_postmaster(cluster=cluster) is not None


def test_a_half_made_cluster_is_made_again(cluster: embedded.Cluster) -> None:
    draft = cluster.data_dir.with_name("postgres.new")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")

    assert embedded.ensure_running(cluster=cluster) is True
    assert not draft.exists()


def test_another_folders_server_behind_the_same_socket_is_refused(
    cluster: embedded.Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.ensure_running(cluster=cluster)
    shared = cluster.socket_dir
    monkeypatch.setattr(place, "choose_socket_dir", lambda *, data_dir: shared)
    other = embedded.Cluster(data_dir=folder / "other")

    with pytest.raises(embedded.UnableToStart, match="Another database answers"):
        embedded.ensure_running(cluster=other)
    assert not other.data_dir.exists()


def test_a_socket_folder_that_others_may_enter_is_refused(cluster: embedded.Cluster) -> None:
    cluster.socket_dir.mkdir(mode=0o755)

    with pytest.raises(place.UnableToPlace, match="0700"):
        embedded.ensure_running(cluster=cluster)
    assert embedded.find_postmaster(cluster=cluster) is None


def test_a_folder_of_mode_0700_stays_closed_and_works(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    scratch = embedded.Cluster(data_dir=closed / "var" / "postgres", fast=True)
    try:
        assert embedded.ensure_running(cluster=scratch) is True
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        # Root lends the server another account, which may not enter: the data are elsewhere.
        assert scratch.data_dir.is_symlink() == (os.geteuid() == 0)
        embedded.stop(cluster=scratch)
        assert embedded.ensure_running(cluster=scratch) is True
    finally:
        embedded.stop(cluster=scratch)
        remove_traces(scratch)


def test_programs_in_a_folder_the_account_may_not_enter_are_copied_with_their_libraries(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = place.find_programs(account=place.Account(None, None))
    closed = folder / "closed"
    closed.mkdir()
    copied = place.copy_programs(folder=programs, target=closed)
    closed.chmod(0o700)
    monkeypatch.setattr(place, "_candidates", lambda: [copied])
    monkeypatch.setattr(place, "SHELTERS", (folder / "shelter",))

    found = place.find_programs(account=place.choose_account())

    assert (found != copied) == (os.geteuid() == 0)
    run = subprocess.run(
        [found / "initdb", "--version"],
        check=True, capture_output=True, cwd="/", **place.choose_account().options(),
    )  # fmt: skip
    assert b"PostgreSQL" in run.stdout


def test_an_ordinary_user_starts_it_below_a_home_of_mode_0700(folder: Path) -> None:
    """As root, become ``nobody`` in a child; an ordinary user already is one."""
    programs = place.find_programs(account=place.Account(None, None))
    home = folder / "home"
    home.mkdir()
    copied = place.copy_programs(folder=programs, target=home)
    home.chmod(0o700)
    if os.geteuid() == 0:
        entry = pwd.getpwnam("nobody")
        for path in (home, *home.rglob("*")):
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    forked = multiprocessing.get_context("fork")
    process = forked.Process(target=_start_as_nobody, args=(home, copied))
    process.start()
    process.join(timeout=60)

    assert process.exitcode == 0


def _start_as_nobody(home: Path, programs: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    place._candidates = lambda: [programs]
    scratch = embedded.Cluster(data_dir=home / "project" / "var" / "postgres", fast=True)
    try:
        assert embedded.ensure_running(cluster=scratch) is True
        assert answer(scratch, "SELECT 1", user=embedded.APP_ROLE) == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            answer(scratch, "CREATE ROLE intruder", user=embedded.APP_ROLE)
        assert not scratch.data_dir.is_symlink()
    finally:
        embedded.stop(cluster=scratch)
        remove_traces(scratch)
