"""KodCode-V1 rows (v1.0 and v1.1 names, all styles) from .jsonl and .parquet files, or a folder of .parquet files.

In charge of: a row's way to a ProblemSpec, or the reason why it is refused. The facts about the columns and the traps
are those of the dataset card and the publisher's pipeline. Not in charge of: storing, duplicates, wrong references.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from problems.sources import (
    Facets,
    ProblemSpec,
    Refused,
    SourceError,
    TestSpec,
    _exported,
    _files,
    _literal,
    _ours,
    _rows,
    _statement,
)
from problems.sources._values import (
    Unfit,
    as_ascii_json,
    as_json,
    check_size,
    finite,
    fraction,
    printable,
    storable,
    text,
)

VERSION = 1
MAX_TESTS = 10_000
STYLES = {"online_judge", "instruct", "complete"}
DIFFICULTIES = {"easy", "medium", "hard"}
# How a question_id ends, by style.
SUFFIXES = {"I", "C", "OJ"}
# Kept beside the columns of their own.
EXTRA = (
    "test_info",
    "gpt_pass_sequence",
    "gpt_pass_trial_num",
    "chosen_trial",
    "metadata",
    "benchmark_instruction",
    "benchmark_task_id",
)
# Most of the bytes of a shard: read on request only.
TRIALS = "trials"
ID_COLUMNS = ("question_id", "conversation_id")
FACET_COLUMNS = frozenset({"style", "subset", "gpt_difficulty", "gpt_pass_percentage", "filter_reason"})
COLUMNS = frozenset({*EXTRA, *ID_COLUMNS, *FACET_COLUMNS, _ours.COLUMN}) | {
    "version",
    "question",
    "solution",
    "test",
    "test_code",
    "benchmark_similarity",
}


def accepts(source: str) -> bool:
    """True for the name of a .parquet or .jsonl file, .jsonl.gz and .jsonl.zst among them, and for a folder."""
    return source.endswith(_files.SUFFIXES) or Path(source).is_dir()


def fetch(source: str, splits: Collection[str], into: Path, progress: Callable[[int, int], object]) -> Path:
    """The path itself. Raises SourceError."""
    path = Path(source).resolve()
    if not path.exists():
        raise SourceError(f"{source}: no such file")
    return path


def read(source: str) -> Iterator[ProblemSpec | Refused]:
    """Every row of a file or folder in order, as a stream. Raises SourceError."""
    reader = _files.Reader(COLUMNS)
    for part in _files.parts(_files.files_of(Path(source)), COLUMNS):
        for row in reader.rows(part):
            values = row.values()
            if isinstance(values, str):
                yield Refused("rejected", row.number, _rows.id_in(row.raw()), values, row.raw())
            else:
                yield parse(values, row.number, row.raw, _files.split_of(Path(part.path)))


def parse(
    row: Mapping[str, object], number: int, raw: Callable[[], bytes], split: str = "train"
) -> ProblemSpec | Refused:
    """One row's ProblemSpec, or why it is refused. Any mapping will do; never an exception."""
    try:
        return _parse(row, number, raw, split)
    except Unfit as unfit:
        question_id = next((row[name] for name in ID_COLUMNS if row.get(name)), None)
        return Refused("rejected", number, printable(question_id)[:200] if question_id else "", str(unfit), raw())


def facets(row: Mapping[str, object], split: str) -> Facets:
    """What options choose the row by. Any mapping will do; never an exception."""
    style, subset, difficulty = (
        value if isinstance(value := row.get(name), str) else "" for name in ("style", "subset", "gpt_difficulty")
    )
    return Facets(
        style=_style(style),
        subset=subset,
        split="use_with_caution" if row.get("filter_reason") else split,
        difficulty=_difficulty(difficulty),
        pass_percentage=fraction(row.get("gpt_pass_percentage")),
    )


def _style(given: str) -> str:
    return given if given in STYLES else re.sub(r"[\s-]+", "_", given.strip().lower())


def _difficulty(given: str) -> str:
    given = given.strip().lower()
    return given if given in DIFFICULTIES else ""


def family_of(question_id: str) -> str:
    """The id without its style: one problem in up to three styles. Taken from the right, for subsets have `_`, too."""
    family, _, suffix = question_id.rpartition("_")
    return family if family and suffix in SUFFIXES else question_id


