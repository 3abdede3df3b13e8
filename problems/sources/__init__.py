"""One file a dataset source, and the values that sources hand to the importer.

A source says which names it `accepts` and brings what they name to this machine (`fetch`). Where its rows have columns
of their own, it has `parse` and what belongs to it; every other source brings KodCode rows. No Django here and no
database: sources are pure readers.
"""

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast

from judge.engine import plugins

if TYPE_CHECKING:
    from problems.sources._ours import Ours

# Room for the largest real rows; a larger one is rejected (design: "a row over 64 MiB is rejected as too large").
MAX_ROW_BYTES = 64 * 1024 * 1024
DEFAULT_SCHEMA = "kodcode"


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

    A row that is judged by stdio has ``tests``, every other one its test source in ``raw_test``. ``family`` is the
    question_id without its style. ``extra`` is the row's other columns as JSON text, ``trials`` the row's column of
    that name where it was asked for, else ""; ``raw`` gives the row's bytes and is called only for rows that are
    refused after all (a duplicate, say). ``ours`` is what a row of our own exports says besides.
    """

    row_number: int
    question_id: str
    family: str
    title: str
    statement: str
    solution: str
    style: str
    subset: str
    split: str
    difficulty: str
    pass_percentage: float | None
    benchmark_similarity: float | None
    version: str
    filter_reason: str
    raw_test: str
    extra: str
    tests: tuple[TestSpec, ...]
    trials: str = field(repr=False)
    raw: Callable[[], bytes] = field(compare=False, repr=False)
    ours: "Ours | None" = None


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


@dataclass(frozen=True, slots=True)
class Facets:
    """What the options of an import choose rows by, normalised as in a ProblemSpec."""

    style: str
    subset: str
    split: str
    difficulty: str
    pass_percentage: float | None


class Source(Protocol):
    """What a source file offers."""

    def accepts(self, source: str) -> bool:
        """True where ``source`` names something of this kind, there or not."""

    def fetch(self, source: str, splits: Collection[str], into: Path, progress: Callable[[int, int], object]) -> Path:
        """The file, or folder of files, on this machine, brought under ``into`` where it is elsewhere.

        Of a source that knows splits only ``splits`` (none: all) are brought. ``progress`` hears how many bytes are
        there and how many there will be; what it raises ends the work. Raises SourceError.
        """


class Versioned(Protocol):
    """What a source file offers besides where what it names changes, but each version has a name: a commit, say."""

    def version_of(self, path: Path) -> str:
        """The version that `fetch` brought to ``path``."""

    def at(self, source: str, version: str) -> str:
        """The name of the same source at this version."""

    def files_of(self, path: Path, splits: Collection[str]) -> list[Path]:
        """The files of ``splits`` (none: all) in what `fetch` gave; a former call may have brought others."""


class Schema(Protocol):
    """What a source file offers besides where its rows have columns of its own."""

    # Goes up when the same row is to be parsed into something else than before.
    VERSION: int
    # Pairs of a row and what becomes of it ("" for accepted, else the reason): the schema's own proof.
    EXAMPLES: tuple[tuple[dict[str, object], str], ...]
    # The columns that the rows' ids are read from, those that `facets` needs besides, all that are kept, and the one
    # that is kept on request.
    ID_COLUMNS: tuple[str, ...]
    FACET_COLUMNS: frozenset[str]
    COLUMNS: frozenset[str]
    TRIALS: str

    def parse(
        self, row: Mapping[str, object], number: int, raw: Callable[[], bytes], split: str = "train"
    ) -> ProblemSpec | Refused:
        """What becomes of one row; a bad row is a value, never an exception."""

    def facets(self, row: Mapping[str, object], split: str) -> Facets:
        """What options choose the row by; of any row at all, never an exception."""


@cache
def all_sources() -> dict[str, Source]:
    """Every source by its file's name."""
    return {name: cast(Source, module) for name, module in plugins.modules_of(sys.modules[__name__]).items()}


def name_of(source: str) -> str:
    """The name of the source file that reads ``source``. Raises SourceError."""
    for name, reader in all_sources().items():
        if reader.accepts(source):
            return name
    raise SourceError(
        f"{source}: not a source that is known; give a .parquet or .jsonl file (.jsonl.gz and .jsonl.zst will do) or a "
        "folder of .parquet files"
    )


def find(source: str) -> Source:
    """The source file that reads ``source``. Raises SourceError."""
    return all_sources()[name_of(source)]


def versioned(name: str) -> Versioned | None:
    """The source of this name, where it knows versions."""
    reader = all_sources()[name]
    return cast(Versioned, reader) if hasattr(reader, "version_of") else None


def schema_of(name: str) -> Schema:
    """Who parses the rows that the source of this name brings."""
    reader = all_sources()[name]
    return cast(Schema, reader if hasattr(reader, "parse") else all_sources()[DEFAULT_SCHEMA])
