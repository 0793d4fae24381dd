"""
Rules of this project that no ready-made linter knows.

Each rule is one function over one parsed file, or over the whole tree; each has its own test.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
SKIPPED_FOLDERS = {".git", ".venv", "node_modules", "var", "migrations", "__pycache__"}
# Folders that serve the product but are no part of it: no app imports them.
HELPER_FOLDERS = {"bench", "tests", "tools"}
# These compute; they take numbers and give numbers, and are tested without a database.
PURE_MODULES = (
    "applications/eligibility.py", "applications/form.py", "applications/scope.py",
    "contracts/odrl/calls.py", "contracts/odrl/evaluate.py", "contracts/odrl/reader.py",
    "contracts/odrl/writer.py",
    "contracts/terms.py", "contracts/wording.py", "core/money.py", "core/working_days.py",
    "gateway/gate.py", "gateway/metering.py", "oversight/detection.py", "oversight/ladder.py",
    "oversight/scoring.py", "settlement/charges.py", "settlement/periods.py",
    "settlement/pricing.py",
)  # fmt: skip
FORBIDDEN_ANYWHERE = ("django.dispatch", "django.db.models.signals")
FSM_PACKAGES = ("django-fsm", "django-fsm-2")


def list_files(*, root: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield the project's own files with one of the endings, in a stable order."""
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.suffix in suffixes and not SKIPPED_FOLDERS & set(inside.parts) and path.is_file():
            yield inside


def find_long_files(*, root: Path) -> Iterator[str]:
    """Yield files that should be split."""
    for path in list_files(root=root, suffixes=(".py", ".html")):
        lines = len((root / path).read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES_MAX:
            yield f"{path}: {lines} lines, {FILE_LINES_MAX} are allowed"


def find_long_functions(*, path: Path, tree: ast.AST) -> Iterator[str]:
    """Yield functions that do not fit a screen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield (
                    f"{path}:{node.lineno}: {node.name} has {lines} lines, "
                    f"{FUNCTION_LINES_MAX} are allowed"
                )


def find_state_updates(*, path: Path, tree: ast.AST) -> Iterator[str]:
    """Yield calls that would change a state past the one road."""
    if path.parts[0] in {"workflow", "tests"}:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        named = node.func.attr == "update" and any(k.arg == "state" for k in node.keywords)
        listed = node.func.attr in {"bulk_update", "update_or_create"} and any(
            isinstance(inner, ast.Constant) and inner.value == "state" for inner in ast.walk(node)
        )
        if named or listed:
            yield f"{path}:{node.lineno}: a state changes only by workflow.transitions.perform"


def find_forbidden_imports(*, path: Path, tree: ast.AST) -> Iterator[str]:
    """Yield imports that the architecture keeps out of this file."""
    folder = path.parts[0]
    if folder in HELPER_FOLDERS:
        return
    for line, name in _imports(tree):
        if name.split(".")[0] == "sqlalchemy" and folder != "ledger":
            yield f"{path}:{line}: SQLAlchemy is the ledger's own"
        if name.startswith(FORBIDDEN_ANYWHERE):
            yield f"{path}:{line}: no signals; call an action or subscribe to an event"
        if folder in {"portal", "api"} and name.startswith("django.db"):
            yield f"{path}:{line}: pages and API call actions and queries, not the database"
        if str(path) in PURE_MODULES and name.startswith(("django.db", "django.apps")):
            yield f"{path}:{line}: this module computes and knows no database"


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def find_unlisted_packages(*, root: Path) -> Iterator[str]:
    """Yield top-level packages that the import contract does not place in its order."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    listed = {name.strip() for layer in layers for name in layer.split("|")}
    for path in sorted(root.glob("*/__init__.py")):
        name = path.parent.name
        if name not in listed | HELPER_FOLDERS:
            yield f"{name}/: not in the order of imports in pyproject.toml"


def find_colliding_packages(*, installed: set[str]) -> Iterator[str]:
    """Yield the two packages that overwrite each other's files, if both are there."""
    if installed >= set(FSM_PACKAGES):
        yield "django-fsm and django-fsm-2 are both installed: they share one folder; remove one"


def check(*, root: Path, installed: set[str]) -> list[str]:
    """Return everything that is wrong in a tree."""
    problems = [*find_long_files(root=root), *find_unlisted_packages(root=root)]
    for path in list_files(root=root, suffixes=(".py",)):
        try:
            tree = ast.parse((root / path).read_text(encoding="utf-8"))
        except SyntaxError as error:
            problems.append(f"{path}:{error.lineno}: {error.msg}")
            continue
        for rule in (find_long_functions, find_state_updates, find_forbidden_imports):
            problems += rule(path=path, tree=tree)
    return problems + list(find_colliding_packages(installed=installed))


def main() -> int:
    """Print what is wrong; the exit code says whether something is."""
    installed = {str(found.metadata["Name"]).lower() for found in metadata.distributions()}
    problems = check(root=ROOT, installed=installed)
    print("\n".join(problems) or "structure: all rules hold")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
