"""The rows of the problem list, by SQL whose cost doesn't grow with the table.

All problems of one kind are a range of an index (`problem_of_kind`, `problem_of_wide_kind`), so a page of any
combination of filters is the merged beginning of some ranges. Not in charge of: which kinds (`filters.py`), which page
(`listing.py`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from psycopg import sql

from judge import prepared
from problems.counts import Kind, Numbers

_MAX_DIGITS = 18  # a bigint holds all of them


class Row(NamedTuple):
    """What the list shows of a problem."""

    id: int
    kind: int
    slug: str
    title: str
    subset: str
    style: str
    difficulty: str
    state: str
    judgeable: bool
    verified: bool
    pass_percentage: float | None


class Place(NamedTuple):
    """Where a row stands: by its kind's rank in the order, then by id."""

    rank: int
    id: int

    def __str__(self) -> str:
        return f"{self.rank}.{self.id}" if self.rank else str(self.id)

    @classmethod
    def read(cls, text: str | None) -> "Place | None":
        """The place that ``text`` names; None where it names none."""
        rank, _point, number = (text or "").rpartition(".")
        if not all(part.isascii() and part.isdigit() for part in (rank or "0", number)):
            return None
        return cls(int(rank or 0), int(number)) if len(rank) <= 3 and len(number) <= _MAX_DIGITS else None


@dataclass(frozen=True, slots=True)
class Order:
    """An order that pages can follow; ``sort`` is one of `filters.SORTS`."""

    sort: str

    @property
    def by_id(self) -> bool:
        """Whether all ranks are the same."""
        return self.sort not in {"easiest", "hardest"}

    @property
    def newest_first(self) -> bool:
        """Whether, within a rank, ids fall."""
        return self.sort == "newest"

    def rank(self, kind: Kind) -> int:
        """Low ranks come first. Unknown pass rates are last in both orders by pass rate."""
        if self.by_id:
            return 0
        if kind.pass_percent is None:
            return 101
        return kind.pass_percent if self.sort == "hardest" else 100 - kind.pass_percent

    def key(self, place: Place) -> tuple[int, int]:
        """Sorts places."""
        return place.rank, -place.id if self.newest_first else place.id


@dataclass(frozen=True, slots=True)
class Span:
    """The part of an order that a page is cut from: ``size`` rows after ``edge``, or before it, nearest first."""

    order: Order
    edge: Place | None
    backwards: bool
    size: int

    @property
    def ascending(self) -> bool:
        """Whether, within a rank, ids rise on the way."""
        return self.order.newest_first == self.backwards


def of_all(span: Span, shown: bool) -> list[Row]:
    """Rows of all problems, or of all that solvers see, in an order by ids."""
    edge = _FAR[span.ascending] if span.edge is None else span.edge.id
    return _rows(_OF_ALL[shown, span.ascending], {"edge": edge, "size": span.size})


def of_kinds(
    span: Span,
    kinds: Collection[Kind],
    numbers: Numbers,
    *,
    by_rate: bool,
    tag: str = "",
    without: Collection[int] = (),
) -> list[Row]:
    """Rows of problems of these ``kinds`` with this ``tag``, without some ids; ``numbers`` are those of such problems.

    Unless pass rates tell the kinds apart (``by_rate``), all that these share is looked at together.
    """
    wide = span.order.by_id and not by_rate
    ids, steps = ({kind.wide for kind in kinds}, ()) if wide else _steps(span, kinds, numbers)
    given = {
        "kinds": _array(ids),
        "steps": _array(steps),
        "edge": span.edge.id if span.edge else _FAR[span.ascending],
        "far": _FAR[span.ascending],
        "size": span.size,
        "tag": tag,
        "without": list(without),
    }
    return _rows(_OF_KINDS[wide, span.ascending, bool(tag), bool(without)], given) if ids else []


def _steps(span: Span, kinds: Collection[Kind], numbers: Numbers) -> tuple[list[int], list[int]]:
    """The kinds that the page can be made of, each with the step on the way that its rank is.

    Step 0 is the edge's own rank: it begins at the edge, so nobody knows how many are left of it.
    """
    ids: list[int] = []
    steps: list[int] = []
    certain = 0
    rank_of = span.order.rank
    edge = None if span.edge is None else span.edge.rank
    by_rank = groupby(sorted(kinds, key=rank_of, reverse=span.backwards), key=rank_of)
    for step, (rank, group) in enumerate(by_rank, 1):
        if edge is not None and (rank > edge if span.backwards else rank < edge):
            continue
        for kind in group:
            ids.append(kind.id)
            steps.append(0 if rank == edge else step)
            certain += 0 if rank == edge else numbers[kind.id]
        if certain >= span.size:
            break
    return ids, steps


