"""The worker's side of a submission's life, mostly with a scripted sandbox: its faults, its delays, what is kept."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from judge.engine import checking
from judge.engine.errors import EngineUnavailable, ImageMissing, SandboxLost
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Compilation, Program
from judge.engine.verdicts import Ended
from judge.submissions import claims, judging
from judge.submissions.models import Lane, Status, Submission, Verdict

# Outcomes are kept by a thread of their own, which sees committed rows only.
pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Any]

RIGHT = (b"3\n", b"4\n", b"42\n")


def judge(submission: Submission, sandbox: Any) -> Submission:
    """Judges it in this thread; the submission as it is afterwards."""
    judging.run(submission.pk, lambda: sandbox)
    return now(submission)


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def rows(submission: Submission) -> list[str]:
    return list(submission.results.values_list("verdict", flat=True))


@pytest.fixture
def real_sandbox() -> Iterator[DockerSandbox]:
    """The sandbox of the settings."""
    sandbox = judging.make_sandbox(pool_size=1)
    yield sandbox
    sandbox.close()


@pytest.fixture
def in_background() -> Iterator[Callable[[Callable[[], Any]], None]]:
    """Starts a function in a thread and waits for it at the end of the test."""
    threads = []

    def start(function: Callable[[], Any]) -> None:
        def run() -> None:
            try:
                function()
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join()


def wait_until(true: Callable[[], bool]) -> None:
    """Waits at most 20 s."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


# --- our faults -------------------------------------------------------------------------------------------------------


def test_an_outage_of_the_engine_costs_no_attempt(make_submission: Make, scripted: Make) -> None:
    submission = make_submission()
    for _ in range(5):
        submission = judge(submission, scripted(EngineUnavailable("no daemon")))
        assert (submission.status, submission.attempt, submission.verdict) == (Status.QUEUED, 0, "")
    assert submission.error == "no daemon"
    assert judge(submission, scripted(*RIGHT)).verdict == Verdict.AC


def test_an_engine_that_is_away_already_when_the_sandbox_is_made_costs_no_attempt(make_submission: Make) -> None:
    def no_sandbox() -> Any:
        raise EngineUnavailable("no daemon")

    submission = make_submission()
    assert judging.run(submission.pk, no_sandbox) is None
    assert (now(submission).status, now(submission).attempt) == (Status.QUEUED, 0)


def test_a_lost_container_is_tried_again_at_once(make_submission: Make, scripted: Make) -> None:
    submission = make_submission()
    assert judging.run(submission.pk, lambda: scripted(b"3\n", SandboxLost("gone"))) == submission
    submission = now(submission)
    assert (submission.status, submission.attempt, submission.verdict) == (Status.QUEUED, 1, "")
    assert rows(submission) == []


def test_three_lost_containers_are_our_fault_and_curators_see_why(make_submission: Make, scripted: Make) -> None:
    submission = make_submission()
    for _ in range(3):
        submission = judge(submission, scripted(SandboxLost("gone")))
    assert (submission.status, submission.verdict) == (Status.DONE, Verdict.IE)
    assert submission.error == "SandboxLost: gone"
    assert submission.compile_output == ""


def test_a_missing_image_is_our_fault_at_once(make_submission: Make, scripted: Make) -> None:
    submission = judge(make_submission(), scripted(compilation=ImageMissing("run make up")))
    assert (submission.verdict, submission.attempt, submission.error) == (Verdict.IE, 1, "ImageMissing: run make up")


@pytest.mark.parametrize(
    ("problem", "submission", "says"),
    [
        ({"checker": "nonsense"}, {}, "UnknownChecker"),
        ({}, {"language": "cobol"}, "UnknownLanguage"),
        ({"tests": []}, {}, "no tests"),
    ],
)
def test_what_cannot_be_judged_is_our_fault_and_never_accepted(
    make_problem: Make, make_submission: Make, scripted: Make, problem: dict, submission: dict, says: str
) -> None:
    judged = judge(make_submission(make_problem(**problem), **submission), scripted())
    assert (judged.status, judged.verdict) == (Status.DONE, Verdict.IE)
    assert says in judged.error


# --- claims -----------------------------------------------------------------------------------------------------------


