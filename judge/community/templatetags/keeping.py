"""The star and the lists beside a problem's statement."""

from typing import Any

from django import template

from judge.community import keeping
from problems.models import Problem

register = template.Library()


def keeping_context(problem: Problem, user: Any) -> dict[str, Any]:
    """What `_keeping.html` shows: for who is signed in, their lists and whether ``problem`` is on each."""
    lists = keeping.lists_beside(problem, user) if user.is_authenticated else []
    return {
        "problem": problem,
        "user": user,
        "starred": any(kept.has for kept in lists if kept.is_favourites),
        "lists": [kept for kept in lists if not kept.is_favourites],
    }


@register.inclusion_tag("community/_keeping.html", takes_context=True, name="keeping")
def keeping_tag(context: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """The buttons, which need the page's own request for their tokens."""
    return keeping_context(problem, context["request"].user) | {"csrf_token": context["csrf_token"]}
