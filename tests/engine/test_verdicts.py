"""The rules that turn runs into verdicts."""

import pytest

from judge.engine.types import RunResult
from judge.engine.verdicts import Ended, Verdict, of_run, overall


def result(ended: Ended = Ended.EXITED, exit_code: int = 0, signal: int = 0) -> RunResult:
    return RunResult(ended, exit_code, signal, 1, 1, 1, b"", b"")


def test_a_good_exit_decides_nothing() -> None:
    assert of_run(result()) is None


def test_exit_124_is_a_runtime_error_and_no_time_out() -> None:
    assert of_run(result(exit_code=124)) is Verdict.RE


def test_a_program_killed_by_its_own_sigkill_is_a_runtime_error() -> None:
    assert of_run(result(Ended.SIGNALLED, signal=9)) is Verdict.RE


@pytest.mark.parametrize(
    ("ended", "verdict"),
    [
        (Ended.CPU_LIMIT, Verdict.TLE),
        (Ended.WALL_LIMIT, Verdict.TLE),
        (Ended.MEMORY_LIMIT, Verdict.MLE),
        (Ended.OUTPUT_LIMIT, Verdict.OLE),
    ],
)
def test_a_limit_has_its_own_verdict(ended: Ended, verdict: Verdict) -> None:
    assert of_run(result(ended)) is verdict


def test_the_first_failing_test_decides() -> None:
    assert overall([Verdict.AC, Verdict.WA, Verdict.TLE]) is Verdict.WA


def test_tests_that_were_not_run_decide_nothing() -> None:
    assert overall([Verdict.AC, Verdict.TLE, Verdict.TLE, None]) is Verdict.TLE


def test_all_accepted_is_accepted() -> None:
    assert overall([Verdict.AC, Verdict.AC]) is Verdict.AC
