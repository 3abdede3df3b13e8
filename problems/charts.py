"""Counts as bars: pure values with the numbers that the SVG needs, for templates to draw. Knows nobody's database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

# A bar's whole length, in the units of its drawing.
LENGTH = 1_000
# What is there is seen, however little it is.
LEAST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar. ``kind`` names its colour; ``x`` and ``width`` are in units of LENGTH."""

    kind: str
    label: str | Promise
    count: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Parts in a row; ``total`` is their sum."""

    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram: what lies from ``low`` to ``high`` per cent; ``height`` is in units of LENGTH."""

    low: int
    high: int
    count: int
    height: int

    @property
    def top(self) -> int:
        """Where its rectangle begins, from above."""
        return LENGTH - self.height


def bar(counts: Iterable[tuple[str, str | Promise, int]], longest: int | None = None) -> Bar:
    """A bar of (kind, label, count); its length is its share of ``longest``, else it is whole."""
    counts = list(counts)
    total = sum(count for _, _, count in counts)
    scale = LENGTH / (longest or total or 1)
    parts: list[Part] = []
    x = 0
    for kind, label, count in counts:
        width = max(LEAST, round(count * scale)) if count else 0
        # The parts that were made visible must not push the last ones out.
        width = min(width, LENGTH - x)
        parts.append(Part(kind, label, count, x, width))
        x += width
    return Bar(tuple(parts), total)


def histogram(counts: Sequence[int]) -> list[Column]:
    """Columns of equal width from 0 to 100 per cent."""
    highest = max(counts, default=0) or 1
    step = 100 // len(counts)
    return [
        Column(
            low=number * step,
            high=(number + 1) * step,
            count=count,
            height=max(LEAST, round(LENGTH * count / highest)) if count else 0,
        )
        for number, count in enumerate(counts)
    ]
