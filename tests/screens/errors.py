"""The screens of what cannot be answered, each brought about as it happens to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Response

from portal.public.certificates import ENVELOPE_BYTES_MAX, UPLOAD_BYTES_MAX
from tests.screens.looking import Looker
from tests.screens.sending import send

VISITOR = ""
NOWHERE = "/there/is/no/such/page/"
WRONG = {"username": "nobody", "password": "wrong"}
# Wrong passwords after which an address is shut out for a while.
ATTEMPTS_MAX = 5
SUMMARY = ".dd-errors, .alert-danger[data-focus]"
NUMBER = {"zh-hans": "请求编号", "en": "Request number"}


@dataclass(frozen=True)
class Failure:
    """One way to fail: who, what status, and the deed that a browser does."""

    status: int
    reader: str
    do: Callable[[Looker], Response | None]
    # A refused form is shown again with a summary; anything else is a page that leads on.
    has_form: bool = False


def go(path: str) -> Callable[[Looker], Response | None]:
    """Return the deed of opening an address."""
    return lambda looker: looker.page.goto(looker.base + path)


def bad_request(_scene: Any) -> Failure:
    """Ask for what no text of ours can hold."""
    return Failure(400, VISITOR, go("/catalog/?q=%00"))


def forbidden(scene: Any) -> Failure:
    """Open the desk of another office."""
    desk = scene.addresses["application_desk"]
    return Failure(403, answered(scene, desk, 403), go(desk))


def expired(_scene: Any) -> Failure:
    """Send a form without its token."""
    return Failure(403, VISITOR, lambda one: send(one, "/sign-in/", WRONG, token=False))


def missing(scene: Any) -> Failure:
    """Mistype an address, signed in."""
    return Failure(404, answered(scene, "/home/", 200), go(NOWHERE))


def missing_to_a_visitor(_scene: Any) -> Failure:
    """Mistype an address, not signed in."""
    return Failure(404, VISITOR, go(NOWHERE))


def reloaded_button(scene: Any) -> Failure:
    """Reload the address of a button."""
    return Failure(405, answered(scene, "/home/", 200), go("/inbox/read/"))


def too_late(scene: Any) -> Failure:
    """Open the signing of an agreement that is signed."""
    signing = f"{scene.addresses['agreement']}sign/"
    return Failure(409, answered(scene, signing, 409), go(signing))


def sent_too_late(scene: Any) -> Failure:
    """Send a form about a case that has moved on."""
    form = scene.addresses["application_withdraw"]
    # Others may read the form; only the company that applied may send it.
    applicant = answered(scene, scene.addresses["company_evidence_add"], 200)
    return Failure(409, applicant, lambda one: send(one, form), has_form=True)


def too_large(_scene: Any) -> Failure:
    """Send a file that is too large to be read at all."""
    file = b"%PDF-" + bytes(UPLOAD_BYTES_MAX + ENVELOPE_BYTES_MAX)
    return Failure(413, VISITOR, lambda one: send(one, "/verify/file/", at="/verify/", file=file))


def wrong_password(_scene: Any) -> Failure:
    """Sign in with a wrong password."""
    return Failure(422, VISITOR, lambda one: send(one, "/sign-in/", WRONG), has_form=True)


FAILURES: dict[str, Callable[[Any], Failure]] = {
    one.__name__: one
    for one in (
        bad_request, forbidden, expired, missing, missing_to_a_visitor, reloaded_button, too_late,
        sent_too_late, too_large, wrong_password,
    )
}  # fmt: skip


def shut_out(looker: Looker) -> Response | None:
    """Try a wrong password until the address is shut out."""
    answers = [send(looker, "/sign-in/", WRONG) for _ in range(ATTEMPTS_MAX + 1)]
    return answers[-1]


def answered(scene: Any, url: str, status: int) -> str:
    """Return a person who is answered so at an address."""
    list(scene.readers(url))
    names = (name for name, told in scene.told.items() if told == status and name)
    found = next(names, None)
    assert found is not None, f"nobody is answered {status} at {url}; build a sample"
    return found


def judge(looker: Looker, failure: Failure) -> Iterator[str]:
    """Yield what is wrong with the answer to a failure, in both languages."""
    for language, number in NUMBER.items():
        looker.speak(language)
        answer = failure.do(looker)
        found = looker.judge(answer, status=failure.status) + looker.violations()
        if failure.has_form:
            found += summary_of(looker)
        else:
            page = looker.page.locator("main")
            if number not in page.inner_text():
                found.append("the request has no number")
            if not page.locator("a[href]").count():
                found.append("no way leads on")
        yield from (f"{language}: {text}" for text in found)


def summary_of(looker: Looker) -> list[str]:
    """Return what is wrong with the summary of a refused form."""
    summary = looker.page.locator(SUMMARY)
    if not summary.count():
        return ["no summary of what is wrong"]
    found = []
    if not summary.first.evaluate("e => e === document.activeElement"):
        found.append("the focus is not at the summary")
    if not looker.page.title().startswith(("错误：", "Error:")):
        found.append(f"the title does not say it: {looker.page.title()}")
    leads = summary.locator("a[href^='#']").evaluate_all(
        "all => all.map(e => e.getAttribute('href')).filter(h => !document.querySelector(h))"
    )
    return found + [f"the summary leads nowhere: {href}" for href in leads]
