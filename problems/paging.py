"""Pages by key: the cost of a page is the same however deep it lies, and new rows shift nothing."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)

# Counting stops here: nobody reads an exact number above it, and counting would scan the table.
MAX_COUNT = 1_000
_MAX_DIGITS = 18  # a bigint holds all of them


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the ids that the links to the neighbouring pages carry (None: there is no such page)."""

    rows: list[Row]
    before: int | None
    after: int | None


def page_of(rows: QuerySet[Row], params: QueryDict, size: int, newest_first: bool = False) -> Page[Row]:
    """The page that ``params`` ask for: `after` or `before` hold the id at its edge; unreadable ones are ignored."""
    before, after = _id(params.get("before")), _id(params.get("after"))
    backwards = before is not None
    edge = before if backwards else after
    towards_greater = backwards == newest_first
    if edge is not None:
        rows = rows.filter(**{"id__gt" if towards_greater else "id__lt": edge})
    found = list(rows.order_by("id" if towards_greater else "-id")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_before = more if backwards else edge is not None
    has_after = True if backwards else more
    return Page(
        found,
        before=found[0].pk if found and has_before else None,
        after=found[-1].pk if found and has_after else None,
    )


def count_up_to_max(rows: QuerySet[Row]) -> tuple[int, bool]:
    """How many rows there are, counted no further than MAX_COUNT, and whether there are more."""
    count = rows.order_by()[: MAX_COUNT + 1].count()
    return min(count, MAX_COUNT), count > MAX_COUNT


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None
