"""The mark "solved" or "tried" beside a problem. `problems` knows no submissions: who does registers how to tell."""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, QuerySet, Value

from problems.models import Problem

Marker = Callable[[QuerySet[Problem], Any], QuerySet[Problem]]


def _nobody_tried(problems: QuerySet[Problem], user: object) -> QuerySet[Problem]:
    no = Value(value=False, output_field=BooleanField())
    return problems.annotate(solved=no, tried=no)


_marker: Marker = _nobody_tried


def register(marker: Marker) -> None:
    """``marker(problems, user)`` annotates the booleans `solved` and `tried` for a signed-in user."""
    global _marker
    _marker = marker


def marked(problems: QuerySet[Problem], user: Any) -> QuerySet[Problem]:
    """``problems`` with the booleans `solved` and `tried` of ``user``; both false for anonymous ones."""
    marker = _marker if user.is_authenticated else _nobody_tried
    return marker(problems, user)
