"""Readers of the fields in a JSON object that may be anybody's, one a kind of field.

Each gives the value as it can be stored, and raises `Unfit`, whose text goes behind the field's name, for all else.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from problems.sources._values import NUL_ESCAPE, Unfit

# Postgres's.
LARGEST_INTEGER = 2**31 - 1
LARGEST_POSITION = 2**15 - 1

Reader = Callable[[object], Any]


def object_in(text: object) -> dict[str, Any]:
    """The JSON object that ``text`` holds."""
    if not isinstance(text, str):
        raise Unfit("is not text")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unfit("is not JSON") from None
    if not isinstance(value, dict):
        raise Unfit("is not a JSON object")
    return value


def _no_constant(name: str) -> object:
    raise ValueError(name)


def text(longest: int | None = None, shortest: int = 0) -> Reader:
    """Text of at most ``longest`` and at least ``shortest`` characters that can be stored."""

    def read_text(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit("is not text")
        if longest is not None and len(value) > longest:
            raise Unfit(f"is longer than {longest} characters")
        if len(value) < shortest:
            raise Unfit("is empty")
        return _storable(value)

    return read_text


def one_of(names: Iterable[str]) -> Reader:
    """One of these texts."""

    def read_name(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise Unfit(f"is none of {', '.join(names)}")
        return value

    return read_name


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Unfit("is neither true nor false")
    return value


def integer(value: object) -> int:
    """An integer that Postgres can hold, not below 0."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_INTEGER:
        raise Unfit(f"is no integer from 0 to {LARGEST_INTEGER}")
    return value


def list_of(reader: Reader, most: int) -> Reader:
    """A list of at most ``most``, each of which ``reader`` reads; as a tuple."""

    def read_list(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unfit("is not a list")
        if len(value) > most:
            raise Unfit(f"holds more than {most}")
        return tuple(reader(each) for each in value)

    return read_list


def positions(value: object) -> tuple[int, ...]:
    """Positions of tests, each once and in order."""
    found: tuple[int, ...] = list_of(integer, LARGEST_POSITION)(value)
    if any(position > LARGEST_POSITION for position in found) or list(found) != sorted(set(found)):
        raise Unfit("is no list of positions in order")
    return found


def time_with_zone(value: object) -> datetime:
    """A time as ISO 8601 has it, in UTC."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        if time is None or time.tzinfo is None:
            raise ValueError
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("is no time with a zone") from None


def hash_of(value: object) -> bytes:
    """Up to 32 bytes as hexadecimal digits."""
    if not isinstance(value, str) or not re.fullmatch(r"(?:[0-9a-f]{2}){0,32}", value):
        raise Unfit("is no hash")
    return bytes.fromhex(value)


def or_none(reader: Reader) -> Reader:
    """What ``reader`` reads, or None."""
    return lambda value: None if value is None else reader(value)


def or_default(reader: Reader, default: object) -> Reader:
    """What ``reader`` reads; None, which exports from before say, stands for ``default``."""
    return lambda value: default if value is None else reader(value)


def json_object(value: object) -> str:
    """A JSON object that can be stored, as text."""
    if not isinstance(value, dict):
        raise Unfit("is not a JSON object")
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
    except (ValueError, RecursionError):
        raise Unfit("can't be written as JSON") from None
    if "\\u0000" in text and NUL_ESCAPE.search(text):
        raise Unfit("holds a NUL character")
    return _storable(text)


def ascii_json(value: object) -> str:
    """JSON text of ASCII only, whatever it says."""
    if not isinstance(value, str) or not value.isascii():
        raise Unfit("is no ASCII text")
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        raise Unfit("is not JSON") from None
    return value


def _storable(text: str) -> str:
    if "\0" in text:
        raise Unfit("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("is not valid Unicode") from None
    return text
