"""The mark "solved" or "tried" beside a problem. `problems` knows no submissions: who does registers how to tell."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

# Of the problems that a user has tried, all or those with the given ids: whether they are solved, by id.
Tried = Callable[[Any, Collection[int] | None], Mapping[int, bool]]


def _none_tried(user: object, ids: Collection[int] | None) -> Mapping[int, bool]:
    return {}


_tried: Tried = _none_tried


def register(tried: Tried) -> None:
    """``tried`` tells of a signed-in user; see `Tried`."""
    global _tried
    _tried = tried


def tried(user: Any, ids: Collection[int] | None = None) -> Mapping[int, bool]:
    """Whether what ``user`` has tried is solved, by problem's id: of all problems, or of those with ``ids``."""
    return _tried(user, ids) if user.is_authenticated and (ids is None or ids) else {}
