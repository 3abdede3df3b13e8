"""What a run's page shows of each case, made by the worker while the whole output is at hand, and small enough to keep.

In charge of: what is cut, and how ends are named. Not in charge of: running (`run_judging.py`) or looks.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from judge.engine.types import Case, Limits, Outcome
from judge.engine.verdicts import Ended, Verdict
from judge.submissions.first_difference import compare, printable

# Bytes of an input, an output or an error output that are kept.
KEPT_INPUT, KEPT_OUTPUT = 4 * 1024, 16 * 1024
MAX_NOTE = 200


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, ready for a page, and of how many bytes it is the beginning; 0 where it is whole."""

    text: str
    cut_of: int = 0


def excerpt(data: bytes, limit: int) -> Excerpt:
    """At most ``limit`` bytes of ``data``."""
    if len(data) <= limit:
        return Excerpt(printable(data))
    # A character that the cut goes through is left out.
    whole = data[:limit].decode("utf-8", "ignore").encode()
    return Excerpt(printable(whole or data[:limit]), len(data))


def result(case: Case, outcome: Outcome, number: int, limits: Limits, checker: str) -> dict[str, Any]:
    """One case's result as JSON: a sample's where it is ``checked``, else that of an own input."""
    shown: dict[str, Any] = {
        "sample": case.checked,
        "number": number,
        "stdin": asdict(excerpt(case.stdin, KEPT_INPUT)),
        "ran": outcome.result is not None,
        "verdict": outcome.verdict.value if outcome.verdict else "",
        "note": printable(outcome.note[:MAX_NOTE].encode("utf-8", "replace")),
    }
    if (ran := outcome.result) is None:
        return shown
    shown |= {
        "stdout": asdict(excerpt(ran.stdout, KEPT_OUTPUT)),
        "stderr": asdict(excerpt(ran.stderr, KEPT_INPUT)),
        "time_ms": ran.cpu_ms,
        "wall_ms": ran.wall_ms,
        "memory_kb": ran.memory_kb,
        "exit_code": ran.exit_code,
        "signal": ran.signal,
        "limit": _limit(ran.ended, limits),
    }
    if case.checked:
        shown["expected"] = asdict(excerpt(case.answer, KEPT_OUTPUT))
        # Of a program that crashed before it printed anything, the crash is all there is to see.
        if outcome.verdict is Verdict.WA or (outcome.verdict is not Verdict.AC and ran.stdout.strip()):
            difference = compare(case.answer, ran.stdout, exact=checker == "exact")
            shown["difference"] = difference.as_json() if difference else None
    return shown


def _limit(ended: Ended, limits: Limits) -> int:
    """The limit that the run went over, in the unit of its kind (ms, KiB); 0 where it kept all."""
    of: dict[Ended, int] = {
        Ended.CPU_LIMIT: limits.cpu_ms,
        Ended.WALL_LIMIT: limits.wall_ms,
        Ended.MEMORY_LIMIT: limits.memory_kb,
        Ended.OUTPUT_LIMIT: limits.output_kb,
    }
    return of.get(ended, 0)


def cases_of(samples: Sequence[Any], inputs: Sequence[str]) -> list[Case]:
    """The samples, which are checked, then the inputs, which are not; an empty input where there is nothing else."""
    cases = [Case(sample.stdin.encode(), sample.stdout.encode()) for sample in samples]
    own = inputs if cases or inputs else [""]
    return cases + [Case(text.encode(), b"", checked=False) for text in own]
