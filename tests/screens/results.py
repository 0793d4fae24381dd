"""The screens that only the answer to a form shows, each brought about with the page's own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from django.urls import reverse
from playwright.sync_api import Response

from tests.screens.looking import Looker
from tests.screens.sending import send

VISITOR = ""
CHOSEN = 2
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Result:
    """One answer: who gets it, by what deed, with what status."""

    reader: str
    do: Callable[[Looker], Response | None]
    status: int = 200
    languages: tuple[str, ...] = LANGUAGES


def of_the_desk(deed: Callable[[Looker, str], Response | None], status: int = 200) -> Any:
    """Return how an officer does something with several cases of the desk."""

    def result(scene: Any) -> Result:
        desk, officer = first(scene, "application_desk")
        return Result(officer, lambda one: deed(one, desk), status)

    return result


def of_a_file(change: Callable[[bytes], bytes], status: int = 200) -> Any:
    """Return how a visitor checks a certificate, changed so."""

    def result(scene: Any) -> Result:
        file = change(certificate(scene))
        url = reverse("portal:verify_file")
        return Result(VISITOR, lambda one: send(one, url, at="/verify/", file=file), status)

    return result


def of_the_preview(scene: Any) -> Result:
    """Check entries in the preview of a form."""
    preview, editor = first(scene, "form_preview")
    return Result(editor, lambda one: send(one, preview))


def of_a_key(verb: str, language: str) -> Any:
    """Return how a key is made, once, for it is shown once."""

    def result(scene: Any) -> Result:
        credential = scene.addresses["credential"]
        action = f"{credential}{verb}/"
        maker = offered(scene, credential, action)
        return Result(maker, lambda one: make_key(one, credential, action), languages=(language,))

    return result


def of_the_inbox(scene: Any) -> Result:
    """Mark all messages as read: the page told what was done."""
    inbox, reader = first(scene, "inbox")
    return Result(reader, lambda one: send(one, reverse("portal:inbox_read_all"), at=inbox))


def first(scene: Any, route: str) -> tuple[str, str]:
    """Return the address of a page and the first person it opens for."""
    url = scene.addresses[route]
    return url, next(scene.readers(url))[0]


def offered(scene: Any, url: str, action: str) -> str:
    """Return who is offered a button on a page."""
    for name, answer in list(scene.readers(url)):
        if f'action="{action}"' in answer.text:
            return str(name)
    raise AssertionError(f"nobody is offered {action} at {url}")


def certificate(scene: Any) -> bytes:
    """Return the certificate of a license as its holder gets it."""
    url, holder = first(scene, "license_certificate")
    return httpx.get(
        scene.base + url, cookies={"sessionid": scene.sessions[holder]}, timeout=60.0
    ).content


def choose(looker: Looker, desk: str) -> Response | None:
    """Tick the first cases of the desk and go on with them."""
    page = looker.page
    page.goto(f"{looker.base}{desk}?tab=review")
    looker.noise.clear()
    for box in page.locator("input[name=row]").all()[:CHOSEN]:
        box.check()
    with page.expect_navigation(wait_until="load") as going:
        page.locator("#several button:not([name])").click()
    return going.value


def act(looker: Looker, desk: str, name: str) -> Response | None:
    """Do to the first cases of the desk what a button says."""
    choose(looker, desk)
    with looker.page.expect_navigation(wait_until="load") as going:
        looker.page.locator(f"button[name=act][value='{name}']").click()
    return going.value


def make_key(looker: Looker, credential: str, action: str) -> Response | None:
    """Press the button that makes a key."""
    page = looker.page
    page.goto(looker.base + credential)
    looker.noise.clear()
    with page.expect_navigation(wait_until="load") as going:
        page.locator(f"form[action='{action}'] button").click()
    return going.value


def choose_nothing(looker: Looker, desk: str) -> Response:
    """Go on without a tick."""
    return send(looker, reverse("portal:several"), {"query": ""}, at=desk)


RESULTS: dict[str, Callable[[Any], Result]] = {
    "several: chosen": of_the_desk(choose),
    "several: nothing chosen": of_the_desk(choose_nothing, 422),
    "several: nobody named": of_the_desk(lambda one, desk: act(one, desk, "assign_case"), 422),
    "several: done": of_the_desk(lambda one, desk: act(one, desk, "take_over")),
    "file: original": of_a_file(lambda paper: paper),
    "file: altered": of_a_file(lambda paper: paper.replace(b"%%EOF", b"%%EOX")),
    "file: unknown": of_a_file(lambda _paper: b"%PDF-1.7\n%%EOF\n"),
    "file: no PDF": of_a_file(lambda _paper: b"plain text", 422),
    "form_preview: checked": of_the_preview,
    "key: issued": of_a_key("issue", "zh-hans"),
    "key: replaced": of_a_key("rotate", "en"),
    "inbox: told": of_the_inbox,
}
