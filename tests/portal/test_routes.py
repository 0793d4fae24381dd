"""
Every address about a single thing, by every method, for every kind of nearness to it.

docs/routes.md is what this test saw; it fails when a page answers otherwise or an address is not
in it. ``DATADEED_WRITE_DOCS=1 pytest tests/portal/test_routes.py`` writes it anew, to be read
before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from applications import actions as applications
from applications.models import ApplicationDocument, ProviderBranch
from contracts import actions as contracts
from contracts.models import AgreementDocument, TermProfile
from licensing import actions as licensing
from notify.models import Message
from oversight import actions as oversight
from oversight.models import Evaluation, Evidence, ExitCase, OversightDocument, PublicNotice
from parties.models import User
from portal import kit
from settlement import actions as settlement
from settlement.models import PriceVersion
from tests.builders import oversight as cases
from tests.builders.applications import City, day
from tests.builders.contracts import negotiating_agreement
from tests.builders.licensing import APPROVED, Licensed
from tests.builders.settlement import Counter, build_counter, use_of_november
from tests.portal.test_pages import portal_patterns
from workflow import outbox
from workflow.models import AuditEntry, Delivery, Event

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

PUBLIC = ("catalog/", "verify/", "notices/")
REFUSED = {"403", "404", "405", "refused"}


@dataclass
class Things:
    """One of everything, and the four readers."""

    samples: dict[str, Any]
    readers: dict[str, User]


def build() -> Things:
    """Bring a company through the whole life of its license, into trouble and out of it."""
    counter = build_counter()
    city = counter.city
    city, second = negotiating_agreement(city, scenario_name="第二个场景")
    change = contracts.propose_change(
        agreement_id=second.pk, changes={"retention": {"days": 7}},
        reason="便于管理。", actor=city.agent, at=day("2026-10-15", 11),
    )  # fmt: skip
    client = licensing.register_client(
        agreement_id=counter.agreement.pk, name="授信核验系统", purpose="授信核验。",
        ip_allow_list=[], actor=city.agent, at=APPROVED,
    )  # fmt: skip
    licensing.approve_client(client_id=client.pk, actor=city.ops, at=APPROVED)
    built = Licensed(city, counter.agreement, counter.licenses, client)
    key = licensing.request_credential(client_id=client.pk, actor=city.agent, at=APPROVED)
    use_of_november(counter)
    statement = counter.issued()
    line = statement.lines.order_by("id").first()
    dispute = settlement.dispute_line(
        statement_id=statement.pk, line_id=line.pk, reason="与本单位日志不符。",
        actor=city.agent, at=day("2026-12-02"),
    )  # fmt: skip
    alert = oversight.raise_alert(
        rule="OFF_HOURS", grade="II", summary="夜间批量调用", actor=city.supervisor,
        at=day("2026-12-02"), license_id=counter.licenses["D01"].pk,
    )  # fmt: skip
    where = cases.World(built, key, counter.exchange, city.supervisor)
    case = cases.decided(where)
    oversight.publish_notice(case_id=case.pk, actor=city.supervisor, at=day("2026-07-02"))
    event = Event.objects.order_by("id").first()
    letter = Delivery.objects.create(
        event=event, subscriber="test.dead", status="DEAD", due_at=day("2026-12-02")
    )
    outbox.deliver_due(at=day("2026-12-03"))
    export = applications.begin_export(
        list_name="mine", tab="", query="", form="CSV", columns=["number"], actor=city.agent,
        at=day("2026-12-02"),
    )  # fmt: skip
    applications.run_exports(now=lambda: day("2026-12-02"))
    view = applications.save_view(
        list_name="mine", name="在办", query="", share=False, is_default=False, actor=city.agent,
        at=day("2026-12-02"),
    )  # fmt: skip
    made = {
        "export": export,
        "saved_view": view,
        "agreement_change": change,
        "client": client,
        "credential_request": client,
        "credential": key,
        "statement": statement,
        "dispute": statement,
        "line": line,
        "dispute_row": dispute,
        "alert": alert,
        "case": case,
        "redrive": letter,
    }
    return Things(made | found_samples(counter), readers_of(city))


def found_samples(counter: Counter) -> dict[str, Any]:
    """Return what the life of the license left behind."""
    application = counter.agreement.application
    return {
        "message": Message.objects.filter(recipient=counter.city.agent).first(),
        "application_document": ApplicationDocument.objects.filter(kind="DECISION").first(),
        "application_branch": ProviderBranch.objects.filter(application=application).first(),
        "application": application,
        "agreement_paper": AgreementDocument.objects.first(),
        "agreement": counter.agreement,
        "term_profile": TermProfile.objects.first(),
        "license": counter.licenses["D01"],
        "usage": counter.licenses["D01"],
        "client_new": counter.licenses["D01"],
        "dataset_desk": counter.city.datasets[0],
        "dataset": counter.city.datasets[0],
        "price": PriceVersion.objects.first(),
        "evidence_file": Evidence.objects.first(),
        "oversight_document": OversightDocument.objects.first(),
        "evaluation": Evaluation.objects.first(),
        "exit": ExitCase.objects.first(),
        "verify_number": counter.licenses["D01"],
        "notice": PublicNotice.objects.first(),
    }


def readers_of(city: City) -> dict[str, User]:
    """Return the four readers."""
    return {
        "own": city.agent,
        "colleague": city.legal_rep,
        "other company": city.stranger,
        "none": User.objects.create_user(
            username="nobody", full_name="无岗", password="x", created_at=day("2026-01-01")
        ),
    }


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
        "number": lambda: getattr(sample, "machine_number", sample.pk),
        "kind": lambda: "ORIGINAL" if name.startswith("license") else "PDF",
        "section": lambda: "scenario",
        "line": lambda: things.samples["line"].pk,
        "dispute": lambda: things.samples["dispute_row"].pk,
    }
    kwargs = {key: values[key]() for key in pattern.pattern.converters}
    return reverse(f"portal:{name}", kwargs=kwargs)


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
    return build()


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
