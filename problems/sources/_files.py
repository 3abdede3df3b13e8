"""The files of a local source: which they are, what tells one state of them from another, their parts and rows.

In charge of: the kinds of files, and that whatever is wrong with a file as a whole is a SourceError. Knows no column's
meaning.
"""

import gzip
import hashlib
import zlib
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from problems.sources import SourceError, _lines, _parquet
from problems.sources._parts import Part
from problems.sources._rows import Row

SUFFIXES = (".parquet", *_lines.SUFFIXES)


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


def split_of(path: Path) -> str:
    """The split that a file of this name belongs to."""
    return "use_with_caution" if path.name.startswith("use_with_caution") else "train"


def fingerprint(files: Collection[Path]) -> str:
    """Another one when a file has been added, taken away or written to. Raises SourceError."""
    digest = hashlib.sha256()
    for path in files:
        with _readable(path):
            told = path.stat()
        digest.update(f"{path.name}\0{told.st_size}\0{told.st_mtime_ns}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def parts(files: Collection[Path], columns: Collection[str], *, with_heavy: bool = True) -> Iterator[Part]:
    """The parts of all files in order, always the same ones; see `_lines.parts`. Raises SourceError."""
    first = 1
    for path in files:
        with _readable(path):
            lines = _is_lines(path)
            for part in (
                _lines.parts(path, first, with_heavy=with_heavy) if lines else _parquet.parts(path, first, columns)
            ):
                yield part
                first = part.first + part.rows


class Reader:
    """Reads parts; keeps the file of the last one open, because the next one is often of the same.

    ``one_by_one`` reads large rows in the least memory. Raises MemoryError where rows need that, SourceError.
    """

    def __init__(self, columns: Collection[str], *, one_by_one: bool = False, many: bool = False) -> None:
        self._columns = columns
        self._batch_rows = 1 if one_by_one else _parquet.MANY_ROWS if many else _parquet.BATCH_ROWS
        self._open: _parquet.Reader | None = None

    def rows(self, part: Part, wanted: bytes | None = None) -> Generator[Row, None, None]:
        """The rows of ``part`` in order; with ``wanted``, one byte a row, only those whose byte isn't 0."""
        path = Path(part.path)
        with _readable(path):
            if not _is_lines(path):
                yield from self._parquet(part.path).rows(part, wanted)
            else:
                for index, line in enumerate(_lines.rows(part)):
                    if wanted is None or wanted[index]:
                        yield line

    def close(self) -> None:
        """Close the file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _parquet(self, path: str) -> _parquet.Reader:
        if self._open is None or self._open.path != path:
            self.close()
            self._open = _parquet.Reader(path, self._columns, self._batch_rows)
        return self._open


def _is_lines(path: Path) -> bool:
    return path.name.endswith(_lines.SUFFIXES)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except MemoryError:  # Arrow's is also one of its own errors
        raise
    except (pa.ArrowException, OSError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise SourceError(f"{path}: can't be read: {error}") from error
