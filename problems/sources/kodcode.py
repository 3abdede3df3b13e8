"""KodCode-V1 rows (v1.0 and v1.1 names) from a .jsonl or .parquet file, or a folder of .parquet files.

In charge of: a row's way to a ProblemSpec, or the reason why it is refused. The facts about the columns and the traps
are those of the dataset card and the publisher's pipeline. Not in charge of: storing, duplicates, wrong references.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from problems.sources import MAX_ROW_BYTES, ProblemSpec, Refused, TestSpec, _files, _literal, _statement

MAX_TESTS = 10_000
STYLES = {"online_judge", "instruct", "complete"}
DIFFICULTIES = {"easy", "medium", "hard"}
# Kept beside the columns of their own. `trials` is left out: it is most of the bytes of a shard.
EXTRA = (
    "test_info",
    "gpt_pass_sequence",
    "gpt_pass_trial_num",
    "chosen_trial",
    "metadata",
    "benchmark_similarity",
    "benchmark_instruction",
    "benchmark_task_id",
)
COLUMNS = frozenset(EXTRA) | {
    "version",
    "style",
    "subset",
    "question_id",
    "conversation_id",
    "question",
    "solution",
    "test",
    "test_code",
    "gpt_difficulty",
    "gpt_pass_percentage",
    "filter_reason",
}
# A NUL in JSON text: the escape, not the six characters behind an escaped backslash.
_NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class _Unfit(Exception):
    """Why a row can't be stored."""


def accepts(source: str) -> bool:
    """True for a path that ends in .jsonl or .parquet and for a folder."""
    return source.endswith((".jsonl", ".parquet")) or Path(source).is_dir()


def read(source: str) -> Iterator[ProblemSpec | Refused]:
    """Every row in order, streamed; ``row_number`` counts from 1 over all files. Raises SourceError."""
    number = 0
    for path in _files.files_of(Path(source)):
        split = "use_with_caution" if path.name.startswith("use_with_caution") else "train"
        for row, raw in _files.rows_of(path, COLUMNS):
            number += 1
            if isinstance(row, str):
                yield Refused("rejected", number, _files.id_in(raw()), row, raw())
            else:
                yield parse(row, number, raw, split)


def count(source: str) -> int:
    """The number of rows, for progress. Raises SourceError."""
    return sum(_files.count_of(path) for path in _files.files_of(Path(source)))


def parse(
    row: Mapping[str, object], number: int, raw: Callable[[], bytes], split: str = "train"
) -> ProblemSpec | Refused:
    """One row's ProblemSpec, or why it is refused. Any mapping will do; never an exception."""
    try:
        return _parse(row, number, raw, split)
    except _Unfit as unfit:
        question_id = row.get("question_id") or row.get("conversation_id")
        return Refused("rejected", number, _printable(question_id)[:200] if question_id else "", str(unfit), raw())


def _parse(row: Mapping[str, object], number: int, raw: Callable[[], bytes], split: str) -> ProblemSpec | Refused:
    _check_size(row)
    style = re.sub(r"[\s-]+", "_", _text(row, "style").strip().lower())
    if style != "online_judge":
        raise _Unfit("not an online_judge row" if style in STYLES else f"unknown style {_printable(style)[:40]}")
    question_id = (_text(row, "question_id", 200) or _text(row, "conversation_id", 200)).strip()
    statement, solution, filter_reason = _text(row, "question"), _text(row, "solution"), _text(row, "filter_reason")
    if not question_id:
        raise _Unfit("no question_id")
    if not statement.strip():
        raise _Unfit("empty question")
    difficulty = _text(row, "gpt_difficulty").strip().lower()
    pairs = _tests(_text(row, "test") or _text(row, "test_code"))
    tests = [(stdin or "", stdout or "") for stdin, stdout in pairs]
    samples = _statement.samples_among(statement, tests)
    spec = ProblemSpec(
        row_number=number,
        question_id=question_id,
        title=_statement.title_of(statement) or question_id[: _statement.TITLE_LENGTH],
        statement=statement,
        solution=solution,
        style=style,
        subset=_text(row, "subset", 60),
        split="use_with_caution" if filter_reason else split,
        difficulty=difficulty if difficulty in DIFFICULTIES else "",
        pass_percentage=_fraction(row.get("gpt_pass_percentage")),
        version=_text(row, "version", 10),
        filter_reason=filter_reason,
        extra=_extra(row, keep_difficulty=difficulty not in DIFFICULTIES),
        tests=tuple(TestSpec(stdin, stdout, index in samples) for index, (stdin, stdout) in enumerate(tests)),
        raw=raw,
    )
    reason = _doubt(pairs, solution)
    return Refused("quarantined", number, question_id, reason, raw(), spec) if reason else spec


def _check_size(row: Mapping[str, object]) -> None:
    texts = [value for value in row.values() if isinstance(value, str)]
    # A character is at most four bytes: only rows that might be too large are measured.
    if (
        sum(map(len, texts)) > MAX_ROW_BYTES // 4
        and sum(len(t.encode(errors="replace")) for t in texts) > MAX_ROW_BYTES
    ):
        raise _Unfit("row is larger than 64 MiB")


