"""
The embedded PostgreSQL: a real server, ours alone, with nothing to install.

Only the programs of the wheel are used. One file lock lets one starter in at a time; a server
that answers for the right data is used as it is; a dead one is started again, whatever it left
behind. It listens on a unix socket in a folder of mode 0700 and on no network address.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from config import place

SUPERUSER = "postgres"
OWNER_ROLE = "datadeed_owner"
APP_ROLE = "datadeed_app"
DATABASE = "datadeed"
PORT = 5432

LOCK_SECONDS_MAX = 120
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
# A server killed hard may leave its helpers behind for a moment, and they hold shared memory.
START_TRIES_MAX = 20
POLL_SECONDS = 0.02
LOG_TAIL_BYTES = 2000

# Children of this process: kept so that a dead one is reaped and not taken for a living server.
_children: list[subprocess.Popen[bytes]] = []


class UnableToStart(Exception):
    """The embedded PostgreSQL does not come up; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """
    One embedded server: where its data are, and whether it may lose them.

    ``fast`` switches off every wait for the disk: for tests, whose data nobody misses.
    """

    data_dir: Path
    fast: bool = False

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket, which libpq takes as the host."""
        return place.choose_socket_dir(data_dir=self.data_dir)

    @property
    def log_file(self) -> Path:
        """The server's own log."""
        return self.data_dir.parent / "log" / f"{self.data_dir.name}.log"

    def describe(self, *, user: str, database: str = DATABASE) -> dict[str, str]:
        """Return how to connect as a role, in the words of Django's settings."""
        return {
            "NAME": database,
            "USER": user,
            "PASSWORD": "",
            "HOST": str(self.socket_dir),
            "PORT": str(PORT),
        }

    def connect(self, *, user: str = SUPERUSER, database: str = "postgres") -> psycopg.Connection:
        """Return an open connection that commits each statement."""
        return psycopg.connect(
            host=str(self.socket_dir),
            port=PORT,
            user=user,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )


def ensure_running(*, cluster: Cluster) -> bool:
    """
    Have the server running and provided with its roles; return whether this call started it.

    :raises UnableToStart: it does not come up, or another starter holds the lock too long.
    :raises UnableToPlace: there is no program, place or account for it.
    """
    if _is_provided(cluster):
        return False
    with _lock(cluster):
        if _answers(cluster):
            _provide_roles(cluster)  # A starter may have died right after the start.
            return False
        account = place.choose_account()
        programs = place.find_programs(account=account)
        real = place.prepare_data_dir(data_dir=cluster.data_dir, account=account)
        place.prepare_socket_dir(folder=cluster.socket_dir, account=account)
        _initialize(real=real, programs=programs, account=account, fast=cluster.fast)
        _start(cluster=cluster, real=real, programs=programs, account=account)
        _provide_roles(cluster)
        return True


def stop(*, cluster: Cluster) -> bool:
    """
    Stop the server, its clients' open transactions rolled back; return whether it ran.

    :raises UnableToStart: it does not stop in time.
    """
    with _lock(cluster):
        process_id = find_postmaster(cluster=cluster)
        if process_id is None:
            return False
        os.kill(process_id, signal.SIGINT)
        limit = time.monotonic() + STOP_SECONDS_MAX
        while find_postmaster(cluster=cluster) == process_id:
            if time.monotonic() > limit:
                raise UnableToStart(f"PostgreSQL, process {process_id}, does not stop.")
            time.sleep(POLL_SECONDS)
        with contextlib.suppress(OSError):  # Left if somebody put something there.
            cluster.socket_dir.rmdir()
        return True


def stop_if_unused(*, cluster: Cluster) -> bool:
    """Stop the server unless somebody is still connected; return whether it was stopped."""
    try:
        with cluster.connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0] == 0) and stop(cluster=cluster)


