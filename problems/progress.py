"""The mark "solved" or "tried" beside a problem. `problems` knows no submissions: who does registers how to tell."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import BooleanField, QuerySet, Value

from problems.models import Problem

Marker = Callable[[QuerySet[Problem], Any], QuerySet[Problem]]
# Of the problems that a user has tried, all or those with the given ids: whether they are solved, by id.
Tried = Callable[[Any, Collection[int] | None], Mapping[int, bool]]


def _nobody_tried(problems: QuerySet[Problem], user: object) -> QuerySet[Problem]:
    no = Value(value=False, output_field=BooleanField())
    return problems.annotate(solved=no, tried=no)


def _none_tried(user: object, ids: Collection[int] | None) -> Mapping[int, bool]:
    return {}


_marker: Marker = _nobody_tried
_tried: Tried = _none_tried


def register(marker: Marker, tried: Tried) -> None:
    """``marker(problems, user)`` annotates the booleans `solved` and `tried` for a signed-in user; see `Tried`."""
    global _marker, _tried
    _marker, _tried = marker, tried


def marked(problems: QuerySet[Problem], user: Any) -> QuerySet[Problem]:
    """``problems`` with the booleans `solved` and `tried` of ``user``; both false for anonymous ones."""
    marker = _marker if user.is_authenticated else _nobody_tried
    return marker(problems, user)


def tried(user: Any, ids: Collection[int] | None = None) -> Mapping[int, bool]:
    """Whether what ``user`` has tried is solved, by problem's id: of all problems, or of those with ``ids``."""
    return _tried(user, ids) if user.is_authenticated and (ids is None or ids) else {}
