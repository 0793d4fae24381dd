"""What the documents say about the code is true: names, tests, addresses, variables, logins."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.utils import translation

from config.environment import Environment
from demo import cast
from parties.roles import Role
from tools.lint_structure import list_files

ROOT = Path(__file__).resolve().parents[2]
READMES = {"README.md": "en", "README.zh-CN.md": "zh-hans"}
OWN_PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")}
CLAUSES = [f"a{n:02}" for n in range(1, 33)] + [f"b{n:02}" for n in range(1, 33)]
TEXT_SUFFIXES = (
    ".py", ".html", ".css", ".js", ".md", ".txt", ".in", ".toml", ".json", ".po", ".csv", ".svg",
    ".yml", ".yaml", ".sh", ".cfg", ".ini",
)  # fmt: skip
EXTRA_FILES = ("Makefile", ".npmrc", ".gitignore", ".ci/run")
# In parts, so that this file passes its own test.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
)
MACHINE_PATH = re.compile(
    r"(?<![\w.$}/-])/(?:work|farm|Users|mnt|home/\w+|root/\w+|tmp/\w+)/[\w.-]+"
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def anchors_of(text: str) -> set[str]:
    """Return what a link may point to: headings as they are turned into addresses, and ids."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"></a>', text))


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the tests of a file as pytest names them below the file."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return frozenset(found)


class TestSources:
    def test_every_anchor_that_the_code_names_exists(self) -> None:
        known = anchors_of(read("docs/sources.md"))
        named = {
            (str(path.relative_to(ROOT)), anchor)
            for path in python_files(*OWN_PACKAGES - {"tests"})
            for anchor in re.findall(r"sources\.md#([\w-]+)", path.read_text(encoding="utf-8"))
        }

        assert len(named) > 40
        assert [f"{path}: #{anchor}" for path, anchor in sorted(named) if anchor not in known] == []

    def test_every_part_of_the_study_that_the_code_cites_is_explained(self) -> None:
        text = read("docs/sources.md")
        cited = {
            number
            for path in python_files(*OWN_PACKAGES - {"tests"})
            for number in re.findall(r"domain (§\d+(?:\.\d+)?)", path.read_text(encoding="utf-8"))
        }

        assert cited
        assert [number for number in sorted(cited) if f"| {number} |" not in text] == []

    def test_every_clause_has_its_row_with_a_proof_or_an_admission(self) -> None:
        text = read("docs/sources.md")
        rows = dict(re.findall(r'^\| <a id="([ab]\d\d)"></a>(.+)$', text, re.MULTILINE))

        assert sorted(rows) == CLAUSES
        assert [c for c, row in rows.items() if "::" not in row and "not yet" not in row] == []

    def test_every_test_it_names_exists(self) -> None:
        named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", read("docs/sources.md"))
        missing = [
            f"{path}::{name}"
            for path, name in named
            if not (ROOT / path).is_file() or name not in names_in(ROOT / path)
        ]

        assert len(named) > 80
        assert missing == []

    def test_every_name_in_backticks_that_looks_like_a_test_is_read_by_the_test_above(self) -> None:
        text = read("docs/sources.md")

        assert text.count("::test_") == len(re.findall(r"`tests/[\w/]+\.py::[\w:]+`", text))


class TestLinks:
    @pytest.mark.parametrize("name", sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("*.md")))
    def test_of_the_front_pages_lead_somewhere(self, name: str) -> None:
        assert list(broken_links(ROOT / name)) == []

    def test_of_the_documents_lead_somewhere(self) -> None:
        assert [b for p in sorted((ROOT / "docs").rglob("*.md")) for b in broken_links(p)] == []

    def test_paths_in_backticks_exist(self) -> None:
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        missing = [
            f"{page.name}: {path}"
            for page in pages
            for path in re.findall(r"`([a-z_]+/[\w./-]*(?:\.\w+|/))`", page.read_text("utf-8"))
            if path.split("/")[0] in OWN_PACKAGES | {"docs", "locale", "templates", "static"}
            and not (ROOT / path).exists()
        ]

        assert missing == []

    def test_every_decision_is_in_the_index_and_no_number_is_given_twice(self) -> None:
        index = read("docs/decisions/README.md")
        pages = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
        numbers = [int(name[:4]) for name in pages]

        assert numbers == list(range(1, len(pages) + 1))
        for name, number in zip(pages, numbers, strict=True):
            title = read(f"docs/decisions/{name}").splitlines()[0].removeprefix(f"# {number}. ")
            assert f"| {number} | [{title}]({name}) |" in index


