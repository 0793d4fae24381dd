"""The language of a page: Chinese, unless the reader has chosen another one here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

# As the attribute ``lang`` of a page names them.
CHINESE, ENGLISH = "zh-CN", "en"


def settle(request: HttpRequest) -> None:
    """
    Speak the chosen language, or Chinese.

    The browser's wish is not asked: an English browser in an office does not make the reader
    English, and a link must show everybody the same page. Source: decision 10.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(known)
    request.LANGUAGE_CODE = known


def spoken() -> str:
    """Return the language of this answer, as the attribute ``lang`` names it."""
    return ENGLISH if translation.get_language() == "en" else CHINESE