def test_a_finished_submission_is_not_judged_again(make_submission: Make, scripted: Make) -> None:
    submission = judge(make_submission(), scripted(*RIGHT))
    again = scripted(b"wrong")
    assert judge(submission, again).verdict == Verdict.AC
    assert again.owners == []


def test_a_deleted_submission_is_no_error(scripted: Make) -> None:
    assert judging.run(10**9, scripted) is None


def test_the_lease_is_renewed_while_one_test_runs_long(make_submission: Make, scripted: Make, settings: Any) -> None:
    settings.LEASE_SECONDS = 1
    submission = make_submission()
    seen = []

    def long_test() -> None:
        for _ in range(25):
            time.sleep(0.1)
            seen.append(claims.claimable(submission.pk))

    assert judge(submission, scripted(long_test, b"4\n", b"42\n")).verdict == Verdict.AC
    assert seen == [None] * 25


def test_a_worker_that_lost_its_claim_leaves_the_new_ones_work_alone(make_submission: Make, scripted: Make) -> None:
    submission = make_submission()

    def overtaken() -> None:
        Submission.objects.filter(pk=submission.pk).update(lease_until=Now() - timedelta(seconds=1))
        assert judge(submission, scripted(*RIGHT)).verdict == Verdict.AC

    judged = judge(submission, scripted(overtaken, b"wrong", b"wrong"))
    assert (judged.verdict, judged.attempt, judged.passed) == (Verdict.AC, 2, 3)
    assert set(judged.results.values_list("attempt", "verdict")) == {(2, "AC")}


def test_a_worker_that_lost_its_claim_stops_in_the_middle(make_submission: Make, scripted: Make) -> None:
    submission = make_submission()

    def overtaken() -> None:
        Submission.objects.filter(pk=submission.pk).update(attempt=2)

    sandbox = scripted(overtaken, lambda: time.sleep(0.3), b"42\n")
    judge(submission, sandbox)
    assert len(sandbox.inputs) == 2


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_outcomes_are_stored_while_later_tests_run(make_submission: Make, scripted: Make, in_background: Make) -> None:
    submission = make_submission()
    go_on = threading.Event()
    in_background(lambda: judging.run(submission.pk, lambda: scripted(b"3\n", lambda: go_on.wait(20), b"42\n")))
    try:
        wait_until(lambda: rows(submission) == ["AC"])
        assert (now(submission).status, now(submission).total) == (Status.JUDGING, 3)
    finally:
        go_on.set()
    wait_until(lambda: now(submission).status == Status.DONE)
    assert rows(submission) == ["AC", "WA", "AC"]


def test_verdict_and_figures_are_of_the_first_failing_slowest_and_largest_test(
    make_submission: Make, scripted: Make, run_result: Make
) -> None:
    slow = run_result(b"3\n", cpu_ms=150)
    killed = run_result(ended=Ended.SIGNALLED, signal=11, memory_kb=77_000)
    submission = judge(make_submission(), scripted(slow, killed, b"wrong"))
    assert (submission.verdict, submission.passed, submission.total) == (Verdict.RE, 1, 3)
    assert (submission.time_ms, submission.memory_kb) == (150, 77_000)
    assert (submission.lease_until, submission.error) == (None, "")
    assert submission.judged_at is not None
    assert submission.results.get(position=2).signal == 11


def test_a_test_that_was_not_run_counts_in_the_total(make_submission: Make, scripted: Make, run_result: Make) -> None:
    slow = run_result(ended=Ended.CPU_LIMIT, cpu_ms=2_000)
    # The first of them is run a second time.
    submission = judge(make_submission(), scripted(slow, slow, slow))
    assert (submission.verdict, submission.passed, submission.total) == (Verdict.TLE, 0, 3)
    assert rows(submission) == ["TLE", "TLE", ""]


def test_all_measurements_of_a_test_near_its_limit_are_kept(
    make_submission: Make, scripted: Make, run_result: Make
) -> None:
    runs = [run_result(b"3\n", cpu_ms=cpu_ms) for cpu_ms in (1_900, 1_700, 1_800)]
    submission = judge(make_submission(), scripted(*runs, *RIGHT[1:]))
    kept = list(submission.results.values_list("verdict", "time_ms", "measurements"))
    assert kept == [("AC", 1_700, [1_900, 1_700, 1_800]), ("AC", 3, []), ("AC", 3, [])]


