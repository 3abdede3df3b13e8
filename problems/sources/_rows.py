"""A row as it lies in a file: not yet parsed, and looked into as little as possible.

In charge of: a row's bytes, its digest, and the id that it seems to have. Knows no column's meaning but that of ids.
"""

import hashlib
import json
import marshal
import re
from dataclasses import dataclass, field
from functools import cache

from problems.sources import MAX_ROW_BYTES

KEPT_OF_A_TOO_LARGE_ROW = 1024 * 1024
TOO_LARGE = "row is larger than 64 MiB"
# Bytes of an escaped character in JSON, at most two for one of Python's.
_ESCAPED = 12

# A row's columns, or the reason why it has none.
Values = dict[str, object] | str


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a parquet file; ``number`` counts from 1 over all files of a source, ``size`` is about its bytes.

    Of one that is too large, ``columns`` are the beginnings of its texts.
    """

    number: int
    size: int
    columns: dict[str, object] = field(repr=False)

    def values(self) -> Values:
        """Its columns."""
        return TOO_LARGE if self.size > MAX_ROW_BYTES else self.columns

    def likely_id(self, names: tuple[str, ...]) -> str | None:
        """The first of the columns ``names`` that is there, None where that is no text."""
        return _id_of(self.columns, names)

    def raw(self) -> bytes:
        """A parquet row has no bytes of its own: its JSON, with what UTF-8 can't carry as escapes.

        Where that would be huge, texts are cut to a MiB each.
        """
        texts = {name: value for name, value in self.columns.items() if isinstance(value, str)}
        columns = self.columns
        if sum(len(text) if text.isascii() else _ESCAPED * len(text) for text in texts.values()) > 2 * MAX_ROW_BYTES:
            columns = columns | {name: text[:KEPT_OF_A_TOO_LARGE_ROW] for name, text in texts.items()}
        return json.dumps(columns, default=str).encode()

    def digest(self, salt: bytes) -> bytes:
        """32 bytes that another row, or the same one under another ``salt``, will not have."""
        digest = hashlib.sha256(salt)
        try:
            # Format 2 knows no references: equal values give equal bytes.
            digest.update(marshal.dumps(self.columns, 2))
        except ValueError:  # a type that isn't Python's own
            digest.update(self.raw())
        return digest.digest()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a JSON lines file. Of a line that is ``too_large``, ``line`` is the first MiB."""

    number: int
    line: bytes = field(repr=False)
    too_large: bool = False

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.line)

    def values(self) -> Values:
        """Its columns, read anew at each call."""
        return TOO_LARGE if self.too_large else decoded(self.line)

    def likely_id(self, names: tuple[str, ...]) -> str | None:
        """The id that the line seems to have; never another one than `values` would tell where that tells one.

        A single plain key is found without reading the line. It may stand deeper inside, where it is no id at all.
        """
        line = self.line
        if b"\\u" not in line and sum(line.count(_key(name)) for name in names) == 1:
            found = _pattern(names).search(line)
            if found:
                return found[1].decode(errors="surrogateescape")
        values = self.values()
        return None if isinstance(values, str) else _id_of(values, names)

    def raw(self) -> bytes:
        """The line as it stands in the file."""
        return self.line

    def digest(self, salt: bytes) -> bytes:
        """32 bytes that another row, or the same one under another ``salt``, will not have."""
        digest = hashlib.sha256(salt)
        digest.update(self.line)
        return digest.digest()


Row = Record | Line


def id_in(raw: bytes) -> str:
    """The question_id that the beginning of a broken line seems to name, or ""."""
    found = re.search(rb'"(?:question|conversation)_id"\s*:\s*"([\w-]{1,200})"', raw[:KEPT_OF_A_TOO_LARGE_ROW])
    return found[1].decode() if found else ""


def decoded(line: bytes) -> Values:
    """The columns in one line of JSON, or why there are none."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # Its text may quote the row: the kind of error and its place are enough.
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        return f"not a JSON line ({type(error).__name__}{place})"
    return row if isinstance(row, dict) else "not a JSON object"


def _id_of(columns: dict[str, object], names: tuple[str, ...]) -> str | None:
    found = next((columns[name] for name in names if columns.get(name)), None)
    return found if isinstance(found, str) else None


@cache
def _key(name: str) -> bytes:
    return f'{name}"'.encode()


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rf'"(?:{"|".join(map(re.escape, names))})"\s*:\s*"([^"\\]*)"'.encode())
