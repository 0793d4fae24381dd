"""Every page: closed unless said otherwise, named, without inline code, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parties.models import User
from parties.roles import DESKS, Kind, Role
from portal import kit, menu
from tests.builders.parties import organization, person

# Why each of these is open stands in the docstring of its view; a new one is a decision.
OPEN_TO_ALL = {
    "front", "catalog", "dataset", "verify", "verify_agreement", "verify_file", "verify_number",
    "targets", "notices", "notice", "notice_document", "statistics", "prices", "sign_in",
    "demo_sign_in", "company_register", "invitation_accept", "look", "status_list", "status_keys",
    "status_roots",
}  # fmt: skip
SAMPLE_VALUES = {"uuid": str(uuid4()), "int": "1", "slug": "D01", "str": "WX-1", "path": "x"}


def portal_patterns() -> Iterator[URLPattern]:
    """Yield every address of the portal."""

    def walk(patterns: list[Any]) -> Iterator[URLPattern]:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns)
            else:
                yield entry

    resolver = get_resolver()
    [portal] = [
        entry
        for entry in resolver.url_patterns
        if isinstance(entry, URLResolver) and entry.namespace == "portal"
    ]
    yield from walk(portal.url_patterns)


def address(pattern: URLPattern) -> str:
    """Return an address that the pattern takes, with values of the right kind."""
    values = {
        name: next(
            value
            for kind, value in SAMPLE_VALUES.items()
            if kind in type(converter).__name__.lower()
        )
        for name, converter in pattern.pattern.converters.items()
    }
    return reverse(f"portal:{pattern.name}", kwargs=values)


def every_address() -> list[tuple[str, str]]:
    """Return name and address of every page."""
    return [(str(p.name), address(p)) for p in portal_patterns()]


@pytest.fixture
def auditor() -> User:
    return person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR)


class TestDefaultDeny:
    def test_every_address_has_a_name_of_its_own(self) -> None:
        names = [p.name for p in portal_patterns()]

        assert None not in names
        assert len(names) == len(set(names))

    def test_every_view_derives_from_a_page_that_is_closed_or_says_that_it_is_open(self) -> None:
        for pattern in portal_patterns():
            view = pattern.callback.view_class  # type: ignore[attr-defined]
            assert issubclass(view, kit.SignedIn | kit.OpenToAll), pattern.name
            assert issubclass(view, kit.OpenToAll) == (pattern.name in OPEN_TO_ALL), pattern.name

    @pytest.mark.django_db
    def test_a_visitor_is_led_to_the_sign_in_page_from_every_closed_address(
        self, client: Client
    ) -> None:
        for name, url in every_address():
            if name in OPEN_TO_ALL:
                continue
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code in {302, 405}, name
                if answer.status_code == 302:
                    assert answer["Location"].startswith(reverse("portal:sign_in")), name

    @pytest.mark.django_db
    def test_somebody_without_a_desk_gets_no_page_about_a_single_thing(
        self, client: Client
    ) -> None:
        user = User.objects.create_user(
            username="nobody", full_name="无岗", password="x", created_at="2026-01-01T00:00:00Z"
        )
        client.force_login(user)
        for pattern in portal_patterns():
            if str(pattern.name) in OPEN_TO_ALL or not pattern.pattern.converters:
                continue
            status = client.get(address(pattern)).status_code
            assert status in {302, 403, 404, 405}, (pattern.name, status)


@pytest.mark.django_db
class TestEveryPage:
    def test_has_no_inline_code_loads_nothing_foreign_and_has_a_title_of_its_own(
        self, client: Client, auditor: User
    ) -> None:
        client.force_login(auditor)
        titles: dict[str, str] = {}
        for name, url in every_address():
            answer = client.get(url)
            if answer.streaming or not answer.content:
                continue
            if "text/html" not in answer.headers["Content-Type"]:
                continue
            html = answer.content.decode()
            assert not re.search(r"<style[\s>]|\sstyle=|\son[a-z]+=\"", html), name
            for tag in re.findall(r"<script[^>]*>", html):
                assert " src=" in tag or 'type="application/json"' in tag, (name, tag)
            loaded = re.findall(
                r"<(?:script|link|img)[^>]+(?:src|href)=\"([^\"]+)\"", html
            )
            assert all(one.startswith("/") for one in loaded), (name, loaded)
            found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
            assert found is not None, name
            title = " ".join(found.group(1).split())
            assert not title.startswith("—"), name
            # One page under two addresses, and error pages, may share their title.
            if answer.status_code == 200 and name != "verify_number":
                assert title not in titles, (name, titles.get(title))
                titles[title] = name
        assert len(titles) >= 10

    @pytest.mark.parametrize(("language", "lang", "word"), [("zh-hans", "zh-CN", "工作台"),
                                                           ("en", "en", "Workbench")])
    def test_speaks_the_chosen_language_and_says_which(
        self, client: Client, auditor: User, language: str, lang: str, word: str
    ) -> None:
        client.force_login(auditor)
        client.post(reverse("set_language"), {"language": language})

        html = client.get(reverse("portal:home")).content.decode()

        assert f'<html lang="{lang}">' in html
        assert word in html

    def test_speaks_chinese_to_an_english_browser_that_has_not_chosen(
        self, client: Client
    ) -> None:
        for url in (reverse("portal:front"), "/there/is/no/such/page/"):
            html = client.get(url, headers={"accept-language": "en"}).content.decode()
            assert '<html lang="zh-CN">' in html

    def test_an_address_with_a_nul_is_refused_as_unreadable(self, client: Client) -> None:
        answer = client.get(reverse("portal:catalog") + "?q=%00")

        assert answer.status_code == 400


@pytest.mark.django_db
class TestMenu:
    def test_shows_each_role_its_own_entries_only(self, client: Client) -> None:
        for kind, roles in DESKS.items():
            office = organization(kind, f"{kind}单位")
            for role in sorted(roles):
                client.force_login(person(office, role))
                html = client.get(reverse("portal:profile")).content.decode()
                shown = set(re.findall(r'<li><a href="([^"]+)"', html.split('class="dd-main"')[0]))
                for _, item in menu.registered():
                    meant = not item.roles or role in item.roles
                    assert (reverse(item.route) in shown) == meant, (role, item.route)

    def test_every_entry_leads_to_a_page_its_roles_may_open(self, client: Client) -> None:
        offices = {kind: organization(kind, f"{kind}单位") for kind in DESKS}
        for _, item in menu.registered():
            for role in item.roles or (Role.APPLICANT_AGENT,):
                kind = next(k for k, roles in DESKS.items() if role in roles)
                client.force_login(person(offices[kind], role))
                assert client.get(reverse(item.route)).status_code == 200, (role, item.route)

    def test_marks_where_the_reader_is(self, client: Client, auditor: User) -> None:
        client.force_login(auditor)

        html = client.get(reverse("portal:audit")).content.decode()

        here = f'<a href="{reverse("portal:audit")}" class="is-current" aria-current="page">'
        assert here in html