def broken_links(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]*(?:#[^)\s]*)?)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = page if not file else (page.parent / file).resolve()
        known = anchors_of(path.read_text("utf-8")) if anchor and path.is_file() else {anchor}
        if not path.exists() or anchor not in known:
            yield f"{page.name}: {target}"


class TestGlossary:
    def test_every_class_it_names_exists(self) -> None:
        rows = read("docs/glossary.md").splitlines()
        named = [m[1] for row in rows if (m := re.fullmatch(r"\|.+\|.+\| `([^`]+)` \|", row))]

        assert len(named) > 40
        assert [name for name in named if not exists(name)] == []

    def test_a_term_stands_there_once(self) -> None:
        terms = re.findall(r"^\| ([^|]+?) \|", read("docs/glossary.md"), re.MULTILINE)

        assert sorted(terms) == sorted(set(terms))


def exists(name: str) -> bool:
    """Return whether an app, a model, or a class of a module exists; a role may follow in ()."""
    name, _, role = name.partition(" (")
    module, _, attribute = name.rpartition(".")
    if role and not exists_role(role.rstrip(")")):
        return False
    if not module:
        return apps.is_installed(name)
    if module.partition(".")[0] not in OWN_PACKAGES:
        return False
    if "." not in module and apps.is_installed(module):
        return attribute.lower() in apps.all_models[module]
    return find_spec(module) is not None and hasattr(import_module(module), attribute)


def exists_role(name: str) -> bool:
    from parties.roles import Kind

    return name in Role.values or name in Kind.values


@pytest.mark.parametrize("name", READMES)
class TestReadme:
    def test_names_every_variable_of_the_environment(self, name: str) -> None:
        table = re.findall(r"^\| (`[A-Z].+?) \|", read(name), re.MULTILINE)
        named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", " ".join(table)))
        known = {str(f.validation_alias) for f in Environment.model_fields.values()}

        assert known - named == set()
        # Read by core.clock itself, which is below the settings.
        assert named - known == {"DATADEED_CLOCK_FILE"}

    def test_names_every_target_of_make(self, name: str) -> None:
        phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", read("Makefile"), re.MULTILINE)
        assert phony is not None
        targets = set(phony[1].replace("\\\n", " ").split())
        text = read(name)

        assert {t for t in targets if f"`{t}`" not in text and f"make {t}" not in text} == set()
        assert set(re.findall(r"`make ([a-z-]+)`", text)) <= targets

    def test_names_every_login_of_the_demo_with_its_roles(self, name: str) -> None:
        row = re.compile(r"^\| `([a-z]+-[a-z]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
        rows = set(row.findall(read(name)))
        with translation.override(READMES[name]):
            comma = ", " if READMES[name] == "en" else "、"
            wanted = {
                (p.username, comma.join(str(Role(r).label) for r in p.roles), company.name)
                for company in cast.HOUSES + cast.APPLICANTS
                for p in company.people
            }
            departments = [(key, str(Role(r).label)) for key, _, r in cast.DEPARTMENT_ROLES]

        assert rows == wanted
        assert f"`{cast.PASSWORD}`" in read(name)
        for key, label in departments:
            assert f"| `d01-{key}` … `d15-{key}` | {label} |" in read(name)

    def test_names_every_command_of_ours(self, name: str) -> None:
        ours = {c for c, app in get_commands().items() if app in OWN_PACKAGES} - {"migrate"}
        commands = set(re.findall(r"`([a-z]+_?[a-z_]*)[ `]", read(name)))

        assert ours - commands == set()


class TestWholeTree:
    def test_no_file_names_a_registry_or_a_place_on_one_machine(self) -> None:
        seen = list_files(root=ROOT, suffixes=TEXT_SUFFIXES)
        # Hidden folders are the caches of tools.
        paths = [*(p for p in seen if p.parts[0][0] != "."), *map(Path, EXTRA_FILES)]
        found = [
            f"{path}:{number}: {line.strip()[:80]}"
            for path in paths
            for number, line in enumerate(read(str(path)).splitlines(), 1)
            if any(host in line for host in REGISTRY_HOSTS) or MACHINE_PATH.search(line)
        ]

        assert len(paths) > 400
        assert found == []

    @pytest.mark.parametrize(
        "place", ["work/main", "home/li/notes", "Users/li", "mnt/share", "tmp/build"]
    )
    def test_a_place_on_one_machine_is_known_when_it_is_seen(self, place: str) -> None:
        assert MACHINE_PATH.search(f'open("/{place}/x.py")')
        assert not MACHINE_PATH.search(f'reverse("portal:x") == "/portal/{place}/x.py"')

