"""Reading a page as somebody at a moment, in Chinese as it is served."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from core import clock


def read(person: Any, name: str, *args: Any, at: datetime, status: int = 200) -> str:
    """Return the text of a page of the portal."""
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    with clock.fixed(at):
        response = client.get(reverse(f"portal:{name}", args=args))
    assert response.status_code == status, response.content.decode()[:400]
    return response.content.decode()


def send(
    person: Any, name: str, *args: Any, at: datetime, data: Any = None, status: int = 302
) -> str:
    """Send a form to a page of the portal and return what is answered."""
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    with clock.fixed(at):
        response = client.post(reverse(f"portal:{name}", args=args), data or {})
    assert response.status_code == status, response.content.decode()[:400]
    return response.content.decode()
