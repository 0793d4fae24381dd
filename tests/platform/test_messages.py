"""No sentence without its Chinese."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "errors.py").write_text(
        'from django.utils.translation import gettext_lazy as _\nTEXT = _("The gate is closed.")\n'
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}{% translate 'Sign in' %}"
        "{% blocktranslate trimmed with n=count %}\n  {{ n }} calls\n{% endblocktranslate %}"
    )
    return tmp_path


def write_catalog(project: Path, area: str, texts: dict[str, str]) -> Path:
    path = project / "locale" / area / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    entries = "".join(f'msgid "{k}"\nmsgstr "{v}"\n\n' for k, v in texts.items())
    path.write_text(HEADER + entries, encoding="utf-8")
    return path


ALL = {"The gate is closed.": "闸门已关闭。", "Sign in": "登录", "%(n)s calls": "%(n)s 次调用"}


def test_complete_catalogs_pass(project: Path) -> None:
    write_catalog(project, "core", ALL)

    assert messages.check(root=project) == []


@pytest.mark.parametrize("message", list(ALL))
def test_a_missing_sentence_is_named_with_its_place(project: Path, message: str) -> None:
    write_catalog(project, "core", {k: v for k, v in ALL.items() if k != message})

    (problem,) = messages.check(root=project)
    assert message in problem
    assert problem.startswith(("catalog/errors.py:2", "templates/page.html:"))


def test_an_empty_translation_is_a_missing_one(project: Path) -> None:
    write_catalog(project, "core", ALL | {"Sign in": ""})

    assert len(messages.check(root=project)) == 1


def test_two_different_translations_are_found(project: Path) -> None:
    write_catalog(project, "core", ALL)
    write_catalog(project, "portal", {"Sign in": "登陆"})

    (problem,) = messages.check(root=project)
    assert "two translations" in problem


def test_a_lost_placeholder_is_found(project: Path) -> None:
    write_catalog(project, "core", ALL | {"%(n)s calls": "调用"})

    (problem,) = messages.check(root=project)
    assert "placeholders" in problem


def test_compiled_catalogs_speak_chinese(project: Path) -> None:
    path = write_catalog(project, "core", ALL)

    assert messages.compile_all(root=project) == 1
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign in") == "登录"
