"""Counts as bars: pure values with the numbers that the SVG needs, for templates to draw. Knows nobody's database."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

# A bar's whole length, in the units of its drawing.
LENGTH = 1_000
# What is there is seen, however little it is.
LEAST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar. ``kind`` names its colour; ``x`` and ``width`` are in units of LENGTH.

    ``href`` is where what it counts is listed, "" for nowhere.
    """

    kind: str
    label: str | Promise
    count: int
    x: int
    width: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Parts in a row; ``total`` is their sum."""

    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram; ``height`` is in units of LENGTH, ``href`` as in a Part."""

    label: str | Promise
    count: int
    height: int
    href: str = ""

    @property
    def top(self) -> int:
        """Where its rectangle begins, from above."""
        return LENGTH - self.height


# (kind, label, count), and where that is listed.
Given = tuple[str, str | Promise, int] | tuple[str, str | Promise, int, str]


def bar(counts: Iterable[Given], longest: int | None = None) -> Bar:
    """A bar whose length is its share of ``longest``, else it is whole."""
    counts = list(counts)
    total = sum(count for _, _, count, *_ in counts)
    scale = LENGTH / (longest or total or 1)
    parts: list[Part] = []
    x = 0
    for kind, label, count, *href in counts:
        width = max(LEAST, round(count * scale)) if count else 0
        # The parts that were made visible must not push the last ones out.
        width = min(width, LENGTH - x)
        parts.append(Part(kind, label, count, x, width, *href))
        x += width
    return Bar(tuple(parts), total)


def histogram(counts: Iterable[tuple[str | Promise, int] | tuple[str | Promise, int, str]]) -> list[Column]:
    """Columns of (label, count), and where that is listed."""
    counts = list(counts)
    highest = max((count for _, count, *_ in counts), default=0) or 1
    return [
        Column(label, count, max(LEAST, round(LENGTH * count / highest)) if count else 0, *href)
        for label, count, *href in counts
    ]
