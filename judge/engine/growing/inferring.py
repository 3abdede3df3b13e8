"""Reads the form of inputs off samples.

A form explains all samples at once, or is not taken. Of what could be meant by chance the narrower is taken (a number
that was never larger than another stays so): what is never written can't be a false alarm.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from judge.engine.growing.forms import Column, Form, Item, Line, Many, Number, Ref, Tail, Word

# Samples above this size say little that smaller ones don't, and cost much.
MAX_BYTES = 20_000
MAX_STEPS = 3_000
MAX_COLUMNS = 8
# A number above this counts nothing.
MAX_COUNT = 1_000

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
# Blocks that repeat: lines, and a number's worth of lines after one; "M1" repeats by the second number of its line.
# Those that say most come first.
_BLOCKS = (("L", "M0"), ("L", "M1"), ("L", "L", "M0"), ("L", "M0", "M1"), ("L", "L", "L"), ("L", "L"), ("L",))


def forms(samples: Sequence[bytes]) -> list[Form]:
    """The form that all samples share; where none is found, each sample's own, in which no number counts anything."""
    texts = [text for sample in samples if (text := _lines(sample)) is not None]
    if not texts:
        return []
    shared = _Inference().of([_State(lines) for lines in texts], ())
    if shared is not None:
        return [_form(shared)]
    return [_form(own) for lines in texts if (own := _Inference(blocks=()).of([_State(lines)], ())) is not None]


def _lines(sample: bytes) -> list[list[str]] | None:
    if len(sample) > MAX_BYTES:
        return None
    try:
        text = sample.decode()
    except UnicodeDecodeError:
        return None
    return [line.split() for line in text.rstrip().split("\n")]


def _form(items: Sequence[Item]) -> Form:
    return Form(tuple(items), frozenset(_counts(items)))


def _counts(items: Sequence[Item]) -> Iterator[Ref]:
    for item in items:
        if isinstance(item, Many):
            yield item.count
            yield from _counts(item.items)
        else:
            yield from (column.length for column in item.columns if isinstance(column, Word) and column.length)
            if item.tail and item.tail.count is not None:
                yield item.tail.count


class _State:
    """How far one sample, or one round of a block, is read, and the numbers that were read."""

    def __init__(self, lines: list[list[str]], at: int = 0, numbers: dict[Ref, int] | None = None) -> None:
        self.lines = lines
        self.at = at
        self.numbers = dict(numbers or {})

    def copy(self) -> "_State":
        return _State(self.lines, self.at, self.numbers)

    @property
    def done(self) -> bool:
        return self.at >= len(self.lines)


@dataclass(frozen=True, slots=True)
class _Found:
    item: Item
    states: list[_State]
    refs: tuple[Ref, ...]