def _parse(row: Mapping[str, object], number: int, raw: Callable[[], bytes], split: str) -> ProblemSpec | Refused:
    check_size(row)
    style = _style(text(row, "style"))
    if style not in STYLES:
        raise Unfit(f"unknown style {printable(style)[:40]}")
    question_id = (text(row, "question_id", 200) or text(row, "conversation_id", 200)).strip()
    statement, solution, filter_reason = text(row, "question"), text(row, "solution"), text(row, "filter_reason")
    if not question_id:
        raise Unfit("no question_id")
    if not statement.strip():
        raise Unfit("empty question")
    ours = _ours.read(row)
    given_test = text(row, "test") or text(row, "test_code")
    if not given_test.strip() and ours is None:
        raise Unfit("no test")
    # The other styles' tests are pytest source, whole and as it is.
    pairs = _tests(given_test) if style == "online_judge" and ours is None else []
    tests = [(stdin or "", stdout or "") for stdin, stdout in pairs]
    samples = _statement.samples_among(statement, tests) if tests else ()
    difficulty = text(row, "gpt_difficulty")
    spec = ProblemSpec(
        row_number=number,
        question_id=question_id,
        family=family_of(question_id),
        title=_statement.title_of(statement) or question_id[: _statement.TITLE_LENGTH],
        statement=statement,
        solution=solution,
        style=style,
        subset=text(row, "subset", 60),
        split="use_with_caution" if filter_reason else split,
        difficulty=_difficulty(difficulty),
        pass_percentage=fraction(row.get("gpt_pass_percentage")),
        benchmark_similarity=finite(row.get("benchmark_similarity")),
        version=text(row, "version", 10),
        filter_reason=filter_reason,
        raw_test=given_test if style != "online_judge" else "",
        extra=extra_of(row),
        tests=tuple([TestSpec(stdin, stdout, index in samples) for index, (stdin, stdout) in enumerate(tests)]),
        trials=as_ascii_json(row[TRIALS]) if row.get(TRIALS) else "",
        raw=raw,
    )
    if ours is not None:
        spec = _exported.as_exported(spec, ours, row, TRIALS)
        reason = ours.state_reason if ours.state == "quarantined" else ""
    else:
        reason = _doubt(pairs, solution)
    return Refused("quarantined", number, question_id, reason, raw(), spec) if reason else spec


def _doubt(pairs: list[tuple[str | None, str | None]], solution: str) -> str:
    """Why a row that can be stored isn't fit for solvers, or ""."""
    if any(stdout is None for _, stdout in pairs):
        return "expected output is None"
    if any(stdin is None for stdin, _ in pairs):
        return "input is None"
    return "" if solution.strip() else "no reference solution"


def _tests(literal: str) -> list[tuple[str | None, str | None]]:
    """The pairs of input and expected output; None where the literal says None. Raises Unfit."""
    try:
        value = _literal.parse(literal)
    except _literal.NotALiteral:
        raise Unfit("test is not a Python literal") from None
    if not isinstance(value, dict):
        raise Unfit("test is not a dict")
    for key in ("stdin", "stdout"):
        if not isinstance(value.get(key), list | tuple):
            raise Unfit(f"{key} is not a list" if key in value else f"test has no {key}")
    stdins, stdouts = value["stdin"], value["stdout"]
    if len(stdins) != len(stdouts):
        raise Unfit(f"{len(stdins)} inputs but {len(stdouts)} outputs")
    if not stdins:
        raise Unfit("no test cases")
    if len(stdins) > MAX_TESTS:
        raise Unfit(f"more than {MAX_TESTS} test cases")
    return [(_element(stdin), _element(stdout)) for stdin, stdout in zip(stdins, stdouts, strict=True)]


def _element(value: object) -> str | None:
    """A test's text with LF line ends. The publisher's graders take str() of numbers and join lists of lines."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        value = "\n".join(map(_scalar, value))
    whole = value if isinstance(value, str) else _scalar(value)
    return storable(whole.replace("\r\n", "\n"), "a test")


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise Unfit(f"a test holds a {type(value).__name__}, not text")


def extra_of(row: Mapping[str, object]) -> str:
    """The other columns as JSON text, and of those with a place of their own what that can't hold. Raises Unfit."""
    found = {name: row[name] for name in EXTRA if row.get(name) is not None}
    if not _difficulty(text(row, "gpt_difficulty")):
        found |= _given(row, "gpt_difficulty")
    if fraction(row.get("gpt_pass_percentage")) is None:
        found |= _given(row, "gpt_pass_percentage")
    if finite(row.get("benchmark_similarity")) is None:
        found |= _given(row, "benchmark_similarity")
    return as_json(found)


def _given(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {name: row[name]} if row.get(name) is not None else {}


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
    (_GOOD | {"style": "instruct", "test": "def test_twice():\n    assert twice(7) == 14\n"}, ""),
    (_GOOD | {"style": "complete", "test": " "}, "no test"),
    (_GOOD | {"style": "essay"}, "unknown style essay"),
)
