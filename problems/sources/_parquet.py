"""Parquet files: cut into parts by their own account of rows and bytes, and the rows of a part.

Only the columns asked for are read, a few rows at a time: memory follows the rows, not the row groups. What can't be
bounded from here is a page of the file, which its reader holds whole.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from problems.sources import MAX_ROW_BYTES
from problems.sources._parts import PART_BYTES, PART_ROWS, Part
from problems.sources._rows import KEPT_OF_A_TOO_LARGE_ROW, Record

# Rows and bytes that are read at a time, as far as the file's account of itself holds.
BATCH_ROWS = 64
BATCH_BYTES = 256 * 1024
# Of a few columns, for their look at a whole file, as many rows as fit into as many bytes.
MANY_ROWS = 4_096
# More than so many bytes in a batch of several rows: its rows are to be read one by one.
HEAVY_BYTES = 8 * 1024 * 1024
_BLOCK = 64 * 1024
# How the places of texts are kept, by type.
_OFFSETS: dict[pa.DataType, Literal["i", "q"]] = {
    pa.string(): "i",
    pa.binary(): "i",
    pa.large_string(): "q",
    pa.large_binary(): "q",
}


def parts(path: Path, first: int, columns: Collection[str]) -> Iterator[Part]:
    """The file's parts in order; ``first`` is the number of its first row."""
    with _opened(path) as file:
        total = file.metadata.num_rows
        step = max(1, min(PART_ROWS, PART_BYTES // _row_bytes(file, columns)))
    for start in range(0, total, step):
        stop = min(start + step, total)
        yield Part(str(path), first + start, stop - start, start, stop)


class Reader:
    """Reads parts of one file; parts in the file's order are read without going back.

    Raises MemoryError where a few rows are so large that they have to be read one by one (``batch_rows`` 1).
    """

    def __init__(self, path: str, columns: Collection[str], batch_rows: int = BATCH_ROWS) -> None:
        self.path = path
        self._file = _opened(Path(path))
        self._columns = [name for name in self._file.schema_arrow.names if name in columns]
        if len(set(self._columns)) < len(self._columns):
            raise pa.ArrowInvalid("two columns have the same name")
        fitting = BATCH_BYTES // _row_bytes(self._file, columns)
        self._batch_rows = max(1, min(batch_rows, fitting))
        self._ends: list[int] = []
        for group in range(self._file.metadata.num_row_groups):
            self._ends.append((self._ends or [0])[-1] + self._file.metadata.row_group(group).num_rows)
        self._batches: Iterator[pa.RecordBatch] = iter(())
        # What has been read and not yet given, and the row that it begins with.
        self._rest: pa.RecordBatch | None = None
        self._at = -1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self, part: Part, wanted: bytes | None = None) -> Iterator[Record]:
        """The rows of ``part`` in order; with ``wanted``, one byte a row, only those whose byte isn't 0."""
        self._seek(part.start)
        while self._at < part.stop:
            batch = self._next(part.stop - self._at)
            offset = self._at - part.start
            numbers: Sequence[int] = range(part.first + offset, part.first + offset + batch.num_rows)
            self._at += batch.num_rows
            if wanted is not None:
                chosen = [byte != 0 for byte in wanted[offset : offset + batch.num_rows]]
                batch = batch.filter(pa.array(chosen))
                numbers = [number for number, is_chosen in zip(numbers, chosen, strict=True) if is_chosen]
            size = batch.nbytes // max(1, batch.num_rows)
            columns = _rows_of(batch)
            del batch
            yield from map(Record, numbers, repeat(size), columns)

    def _seek(self, row: int) -> None:
        group = next(number for number, end in enumerate(self._ends) if row < end)
        start = self._ends[group - 1] if group else 0
        if self._at < start or self._at > row:
            self._batches = self._batches_from(group)
            self._rest, self._at = None, start
        while self._at < row:
            self._at += self._next(row - self._at).num_rows

    def _batches_from(self, group: int) -> Iterator[pa.RecordBatch]:
        for number in range(group, len(self._ends)):
            # A group at a time: what is broken in one costs no row of another. No threads: they read ahead.
            yield from self._file.iter_batches(
                batch_size=self._batch_rows, row_groups=[number], columns=self._columns, use_threads=False
            )

    def _next(self, most: int) -> pa.RecordBatch:
        batch = self._rest if self._rest is not None else next(self._batches, None)
        if batch is None:
            raise pa.ArrowInvalid("fewer rows than the file's own account says")
        if batch.num_rows > 1 and batch.nbytes > HEAVY_BYTES:
            raise MemoryError
        self._rest = batch.slice(most) if batch.num_rows > most else None
        return batch.slice(0, most)


def _rows_of(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    if batch.num_rows == 1 and batch.nbytes > MAX_ROW_BYTES:
        return iter([{name: _beginning(batch.column(name)) for name in batch.schema.names}])
    try:
        return iter(batch.to_pylist())
    except UnicodeDecodeError:
        # Parquet doesn't check UTF-8: one bad cell must not cost the other rows of the batch.
        return iter(
            [{name: _cell(batch.column(name)[index]) for name in batch.schema.names} for index in range(batch.num_rows)]
        )


def _beginning(column: pa.Array) -> object:
    """The only value of a column, the first MiB of a large text, None of what has no beginning. Copies no more."""
    if column.nbytes <= KEPT_OF_A_TOO_LARGE_ROW:
        return _cell(column[0])
    width = _OFFSETS.get(column.type)
    if width is None:
        return None
    _, offsets, data = column.buffers()
    start = memoryview(offsets).cast("B").cast(width)[column.offset]
    return data.slice(start, min(KEPT_OF_A_TOO_LARGE_ROW, data.size - start)).to_pybytes().decode(errors="replace")


def _cell(value: pa.Scalar) -> object:
    try:
        return value.as_py()
    except UnicodeDecodeError:
        # Lone surrogates stand for the bad bytes, so that the row is refused as not valid Unicode.
        return (
            value.as_buffer().to_pybytes().decode(errors="surrogateescape") if hasattr(value, "as_buffer") else "\udcff"
        )


def _opened(path: Path) -> pq.ParquetFile:
    return pq.ParquetFile(path, buffer_size=_BLOCK, pre_buffer=False)


def _row_bytes(file: pq.ParquetFile, columns: Collection[str]) -> int:
    """About how many bytes the ``columns`` of a row take, at least 1."""
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    size = sum(
        chunk.total_uncompressed_size
        for group in groups
        for chunk in map(group.column, range(group.num_columns))
        if chunk.path_in_schema.split(".", 1)[0] in columns
    )
    return max(1, int(size) // max(1, int(file.metadata.num_rows)))