def find_postmaster(*, cluster: Cluster) -> int | None:
    """
    Return the process id of the living server of these data, if there is one.

    The number in ``postmaster.pid`` alone proves nothing: it may belong to a stranger by now.
    """
    for child in _children:
        child.poll()
    real = cluster.data_dir.resolve()
    try:
        first = (real / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
        process_id = int(first)
        words = Path(f"/proc/{process_id}/cmdline").read_bytes().split(b"\0")
        status = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None
    if status.rpartition(")")[2].split()[0] == "Z":
        return None
    ours = words[0].endswith(b"postgres") and os.fsencode(real) in words
    return process_id if ours else None


@contextlib.contextmanager
def _lock(cluster: Cluster) -> Iterator[None]:
    """Let one starter or stopper in at a time; the kernel frees the lock of a dead one."""
    path = cluster.data_dir.parent / f"{cluster.data_dir.name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        limit = time.monotonic() + LOCK_SECONDS_MAX
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > limit:
                    raise UnableToStart(f"Another process holds {path}. Wait or end it.") from None
                time.sleep(POLL_SECONDS)
        yield


def _answers(cluster: Cluster) -> bool:
    """Ask the server behind the socket whose data it serves."""
    real = str(cluster.data_dir.resolve())
    try:
        with cluster.connect() as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    if row is None or str(Path(row[0]).resolve()) != real:
        raise UnableToStart(f"Another database answers in {cluster.socket_dir}. Stop it first.")
    return True


def _is_provided(cluster: Cluster) -> bool:
    """Ask whether the server runs and the last thing a starter creates, the database, exists."""
    if not _answers(cluster):
        return False
    with cluster.connect() as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        return found.fetchone() is not None


def _initialize(*, real: Path, programs: Path, account: place.Account, fast: bool) -> None:
    """Make the cluster beside its place and move it there whole: half a cluster is never used."""
    if (real / "PG_VERSION").is_file():
        return
    draft = real.with_name(f"{real.name}.new")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    if account.user_id is not None and account.group_id is not None:
        os.chown(draft, account.user_id, account.group_id)
    version = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
    ).stdout
    # The provider "builtin" sorts alike on every machine; servers before 17 know libc only.
    modern = int(version.split()[2].split(".")[0]) >= 17
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if modern else []
    done = subprocess.run(
        [
            programs / "initdb", "-D", draft, "-U", SUPERUSER, "--auth=trust",
            "-E", "UTF8", "--locale=C.UTF-8", *locale, *(["--no-sync"] if fast else []),
        ],
        capture_output=True, text=True, check=False, cwd="/", env=_surroundings(),
        **account.options(),  # type: ignore[call-overload]
    )  # fmt: skip
    if done.returncode != 0:
        raise UnableToStart(f"initdb failed: {done.stderr.strip()[-LOG_TAIL_BYTES:]}")
    draft.rename(real)


def _start(*, cluster: Cluster, real: Path, programs: Path, account: place.Account) -> None:
    """Start the server and wait until it answers; mend what a dead one left behind."""
    cluster.log_file.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(START_TRIES_MAX):
        if find_postmaster(cluster=cluster) is None:
            # We hold the lock and no server of these data lives: the file is a dead one's.
            (real / "postmaster.pid").unlink(missing_ok=True)
            _children.append(_spawn(cluster, real, programs, account))
        if _wait_until_ready(cluster):
            return
        time.sleep(0.5)
    raise UnableToStart(f"PostgreSQL does not start. Its log ends:\n{_log_tail(cluster)}")


def _spawn(
    cluster: Cluster, real: Path, programs: Path, account: place.Account
) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(cluster.socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if cluster.fast:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    words = [str(programs / "postgres"), "-D", str(real)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    with cluster.log_file.open("ab") as log:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_surroundings(),
            start_new_session=True,  # Ctrl-C in the terminal is not for the database.
            **account.options(),  # type: ignore[call-overload]
        )


def _wait_until_ready(cluster: Cluster) -> bool:
    limit = time.monotonic() + START_SECONDS_MAX
    born = time.monotonic()
    while time.monotonic() < limit:
        if _answers(cluster):
            return True
        # The file with its number appears a moment after birth.
        if time.monotonic() - born > 1 and find_postmaster(cluster=cluster) is None:
            return False
        time.sleep(POLL_SECONDS)
    return False


def _provide_roles(cluster: Cluster) -> None:
    """Create the two roles and the database, each unless it is there."""
    with cluster.connect() as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER_ROLE, "CREATEDB"), (APP_ROLE, "NOCREATEDB")):
            if role not in roles:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE " + rights).format(
                        sql.Identifier(role)
                    )
                )
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if DATABASE not in names:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
                )
            )


def _surroundings() -> dict[str, str]:
    """Pass on as little as possible: a PGDATA or PGPORT of the shell is not meant for us."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "TMPDIR", "LD_LIBRARY_PATH"}}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _log_tail(cluster: Cluster) -> str:
    try:
        return cluster.log_file.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")
    except OSError:
        return "(no log)"
