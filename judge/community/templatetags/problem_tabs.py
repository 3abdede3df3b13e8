"""The links between a problem's own pages, which all of these have: put together once for all problems."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from problems.models import Problem

# Stands for a problem's address; no other word of the links.
_ANY = "the-slug-of-any-problem"

register = template.Library()


@register.simple_tag(takes_context=True)
def problem_tabs(context: dict[str, Any], problem: Problem, tab: str = "") -> SafeString:
    """The links, ``tab`` being the page that is open: empty for the problem itself."""
    curator = bool(getattr(context["request"].user, "is_curator", False))
    # An address has letters, digits and hyphens only.
    return mark_safe(_tabs(tab, curator, get_language()).replace(_ANY, problem.slug))  # noqa: S308


@lru_cache(maxsize=64)
def _tabs(tab: str, curator: bool, language: str | None) -> str:
    return render_to_string("community/_tabs.html", {"slug": _ANY, "tab": tab, "curator": curator})
