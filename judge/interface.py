"""What the frame of every page says of its visitor: language, theme, and where to come back to after signing in.

Which language a visitor reads is settled by Django: their choice (a cookie), else what their browser asks for.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """``tag`` is the code as HTML writes it (zh-Hans), ``name`` the language's own, ``short`` fits on a button."""

    code: str
    tag: str
    name: str
    short: str


SHORT = {"en": "EN", "zh-hans": "中文"}


THEMES = {"light", "dark"}
# Whoever signs in from these goes on to the problems.
NOWHERE = ("/accounts/login/", "/accounts/signup/", "/accounts/password/", "/accounts/inactive/")


def frame(request: HttpRequest) -> dict[str, Any]:
    """For every template. ``theme`` is "" where the browser's own counts; ``come_back`` is a query, or ""."""
    page_language, others = _languages(get_language() or settings.LANGUAGE_CODE)
    theme = request.COOKIES.get("theme", "")
    path = request.path
    return {
        "page_language": page_language,
        "other_languages": others,
        "theme": theme if theme in THEMES else "",
        "come_back": "" if path == "/" or path.startswith(NOWHERE) else f"?next={quote(path)}",
    }


@require_POST
@csrf_exempt
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Django's own, from a form without a token: what it sets harms nobody, and so every page is spared one."""
    return set_language(request)


@cache
def _languages(code: str) -> tuple[PageLanguage, list[PageLanguage]]:
    known = {key: PageLanguage(key, _tag(key), name, SHORT.get(key, name)) for key, name in settings.LANGUAGES}
    return known[code], [language for key, language in known.items() if key != code]


def _tag(code: str) -> str:
    """A script's name is written like a name."""
    return "-".join(part.title() if len(part) == 4 else part for part in code.split("-"))
