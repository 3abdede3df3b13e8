"""One file a dataset source, and the values that sources hand to the importer.

A source file defines `accepts(source)`, `read(source)`, `count(source)` and `EXAMPLES`, its own proof: pairs of a row
and what becomes of it ("" for accepted, else the reason). No Django here and no database: a source is a pure reader.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, Protocol, cast

from judge.engine import plugins

# Room for the largest real rows; a larger one is rejected (design: "a row over 64 MiB is rejected as too large").
MAX_ROW_BYTES = 64 * 1024 * 1024


class SourceError(Exception):
    """The source as a whole can't be read: missing, of an unknown kind, or broken. Its text is for people."""


@dataclass(frozen=True, slots=True)
class TestSpec:
    """One test, with LF line ends."""

    stdin: str
    stdout: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class ProblemSpec:
    """A dataset row that can be stored: valid Unicode without NUL throughout, lengths within the columns' limits.

    ``extra`` is the row's other columns as JSON text; ``raw`` gives the row's bytes and is called only for rows that
    are refused after all (a duplicate, say).
    """

    row_number: int
    question_id: str
    title: str
    statement: str
    solution: str
    style: str
    subset: str
    split: str
    difficulty: str
    pass_percentage: float | None
    version: str
    filter_reason: str
    extra: str
    tests: tuple[TestSpec, ...]
    raw: Callable[[], bytes] = field(compare=False, repr=False)

    @property
    def size(self) -> int:
        """About how many characters the row holds."""
        return len(self.statement) + len(self.solution) + sum(len(t.stdin) + len(t.stdout) for t in self.tests)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that solvers never see: rejected, or quarantined with the ``problem`` that a curator can mend.

    ``question_id`` is made printable, "" where the row has none; ``raw`` is the row's bytes, of an oversized row the
    first MiB.
    """

    fate: Literal["quarantined", "rejected"]
    row_number: int
    question_id: str
    reason: str
    raw: bytes = field(repr=False)
    problem: ProblemSpec | None = None


class Source(Protocol):
    """What a source file offers."""

    EXAMPLES: tuple[tuple[dict[str, object], str], ...]

    def accepts(self, source: str) -> bool:
        """True where ``source`` names something of this kind, there or not."""

    def read(self, source: str) -> Iterator[ProblemSpec | Refused]:
        """Every row in order, as a stream. Raises SourceError; a bad row is a value, never an exception."""

    def count(self, source: str) -> int:
        """The number of rows, for progress. Raises SourceError."""


@cache
def all_sources() -> dict[str, Source]:
    """Every source by its file's name."""
    return {name: cast(Source, module) for name, module in plugins.modules_of(sys.modules[__name__]).items()}


def find(source: str) -> Source:
    """The source file that reads ``source``. Raises SourceError."""
    for reader in all_sources().values():
        if reader.accepts(source):
            return reader
    raise SourceError(
        f"{source}: not a source that is known; give a .parquet or .jsonl file or a folder of .parquet files"
    )
