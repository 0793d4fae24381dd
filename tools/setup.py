"""
Set a folder up, step by step, each step only when its inputs changed.

Runs on the machine's own Python with nothing installed, so it uses the standard library alone and
checks the version before anything newer than Python 3.8 could be parsed wrongly.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMPS = Path(os.environ.get("DATADEED_VAR_DIR") or ROOT / "var") / "stamps.json"
PYTHON_MIN = (3, 11)
NODE_MIN = 18
APT_HINT = "On Debian or Ubuntu: apt-get install -y {}"

# Program the tests call -> the Debian package that brings it.
TEST_PROGRAMS = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "qpdf": "qpdf",
    "hledger": "hledger",
}
CJK_FONT_PACKAGE = "fonts-noto-cjk"
# What the packages bring besides and no page loads.
UNUSED_STATIC_FILES = (
    "*.map", "*.mjs", "*.d.ts", "*.rtl.*", "*.esm.*", "*.cjs.*", "*.amd.*", "extension",
    "tabler-flags*", "tabler-marketing*", "tabler-payments*", "tabler-socials*",
)  # fmt: skip


class Missing(Exception):
    """Something the machine lacks and this script may not install."""


def check_python():
    """Refuse a Python that is too old or comes without venv and pip."""
    if sys.version_info < PYTHON_MIN:
        found = ".".join(str(n) for n in sys.version_info[:3])
        raise Missing(
            f"Python 3.11 or newer is needed; this is {found}. "
            + APT_HINT.format("python3.11 python3.11-venv")
            + " and call: make PYTHON=python3.11 ..."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Missing(
            f"Python's venv or pip is missing ({error.name}). " + APT_HINT.format(package)
        ) from error


def check_node():
    """Refuse a missing or too old Node.js, or a missing npm."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Missing(
                f"'{program}' is missing; it fetches the style sheets and fonts. "
                + APT_HINT.format("nodejs npm")
            )
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip().lstrip("v").split(".")[0]) < NODE_MIN:
        raise Missing(f"Node.js {NODE_MIN} or newer is needed; this is {version.stdout.strip()}.")


def read_stamps():
    """Return what earlier runs finished."""
    try:
        return json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def hash_files(paths):
    """Return one hash over names and contents, in a stable order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run_step(name, title, mark, proof, action):
    """Do one step unless it was done for the same inputs and its result is still there."""
    if read_stamps().get(name) == mark and proof.exists():
        return
    print(f"setup: {title} ...", flush=True)
    began = time.monotonic()
    action()
    stamps = {**read_stamps(), name: mark}
    STAMPS.parent.mkdir(parents=True, exist_ok=True)
    draft = STAMPS.with_suffix(".new")
    draft.write_text(json.dumps(stamps, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(STAMPS)
    print(f"setup: {title}: done in {time.monotonic() - began:.1f} s", flush=True)


def call(*words):
    """Run a program in the project folder; its failure is ours."""
    subprocess.run([str(word) for word in words], cwd=ROOT, check=True)


def create_venv():
    """Create the virtual environment."""
    call(sys.executable, "-m", "venv", VENV)


def pip_install(requirements):
    """Return a step that installs one compiled file, each package against its hash."""

    def install():
        call(
            VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check",
            "--require-hashes", "-r", requirements,
        )  # fmt: skip

    return install


def set_up_python(with_tests):
    """Install the Python packages, those for tests too if asked."""
    mark = hash_files([ROOT / "requirements.txt"]) + sys.version
    run_step("venv", "virtual environment .venv", sys.version, VENV_PYTHON, create_venv)
    title = "Python packages of requirements.txt"
    run_step("pip", title, mark, VENV_PYTHON, pip_install("requirements.txt"))
    if with_tests:
        mark = hash_files([ROOT / "requirements-dev.txt"]) + sys.version
        title = "Python packages of requirements-dev.txt"
        install = pip_install("requirements-dev.txt")
        run_step("pip-dev", title, mark, VENV / "bin" / "ruff", install)


def set_up_node(with_tests):
    """Install style sheets, scripts and fonts; what the tests need besides is a superset."""
    mark = hash_files([ROOT / "package.json", ROOT / "package-lock.json"])
    modules = ROOT / "node_modules"
    if not with_tests and read_stamps().get("npm-dev") == mark and modules.is_dir():
        return
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
    name, scope = ("npm-dev", ()) if with_tests else ("npm", ("--omit=dev",))
    title = "style sheets, scripts and fonts of package-lock.json"
    run_step(name, title, mark, modules, lambda: call("npm", "ci", *scope, *quiet))


def set_up_files():
    """Compile the translations and collect the static files."""
    catalogs = list((ROOT / "locale").glob("*/*/LC_MESSAGES/*.po"))
    compiled = catalogs[0].with_suffix(".mo") if catalogs else ROOT
    compile_all = lambda: call(VENV_PYTHON, "-m", "tools.messages", "compile")  # noqa: E731
    run_step("messages", "translations", hash_files(catalogs), compiled, compile_all)
    own = [p for p in (ROOT / "static").rglob("*") if p.is_file()]
    mark = hash_files([*own, ROOT / "package-lock.json", ROOT / "config" / "settings.py"])
    collected = STAMPS.parent / "static" / "staticfiles.json"
    words = ["manage.py", "collectstatic", "--noinput", "--clear", "-v", "0"]
    for pattern in UNUSED_STATIC_FILES:
        words += ["--ignore", pattern]
    collect = lambda: call(VENV_PYTHON, *words)  # noqa: E731
    run_step("static", "static files", mark, collected, collect)


def list_missing_packages():
    """Return the Debian packages of the programs the tests need and the machine lacks."""
    packages = {p for program, p in TEST_PROGRAMS.items() if shutil.which(program) is None}
    # Screenshots without a Chinese font show boxes.
    if not any(Path("/usr/share/fonts").rglob("NotoSansCJK*")):
        packages.add(CJK_FONT_PACKAGE)
    return sorted(packages)


def set_up_test_programs():
    """Install what the tests call, where we may; otherwise say exactly what is missing."""
    packages = list_missing_packages()
    if not packages:
        return
    apt = shutil.which("apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"] if shutil.which("sudo") else ["false"]
    asked = subprocess.run([*sudo, "true"], check=False, capture_output=True) if apt else None
    may = asked is not None and asked.returncode == 0
    if not may:
        raise Missing(
            "The tests need programs this machine lacks. " + APT_HINT.format(" ".join(packages))
        )
    print(f"setup: apt packages {' '.join(packages)} ...", flush=True)
    began = time.monotonic()
    calm = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    call(*sudo, *calm, "update")
    call(*sudo, *calm, "install", "-y", "--no-install-recommends", *packages)
    print(f"setup: apt packages: done in {time.monotonic() - began:.1f} s", flush=True)


def main(arguments):
    """Set up for running, or with ``--tests`` for the tests and checks too."""
    with_tests = "--tests" in arguments
    began = time.monotonic()
    try:
        check_python()
        check_node()
        set_up_python(with_tests)
        set_up_node(with_tests)
        if "--programs" in arguments:
            set_up_test_programs()
        set_up_files()
    except Missing as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        words = " ".join(str(word) for word in error.cmd)
        print(f"setup: this failed with code {error.returncode}: {words}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"setup: {error.filename} was not found", file=sys.stderr)
        return 1
    print(f"setup: everything is in place ({time.monotonic() - began:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
