"""Remove everything generated in this folder: the databases, documents, logs and caches."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("DATADEED_VAR_DIR") or ROOT / "var")
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def stop_databases():
    """Stop both clusters; without an environment there is none to stop."""
    python = ROOT / ".venv" / "bin" / "python"
    for testing in ("0", "1") if python.exists() else ():
        subprocess.run(
            [str(python), "manage.py", "stop_database"],
            cwd=ROOT,
            env={**os.environ, "DATADEED_TESTING": testing},
            check=True,
        )


def main():
    """Stop, then remove; a cluster that root keeps elsewhere is removed with its link."""
    stop_databases()
    for link in VAR.glob("postgres*"):
        if link.is_symlink() and link.resolve().parent.name.startswith("cluster-"):
            shutil.rmtree(link.resolve().parent, ignore_errors=True)
    for folder in (VAR, *(ROOT / name for name in CACHES)):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