def _doubt(pairs: list[tuple[str | None, str | None]], solution: str) -> str:
    """Why a row that can be stored isn't fit for solvers, or ""."""
    if any(stdout is None for _, stdout in pairs):
        return "expected output is None"
    if any(stdin is None for stdin, _ in pairs):
        return "input is None"
    return "" if solution.strip() else "no reference solution"


def _text(row: Mapping[str, object], name: str, longest: int | None = None) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unfit(f"{name} is not text")
    if longest is not None and len(value) > longest:
        raise _Unfit(f"{name} is longer than {longest} characters")
    return _storable(value, name)


def _storable(text: str, name: str) -> str:
    """``text`` itself where Postgres can store it. Raises _Unfit."""
    if "\0" in text:
        raise _Unfit(f"NUL character in {name}")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _Unfit(f"{name} is not valid Unicode") from None
    return text


def _tests(literal: str) -> list[tuple[str | None, str | None]]:
    """The pairs of input and expected output; None where the literal says None. Raises _Unfit."""
    if not literal.strip():
        raise _Unfit("no test")
    try:
        value = _literal.parse(literal)
    except _literal.NotALiteral:
        raise _Unfit("test is not a Python literal") from None
    if not isinstance(value, dict):
        raise _Unfit("test is not a dict")
    for key in ("stdin", "stdout"):
        if not isinstance(value.get(key), list | tuple):
            raise _Unfit(f"{key} is not a list" if key in value else f"test has no {key}")
    stdins, stdouts = value["stdin"], value["stdout"]
    if len(stdins) != len(stdouts):
        raise _Unfit(f"{len(stdins)} inputs but {len(stdouts)} outputs")
    if not stdins:
        raise _Unfit("no test cases")
    if len(stdins) > MAX_TESTS:
        raise _Unfit(f"more than {MAX_TESTS} test cases")
    return [(_element(stdin), _element(stdout)) for stdin, stdout in zip(stdins, stdouts, strict=True)]


def _element(value: object) -> str | None:
    """A test's text with LF line ends. The publisher's graders take str() of numbers and join lists of lines."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        value = "\n".join(map(_scalar, value))
    text = value if isinstance(value, str) else _scalar(value)
    return _storable(text.replace("\r\n", "\n"), "a test")


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise _Unfit(f"a test holds a {type(value).__name__}, not text")


def _fraction(value: object) -> float | None:
    """A pass rate from 0 to 1, or None where the row gives none that makes sense."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def extra_of(row: Mapping[str, object]) -> str:
    """The row's columns that have no place of their own, as JSON text."""
    known = str(row.get("gpt_difficulty") or "").strip().lower() in DIFFICULTIES
    return _extra(row, keep_difficulty=not known)


def _extra(row: Mapping[str, object], *, keep_difficulty: bool) -> str:
    names = (*EXTRA, "gpt_difficulty") if keep_difficulty else EXTRA
    found = {name: row[name] for name in names if row.get(name) is not None}
    try:
        text = json.dumps(_finite(found), ensure_ascii=False, allow_nan=False, sort_keys=True, default=str)
        text.encode()
    except UnicodeEncodeError:
        raise _Unfit("a column is not valid Unicode") from None
    except (ValueError, TypeError, RecursionError):
        raise _Unfit("a column can't be written as JSON") from None
    if "\\u0000" in text and _NUL_ESCAPE.search(text):
        raise _Unfit("NUL character in a column")
    return text


def _finite(columns: dict[str, object]) -> dict[str, object]:
    """Without the numbers that JSON lacks: NaN and infinities, which parquet may hold where a value is missing."""
    return {k: v for k, v in columns.items() if not (isinstance(v, float) and not math.isfinite(v))}


def _printable(value: object) -> str:
    return ascii(value)[1:-1] if isinstance(value, str) else ascii(value)


_GOOD: dict[str, object] = {
    "version": "v1.1",
    "style": "online_judge",
    "subset": "Taco",
    "question_id": "Taco_1_OJ",
    "question": "# Twice\n\nPrint twice the number.",
    "solution": "print(2 * int(input()))",
    "test": "{'stdin': ['7\\n', '0\\n'], 'stdout': ['14', '0']}",
    "gpt_difficulty": "easy",
    "gpt_pass_percentage": 0.9,
}
EXAMPLES: tuple[tuple[dict[str, object], str], ...] = (
    (_GOOD, ""),
    (_GOOD | {"style": "Online Judge", "gpt_difficulty": "unheard of", "subset": "New"}, ""),
    (_GOOD | {"test": "{'stdin': [7], 'stdout': [['14']]}"}, ""),
    (_GOOD | {"solution": ""}, "no reference solution"),
    (_GOOD | {"test": "{'stdin': ['7'], 'stdout': [None]}"}, "expected output is None"),
    (_GOOD | {"test": "{'stdin': ['7'], 'stdout': [str(14)]}"}, "test is not a Python literal"),
    (_GOOD | {"style": "instruct"}, "not an online_judge row"),
)
