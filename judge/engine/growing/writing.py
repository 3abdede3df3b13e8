"""Writes inputs of a form from a tape of small numbers: smaller numbers, and fewer, make a simpler input.

So whoever wants an input simpler needs to know nothing of its form: a shorter or smaller tape will do.
"""

import random
from collections.abc import Sequence

from judge.engine.growing.forms import Column, Form, Item, Line, Many, Number, Ref, Tail, Word

MAX_DRAWS = 300
# Counts go a little beyond what a sample has, so that one small sample isn't the end of it.
ROOM = 4


class Unfit(Exception):
    """The tape makes no input of this form, or a huge one."""


class Tape:
    """Numbers that decide: those ``given`` first, then random ones, or zeros where there is no ``source``."""

    def __init__(self, given: Sequence[int] = (), source: random.Random | None = None) -> None:
        self._given = given
        self._source = source
        self.taken: list[int] = []

    def draw(self, most: int) -> int:
        """A number from 0 to ``most``."""
        at = len(self.taken)
        if at >= MAX_DRAWS:
            raise Unfit
        value = 0
        if at < len(self._given):
            value = min(self._given[at], most)
        elif self._source:
            value = _random(self._source, most)
        self.taken.append(value)
        return value


def _random(source: random.Random, most: int) -> int:
    """A number up to ``most``: small ones often, the largest now and then, for faults live at the ends."""
    kind = source.random()
    if kind < 0.1:
        return most
    return source.randint(0, min(most, 3 if kind < 0.4 else 10 if kind < 0.7 else most))


def write(form: Form, tape: Tape, size: int) -> bytes:
    """An input with at most ``size`` of anything that is counted. Raises Unfit."""
    writer = _Writer(form.counts, tape, size)
    writer.items(form.items)
    return ("\n".join(writer.lines) + "\n").encode()


class _Writer:
    def __init__(self, counts: frozenset[Ref], tape: Tape, size: int) -> None:
        self.lines: list[str] = []
        self._counts = counts
        self._tape = tape
        self._size = size
        self._numbers: dict[Ref, int] = {}

    def items(self, items: Sequence[Item]) -> None:
        for item in items:
            if isinstance(item, Line):
                self._line(item)
            else:
                self._many(item)

    def _many(self, many: Many) -> None:
        for _ in range(self._numbers[many.count]):
            self.items(many.items)

    def _line(self, line: Line) -> None:
        words = [self._word_of(column) for column in line.columns]
        if line.tail:
            words += self._tail(line.tail)
        self.lines.append(" ".join(words))

    def _tail(self, tail: Tail) -> list[str]:
        if tail.count is not None:
            count = self._numbers[tail.count]
        else:
            fewest = min(tail.fewest, 1)
            count = fewest + self._tape.draw(max(0, min(tail.most, self._size) - fewest))
        if isinstance(tail.column, Word):
            return [self._word(tail.column) for _ in range(count)]
        if tail.permutation is not None:
            rest = list(range(tail.permutation, tail.permutation + count))
            return [str(rest.pop(self._tape.draw(len(rest) - 1))) for _ in range(count)]
        numbers = (
            self._distinct(tail.column, count) if tail.distinct else [self._number(tail.column) for _ in range(count)]
        )
        return [str(number) for number in (sorted(numbers) if tail.ordered else numbers)]

    def _distinct(self, column: Number, count: int) -> list[int]:
        low, high = self._range(column)
        if high - low + 1 < count:
            raise Unfit
        taken: list[int] = []
        for _ in range(count):
            number = _nearest_to_zero(low, high, self._tape.draw(high - low))
            while number in taken:
                number = low if number == high else number + 1
            taken.append(number)
        return taken

    def _word_of(self, column: Column) -> str:
        return str(self._number(column)) if isinstance(column, Number) else self._word(column)

    def _number(self, column: Number) -> int:
        low, high = self._range(column)
        self._numbers[column.ref] = number = _nearest_to_zero(low, high, self._tape.draw(high - low))
        return number

    def _range(self, column: Number) -> tuple[int, int]:
        """What it may be: down to 1 or 0 where it was never below, and both signs where it had both."""
        low = min(column.low, 1)
        high = max(column.high, 1)
        if low < 0:
            low = min(low, -high)
        if column.ref in self._counts:
            high = max(1, min(high + ROOM, self._size))
        bounds = [self._numbers[ref] for ref in column.at_most if ref in self._numbers]
        high = min([high, *bounds])
        low = max([low, *(self._numbers[ref] for ref in column.at_least if ref in self._numbers)])
        if low > high:
            raise Unfit
        return low, high

    def _word(self, column: Word) -> str:
        if column.length is not None:
            return self._letters(column, self._numbers[column.length])
        if column.closed or self._tape.draw(3) == 3:
            return column.seen[self._tape.draw(len(column.seen) - 1)]
        longest = max(1, min(column.longest, self._size))
        return self._letters(column, 1 + self._tape.draw(longest - 1))

    def _letters(self, column: Word, length: int) -> str:
        return "".join(column.alphabet[self._tape.draw(len(column.alphabet) - 1)] for _ in range(length))


def _nearest_to_zero(low: int, high: int, at: int) -> int:
    """The ``at``-th of the numbers from ``low`` to ``high``, those nearest to zero first."""
    if low >= 0 or high <= 0:
        return low + at if low >= 0 else high - at
    both = min(-low, high)
    if at <= 2 * both:
        return (at + 1) // 2 if at % 2 else -(at // 2)
    rest = at - both
    return rest if high > both else -rest
