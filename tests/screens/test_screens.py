"""
Every screen of the product, as everybody sees it to whom it is another one.

All of it stands in one file, so that one scene is built for it; tests/screens/looking.py says how
a screen is looked at, tests/screens/walk.py by whom.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.screens import choosing, errors, printing, results
from tests.screens.looking import Looker
from tests.screens.pages import routes, routes_with_a_form
from tests.screens.walk import has_a_title_of_its_own, look_at, look_at_refused

pytestmark = pytest.mark.django_db
Window = Callable[[str], Looker]


@pytest.mark.parametrize("route", routes())
def test_screen_is_readable_in_both_themes_languages_and_widths(
    scene: Any, window: Window, route: str
) -> None:
    found = look_at(scene, window, route)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", errors.FAILURES)
def test_screen_of_a_failure_is_as_readable_and_leads_on(
    scene: Any, window: Window, name: str
) -> None:
    failure = errors.FAILURES[name](scene)
    looker = window(failure.reader)

    found = list(errors.judge(looker, failure))

    assert not found, "\n".join(found)


def test_screen_of_being_shut_out_is_as_readable_and_leads_on(
    scene: Any, visitor_of: Callable[[str], Looker]
) -> None:
    looker = visitor_of(scene.serve(DATADEED_TESTING="0"))
    failure = errors.Failure(429, errors.VISITOR, errors.shut_out)

    found = list(errors.judge(looker, failure))

    assert not found, "\n".join(found)


def test_screen_of_a_mistake_of_ours_needs_no_database_and_is_as_readable(
    scene: Any, visitor_of: Callable[[str], Looker]
) -> None:
    nowhere = f"postgresql://nobody@/nothing?host={scene.folder}"
    looker = visitor_of(scene.serve(DATABASE_URL=nowhere))
    failure = errors.Failure(500, errors.VISITOR, errors.go("/catalog/"))

    found = list(errors.judge(looker, failure))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", results.RESULTS)
def test_screen_that_answers_a_form_is_as_readable(scene: Any, window: Window, name: str) -> None:
    result = results.RESULTS[name](scene)
    looker = window(result.reader)
    found = []
    for language in result.languages:
        looker.speak(language)
        found += looker.judge(result.do(looker), status=result.status) + looker.violations()
        if result.status == 422:
            found += errors.summary_of(looker)
        else:
            found += has_a_title_of_its_own(looker, language, name.partition(":")[0])

    assert not found, "\n".join(found)


@pytest.mark.parametrize("route", routes_with_a_form())
def test_screen_of_a_form_that_was_sent_empty_says_what_is_wrong_and_is_as_readable(
    scene: Any, window: Window, route: str
) -> None:
    found = look_at_refused(scene, window, route)

    assert not found, "\n".join(found)


def test_a_look_is_chosen_in_place_and_holds(scene: Any, window: Window) -> None:
    looker = window("")
    try:
        found = [*choosing.chosen_in_place(looker), *choosing.follows_the_system(looker)]
    finally:
        looker.context.clear_cookies(name="datadeed_look")

    assert not found, "\n".join(found)


def test_a_look_is_chosen_without_script(scene: Any, browser: Browser) -> None:
    looker = Looker(browser, base=scene.base, session="", written=scene.written, scripts=False)

    found = list(choosing.chosen_without_script(looker))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("route", printing.PRINTED)
def test_a_print_is_for_paper_whatever_the_theme_is(scene: Any, window: Window, route: str) -> None:
    url = scene.addresses[route]
    reader = next(scene.readers(url))[0]

    found = list(printing.faults(window(reader), url))

    assert not found, "\n".join(found)
