"""The first look at a source: which of its rows an import takes, which of them in order, and the units that makes.

Only ids, and what the options choose by, are read, and what is kept of a row is a few bytes. Rows whose ids, or the
addresses made of them, occur more than once are told apart, because they must be settled one after the other: the first
of an id that can be stored stays. All others may be settled in any order, by several processes.
"""

from array import array
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from problems import sources
from problems.options import Options
from problems.settling import Unit, digest_of
from problems.sources import Schema, _files
from problems.sources._parts import Part
from problems.sources._rows import Row
from problems.storing import slug_of

# What becomes of a row, one byte each.
TAKEN, LEFT_OUT, REPEATED = range(3)
_NOTHING = 0  # in place of a digest
LONGEST_SUBSET = 60


@dataclass(frozen=True, slots=True)
class Survey:
    """``marks`` and ``ids`` (digests) hold one value a row, in order; ``parts`` is the number of parts."""

    marks: bytearray
    ids: "array[int]"
    parts: int

    @property
    def rows(self) -> int:
        """All rows, taken or not."""
        return len(self.marks)

    @property
    def left_out(self) -> int:
        """Rows that the options leave out."""
        return self.marks.count(LEFT_OUT)

    def units(self, parts: Iterable[Part], mark: int) -> Generator[Unit, None, None]:
        """The units of the rows with this mark, TAKEN or REPEATED; ``parts`` are those that were surveyed.

        Units of repeated rows are numbered after all others.
        """
        offset = self.parts if mark == REPEATED else 0
        for number, part in enumerate(parts, offset):
            marks = self.marks[part.first - 1 : part.first - 1 + part.rows]
            wanted = marks.count(mark)
            if wanted == part.rows:
                yield Unit(number, part)
            elif wanted:
                yield Unit(number, part, bytes([each == mark for each in marks]))

    def ids_of(self, unit: Unit) -> Iterator[tuple[int, int]]:
        """The number and the id's digest of each row of a unit."""
        first = unit.part.first
        for index in range(unit.part.rows):
            if unit.wanted is None or unit.wanted[index]:
                yield first + index, self.ids[first - 1 + index]


def survey(files: Sequence[Path], reader: str, options: Options, heard: Callable[[int], object]) -> Survey:
    """Look at all rows; ``heard`` is told after each part how many there are so far. Raises SourceError."""
    schema = sources.schema_of(reader)
    light = _Light({*schema.ID_COLUMNS, *(schema.FACET_COLUMNS if options.choose else ())})
    found = Survey(bytearray(), array("Q"), 0)
    slugs, subsets = array("Q"), array("L")
    numbers: dict[str, int] = {}
    count = 0
    for part in _files.parts(files, columns_read(schema, options)):
        count += 1
        split = _files.split_of(Path(part.path))
        for row in light.rows(part):
            question_id, subset = _look(schema, row, split, options)
            found.marks.append(LEFT_OUT if subset is None else TAKEN)
            found.ids.append(digest_of(question_id) if question_id else _NOTHING)
            slugs.append(digest_of(slug_of(question_id)) if question_id else _NOTHING)
            if options.limit is not None:
                subsets.append(numbers.setdefault(subset or "", len(numbers)))
        heard(found.rows)
    light.close()
    if options.limit is not None:
        _leave_out_all_but(options.limit, found, subsets, list(numbers))
    _mark_repeated(found.marks, slugs)
    return Survey(found.marks, found.ids, count)


class _Light:
    """Reads a few columns, many rows at a time; where those are large after all, one by one."""

    def __init__(self, columns: Collection[str]) -> None:
        self._many = _files.Reader(columns, many=True)
        self._single = _files.Reader(columns, one_by_one=True)

    def rows(self, part: Part) -> Iterator[Row]:
        given = 0
        try:
            for row in self._many.rows(part):
                yield row
                given += 1
        except MemoryError:
            self._many.close()
            yield from islice(self._single.rows(part), given, None)

    def close(self) -> None:
        self._many.close()
        self._single.close()


def parts_of(files: Sequence[Path], reader: str, options: Options, *, with_heavy: bool) -> Iterator[Part]:
    """The parts that `survey` looks at, once more; see `_files.parts`. Raises SourceError."""
    return _files.parts(files, columns_read(sources.schema_of(reader), options), with_heavy=with_heavy)


def columns_read(schema: Schema, options: Options) -> frozenset[str]:
    """The columns that an import reads."""
    return schema.COLUMNS | ({schema.TRIALS} if options.with_trials else frozenset())


def _look(schema: Schema, row: Row, split: str, options: Options) -> tuple[str, str | None]:
    """The row's id, "" where it can't be told, and its subset, None where the options leave the row out.

    A row that can't be read is left in, so that somebody hears of it.
    """
    try:
        if not options.choose:
            return (row.likely_id(schema.ID_COLUMNS) or "").strip(), ""
        values = row.values()
        if isinstance(values, str):
            return "", ""
        facets = schema.facets(values, split)
        if not options.want(facets):
            return "", None
        return (row.likely_id(schema.ID_COLUMNS) or "").strip(), facets.subset[:LONGEST_SUBSET]
    except MemoryError:
        return "", ""


def _leave_out_all_but(limit: int, found: Survey, subsets: "array[int]", names: Sequence[str]) -> None:
    """Of the rows taken keep ``limit``, as many of one subset as of another, drawn by their ids' digests."""
    rows: dict[int, list[int]] = {}
    for index, mark in enumerate(found.marks):
        if mark == TAKEN:
            rows.setdefault(subsets[index], []).append(index)
            found.marks[index] = LEFT_OUT
    left = limit
    # The small ones first: what they can't give is the others'.
    in_order = sorted(rows, key=lambda subset: (len(rows[subset]), names[subset]))
    for number, subset in enumerate(in_order):
        share = min(len(rows[subset]), left // (len(in_order) - number))
        left -= share
        for index in sorted(rows[subset], key=lambda index: (found.ids[index] or digest_of(str(index)), index))[:share]:
            found.marks[index] = TAKEN


def _mark_repeated(marks: bytearray, slugs: "array[int]") -> None:
    for index, mark in enumerate(marks):
        if mark == LEFT_OUT:
            slugs[index] = _NOTHING
    digests = pa.Array.from_buffers(pa.uint64(), len(slugs), [None, pa.py_buffer(slugs)])
    counts = digests.value_counts()
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    for index in pc.indices_nonzero(pc.is_in(digests, value_set=twice)).to_pylist():
        if slugs[index] != _NOTHING:
            marks[index] = REPEATED
