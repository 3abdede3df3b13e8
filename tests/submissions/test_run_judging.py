"""The worker's side of a run: what it may touch, what it keeps, and that it ends whatever happens."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from judge.engine.errors import EngineUnavailable, ImageMissing, SandboxLost
from judge.engine.types import Compilation
from judge.engine.verdicts import Ended
from judge.submissions import judging, run_judging
from judge.submissions.models import Run
from judge.submissions.run_models import LEASE, PATIENCE, RunFault, RunStage

# The lease is renewed by a thread of its own, which sees committed rows only.
pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Any]
SECRET = "SECRET-1f3c"


@pytest.fixture
def problem(make_problem: Make) -> Any:
    """A problem with one sample and a hidden test."""
    made = make_problem([("1 2\n", "3\n"), (f"{SECRET} 1\n", f"{SECRET}\n")])
    made.tests.filter(position=1).update(is_sample=True)
    return made


def do(run: Run, sandbox: Any) -> Run:
    run_judging.run(run.pk, lambda: sandbox)
    return Run.objects.told().get(pk=run.pk)


def test_hidden_tests_are_never_read(problem: Any, make_run: Make, scripted: Make) -> None:
    sandbox = scripted(b"3\n", b"8\n")
    run = do(make_run(problem, inputs=["5 3\n"]), sandbox)
    assert sandbox.inputs == [b"1 2\n", b"5 3\n"]
    assert SECRET not in str(run.results)


def test_it_shares_the_container_of_the_users_submissions(problem: Any, make_run: Make, scripted: Make) -> None:
    sandbox = scripted(b"3\n")
    run = do(make_run(problem), sandbox)
    assert sandbox.owners == [f"user:{run.user_id}"]


@pytest.mark.parametrize(
    "fields",
    [{"stage": RunStage.RUNNING}, {"stage": RunStage.DONE}, {"created_at": Now() - PATIENCE}],
    ids=["at-work", "done", "too-old"],
)
def test_what_is_not_waiting_is_not_run(problem: Any, make_run: Make, scripted: Make, fields: dict) -> None:
    sandbox = scripted()
    run = do(make_run(problem, **fields), sandbox)
    assert sandbox.owners == []
    assert run.results == []


def test_a_run_that_is_gone_is_no_error(scripted: Make) -> None:
    run_judging.run(4711, scripted)


def test_of_two_workers_one_runs_it(problem: Any, make_run: Make, scripted: Make, at_once: Make) -> None:
    run, sandbox = make_run(problem), scripted()
    at_once(4, lambda: run_judging.run(run.pk, lambda: sandbox))
    assert len(sandbox.owners) == 1


def test_a_right_and_a_wrong_sample(problem: Any, make_run: Make, scripted: Make) -> None:
    run = do(make_run(problem), scripted(b"3\n"))
    (result,) = run.results
    assert (run.stage, run.total, result["verdict"]) == (RunStage.DONE, 1, "AC")
    (result,) = do(make_run(problem), scripted(b"4\n")).results
    assert result["verdict"] == "WA"
    assert result["expected"]["text"] == "3\n"
    assert result["difference"]["rows"][0]["got"]["marked"] == "4"


def test_an_own_input_is_neither_right_nor_wrong(problem: Any, make_run: Make, scripted: Make) -> None:
    run = do(make_run(problem, samples=False, inputs=["7\n"]), scripted(b"anything"))
    (result,) = run.results
    assert (result["verdict"], result["sample"], result["stdout"]["text"]) == ("", False, "anything")
    assert "expected" not in result


def test_without_samples_and_inputs_the_program_reads_nothing(problem: Any, make_run: Make, scripted: Make) -> None:
    sandbox = scripted(b"hello")
    do(make_run(problem, samples=False), sandbox)
    assert sandbox.inputs == [b""]


def test_a_crash_keeps_signal_exit_code_and_error_output(
    problem: Any, make_run: Make, scripted: Make, run_result: Make
) -> None:
    crash = run_result(b"", exit_code=3, stderr=b"Traceback\0")
    (result,) = do(make_run(problem), scripted(crash)).results
    assert (result["verdict"], result["exit_code"], result["stderr"]["text"]) == ("RE", 3, "Traceback\u2400")


def test_a_limit_is_named(problem: Any, make_run: Make, scripted: Make, run_result: Make) -> None:
    slow = run_result(b"", ended=Ended.CPU_LIMIT, cpu_ms=5_000)
    (result,) = do(make_run(problem), scripted(slow)).results
    assert (result["verdict"], result["limit"]) == ("TLE", 2_000)


def test_a_huge_output_is_cut_and_its_size_kept(problem: Any, make_run: Make, scripted: Make) -> None:
    run = do(make_run(problem, samples=False, inputs=["1\n"]), scripted("é".encode() * 1_000_000))
    stdout = run.results[0]["stdout"]
    assert stdout["cut_of"] == 2_000_000
    assert stdout["text"] == "é" * 8_192


def test_a_compile_error_keeps_the_compilers_words(problem: Any, make_run: Make, scripted: Make) -> None:
    run = do(make_run(problem), scripted(compilation=Compilation(ok=False, output="no such\0 type")))
    assert (run.stage, run.compiled, run.results) == (RunStage.DONE, False, [])
    assert run.compile_output == "no such\u2400 type"


def test_a_lost_container_is_tried_once_more(problem: Any, make_run: Make, scripted: Make) -> None:
    run = do(make_run(problem), scripted(SandboxLost("gone"), b"3\n"))
    assert (run.fault, run.results[0]["verdict"]) == ("", "AC")


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([SandboxLost("gone"), SandboxLost("gone")], RunFault.OURS),
        ([ImageMissing("run make up")], RunFault.OURS),
        ([EngineUnavailable("no daemon")], RunFault.UNAVAILABLE),
    ],
    ids=["lost-twice", "no-image", "no-engine"],
)
def test_our_faults_end_the_run(
    problem: Any, make_run: Make, scripted: Make, steps: list[Exception], fault: str
) -> None:
    run = do(make_run(problem), scripted(*steps))
    assert (run.stage, run.fault, run.results) == (RunStage.DONE, fault, [])


def test_a_run_whose_worker_died_is_told_as_lost(problem: Any, make_run: Make) -> None:
    run = make_run(problem, stage=RunStage.RUNNING, lease_until=Now() - timedelta(seconds=1))
    assert Run.objects.told().get(pk=run.pk).lost


def test_the_lease_is_renewed_while_a_program_runs(
    problem: Any, make_run: Make, scripted: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_judging, "RENEW_SECONDS", 0.01)
    run = make_run(problem)
    renewed = threading.Event()

    def long() -> None:
        Run.objects.filter(pk=run.pk).update(lease_until=Now() - LEASE)
        while not renewed.wait(0.01):
            if Run.objects.filter(pk=run.pk, lease_until__gt=Now()).exists():
                renewed.set()

    assert do(run, scripted(long)).stage == RunStage.DONE


@pytest.mark.docker
def test_programs_run_in_the_real_sandbox(problem: Any, make_run: Make) -> None:
    sandbox = judging.make_sandbox(pool_size=1)
    try:
        run = do(make_run(problem, inputs=["20 22\n", "x\n"]), sandbox)
        bad = do(make_run(problem, language="cpp17", source="int main() { return x; }"), sandbox)
    finally:
        sandbox.close()
    assert [result["verdict"] for result in run.results] == ["AC", "", "RE"]
    assert run.results[1]["stdout"]["text"] == "42\n"
    assert "ValueError" in run.results[2]["stderr"]["text"]
    assert bad.compiled is False
    assert "solution.cpp:1" in bad.compile_output