def test_long_outputs_are_cut_and_kept_as_bytes(make_submission: Make, scripted: Make, run_result: Make) -> None:
    submission = judge(make_submission(), scripted(run_result(b"\x00\xff" * 5_000, stderr=b"e" * 5_000)))
    result = submission.results.get(position=1)
    assert bytes(result.stdout) == b"\x00\xff" * 2_048
    assert bytes(result.stderr) == b"e" * 4_096
    assert (result.stdout_size, result.stderr_size) == (10_000, 5_000)


def test_of_a_crashs_long_error_output_the_end_is_kept(make_submission: Make, scripted: Make, run_result: Make) -> None:
    crash = run_result(stderr=b"e" * 5_000 + b"ValueError: x\n", exit_code=1)
    (result, *_) = judge(make_submission(), scripted(crash)).results.all()
    assert len(result.stderr) == 4_096
    assert bytes(result.stderr).endswith(b"ValueError: x\n")


def test_when_its_attempt_began_is_kept(make_submission: Make, scripted: Make) -> None:
    submission = judge(make_submission(), scripted(*RIGHT))
    assert submission.created_at <= submission.started_at <= submission.judged_at


def test_a_compile_error_is_kept_as_text_that_postgres_takes(make_submission: Make, scripted: Make) -> None:
    noise = "error\0 \ud800" + "x" * 100_000
    submission = judge(make_submission(), scripted(compilation=Compilation(ok=False, output=noise)))
    assert (submission.verdict, submission.passed, submission.total) == (Verdict.CE, 0, 3)
    assert submission.compile_output.startswith("error\ufffd ?xxx")
    assert len(submission.compile_output) == 64 * 1024
    assert rows(submission) == []


@pytest.mark.docker
def test_a_curators_own_checker_decides(make_problem: Make, make_submission: Make, real_sandbox: Any) -> None:
    checker = "import sys\nsys.exit(open(sys.argv[2]).read() != 'any\\n')"
    problem = make_problem(checker_language="python3", checker_source=checker)
    right = judge(make_submission(problem, source="print('any')"), real_sandbox)
    wrong = judge(make_submission(problem), real_sandbox)
    assert (right.verdict, wrong.verdict, wrong.passed) == (Verdict.AC, Verdict.WA, 0)
    assert right.checker == checking.name_of(Program("python3", checker.encode()))


@pytest.mark.docker
def test_a_checker_that_fails_costs_nobody_and_curators_see_why(
    make_problem: Make, make_submission: Make, real_sandbox: Any
) -> None:
    problem = make_problem(checker_language="python3", checker_source="raise ValueError('of the checker')")
    submission = judge(make_submission(problem), real_sandbox)
    assert (submission.verdict, submission.attempt, submission.compile_output) == (Verdict.IE, 1, "")
    assert submission.error.startswith("CheckerFailed: test 1: ")
    assert "ValueError: of the checker" in submission.error


def test_it_keeps_what_it_was_judged_with(make_problem: Make, make_submission: Make, scripted: Make) -> None:
    problem = make_problem(time_limit_ms=1_500, memory_limit_kb=65_536, tests_version=4)
    submission = judge(make_submission(problem, language="cpp17"), scripted(*RIGHT))
    assert (submission.time_limit_ms, submission.memory_limit_kb) == (1_500, 65_536)
    assert (submission.tests_version, submission.checker) == (4, "lines")
    assert (submission.image_digest, submission.language_version) == ("sha256:scripted", "cpp17 1.0")
    assert "-O2" in submission.flags


def test_tests_run_in_the_order_of_their_positions(make_problem: Make, make_submission: Make, scripted: Make) -> None:
    problem = make_problem()
    problem.tests.filter(position=1).update(position=9)
    sandbox = scripted()
    submission = judge(make_submission(problem), sandbox)
    assert sandbox.inputs == [b"2 2\n", b"40 2\n", b"1 2\n"]
    assert list(submission.results.values_list("position", flat=True)) == [2, 3, 9]


def test_people_and_bulk_runs_never_share_an_owner(make_user: Make, make_submission: Make, scripted: Make) -> None:
    user, sandbox = make_user(), scripted()
    judge(make_submission(user=user), sandbox)
    judge(make_submission(user=user, lane=Lane.BATCH), sandbox)
    judge(make_submission(), sandbox)
    assert len(set(sandbox.owners)) == 3
