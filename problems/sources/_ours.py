"""The column `kodjudge` of our exports: what KodJudge knows of a problem beyond the dataset's columns, as JSON text.

In charge of: writing it, reading it as what it is, anybody's text, and the digest that tells whether a row is still as
it was exported. Not in charge of: which rows are exported (`problems.exporting`) or what an import makes of it
(`problems.storing`). A key that isn't known is passed over, so a later version may add some, measured times for one.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from judge.engine import checkers, checking
from judge.engine.errors import UnknownChecker

COLUMN = "kodjudge"
STATES = ("published", "hidden", "quarantined")
SPLITS = ("train", "use_with_caution")
# What the digest covers besides the column itself. `trials` is not read by every import.
COVERED = (
    "version",
    "style",
    "subset",
    "question_id",
    "question",
    "solution",
    "test",
    "test_info",
    "gpt_pass_sequence",
    "gpt_pass_trial_num",
    "gpt_difficulty",
    "gpt_pass_percentage",
    "chosen_trial",
    "metadata",
    "benchmark_similarity",
    "benchmark_instruction",
    "benchmark_task_id",
    "filter_reason",
)
# Postgres's.
LARGEST_INTEGER = 2**31 - 1
LARGEST_POSITION = 2**15 - 1
MOST_WORDS = 200
_NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Unfit(ValueError):
    """Why the column can't be read. Its text is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """The column's fields, named and meant like those of `problems.models.Problem`.

    ``samples`` and ``positions`` are positions of tests; no positions stand for 1, 2, 3 ... A problem has stdio tests
    or a test source; of one that has both, the row's column `test` holds what fits its style, ``second_test`` the
    other, in the same form. ``extra`` is JSON text, None where the row's own columns say the same. Times have a zone;
    hashes are bytes.
    """

    slug: str
    family: str
    title: str
    split: str
    state: str
    state_reason: str
    judgeable: bool
    verified: bool
    verified_at: datetime | None
    verification_lost_at: datetime | None
    tags: tuple[str, ...]
    curated_fields: tuple[str, ...]
    time_limit_ms: int
    memory_limit_kb: int
    checker: str
    checker_language: str
    checker_source: str
    tests_version: int
    samples: tuple[int, ...]
    positions: tuple[int, ...]
    second_test: str | None
    extra: str | None
    content_hash: bytes
    tests_hash: bytes
    row_hash: bytes
    created_at: datetime
    updated_at: datetime


def write(ours: Ours, row: Mapping[str, object]) -> str:
    """The column's text for the exported ``row``."""
    said = {field.name: _as_json(getattr(ours, field.name)) for field in fields(ours)}
    if ours.extra is not None:
        said["extra"] = json.loads(ours.extra)
    return json.dumps(said | {"digest": digest(said, row)}, ensure_ascii=False)


def read(row: Mapping[str, object]) -> Ours | None:
    """What the row's column says; None where there is none, or where the row isn't as it was exported any more.

    Raises Unfit where the column isn't what an export writes, whatever is in it.
    """
    text = row.get(COLUMN)
    if text is None:
        return None
    said = _object_in(text)
    found = {}
    for field in fields(Ours):
        try:
            found[field.name] = _READERS[field.name](said.get(field.name))
        except Unfit as unfit:
            raise Unfit(f"{COLUMN}: {field.name} {unfit}") from None
    if bool(found["checker_language"]) != bool(found["checker_source"].strip()):
        raise Unfit(f"{COLUMN}: a checker of one's own needs both a language and a source")
    # The column is looked at first: nonsense is nonsense in an edited row, too.
    told = said.pop("digest", None)
    return Ours(**found) if told is not None and told == digest(said, row) else None


