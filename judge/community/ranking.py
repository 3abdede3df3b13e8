"""Pages by key of what is voted on: the best first, or the newest."""

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet, TextChoices, Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=Model)

# Within what the columns hold.
_PLACE = re.compile(r"\A(-?[0-9]{1,9})_([0-9]{1,18})\Z", re.ASCII)


class Order(TextChoices):
    """What comes first."""

    BEST = "", _("Best first")
    NEWEST = "newest", _("Newest first")


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Row]):
    """Some rows in an order, and what the links to the neighbouring pages carry (empty: there is no such page)."""

    rows: list[Row]
    order: Order
    before: str
    after: str


class _Row(Func):
    function = "ROW"


class _Less(Func):
    template = "%(expressions)s"
    arg_joiner = " < "
    output_field = BooleanField()


def page_of(rows: QuerySet[Row], params: QueryDict, size: int) -> Ranked[Row]:
    """The page that ``params`` ask for by `sort` and by `after` or `before`; unreadable ones are ignored."""
    order = Order.NEWEST if params.get("sort") == Order.NEWEST else Order.BEST
    keys = ("id",) if order == Order.NEWEST else ("score", "id")
    before, after = _place(params.get("before")), _place(params.get("after"))
    edge, backwards = before or after, before is not None
    if edge:
        own, theirs = _Row(*map(F, keys)), _Row(*map(Value, edge[-len(keys) :]))
        rows = rows.filter(_Less(theirs, own) if backwards else _Less(own, theirs))
    found = list(rows.order_by(*(key if backwards else f"-{key}" for key in keys))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Ranked(
        found,
        order,
        before=_key(found[0]) if found and (more if backwards else edge) else "",
        after=_key(found[-1]) if found and (backwards or more) else "",
    )


def _place(text: str | None) -> tuple[int, int] | None:
    match = _PLACE.match(text or "")
    return (int(match[1]), int(match[2])) if match else None


def _key(row: Any) -> str:
    return f"{row.score}_{row.pk}"
