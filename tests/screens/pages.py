"""Which pages there are to look at, with what they are opened, and which readers see alike."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.urls import URLPattern

from tests.journeys.shoot import IDS
from tests.portal.test_pages import portal_patterns

# Pages that say nothing without a query.
QUERIES = {
    "exports_new": "?list=mine",
    "form_field_new": "?type=TEXT",
    "saved_views_new": "?list=mine",
    "search": "?q=场景",
}
# Their GET only leads a reloaded address back to where the form is; results.py sends the form.
LEADS_ELSEWHERE = {"several", "verify_file", "second_factor_confirm"}
# What can be operated, and what tells the parts of a page apart.
CONTROLS = {"a", "button", "details", "fieldset", "form", "input", "select", "summary", "textarea"}
PARTS = {"h1", "h2", "h3", "table", "th"}
TELLING = ("type", "name", "href", "action", "class", "id", "disabled", "readonly", "role")


def can_be_opened(pattern: URLPattern) -> bool:
    """Say whether an address answers to GET at all."""
    view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
    return "get" in view.http_method_names and hasattr(view, "get")


def takes_a_form(pattern: URLPattern) -> bool:
    """Say whether an address shows a form and takes it."""
    view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
    return can_be_opened(pattern) and "post" in view.http_method_names and hasattr(view, "post")


def routes() -> list[str]:
    """Return the names of all pages."""
    found = [str(p.name) for p in portal_patterns() if can_be_opened(p)]
    return [name for name in found if name not in LEADS_ELSEWHERE]


def routes_with_a_form() -> list[str]:
    """Return the names of the pages that show a form of their own."""
    found = [str(p.name) for p in portal_patterns() if takes_a_form(p)]
    return [name for name in found if name not in LEADS_ELSEWHERE]


class _Controls(HTMLParser):
    """The kinds of controls and parts inside ``main``, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.found: set[tuple[str, ...]] = set()
        # Where the forms that change something are sent; nothing is the page itself.
        self.forms: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control by what it is and where it leads, apart from the thing it is about."""
        told = dict(attrs)
        self.inside = self.inside or tag == "main"
        if self.inside and (tag in CONTROLS | PARTS or "dd-" in (told.get("class") or "")):
            values = (IDS.sub("0", told[name] or "") for name in TELLING if name in told)
            self.found.add((tag, *values))
        if self.inside and tag == "form" and told.get("method") == "post":
            self.forms.add(told.get("action") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave ``main``."""
        self.inside = self.inside and tag != "main"


def controls_in(html: str) -> frozenset[tuple[str, ...]]:
    """Return what a reader can do and sees apart on a page: same set, same screen."""
    parser = _Controls()
    parser.feed(html)
    return frozenset(parser.found)


def shape_of(html: str) -> frozenset[tuple[str, ...]]:
    """Return the kinds of controls on a page, wherever they lead."""
    return frozenset((one[0], *(t for t in one[1:] if "/" not in t)) for one in controls_in(html))


def shows_its_form(html: str, url: str) -> bool:
    """Say whether a page has a form that is sent to the page's own address."""
    parser = _Controls()
    parser.feed(html)
    return not parser.forms.isdisjoint({"", url, url.partition("?")[0]})
