"""JSON lines, plain or compressed by gzip or zstd: cut into parts, and the lines of a part.

Blank lines are no rows. Memory follows the largest line, and a line over 64 MiB is never held whole.
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


def parts(path: Path, first: int) -> Iterator[Part]:
    """The file's parts in order; ``first`` is the number of its first row."""
    compressed = path.suffix != ".jsonl"
    most_bytes = COMPRESSED_PART_BYTES if compressed else PART_BYTES
    kept: list[bytes] = []
    start = at = rows = 0

    def part() -> Part:
        return Part(str(path), first, rows, start, at, b"".join(kept) if compressed else None)

    with _opened(path) as file:
        while line := file.readline(MAX_ROW_BYTES + 1):
            size = len(line)
            if size > HEAVY_BYTES and line.strip():
                if rows:
                    yield part()
                    first += rows
                    rows = 0
                    kept.clear()
                too_large = size > MAX_ROW_BYTES
                if too_large:
                    line, size = line[:KEPT_OF_A_TOO_LARGE_ROW], size + _pass_over(file, line)
                start, at = at, at + size
                yield Part(str(path), first, 1, start, at, line if compressed else None, True, too_large)
                first += 1
                start = at
                continue
            at += size
            rows += bool(line.strip())
            if compressed:
                kept.append(line)
            if rows == PART_ROWS or at - start >= most_bytes:
                yield part()
                first += rows
                rows, start = 0, at
                kept.clear()
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
        if part.too_large:
            yield Line(part.first, file.read(KEPT_OF_A_TOO_LARGE_ROW), too_large=True)
        else:
            yield from _lines(file, part.first, part.stop - part.start)


def _lines(file: BinaryIO, number: int, size: int) -> Iterator[Line]:
    while size > 0 and (line := file.readline()):
        size -= len(line)
        if line.strip():
            yield Line(number, line)
            number += 1


def _pass_over(file: BinaryIO, line: bytes) -> int:
    """Read to the end of the line that begins with ``line``; returns how many bytes that were."""
    size = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(_BLOCK)
        size += len(line)
    return size


def _opened(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    if path.suffix == ".zst":
        stream = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
        return cast(BinaryIO, io.BufferedReader(stream, _BLOCK))
    return path.open("rb", buffering=_BLOCK)
