"""
Every address about a single thing, by every method, for every kind of nearness to it.

docs/routes.md is what this test saw; it fails when a page answers otherwise or an address is not
in it. ``DATADEED_WRITE_DOCS=1 pytest tests/portal/test_routes.py`` writes it anew, to be read
before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from portal import kit
from tests.portal.samples import Things, build_things
from tests.portal.test_pages import portal_patterns
from workflow.models import AuditEntry

DOCUMENT = Path(__file__).parents[2] / "docs" / "routes.md"
HEAD = """# Routes

<!-- Written by tests/portal/test_routes.py; the test fails when it is stale. -->

What every page about a single thing answers, by method and by how near the reader is to it. *Own*:
the agent of the company the thing belongs to, who made it. *Colleague*: its legal representative.
*Other company*: the agent of another one. *None*: a person without a desk. A visitor who is not
signed in is led to the sign-in page from every page that is not public. 404 is the same for a
thing that is not there; 403 says that the page is of another office's work; a POST without content
answers 422 with the form and its errors. An act without a form is *done* or *refused* with a
message; what is refused wrote nothing but the record of the attempt. What each role may do in each
state stands in [permissions.md](permissions.md).

| page | method | own | colleague | other company | none |
|---|---|---|---|---|---|
"""

PUBLIC = ("catalog/", "verify/", "notices/", "status/")
REFUSED = {"403", "404", "405", "refused"}


def about_one_thing() -> list[URLPattern]:
    """Return the addresses that name a thing."""
    return [p for p in portal_patterns() if p.pattern.converters]


def address(pattern: URLPattern, things: Things) -> str:
    """Return the address of the sample of a page; a page without one is a failure."""
    name = str(pattern.name)
    known = [prefix for prefix in things.samples if name == prefix or name.startswith(f"{prefix}_")]
    assert known, f"{name}: build a sample for it in tests/portal/test_routes.py"
    sample = things.samples[max(known, key=len)]
    assert sample is not None, f"{name}: its sample was not built"
    values = {
        "pk": lambda: sample.pk,
        "code": lambda: sample.code,
        "number": lambda: number_of(name, sample, things),
        "kind": lambda: "original" if name.startswith("license") else "PDF",
        "purpose": lambda: "revocation",
        "name": lambda: sample.machine_number[3:7],
        "section": lambda: "scenario",
        "home": lambda: 0,
        "place": lambda: 0,
        "field": lambda: things.samples["application_file"].field,
        "line": lambda: things.samples["line"].pk,
        "dispute": lambda: things.samples["dispute_row"].pk,
    }
    kwargs = {key: values[key]() for key in pattern.pattern.converters}
    return reverse(f"portal:{name}", kwargs=kwargs)


def number_of(name: str, sample: Any, things: Things) -> Any:
    """Return the second key of an address, or the public number of a license."""
    if name.endswith("_remove"):
        kinds = {"file": "application_file", "evidence": "evidence_row"}
        kind = next((row for word, row in kinds.items() if word in name), "affiliate_row")
        return things.samples[kind].pk
    return getattr(sample, "machine_number", sample.pk)


def answer(call: Callable[[], Any]) -> str:
    """Return what a request is answered and, of an act, whether it was done; then undo it."""
    with transaction.atomic():
        before = AuditEntry.objects.filter(outcome="DONE").count()
        response = call()
        written = AuditEntry.objects.filter(outcome="DONE").count() - before
        transaction.set_rollback(True)
    if response.status_code == 302:
        if response["Location"].startswith("/sign-in/"):
            return "→ sign-in"
        return "done" if written else "refused"
    assert not written or response.status_code == 200, "a refusal wrote something"
    return str(response.status_code)


def rows(things: Things) -> list[tuple[str, ...]]:
    """Return a row per page and method, one answer per reader."""
    clients = {}
    for name, user in things.readers.items():
        clients[name] = Client()
        clients[name].force_login(user)
    found = []
    for pattern in sorted(about_one_thing(), key=lambda p: str(p.pattern)):
        url = address(pattern, things)
        for method in ("get", "post"):
            answers = [
                answer(partial(getattr(client, method), url)) for client in clients.values()
            ]
            found.append((f"`/{pattern.pattern}`", method.upper(), *answers))
    return found


@pytest.fixture
def things(db: None) -> Things:
    return build_things()


def test_every_page_answers_everybody_as_the_document_says(things: Things) -> None:
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows(things))
    if os.environ.get("DATADEED_WRITE_DOCS") == "1":
        DOCUMENT.write_text(HEAD + table, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == HEAD + table


def test_nobody_of_another_company_or_without_a_desk_opens_what_is_not_public() -> None:
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 6 or not cells[0].startswith("`/"):
            continue
        name, _, _, _, other, none = cells
        if any(name.startswith(f"`/{public}") for public in PUBLIC):
            continue
        assert other in REFUSED, line
        assert none in REFUSED, line


def test_a_visitor_who_is_not_signed_in_is_led_to_the_sign_in_page(things: Things) -> None:
    visitor = Client()
    for pattern in about_one_thing():
        view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
        if issubclass(view, kit.OpenToAll):
            continue
        for method in ("get", "post"):
            status = answer(partial(getattr(visitor, method), address(pattern, things)))
            assert status in {"→ sign-in", "405"}, (pattern.name, method, status)