def of_ids(ids: Sequence[int], shown: bool) -> list[Row]:
    """The rows with these ids in the same order, without those that are gone or that solvers may not see."""
    found = {row.id: row for row in _rows(_OF_IDS[shown], {"ids": list(ids)})} if ids else {}
    return [found[problem_id] for problem_id in ids if problem_id in found]


def kinds_of(ids: Collection[int], tag: str = "") -> dict[int, int]:
    """The kinds of the problems with these ids and this tag."""
    return dict(prepared.rows(_KINDS_OF[bool(tag)], {"ids": list(ids), "tag": [tag]})) if ids else {}


def _rows(query: str, given: dict[str, Any]) -> list[Row]:
    return [Row(*columns) for columns in prepared.rows(query, given)]


def _array(numbers: Iterable[int]) -> str:
    """A literal: the driver takes its time over long lists."""
    return "{" + ",".join(map(str, numbers)) + "}"


# Nothing lies beyond it on the way.
_FAR = {True: 0, False: 2**63 - 1}
_DIRECTION = {True: sql.SQL("id > {}"), False: sql.SQL("id < {}")}
_ORDER = {True: sql.SQL("id"), False: sql.SQL("id DESC")}
_SHOWN = {True: sql.SQL("state = 'published' AND judgeable"), False: sql.SQL("true")}
_COLUMNS = sql.SQL(", ").join(sql.Identifier("p", name) for name in Row._fields)
_WITH_TAG = sql.SQL("(SELECT problem_id AS id, kind, wide_kind FROM problems_tagging WHERE tag = %(tag)s)")
_OF_ALL = {
    (shown, ascending): sql.SQL(
        "SELECT {columns} FROM problems_problem p WHERE {shown} AND {beyond} ORDER BY {order} LIMIT %(size)s"
    )
    .format(
        columns=_COLUMNS,
        shown=_SHOWN[shown],
        beyond=_DIRECTION[ascending].format(sql.SQL("%(edge)s")),
        order=_ORDER[ascending],
    )
    .as_string()
    for shown in (True, False)
    for ascending in (True, False)
}
# The first row of each kind says which kinds the page can be made of: as many as it has rows, at most.
_OF_KINDS = {
    (wide, ascending, tag, without): sql.SQL(
        """
        SELECT {columns} FROM (
            SELECT step, of_kind.id FROM (
                SELECT asked.kind, step FROM unnest(%(kinds)s::bigint[], %(steps)s::int[]) asked (kind, step)
                CROSS JOIN LATERAL (
                    SELECT id FROM {problems} p WHERE {kind} = asked.kind AND {beyond} ORDER BY {order} LIMIT 1
                ) first ORDER BY step, {order} LIMIT %(size)s
            ) near CROSS JOIN LATERAL (
                SELECT id FROM {problems} p WHERE {kind} = near.kind AND {beyond} ORDER BY {order} LIMIT %(size)s
            ) of_kind ORDER BY step, {order} LIMIT %(size)s
        ) page JOIN problems_problem p USING (id) ORDER BY step, {order}
        """
    )
    .format(
        columns=_COLUMNS,
        problems=_WITH_TAG if tag else sql.SQL("problems_problem"),
        kind=sql.Identifier("p", "wide_kind" if wide else "kind"),
        beyond=sql.SQL("").join(
            [
                _DIRECTION[ascending].format(sql.SQL("CASE WHEN step > 0 THEN %(far)s ELSE %(edge)s END")),
                sql.SQL(" AND p.id <> ALL(%(without)s)" if without else ""),
            ]
        ),
        order=_ORDER[ascending],
    )
    .as_string()
    for wide in (True, False)
    for ascending in (True, False)
    for tag in (True, False)
    for without in (True, False)
}
_OF_IDS = {
    shown: sql.SQL("SELECT {columns} FROM problems_problem p WHERE id = ANY(%(ids)s) AND {shown}")
    .format(columns=_COLUMNS, shown=_SHOWN[shown])
    .as_string()
    for shown in (True, False)
}
_KINDS_OF = {
    False: "SELECT id, kind FROM problems_problem WHERE id = ANY(%(ids)s) ORDER BY id",
    True: "SELECT id, kind FROM problems_problem WHERE id = ANY(%(ids)s) AND tags @> %(tag)s ORDER BY id",
}