def digest(said: Mapping[str, object], row: Mapping[str, object]) -> str | None:
    """SHA-256 of an exported row and what its column says besides, in hexadecimal; None for what no export holds."""
    try:
        text = json.dumps([[row.get(name) for name in COVERED], said], sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return None
    return hashlib.sha256(text.encode()).hexdigest()


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.hex() if isinstance(value, bytes) else value


def _object_in(text: object) -> dict[str, Any]:
    if not isinstance(text, str):
        raise Unfit(f"{COLUMN} is not text")
    try:
        said = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unfit(f"{COLUMN} is not JSON") from None
    if not isinstance(said, dict):
        raise Unfit(f"{COLUMN} is not a JSON object")
    return said


def _no_constant(name: str) -> object:
    raise ValueError(name)


# --- one reader a kind of field; each raises Unfit ---

Reader = Callable[[object], Any]


def _text(longest: int | None = None, shortest: int = 0) -> Reader:
    def read_text(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit("is not text")
        if longest is not None and len(value) > longest:
            raise Unfit(f"is longer than {longest} characters")
        if len(value) < shortest:
            raise Unfit("is empty")
        return _storable(value)

    return read_text


def _storable(text: str) -> str:
    if "\0" in text:
        raise Unfit("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("is not valid Unicode") from None
    return text


def _one_of(names: Iterable[str]) -> Reader:
    def read_name(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise Unfit(f"is none of {', '.join(names)}")
        return value

    return read_name


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit("is neither true nor false")
    return value


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_INTEGER:
        raise Unfit(f"is no integer from 0 to {LARGEST_INTEGER}")
    return value


def _list_of(reader: Reader, most: int) -> Reader:
    def read_list(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unfit("is not a list")
        if len(value) > most:
            raise Unfit(f"holds more than {most}")
        return tuple(reader(each) for each in value)

    return read_list


def _positions(value: object) -> tuple[int, ...]:
    found: tuple[int, ...] = _list_of(_integer, LARGEST_POSITION)(value)
    if any(position > LARGEST_POSITION for position in found) or list(found) != sorted(set(found)):
        raise Unfit("is no list of positions in order")
    return found


def _time(value: object) -> datetime:
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        if time is None or time.tzinfo is None:
            raise ValueError
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("is no time with a zone") from None


def _hash(value: object) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(r"(?:[0-9a-f]{2}){0,32}", value):
        raise Unfit("is no hash")
    return bytes.fromhex(value)


def _or_none(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _slug(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", value):
        raise Unfit("is no address")
    return value


def _checker(value: object) -> str:
    name: str = _text(60)(value)
    try:
        checkers.get(name)
    except UnknownChecker:
        raise Unfit("is none that there is") from None
    return name


def _checker_language(value: object) -> str:
    return str(_one_of(["", *checking.checker_languages()])(value))


def _extra(value: object) -> str:
    if not isinstance(value, dict):
        raise Unfit("is not a JSON object")
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
    except (ValueError, RecursionError):
        raise Unfit("can't be written as JSON") from None
    if "\\u0000" in text and _NUL_ESCAPE.search(text):
        raise Unfit("holds a NUL character")
    return _storable(text)


_words = _list_of(_text(40, shortest=1), MOST_WORDS)
_READERS: dict[str, Reader] = {
    "slug": _slug,
    "family": _text(200),
    "title": _text(200, shortest=1),
    "split": _one_of(SPLITS),
    "state": _one_of(STATES),
    "state_reason": _text(),
    "judgeable": _truth,
    "verified": _truth,
    "verified_at": _or_none(_time),
    "verification_lost_at": _or_none(_time),
    "tags": _words,
    "curated_fields": _words,
    "time_limit_ms": _integer,
    "memory_limit_kb": _integer,
    "checker": _checker,
    "checker_language": _checker_language,
    "checker_source": _text(),
    "tests_version": _integer,
    "samples": _positions,
    "positions": _positions,
    "second_test": _or_none(_text()),
    "extra": _or_none(_extra),
    "content_hash": _hash,
    "tests_hash": _hash,
    "row_hash": _hash,
    "created_at": _time,
    "updated_at": _time,
}
