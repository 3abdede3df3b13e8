"""Judges many programs without a database: one JSON object a line in, one a line out, in input order.

In charge of: the format (design: "judge_batch, the port for machines") and of keeping every core busy within bounded
memory. Not in charge of: files, progress bars or which sandbox.
"""

import codecs
import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from judge.engine import checkers, languages
from judge.engine.errors import ReservedOwner, SandboxError, UnknownChecker, UnknownLanguage
from judge.engine.judge import judge
from judge.engine.sandbox import Sandbox
from judge.engine.tally import Tally
from judge.engine.types import Case, Compilation, Job, Limits, Outcome
from judge.engine.verdicts import Verdict

ATTEMPTS = 3
MAX_OUTPUT = 4 * 1024
MAX_TIME_LIMIT_MS = 300_000
MIN_MEMORY_LIMIT_KB, MAX_MEMORY_LIMIT_KB = 4 * 1024, 16 * 1024 * 1024
OWNER = "batch"

# Lines in work or waiting for an earlier one: enough that a slow line leaves no core idle, few enough for memory.
AHEAD_PER_WORKER = 32
AHEAD_BYTES = 256 * 1024 * 1024

Answer = dict[str, Any]


class BadLine(ValueError):
    """A line that cannot be judged; the message says why."""


def judge_lines(lines: Iterable[bytes], sandbox: Sandbox, workers: int) -> Iterator[Answer]:
    """One answer a line, in order, by ``workers`` threads over one sandbox; blank lines have none.

    Raises ConfigurationError where nothing can be judged at all (no image); a bad line is only a bad answer.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="judge")
    ahead: deque[tuple[Future[Answer], int]] = deque()
    held = 0
    try:
        for line in lines:
            if not line.strip():
                continue
            ahead.append((pool.submit(judge_line, line, sandbox), len(line)))
            held += len(line)
            while len(ahead) >= workers * AHEAD_PER_WORKER or (held > AHEAD_BYTES and len(ahead) > 1):
                answer, size = ahead.popleft()
                held -= size
                yield answer.result()
        while ahead:
            yield ahead.popleft()[0].result()
    finally:
        pool.shutdown(cancel_futures=True)


def judge_line(line: bytes, sandbox: Sandbox) -> Answer:
    """The answer to one line. Raises ConfigurationError where the sandbox itself is not there."""
    name: Any = None
    try:
        fields = _object(line)
        name = fields.get("id")
        return {"id": name, **answer(job_of(fields), sandbox)}
    except (BadLine, ReservedOwner, UnknownLanguage, UnknownChecker) as error:
        return {"id": name, **_Answer(total=0, error=str(error)).as_dict()}


def answer(job: Job, sandbox: Sandbox) -> Answer:
    """The answer without its id; IE where the sandbox failed every time. Raises ConfigurationError."""
    error = ""
    for _ in range(ATTEMPTS):
        tally = Tally()
        tests = []
        try:
            for event in judge(job, sandbox):
                tally.add(event)
                if not isinstance(event, Compilation):
                    tests.append(_test(event))
        except SandboxError as failure:
            error = f"{type(failure).__name__}: {failure}"
        else:
            return _Answer(len(job.cases), None, tally.verdict, tally.passed, tests, tally.compile_output).as_dict()
    return _Answer(len(job.cases), error, Verdict.IE).as_dict()


def job_of(fields: dict[str, Any]) -> Job:
    """The job that a line's object describes. Raises BadLine, UnknownLanguage, UnknownChecker."""
    missing = [key for key in ("language", "source", "tests") if key not in fields]
    if missing:
        raise BadLine(f"missing: {', '.join(missing)}")
    language, checker = _string(fields, "language"), _string(fields, "checker", "lines")
    languages.get(language)
    checkers.get(checker)
    memory = _whole(fields, "memory_limit_kb", Limits().memory_kb, MIN_MEMORY_LIMIT_KB, MAX_MEMORY_LIMIT_KB)
    return Job(
        language=language,
        source=_encoded(_string(fields, "source"), "source"),
        cases=_cases(fields["tests"]),
        owner=_string(fields, "owner", OWNER),
        limits=Limits(_whole(fields, "time_limit_ms", Limits().cpu_ms, 1, MAX_TIME_LIMIT_MS), memory),
        checker=checker,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer's fields in the order of the format."""

    total: int
    error: str | None
    verdict: Verdict | None = None
    passed: int = 0
    tests: Iterable[Answer] = ()
    compile_output: str = ""

    def as_dict(self) -> Answer:
        return {
            "verdict": self.verdict and self.verdict.value,
            "passed": self.passed,
            "total": self.total,
            "tests": list(self.tests),
            "compile_output": self.compile_output,
            "error": self.error,
        }


def _test(outcome: Outcome) -> Answer:
    result = outcome.result
    verdict = outcome.verdict and outcome.verdict.value
    if result is None:
        return dict.fromkeys(("time_ms", "wall_ms", "memory_kb", "exit_code", "signal")) | {
            "verdict": verdict, "stdout": "", "stderr": "", "cut": [], "note": outcome.note,
        }  # fmt: skip
    return {
        "verdict": verdict,
        "time_ms": result.cpu_ms,
        "wall_ms": result.wall_ms,
        "memory_kb": result.memory_kb,
        "exit_code": result.exit_code,
        "signal": result.signal,
        "stdout": _shown(result.stdout),
        "stderr": _shown(result.stderr),
        "cut": [name for name in ("stdout", "stderr") if len(getattr(result, name)) > MAX_OUTPUT],
        "note": outcome.note,
    }


def _shown(output: bytes) -> str:
    """The beginning as text; a character that the cut divides is left out."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return decoder.decode(output[:MAX_OUTPUT], final=len(output) <= MAX_OUTPUT)


def _object(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadLine("not a JSON object")
    return fields


def _string(fields: dict[str, Any], key: str, default: str = "") -> str:
    value = fields.get(key, default)
    if not isinstance(value, str):
        raise BadLine(f"{key} is not a string")
    return value


def _whole(fields: dict[str, Any], key: str, default: int, low: int, high: int) -> int:
    value = fields.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadLine(f"{key} is not a whole number from {low} to {high}")
    return value


def _cases(tests: object) -> list[Case]:
    if not isinstance(tests, dict):
        raise BadLine("tests is not an object")
    columns = []
    for key in ("stdin", "stdout"):
        column = tests.get(key)
        if not isinstance(column, list) or not all(isinstance(value, str) for value in column):
            raise BadLine(f"tests.{key} is not a list of strings")
        columns.append([_encoded(value, f"tests.{key}") for value in column])
    inputs, answers = columns
    if len(inputs) != len(answers):
        raise BadLine(f"{len(inputs)} inputs but {len(answers)} outputs in tests")
    if not inputs:
        raise BadLine("no test cases")
    return [Case(stdin, stdout) for stdin, stdout in zip(inputs, answers, strict=True)]


def _encoded(value: str, name: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise BadLine(f"{name} is not valid Unicode") from None
