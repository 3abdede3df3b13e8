"""Streams the rows of .jsonl and .parquet files, only the columns asked for. Knows no column's meaning."""

import json
import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from problems.sources import MAX_ROW_BYTES, SourceError

KEPT_OF_A_TOO_LARGE_ROW = 1024 * 1024
BATCH_ROWS = 256

# A row as read, or the reason why it couldn't be, with a way to its bytes.
Read = tuple[dict[str, object] | str, Callable[[], bytes]]


def files_of(path: Path) -> list[Path]:
    """The file itself, or a folder's .parquet files by name. Raises SourceError."""
    if path.is_dir():
        files = sorted(path.glob("*.parquet"))
        if not files:
            raise SourceError(f"{path}: no .parquet file in this folder")
        return files
    if not path.is_file():
        raise SourceError(f"{path}: no such file")
    return [path]


def rows_of(path: Path, columns: Collection[str]) -> Iterator[Read]:
    """Every row of one file in order. Raises SourceError where the file as a whole is broken."""
    try:
        yield from _parquet(path, columns) if path.suffix == ".parquet" else _jsonl(path)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path}: can't be read: {error}") from error


def count_of(path: Path) -> int:
    """The number of rows; of a .jsonl file the number of its lines. Raises SourceError."""
    try:
        if path.suffix == ".parquet":
            return int(pq.read_metadata(path).num_rows)
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path}: can't be read: {error}") from error


def as_json(row: dict[str, object]) -> bytes:
    """A parquet row has no bytes of its own: its JSON, with what UTF-8 can't carry as escapes."""
    return json.dumps(row, default=str).encode()


def id_in(raw: bytes) -> str:
    """The question_id that the beginning of a broken line seems to name, or ""."""
    found = re.search(rb'"(?:question|conversation)_id"\s*:\s*"([\w-]{1,200})"', raw[:KEPT_OF_A_TOO_LARGE_ROW])
    return found[1].decode() if found else ""


def _jsonl(path: Path) -> Iterator[Read]:
    with path.open("rb") as file:
        while line := file.readline(MAX_ROW_BYTES + 1):
            if len(line) > MAX_ROW_BYTES:
                head = line[:KEPT_OF_A_TOO_LARGE_ROW]
                while line and not line.endswith(b"\n"):
                    line = file.readline(1 << 20)
                yield "row is larger than 64 MiB", partial(bytes, head)
            elif line.strip():
                yield _decoded(line), partial(bytes, line)


def _decoded(line: bytes) -> dict[str, object] | str:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError) as error:
        # Its text may quote the row: the kind of error and its place are enough.
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        return f"not a JSON line ({type(error).__name__}{place})"
    return row if isinstance(row, dict) else "not a JSON object"


def _parquet(path: Path, columns: Collection[str]) -> Iterator[Read]:
    with pq.ParquetFile(path) as file:
        wanted = [name for name in file.schema_arrow.names if name in columns]
        # Small batches and no read-ahead: memory follows the batch, not the row group.
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
            for row in _batch_rows(batch):
                yield row, partial(as_json, row)


def _batch_rows(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        # Parquet doesn't check UTF-8: one bad cell must not cost the other rows of the batch.
        for index in range(batch.num_rows):
            yield {name: _cell(batch.column(name)[index]) for name in batch.schema.names}


def _cell(value: pa.Scalar) -> object:
    try:
        return value.as_py()
    except UnicodeDecodeError:
        # Lone surrogates stand for the bad bytes, so that the row is refused as not valid Unicode.
        return (
            value.as_buffer().to_pybytes().decode(errors="surrogateescape") if hasattr(value, "as_buffer") else "\udcff"
        )
