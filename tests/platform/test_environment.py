"""What the surroundings may say, and what is refused at start."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import environment, logs, secret_key
from tests.platform.conftest import ROOT, bare_environment


def ask_settings(expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    code = f"from django.conf import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, text=True, capture_output=True, check=False,
        env=bare_environment(DJANGO_SETTINGS_MODULE="config.settings", **variables),
    )  # fmt: skip


def test_a_demo_is_refused_on_a_site_that_is_not_in_debug_mode(tmp_path: Path) -> None:
    answer = ask_settings("settings.DEMO", DATADEED_DEMO="1", DATADEED_VAR_DIR=str(tmp_path))

    assert answer.returncode != 0
    assert "DATADEED_DEMO=explicit" in answer.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "False False"),
        ({"DATADEED_DEMO": "1", "DEBUG": "1"}, "True True"),
        ({"DATADEED_DEMO": "explicit"}, "True False"),
    ],
)
def test_a_demo_is_shown_only_when_asked_for(
    tmp_path: Path, variables: dict[str, str], expected: str
) -> None:
    answer = ask_settings(
        "settings.DEMO, settings.DEBUG", DATADEED_VAR_DIR=str(tmp_path), **variables
    )

    assert answer.stdout.strip("()\n").replace(",", "") == expected, answer.stderr


def test_a_variable_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "seventy")

    with pytest.raises(environment.UnusableEnvironment, match="PORT"):
        environment.read()


MAIL = "settings.EMAIL_BACKEND.split('.')[-2], settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "filebased True False"),
        ({"EMAIL_HOST": "mail.example"}, "smtp True False"),
        ({"EMAIL_HOST": "mail.example", "EMAIL_SECURITY": "tls"}, "smtp False True"),
        ({"EMAIL_HOST": "mail.example", "EMAIL_SECURITY": "none"}, "smtp False False"),
    ],
)
def test_mail_goes_to_files_until_a_server_is_named(
    tmp_path: Path, variables: dict[str, str], expected: str
) -> None:
    answer = ask_settings(f"*({MAIL})", DATADEED_VAR_DIR=str(tmp_path), **variables)

    assert answer.stdout.strip() == expected, answer.stderr


def test_a_mail_without_a_server_is_a_file_in_the_folder_of_the_site(tmp_path: Path) -> None:
    mail = "__import__('django.core.mail').core.mail"
    send = f"{mail}.send_mail('数契', '正文', None, ['a@b.example'])"

    answer = ask_settings(send, DATADEED_VAR_DIR=str(tmp_path), EMAIL_FROM="desk@example.org")

    assert answer.stdout.strip() == "1", answer.stderr
    [written] = (tmp_path / "mail").iterdir()
    assert "From: desk@example.org" in written.read_text()


def test_a_mail_password_is_never_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_PASSWORD", "secret")
    monkeypatch.setenv("EMAIL_SECURITY", "none")

    with pytest.raises(environment.UnusableEnvironment, match="EMAIL_SECURITY"):
        environment.read()


def test_a_database_address_is_taken_apart() -> None:
    parts = environment.parse_database_url(url="postgresql://us%40er:p%3Aw@db:5433/data")

    assert parts == {
        "NAME": "data", "USER": "us@er", "PASSWORD": "p:w", "HOST": "db", "PORT": "5433",
    }  # fmt: skip


def test_a_socket_folder_may_stand_for_the_host() -> None:
    parts = environment.parse_database_url(url="postgresql://u@/data?host=/run/pg&port=5434")

    assert (parts["HOST"], parts["PORT"]) == ("/run/pg", "5434")


@pytest.mark.parametrize("url", ["mysql://u@h/d", "postgresql://u@h", "data"])
def test_another_database_or_none_is_refused(url: str) -> None:
    with pytest.raises(environment.UnusableEnvironment):
        environment.parse_database_url(url=url)


def test_the_broker_address_keeps_strange_characters_of_a_password() -> None:
    parts = environment.parse_database_url(url="postgresql://u:a%2Fb%40c@h:5432/d")
    url = environment.build_broker_url(database=parts)

    assert url.startswith("sqla+postgresql+psycopg://u:a%2Fb%40c@/d?host=h&")
    assert "search_path" in url


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key.read_or_create(path=path), range(8)))

    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret_key"]


def test_no_secret_reaches_the_log() -> None:
    entry = logs.hide_secrets(
        None,
        "info",
        {
            "event": "call with Bearer dd_12345678_abcdefghijklmnopqrstuvwxyz",
            "password": "hunter2-hunter2",
            "headers": {"Authorization": "Basic dXNlcjpwYXNz", "Accept": "text/html"},
            "url": "postgresql://app:very-secret@db/data",
            "count": 3,
        },
    )

    text = repr(entry)
    for secret in ("abcdefghij", "hunter2", "dXNlcjpwYXNz", "very-secret"):
        assert secret not in text
    assert entry["headers"]["Accept"] == "text/html"
    assert entry["count"] == 3
