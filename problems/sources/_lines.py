"""JSON lines, plain or compressed by gzip or zstd: cut into parts, and the lines of a part.

Blank lines are no rows, unless they are as large as a heavy one. Memory follows the largest line that is asked for, and
a line over 64 MiB is never held whole.
"""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from problems.sources import MAX_ROW_BYTES
from problems.sources._parts import PART_BYTES, PART_ROWS, Part
from problems.sources._rows import KEPT_OF_A_TOO_LARGE_ROW, Line

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
# Parts of compressed files travel between processes.
COMPRESSED_PART_BYTES = 4 * 1024 * 1024
HEAVY_BYTES = 8 * 1024 * 1024
_BLOCK = 1024 * 1024


def parts(path: Path, first: int, *, with_heavy: bool = True) -> Iterator[Part]:
    """The file's parts in order; ``first`` is the number of its first row.

    Without ``with_heavy`` the heavy parts of a compressed file come without their content.
    """
    compressed = path.suffix != ".jsonl"
    most_bytes = COMPRESSED_PART_BYTES if compressed else PART_BYTES
    kept: list[bytes] = []
    start = at = rows = 0

    def part() -> Part:
        return Part(str(path), first, rows, start, at, b"".join(kept) if compressed else None)

    with _opened(path) as file:
        while line := file.readline(HEAVY_BYTES):
            if len(line) == HEAVY_BYTES:
                if rows:
                    yield part()
                pieces = [line] if compressed and with_heavy else []
                size = len(line) + _to_its_end(file, line, pieces)
                start, at = at, at + size
                first, rows, kept = first + rows, 0, []
                content = b"".join(pieces) if compressed else None
                del pieces
                yield Part(str(path), first, 1, start, at, content, heavy=True, too_large=size > MAX_ROW_BYTES)
                del content
                first, start = first + 1, at
                continue
            at += len(line)
            rows += bool(line.strip())
            if compressed:
                kept.append(line)
            if rows == PART_ROWS or at - start >= most_bytes:
                yield part()
                first, rows, start, kept = first + rows, 0, at, []
        if rows:
            yield part()


def rows(part: Part) -> Iterator[Line]:
    """The rows of one part in order."""
    if part.content is not None:
        if part.heavy:
            yield Line(part.first, part.content, part.too_large)
        else:
            yield from _lines(io.BytesIO(part.content), part.first, len(part.content))
        return
    with Path(part.path).open("rb", buffering=_BLOCK) as file:
        file.seek(part.start)
        if part.heavy:
            size = KEPT_OF_A_TOO_LARGE_ROW if part.too_large else part.stop - part.start
            yield Line(part.first, file.read(size), part.too_large)
        else:
            yield from _lines(file, part.first, part.stop - part.start)


def _lines(file: BinaryIO, number: int, size: int) -> Iterator[Line]:
    while size > 0 and (line := file.readline()):
        size -= len(line)
        if line.strip():
            yield Line(number, line)
            number += 1


def _to_its_end(file: BinaryIO, line: bytes, pieces: list[bytes]) -> int:
    """Read to the end of the line that begins with ``line``; returns how many bytes that were.

    They are added to ``pieces`` where there are some, and of a line that is too large only its beginning is left.
    """
    size = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(_BLOCK)
        size += len(line)
        if pieces and size + HEAVY_BYTES > MAX_ROW_BYTES:
            pieces[:] = [pieces[0][:KEPT_OF_A_TOO_LARGE_ROW]]
        elif pieces:
            pieces.append(line)
    return size


def _opened(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    if path.suffix == ".zst":
        stream = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
        return cast(BinaryIO, io.BufferedReader(stream, _BLOCK))
    return path.open("rb", buffering=_BLOCK)
