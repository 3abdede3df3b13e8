"""`manage.py judge_file --language L --tests T.jsonl FILE`: judge one local program, no web and no database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judge.engine.batch import BadLine, answer, job_of
from judge.engine.errors import EngineError
from judge.engine.types import Limits
from judge.submissions.judging import make_sandbox

# The exit code of a program that was judged and not accepted; a command that could not judge ends with 2.
NOT_ACCEPTED = 1
COULD_NOT_JUDGE = 2


class Command(BaseCommand):
    """Exit code 0 where the program is accepted, 1 where it is not, 2 where it could not be judged."""

    help = "Judges a program against a file of tests, one {'stdin': ..., 'stdout': ...} a line; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What `judge_batch` reads of a line, as options."""
        limits = Limits()
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", required=True, help="a language's key, like python3 or cpp17")
        parser.add_argument("--tests", type=Path, required=True, metavar="TESTS.jsonl")
        parser.add_argument("--time-limit-ms", type=int, default=limits.cpu_ms, metavar="MS")
        parser.add_argument("--memory-limit-kb", type=int, default=limits.memory_kb, metavar="KB")
        parser.add_argument("--checker", default="lines")
        parser.add_argument("--json", action="store_true", help="print the answer as judge_batch does")

    def handle(self, *, file: Path, tests: Path, json: bool, **options: Any) -> None:
        """Judge, print, exit."""
        try:
            given = {key: options[key] for key in ("language", "checker", "time_limit_ms", "memory_limit_kb")}
            job = job_of(given | {"source": file.read_bytes().decode(), "tests": _tests(tests)})
            sandbox = make_sandbox(pool_size=1)
            try:
                result = answer(job, sandbox)
            finally:
                sandbox.close()
        except UnicodeDecodeError as error:
            raise CommandError(f"not UTF-8: {error}", returncode=COULD_NOT_JUDGE) from error
        except (OSError, BadLine, EngineError) as error:
            raise CommandError(str(error), returncode=COULD_NOT_JUDGE) from error
        self.stdout.write(_as_json(file, result) if json else _as_table(result))
        if result["verdict"] != "AC":
            sys.exit(COULD_NOT_JUDGE if result["error"] else NOT_ACCEPTED)


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
    remark = test["note"]
    if test["verdict"] == "RE":
        remark = f"signal {test['signal']}" if test["signal"] else f"exit code {test['exit_code']}"
    return f"{test['verdict']:<7}  {test['time_ms']:>5} ms  {test['memory_kb']:>6} KiB  {remark}"
