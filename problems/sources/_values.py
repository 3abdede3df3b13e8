"""What is in a row's columns, as far as it can be stored: valid Unicode without NUL, finite numbers, JSON.

Pure functions that raise `Unfit`, and nothing else, for whatever they are given.
"""

import json
import math
import re
import sys
from collections.abc import Mapping

from problems.sources import MAX_ROW_BYTES
from problems.sources._rows import TOO_LARGE

# What a row's text may take in memory, where one odd character makes a text up to four times as large.
MAX_TEXT_BYTES = 96 * 1024 * 1024
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, default=str)
# A NUL in JSON text: the escape, not the six characters behind an escaped backslash.
NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Unfit(Exception):
    """Why a row can't be stored."""


def check_size(row: Mapping[str, object]) -> None:
    """Raises Unfit for a row that is too large."""
    texts = [value for value in row.values() if type(value) is str]
    # A character is at most four bytes: only rows that might be too large are measured.
    if sum(map(len, texts)) <= MAX_ROW_BYTES // 4:
        return
    if sum(map(sys.getsizeof, texts)) > MAX_TEXT_BYTES:
        raise Unfit(TOO_LARGE)
    if sum(len(text) if text.isascii() else len(text.encode(errors="replace")) for text in texts) > MAX_ROW_BYTES:
        raise Unfit(TOO_LARGE)


def text(row: Mapping[str, object], name: str, longest: int | None = None) -> str:
    """A column's text, "" where there is none, of at most ``longest`` characters. Raises Unfit."""
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unfit(f"{name} is not text")
    if longest is not None and len(value) > longest:
        raise Unfit(f"{name} is longer than {longest} characters")
    return storable(value, name)


def storable(text: str, name: str) -> str:
    """``text`` itself where Postgres can store it. Raises Unfit."""
    if "\0" in text:
        raise Unfit(f"NUL character in {name}")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unfit(f"{name} is not valid Unicode") from None
    return text


def fraction(value: object) -> float | None:
    """A pass rate from 0 to 1, or None where the row gives none that makes sense."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def finite(value: object) -> float | None:
    """A finite number, or None where the row gives none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_json(columns: dict[str, object]) -> str:
    """The columns as JSON text; those that hold no finite number are left out. Raises Unfit."""
    try:
        text = _JSON.encode(_finite(columns))
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("a column is not valid Unicode") from None
    except (ValueError, TypeError, RecursionError):
        raise Unfit("a column can't be written as JSON") from None
    if "\\u0000" in text and NUL_ESCAPE.search(text):
        raise Unfit("NUL character in a column")
    return text


def as_ascii_json(value: object) -> str:
    """The value as JSON with nothing but ASCII in it, whatever texts and numbers it holds. Raises Unfit."""
    try:
        return json.dumps(value, default=str)
    except (ValueError, TypeError, RecursionError):
        raise Unfit("a column can't be written as JSON") from None


def _finite(columns: dict[str, object]) -> dict[str, object]:
    """Without the numbers that JSON lacks: NaN and infinities, which parquet may hold where a value is missing."""
    return {k: v for k, v in columns.items() if not (isinstance(v, float) and not math.isfinite(v))}


def printable(value: object) -> str:
    """The value as ASCII, whatever it is."""
    return ascii(value)[1:-1] if isinstance(value, str) else ascii(value)
