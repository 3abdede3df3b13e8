"""Parts of a source's files: what one unit of an import reads. A part can be sent to another process."""

from dataclasses import dataclass, field

# A part ends with the row that reaches one of these.
PART_ROWS = 2_000
PART_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """``rows`` rows of one file, the first of which has the number ``first`` (from 1 over all files).

    ``start`` and ``stop`` are rows of a parquet file, bytes of a .jsonl file. Of a compressed file the bytes themselves
    are in ``content``. A ``heavy`` part is one large row; of one that is ``too_large`` only the beginning is read.
    """

    path: str
    first: int
    rows: int
    start: int
    stop: int
    content: bytes | None = field(default=None, repr=False)
    heavy: bool = False
    too_large: bool = False
