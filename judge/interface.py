"""The languages of the interface, for every template.

Which one a visitor reads is settled by Django: their choice (a cookie), else what their browser asks for.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """``tag`` is the code as HTML writes it (zh-Hans), ``name`` the language's own, ``short`` fits on a button."""

    code: str
    tag: str
    name: str
    short: str


SHORT = {"en": "EN", "zh-hans": "中文"}


def languages(request: HttpRequest) -> dict[str, Any]:
    """LANGUAGE_CODE is what fragments that are kept go by."""
    code = get_language() or settings.LANGUAGE_CODE
    page_language, others = _languages(code)
    return {"LANGUAGE_CODE": code, "page_language": page_language, "other_languages": others}


@cache
def _languages(code: str) -> tuple[PageLanguage, list[PageLanguage]]:
    known = {key: PageLanguage(key, _tag(key), name, SHORT.get(key, name)) for key, name in settings.LANGUAGES}
    return known[code], [language for key, language in known.items() if key != code]


def _tag(code: str) -> str:
    """A script's name is written like a name."""
    return "-".join(part.title() if len(part) == 4 else part for part in code.split("-"))
