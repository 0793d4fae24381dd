"""Theme, size of text and density: chosen by a button, kept in the browser, safe to send."""

from __future__ import annotations

from http.cookies import Morsel

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from portal.look import CHOICES, Look

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def choose(client: Client, **values: str) -> HttpResponse:
    return client.post(reverse("portal:look"), values)  # type: ignore[return-value]


def head(client: Client, url: str = SIGN_IN) -> str:
    return client.get(url).content.decode().partition("<head>")[0]


def cookie(answer: HttpResponse) -> Morsel[str]:
    return answer.cookies[Look.COOKIE]


def test_an_unchosen_look_leaves_the_theme_to_the_system(client: Client) -> None:
    html = client.get(SIGN_IN).content.decode()

    assert '<html lang="zh-CN">' in html
    # The script that asks the system stands before every style sheet, so nothing flashes.
    assert html.index("datadeed/look.js") < html.index('rel="stylesheet"')


@pytest.mark.parametrize(
    ("name", "value", "drawn"),
    [
        ("theme", "dark", 'data-bs-theme="dark"'),
        ("theme", "light", 'data-bs-theme="light"'),
        ("text", "large", 'data-dd-text="large"'),
        ("text", "larger", 'data-dd-text="larger"'),
        ("density", "compact", 'data-dd-density="compact"'),
    ],
)
def test_a_choice_holds_on_every_page_from_then_on(
    client: Client, name: str, value: str, drawn: str
) -> None:
    choose(client, **{name: value})

    for url in (SIGN_IN, reverse("portal:front"), "/there/is/no/such/page/"):
        assert drawn in head(client, url)
    html = client.get(SIGN_IN).content.decode()
    assert f'name="{name}" value="{value}" aria-pressed="true"' in html


def test_choices_are_kept_side_by_side_and_can_be_taken_back(client: Client) -> None:
    choose(client, theme="dark")
    choose(client, text="large")
    choose(client, density="compact")
    assert head(client).count("data-") == 3

    for name in ("theme", "text", "density"):
        choose(client, **{name: CHOICES[name][1][0][0]})

    assert "data-" not in head(client)


def test_the_choice_outlives_signing_out_and_closing_the_browser(client: Client) -> None:
    told = cookie(choose(client, theme="dark"))

    assert told["max-age"] == 365 * 24 * 3600
    assert (told["httponly"], told["samesite"], told["path"]) == (True, "Lax", "/")
    assert not told["secure"]
    assert told.value == "dark.normal.normal"


@override_settings(SESSION_COOKIE_SECURE=True)
def test_behind_tls_the_choice_is_sent_over_tls_only(client: Client) -> None:
    assert cookie(choose(client, theme="dark"))["secure"]


@pytest.mark.parametrize(
    "values", [{"theme": "pink"}, {"text": ""}, {"density": "<script>"}, {"other": "dark"}, {}]
)
def test_what_nobody_offers_changes_nothing(client: Client, values: dict[str, str]) -> None:
    choose(client, theme="dark")

    told = cookie(choose(client, **values))

    assert told.value == "dark.normal.normal"


@pytest.mark.parametrize(
    "forged", ['dark" onload="x', "pink.large", "....", "a" * 3000, '"dark.<b>']
)
def test_a_forged_cookie_is_never_drawn(client: Client, forged: str) -> None:
    client.cookies[Look.COOKIE] = forged

    drawn = head(client)

    assert "onload" not in drawn
    assert "pink" not in drawn
    assert "data-bs-theme" not in drawn


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", ""]
)
def test_leads_back_to_pages_of_ours_only(client: Client, elsewhere: str) -> None:
    assert choose(client, theme="dark", next=elsewhere)["Location"] == reverse("portal:front")
    wanted = reverse("portal:catalog") + "?q=%E5%85%AC%E4%BA%A4"
    assert choose(client, theme="dark", next=wanted)["Location"] == wanted


def test_needs_the_token_of_the_form_and_says_so_in_the_chosen_look() -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies[Look.COOKIE] = "dark.large.compact"

    answer = choose(careful, theme="light")

    assert answer.status_code == 403
    assert Look.COOKIE not in answer.cookies
    html = answer.content.decode()
    assert 'data-bs-theme="dark" data-dd-text="large" data-dd-density="compact"' in html
    assert "登录" in html


def test_the_language_is_kept_as_long_and_as_safely(client: Client) -> None:
    told = client.post(reverse("set_language"), {"language": "en"}).cookies["django_language"]

    assert told["max-age"] == 365 * 24 * 3600
    assert (told["httponly"], told["samesite"]) == (True, "Lax")
