"""The column `kodjudge` of our exports: what KodJudge knows of a problem beyond the dataset's columns, as JSON text.

In charge of: writing it, reading it as what it is, anybody's text, and the digest that tells whether a row is still as
it was exported. Not in charge of: which rows are exported (`problems.exporting`) or what an import makes of it
(`problems.storing`). A key that isn't known is passed over, so a later version may add some, measured times for one.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from judge.engine import checkers, checking
from judge.engine.errors import UnknownChecker
from problems.sources import _fields
from problems.sources._values import Unfit

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
_NO_ROW_FILLS = (
    "state",
    "state_reason",
    "judgeable",
    "verified",
    "verified_at",
    "verification_lost_at",
    "tags",
    "curated_fields",
    "time_limit_ms",
    "memory_limit_kb",
    "checker",
    "checker_language",
    "checker_source",
    "tests_are_public",
    "finds_cases",
    "tests_version",
    "created_at",
    "updated_at",
)
MOST_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """The column's fields, named and meant like those of `problems.models.Problem`.

    ``samples`` and ``positions`` are positions of tests; no positions stand for 1, 2, 3 ... A problem has stdio tests
    or a test source; of one that has both, the row's column `test` holds what fits its style, ``second_test`` the
    other, in the same form. ``extra`` and ``trials`` are JSON text, None where the row's own columns say the same;
    that of ``trials`` is ASCII. Times have a zone; hashes are bytes.
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
    tests_are_public: bool
    finds_cases: bool
    tests_version: int
    samples: tuple[int, ...]
    positions: tuple[int, ...]
    second_test: str | None
    extra: str | None
    trials: str | None
    content_hash: bytes
    tests_hash: bytes
    row_hash: bytes
    created_at: datetime
    updated_at: datetime

    def columns(self) -> dict[str, Any]:
        """The columns of Problem that no other row of a dataset fills."""
        return {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in _NO_ROW_FILLS
        }


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
    try:
        said = _fields.object_in(text)
    except Unfit as unfit:
        raise Unfit(f"{COLUMN} {unfit}") from None
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


def _slug(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", value):
        raise Unfit("is no address")
    return value


def _checker(value: object) -> str:
    name: str = _fields.text(60)(value)
    try:
        checkers.get(name)
    except UnknownChecker:
        raise Unfit("is none that there is") from None
    return name


def _checker_language(value: object) -> str:
    return str(_fields.one_of(["", *checking.checker_languages()])(value))


_words = _fields.list_of(_fields.text(40, shortest=1), MOST_WORDS)
_READERS: dict[str, _fields.Reader] = {
    "slug": _slug,
    "family": _fields.text(200),
    "title": _fields.text(200, shortest=1),
    "split": _fields.one_of(SPLITS),
    "state": _fields.one_of(STATES),
    "state_reason": _fields.text(),
    "judgeable": _fields.truth,
    "verified": _fields.truth,
    "verified_at": _fields.or_none(_fields.time_with_zone),
    "verification_lost_at": _fields.or_none(_fields.time_with_zone),
    "tags": _words,
    "curated_fields": _words,
    "time_limit_ms": _fields.integer,
    "memory_limit_kb": _fields.integer,
    "checker": _checker,
    "checker_language": _checker_language,
    "checker_source": _fields.text(),
    "tests_are_public": _fields.or_default(_fields.truth, False),
    "finds_cases": _fields.or_default(_fields.truth, True),
    "tests_version": _fields.integer,
    "samples": _fields.positions,
    "positions": _fields.positions,
    "second_test": _fields.or_none(_fields.text()),
    "extra": _fields.or_none(_fields.json_object),
    "trials": _fields.or_none(_fields.ascii_json),
    "content_hash": _fields.hash_of,
    "tests_hash": _fields.hash_of,
    "row_hash": _fields.hash_of,
    "created_at": _fields.time_with_zone,
    "updated_at": _fields.time_with_zone,
}
