"""What every answer of the pages carries, whoever asks."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory, override_settings

from tests.conftest import NOON

EXPECTED_POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


def test_the_policy_allows_nothing_inline_and_nothing_foreign(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert {part.strip() for part in policy.split(";")} == EXPECTED_POLICY


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_answer_carries_the_headers_that_browsers_obey(
    client: Client, header: str, value: str
) -> None:
    assert client.get("/healthz").headers[header] == value


def test_a_strange_host_name_is_refused(client: Client) -> None:
    assert client.get("/i18n/setlang/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
@override_settings(AXES_ENABLED=True)
def test_five_wrong_passwords_close_that_account_for_that_address_only() -> None:
    user = get_user_model()(username="li.na", created_at=NOON)
    user.set_password("right-password-1")
    user.save()

    def attempt(password: str, address: str) -> bool:
        request = RequestFactory().post("/sign-in", REMOTE_ADDR=address)
        try:
            return authenticate(request, username="li.na", password=password) is not None
        except PermissionDenied:
            return False

    assert attempt("right-password-1", "10.0.0.1")
    for _ in range(5):
        assert not attempt("wrong", "10.0.0.1")

    assert not attempt("right-password-1", "10.0.0.1"), "closed for the attacker's address"
    assert attempt("right-password-1", "10.0.0.2"), "open for the owner elsewhere"
