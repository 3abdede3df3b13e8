"""Adding up outcomes."""

from judge.engine.tally import Tally
from judge.engine.types import Compilation, Outcome, RunResult
from judge.engine.verdicts import Ended, Verdict


def outcome(index: int, verdict: Verdict | None, cpu_ms: int = 3, memory_kb: int = 9_000) -> Outcome:
    ran = RunResult(Ended.EXITED, 0, 0, cpu_ms, cpu_ms, memory_kb, b"", b"")
    return Outcome(index, verdict, ran if verdict else None)


def tally(*events: Compilation | Outcome) -> Tally:
    result = Tally()
    for event in events:
        result.add(event)
    return result


def test_what_does_not_compile_is_never_accepted() -> None:
    result = tally(Compilation(ok=False, output="no"))
    assert (result.verdict, result.compile_output, result.passed) == (Verdict.CE, "no", 0)
    assert (result.time_ms, result.memory_kb) == (None, None)


def test_the_first_failing_test_decides() -> None:
    result = tally(*[outcome(i, v) for i, v in enumerate([Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.AC, None])])
    assert (result.verdict, result.passed) == (Verdict.WA, 2)


def test_the_slowest_and_the_largest_test_count() -> None:
    result = tally(outcome(0, Verdict.AC, 5, 100), outcome(1, Verdict.AC, 2, 300), outcome(2, Verdict.AC, 0, 0))
    assert (result.verdict, result.time_ms, result.memory_kb) == (Verdict.AC, 5, 300)


def test_a_warning_of_the_compiler_is_kept() -> None:
    assert tally(Compilation(ok=True, output="warning"), outcome(0, Verdict.AC)).compile_output == "warning"
