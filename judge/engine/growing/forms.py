"""What inputs look like: lines of columns, lists whose length an earlier number says, and blocks that repeat so often.

A `Ref` names an earlier whole number; within a block it is that of the same round.
"""

from dataclasses import dataclass, field, replace

Ref = int

# How large a number may at least become in a loosened form.
LOOSELY = 10


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from ``low`` to ``high``, never above one of ``at_most`` nor below one of ``at_least``.

    ``closed`` says that the few that were seen came again and again.
    """

    ref: Ref
    low: int
    high: int
    closed: bool = False
    at_most: tuple[Ref, ...] = ()
    at_least: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word: one of those ``seen``, or where it is not ``closed`` any over ``alphabet`` of at most ``longest``.

    ``length`` names the number that is always its length.
    """

    seen: tuple[str, ...]
    alphabet: str
    longest: int
    closed: bool
    length: Ref | None = None


Column = Number | Word


@dataclass(frozen=True, slots=True)
class Tail:
    """The rest of a line: as many of ``column`` as ``count`` says, or from ``fewest`` to ``most`` where it is None.

    ``permutation`` is the smallest of the numbers that are one, else None.
    """

    column: Column
    count: Ref | None
    fewest: int
    most: int
    distinct: bool = False
    ordered: bool = False
    permutation: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Columns in a fixed number, then maybe a tail."""

    columns: tuple[Column, ...]
    tail: Tail | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """A block that comes as often as ``count`` says."""

    count: Ref
    items: tuple["Item", ...]


Item = Line | Many


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a whole input. ``counts`` are the numbers that say how many there are of something."""

    items: tuple[Item, ...]
    counts: frozenset[Ref] = field(default_factory=frozenset)

    def loosened(self) -> "Form":
        """The same without what the samples may have had by chance: order, numbers that all differ, small numbers."""
        return replace(self, items=tuple(map(_loosened, self.items)))


def _loosened(item: Item) -> Item:
    if isinstance(item, Many):
        return replace(item, items=tuple(map(_loosened, item.items)))
    tail = item.tail and replace(item.tail, distinct=False, ordered=False, column=_unbound(item.tail.column))
    return Line(tuple(map(_unbound, item.columns)), tail)


def _unbound(column: Column) -> Column:
    if not isinstance(column, Number):
        return column
    high = column.high if column.closed else max(LOOSELY, 2 * column.high)
    return replace(column, at_least=(), high=high)
