"""What the problem list has many of, its rows and its filters' choices, as HTML.

A row's parts come from templates, each made once for all rows that share it. Fifty rows and forty choices are put
together here in less time than a template takes for two of them.
"""

from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from problems.finding import Row
from problems.listing import Listing
from problems.models import Problem
from problems.panel import Group, words_of

register = template.Library()


@register.simple_tag
def problem_rows(page: Listing) -> SafeString:
    """The rows of ``page``, each with its mark, title and facts."""
    language = get_language()
    before, after = _address()
    rows = (
        f'<li><span class="problem-mark">{_mark(page.tried.get(row.id), language)}</span>'
        f'<a class="problem-title" href="{before}{escape(row.slug)}{after}">{escape(row.title)}</a>'
        f'<span class="problem-tags">{_facts(_shared(row), language)}</span></li>'
        for row in page.rows
    )
    return mark_safe("\n".join(rows))  # noqa: S308 - what isn't from a template is escaped


@register.simple_tag
def choices(group: Group) -> SafeString:
    """The choices of ``group``, each with how many problems it would leave, where that is known."""
    language = get_language()
    made = (
        f'<label class="choice{" choice-empty" if option.number == 0 else ""}">'
        f"{_choice(group.name, group.single, place, option.value, option.chosen, language)}"
        f"{_number(option.number, language)}</label>"
        for place, option in enumerate(group.options)
    )
    return mark_safe("\n".join(made))  # noqa: S308 - all that comes from data is escaped


@lru_cache(maxsize=1_024)
def _choice(group: str, single: bool, place: int, value: str, chosen: bool, language: str | None) -> str:
    """The box with its words, which no number changes."""
    kind, name = "radio" if single else "checkbox", escape(group)
    return (
        f'<input type="{kind}" name="{name}" id="id_{name}_{place}" value="{escape(value)}"'
        f'{" checked" if chosen else ""}><span class="choice-words">{escape(words_of(group, value))}</span>'
    )


@lru_cache(maxsize=4_096)
def _number(number: int | None, language: str | None) -> str:
    return "" if number is None else f'<span class="choice-number">{intcomma(number)}</span>'


def _shared(row: Row) -> tuple[Any, ...]:
    rate = None if row.pass_percentage is None else round(100 * row.pass_percentage)
    return row.subset, row.style, row.difficulty, row.state, row.judgeable, row.verified, rate


@lru_cache(maxsize=8_192)
def _facts(shared: tuple[Any, ...], language: str | None) -> SafeString:
    subset, style, difficulty, state, judgeable, verified, rate = shared
    problem = Problem(
        subset=subset, style=style, difficulty=difficulty, state=state, judgeable=judgeable, verified=verified
    )
    return render_to_string("problems/_facts.html", {"problem": problem, "rate": rate})


@cache
def _mark(solved: bool | None, language: str | None) -> SafeString:
    return render_to_string("problems/_mark.html", {"solved": solved})


@cache
def _address() -> tuple[str, str]:
    """What stands before and after the slug in a problem's address."""
    before, _slug, after = reverse("problems:detail", args=["slug"]).partition("slug")
    return before, after
