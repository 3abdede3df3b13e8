"""A stored problem as a row of the dataset's schema v1.1 with our own column beside it. Pure functions.

Not in charge of: which problems are exported (`exporting.py`) or the files (`export_files.py`). What a problem's other
columns hold may come from anywhere; where it doesn't fit the schema's types, the column shows what does, and ours
holds the whole.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from problems.row_files import SCHEMA
from problems.sources import _ours, kodcode
from problems.sources._ours import Ours
from problems.sources._values import as_ascii_json

EXPORT_SCHEMA = SCHEMA.append(pa.field(_ours.COLUMN, pa.string()))
INTEGERS = range(-(2**63), 2**63)

# Where a column of the dataset has another name here.
NAMES = {"question": "statement", "gpt_difficulty": "difficulty", "gpt_pass_percentage": "pass_percentage"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    """A row with its columns in the schema's order; ``size`` is about how many characters it holds."""

    row: Row
    split: str
    size: int


def exported(stored: Mapping[str, Any]) -> Exported:
    """The row of a stored problem.

    ``stored`` has the names of Problem's columns, and ``positions``, ``stdins``, ``stdouts``, ``samples`` (lists, a
    place a test) and ``trials`` (JSON text, "" for none).
    """
    extra = stored["extra"] | {kodcode.TRIALS: json.loads(stored["trials"] or "null")}
    row = {
        field.name: fitted(value, field.type)
        for field, value in ((field, _value(field.name, stored, extra)) for field in SCHEMA)
    }
    row[_ours.COLUMN] = _ours.write(_ours_of(stored, row), row)
    size = sum(len(value) for value in row.values() if isinstance(value, str)) + len(stored["trials"])
    return Exported(row, stored["split"], size)


def _value(column: str, stored: Mapping[str, Any], extra: Mapping[str, Any]) -> object:
    if column == "test":
        return _tests(stored)[0]
    value = None if column == kodcode.TRIALS else stored.get(NAMES.get(column, column))
    # Where a text is missing the dataset has null; what an importer could not use of a column is in `extra`.
    return extra.get(column) if value is None or value == "" else value


def _tests(stored: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The row's test in the form that its style has, and in the other one, where there is any."""
    source = stored["raw_test"] or None
    literal = str({"stdin": stored["stdins"], "stdout": stored["stdouts"]})
    if stored["style"] == "online_judge":
        return literal, source
    return source, literal if stored["stdins"] else None


def fitted(value: object, type_: pa.DataType) -> Any:
    """What of ``value`` a column of this type can hold, in the shape in which it is read again; else None."""
    if pa.types.is_struct(type_):
        if not isinstance(value, Mapping):
            return None
        return {field.name: fitted(value.get(field.name), field.type) for field in type_}
    if pa.types.is_list(type_):
        return [fitted(each, type_.value_type) for each in value] if isinstance(value, list) else None
    if pa.types.is_string(type_):
        return value if isinstance(value, str) and _is_unicode(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if pa.types.is_floating(type_):
        return float(value)
    return value if isinstance(value, int) and value in INTEGERS else None


def _is_unicode(text: str) -> bool:
    """False for what UTF-8 can't carry; trials are kept with it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _ours_of(stored: Mapping[str, Any], row: Row) -> Ours:
    positions = stored["positions"]
    in_order = list(range(1, len(positions) + 1))
    extra = json.dumps(stored["extra"], ensure_ascii=False, sort_keys=True)
    trials = as_ascii_json(row[kodcode.TRIALS]) if row[kodcode.TRIALS] else ""
    return Ours(
        slug=stored["slug"],
        family=stored["family"],
        title=stored["title"],
        split=stored["split"],
        state=stored["state"],
        state_reason=stored["state_reason"],
        judgeable=stored["judgeable"],
        verified=stored["verified"],
        verified_at=stored["verified_at"],
        verification_lost_at=stored["verification_lost_at"],
        tags=tuple(stored["tags"]),
        curated_fields=tuple(stored["curated_fields"]),
        time_limit_ms=stored["time_limit_ms"],
        memory_limit_kb=stored["memory_limit_kb"],
        checker=stored["checker"],
        checker_language=stored["checker_language"],
        checker_source=stored["checker_source"],
        tests_are_public=stored["tests_are_public"],
        finds_cases=stored["finds_cases"],
        tests_version=stored["tests_version"],
        samples=tuple(p for p, is_sample in zip(positions, stored["samples"], strict=True) if is_sample),
        positions=() if positions == in_order else tuple(positions),
        second_test=_tests(stored)[1],
        extra=None if extra == kodcode.extra_of(row) else extra,
        trials=None if trials == stored["trials"] else stored["trials"],
        content_hash=stored["content_hash"],
        tests_hash=stored["tests_hash"],
        row_hash=stored["row_hash"],
        created_at=stored["created_at"],
        updated_at=stored["updated_at"],
    )