class _Inference:
    """One search for a form, depth first, the most telling explanation first."""

    def __init__(self, blocks: Sequence[tuple[str, ...]] = _BLOCKS) -> None:
        self._blocks = blocks
        self._steps = 0
        self._refs = 0

    def of(self, states: list[_State], refs: tuple[Ref, ...]) -> list[Item] | None:
        """Items that read every state to its end; ``refs`` are the numbers so far, the latest first."""
        self._steps += 1
        if all(state.done for state in states):
            return []
        if self._steps > MAX_STEPS:
            return None
        for found in self._next(states, refs):
            rest = self.of(found.states, found.refs)
            if rest is not None:
                return [found.item, *rest]
        return None

    def _next(self, states: list[_State], refs: tuple[Ref, ...]) -> Iterator[_Found]:
        for ref in refs:
            for block in self._blocks:
                if found := self._many(states, ref, block, refs):
                    yield found
        if found := self._line(states, refs):
            yield found

    def _many(
        self, states: list[_State], ref: Ref, block: tuple[str, ...], refs: tuple[Ref, ...], least: int = 2
    ) -> _Found | None:
        times = [state.numbers.get(ref, -1) for state in states]
        if min(times) < 0 or max(times) < least or max(times) > MAX_COUNT:
            return None
        after, rounds = [], []
        for state, count in zip(states, times, strict=True):
            end = state.copy()
            for _ in range(count):
                rounds.append(end.copy())
                if not _skip(end, block):
                    return None
            after.append(end)
        items = self._block(rounds, block, refs)
        return _Found(Many(ref, items), after, refs) if items else None

    def _block(self, rounds: list[_State], block: tuple[str, ...], refs: tuple[Ref, ...]) -> tuple[Item, ...] | None:
        items: list[Item] = []
        last: tuple[Column, ...] = ()
        for part in block:
            if part == "L":
                found = self._line(rounds, refs)
                if found and isinstance(found.item, Line):
                    last = found.item.columns
            else:
                column = last[int(part[1])] if int(part[1]) < len(last) else None
                if not isinstance(column, Number):
                    return None
                found = self._many(rounds, column.ref, ("L",), refs, least=1)
            if found is None:
                return None
            items.append(found.item)
            rounds, refs = found.states, found.refs
        return tuple(items)

    def _line(self, states: list[_State], refs: tuple[Ref, ...]) -> _Found | None:
        if any(state.done for state in states):
            return None
        states = [state.copy() for state in states]
        rows = [state.lines[state.at] for state in states]
        counts = [len(row) for row in rows]
        count = _same_as(counts, states, refs)
        fixed = 0
        if count is None:
            alike = len(set(counts)) == 1 and counts[0] <= MAX_COLUMNS
            fixed = 1 if _counts_itself(rows) else counts[0] if alike else 0
        columns: list[Column] = []
        before = refs
        for at in range(fixed):
            column = self._column([[row[at]] for row in rows], states, refs)
            columns.append(column)
            if isinstance(column, Number):
                # The latest line first, its columns in order: where several fit, the first says how many lines follow.
                refs = (*refs[: len(refs) - len(before)], column.ref, *before)
                for state, row in zip(states, rows, strict=True):
                    state.numbers[column.ref] = int(row[at])
        tail = None
        if max(counts) > fixed:
            if fixed and isinstance(columns[0], Number):
                count = columns[0].ref
            tail = self._tail([row[fixed:] for row in rows], states, refs, count)
        for state in states:
            state.at += 1
        return _Found(Line(tuple(columns), tail), states, refs)

    def _tail(self, rows: list[list[str]], states: list[_State], refs: tuple[Ref, ...], count: Ref | None) -> Tail:
        column = self._column(rows, states, refs)
        counts = [len(row) for row in rows]
        if not isinstance(column, Number):
            return Tail(column, count, min(counts), max(counts))
        numbers = [[int(text) for text in row] for row in rows]
        told = max(counts) >= 3
        starts = {min(row, default=1) for row in numbers}
        start = starts.pop() if len(starts) == 1 else None
        permutations = start is not None and all(sorted(row) == list(range(start, start + len(row))) for row in numbers)
        return Tail(
            column,
            count,
            min(counts),
            max(counts),
            distinct=told and all(len(set(row)) == len(row) for row in numbers),
            ordered=told and all(row == sorted(row) for row in numbers),
            permutation=start if told and permutations else None,
        )

    def _column(self, rows: list[list[str]], states: list[_State], refs: tuple[Ref, ...]) -> Column:
        """What the words of ``rows``, a row a state, are."""
        texts = [text for row in rows for text in row]
        if not all(_WHOLE.fullmatch(text) for text in texts):
            return _word(rows, states, refs)
        self._refs += 1
        numbers = [int(text) for text in texts]
        pairs = [(int(text), state.numbers) for row, state in zip(rows, states, strict=True) for text in row]
        known = [ref for ref in refs if all(ref in before for _, before in pairs)]
        return Number(
            self._refs,
            min(numbers, default=1),
            max(numbers, default=1),
            closed=_come_again(texts),
            at_most=tuple(ref for ref in known if all(number <= before[ref] for number, before in pairs)),
            # Of few numbers only what was always equal says something.
            at_least=tuple(
                ref
                for ref in known
                if all(number >= before[ref] for number, before in pairs)
                and (len(pairs) > 2 or all(number == before[ref] for number, before in pairs))
            ),
        )


def _word(rows: list[list[str]], states: list[_State], refs: tuple[Ref, ...]) -> Word:
    texts = [text for row in rows for text in row]
    seen = sorted(set(texts), key=lambda text: (len(text), text))
    lengths = [
        ref
        for ref in refs
        if all(len(t) == state.numbers.get(ref) for row, state in zip(rows, states, strict=True) for t in row)
    ]
    # And the last how wide they are.
    length = max(lengths, default=None)
    # Few words that come again and again are the only ones; so are numbers that are not whole.
    closed = _come_again(texts) or any(re.search(r"[0-9][.:,/][0-9]", t) for t in seen)
    alphabet = "".join(sorted({char for text in seen for char in text}))
    return Word(tuple(seen), alphabet, max(map(len, seen)), closed and length is None, length)


def _come_again(texts: Sequence[str]) -> bool:
    return len(texts) > 3 and len(set(texts)) <= len(texts) // 2


def _same_as(counts: list[int], states: list[_State], refs: tuple[Ref, ...]) -> Ref | None:
    """The number that says how many words there are in the line."""
    if max(counts) < 2 and len(set(counts)) == 1:
        return None
    fitting = [r for r in refs if all(s.numbers.get(r) == n for s, n in zip(states, counts, strict=True))]
    return max(fitting, default=None)


def _counts_itself(rows: list[list[str]]) -> bool:
    """True where each line's first word says how many follow."""
    several = max(len(row) for row in rows) > 2
    return several and all(row and _WHOLE.fullmatch(row[0]) and int(row[0]) == len(row) - 1 for row in rows)


def _skip(state: _State, block: tuple[str, ...]) -> bool:
    """Go past one round of the block; False where the sample has no such lines left."""
    line: list[str] = []
    for part in block:
        if part == "L":
            if state.done:
                return False
            line = state.lines[state.at]
            state.at += 1
            continue
        at = int(part[1])
        if at >= len(line) or not _WHOLE.fullmatch(line[at]) or not 0 <= int(line[at]) <= MAX_COUNT:
            return False
        state.at += int(line[at])
        if state.at > len(state.lines):
            return False
    return True
