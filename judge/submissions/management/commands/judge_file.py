"""`manage.py judge_file`: judge one local program by tests, or just run it on an input; no web and no database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judge.engine.batch import BadLine, answer, job_of
from judge.engine.errors import EngineError
from judge.engine.running import Ran, run
from judge.engine.types import Job, Limits, Program
from judge.submissions.judging import make_sandbox

# The exit code of a program that was judged and not accepted, or that failed; without a judgement it is 2.
NOT_ACCEPTED = 1
COULD_NOT_JUDGE = 2


class Command(BaseCommand):
    """Exit code 0 where the program is accepted or ran well, 1 where not, 2 where it could not be judged."""

    help = (
        "Judges a program by a file of tests, one {'stdin': ..., 'stdout': ...} a line, or runs it on one input: then "
        "its output goes to stdout, and time and memory to stderr. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What `judge_batch` reads of a line, as options."""
        limits = Limits()
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", required=True, help="a language's key, like python3 or cpp17")
        given = parser.add_mutually_exclusive_group(required=True)
        given.add_argument("--tests", type=Path, metavar="TESTS.jsonl")
        given.add_argument("--stdin", type=Path, metavar="INPUT", help="run the program on this file")
        parser.add_argument("--time-limit-ms", type=int, default=limits.cpu_ms, metavar="MS")
        parser.add_argument("--memory-limit-kb", type=int, default=limits.memory_kb, metavar="KB")
        parser.add_argument("--checker", default="lines")
        parser.add_argument("--json", action="store_true", help="print the answer to tests as judge_batch does")

    def handle(self, *, file: Path, tests: Path | None, stdin: Path | None, **options: Any) -> None:
        """Judge or run, print, exit."""
        try:
            given = {key: options[key] for key in ("language", "checker", "time_limit_ms", "memory_limit_kb")}
            columns = (
                _tests(tests) if tests else {"stdin": [""], "stdout": [""]}
            )  # an input is no text: it may be bytes
            job = job_of(given | {"source": file.read_bytes().decode(), "tests": columns})
            code = _run(job, stdin) if stdin else self._judge(job, file, as_json=options["json"])
        except UnicodeDecodeError as error:
            raise CommandError(f"not UTF-8: {error}", returncode=COULD_NOT_JUDGE) from error
        except (OSError, BadLine, EngineError) as error:
            raise CommandError(str(error), returncode=COULD_NOT_JUDGE) from error
        if code:
            sys.exit(code)

    def _judge(self, job: Job, file: Path, *, as_json: bool) -> int:
        sandbox = make_sandbox(pool_size=1)
        try:
            result = answer(job, sandbox)
        finally:
            sandbox.close()
        self.stdout.write(_as_json(file, result) if as_json else _as_table(result))
        if result["verdict"] == "AC":
            return 0
        return COULD_NOT_JUDGE if result["error"] else NOT_ACCEPTED


def _run(job: Job, path: Path) -> int:
    """Run the program on the file's bytes; its output comes out byte by byte, ours goes to stderr."""
    stdin = path.read_bytes()
    sandbox = make_sandbox(pool_size=1)
    try:
        ran = run(Program(job.language, job.source), stdin, job.limits, job.owner, sandbox)
    finally:
        sandbox.close()
    if ran.result is not None:
        sys.stdout.buffer.write(ran.result.stdout)
        sys.stdout.buffer.flush()
        sys.stderr.buffer.write(ran.result.stderr)
    print(_as_words(ran), file=sys.stderr)
    return NOT_ACCEPTED if ran.verdict else 0


def _as_words(ran: Ran) -> str:
    result = ran.result
    if result is None:
        return f"{ran.compilation.output.rstrip()}\nCE"
    used = f"{result.cpu_ms} ms CPU, {result.wall_ms} ms, {result.memory_kb} KiB"
    if ran.verdict is None:
        return used
    how = _ending(ran.verdict, result.signal, result.exit_code)
    return f"{ran.verdict}: {how}, {used}" if how else f"{ran.verdict}: {used}"


def _tests(path: Path) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {"stdin": [], "stdout": []}
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                test = json.loads(line)
                for key, column in columns.items():
                    column.append(test[key])
            except (ValueError, RecursionError, TypeError, KeyError) as error:
                raise BadLine(f"{path}, line {number}: not a test ({error!r})") from None
    return columns


def _as_json(file: Path, result: dict[str, Any]) -> str:
    return json.dumps({"id": str(file), **result})


def _as_table(result: dict[str, Any]) -> str:
    lines = [f"{'test':>4}  {'verdict':<7}  {'time':>8}  {'memory':>10}  remark"]
    for number, test in enumerate(result["tests"], 1):
        lines.append(f"{number:>4}  " + _as_line(test).rstrip())
    lines = lines if result["tests"] else []
    lines += [text.rstrip("\n") for text in (result["compile_output"], result["error"]) if text]
    return "\n".join([*lines, f"{result['verdict']}: {result['passed']} of {result['total']} tests passed"])


def _as_line(test: dict[str, Any]) -> str:
    if test["verdict"] is None:
        return f"{'-':<7}  {'not run':>8}"
    remark = _ending(test["verdict"], test["signal"], test["exit_code"]) or test["note"]
    return f"{test['verdict']:<7}  {test['time_ms']:>5} ms  {test['memory_kb']:>6} KiB  {remark}"


def _ending(verdict: str, signal: int, exit_code: int) -> str:
    if verdict != "RE":
        return ""
    return f"signal {signal}" if signal else f"exit code {exit_code}"
