"""Judges one stored submission: claim it, run the engine, keep every outcome as it falls, finish.

In charge of: the worker's side of a submission's life and the worker's sandbox. Not in charge of: messages
(`tasks.py`), who may write what (`claims.py`), how a program is run and judged (`judge.engine`).
"""

import logging
import shlex
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Self

from django.conf import settings
from django.db import connection

from judge.engine import checking, languages
from judge.engine.errors import ConfigurationError, EngineError, EngineUnavailable, SandboxError
from judge.engine.judge import judge
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.tally import Tally
from judge.engine.types import Case, Job, Limits, Outcome, Program
from judge.engine.verdicts import Verdict as EngineVerdict
from judge.submissions import claims, offered
from judge.submissions.claims import Claim, ClaimLost
from judge.submissions.models import Lane, Submission, TestResult, Verdict
from problems.models import Problem, TestCase

log = logging.getLogger(__name__)

# Outcomes that fall within this time are stored together: a test may take 3 ms, a commit takes 1.
KEEP_SECONDS = 0.05
MAX_COMPILE_OUTPUT = 64 * 1024
MAX_NOTE = 200

_sandbox: DockerSandbox | None = None
_sandbox_lock = threading.Lock()


def make_sandbox(pool_size: int | None = None) -> DockerSandbox:
    """A sandbox as the settings describe it; the caller closes it. Raises EngineError."""
    return DockerSandbox(
        image=settings.SANDBOX_IMAGE,
        runtime=settings.SANDBOX_RUNTIME,
        reuse=settings.SANDBOX_REUSE,
        pool_size=settings.SANDBOX_POOL_SIZE if pool_size is None else pool_size,
    )


def worker_sandbox() -> DockerSandbox:
    """This process' own sandbox, made when it is first asked for. Raises EngineError."""
    global _sandbox
    with _sandbox_lock:
        if _sandbox is None:
            _sandbox = make_sandbox()
        return _sandbox


def warm_up() -> None:
    """Start this process' sandbox before the first submission needs it, and tell the site which languages it has."""
    try:
        offered.tell(worker_sandbox().languages)
    except EngineError as error:
        log.error("no sandbox yet: %s", error)


def close_worker_sandbox() -> None:
    """End this process' sandbox, where there is one."""
    global _sandbox
    with _sandbox_lock:
        if _sandbox is not None:
            _sandbox.close()
            _sandbox = None


def run(submission_id: int, sandbox: Callable[[], DockerSandbox] = worker_sandbox) -> Submission | None:
    """Judge the submission, unless it is done or held by somebody else.

    Returns the submission where it was put back and deserves a new message at once, else None.
    """
    submission = claims.claimable(submission_id)
    if submission is None:
        return None
    tests = list(
        TestCase.objects.filter(problem_id=submission.problem_id)
        .select_related("problem")
        .only("position", "stdin", "stdout", "problem__tests_version")
        .order_by("position")
    )
    job = job_of(submission, tests)
    claim = claims.take(submission, **_judged_with(job, tests))
    if claim is None:
        return None
    try:
        return submission if _attempt(job, tests, claim, sandbox) else None
    except ClaimLost as lost:
        log.warning("claim lost: %s", lost)
        return None


def _attempt(job: Job, tests: list[TestCase], claim: Claim, sandbox: Callable[[], DockerSandbox]) -> bool:
    """One attempt, with our own faults turned into a retry or an IE; True where the next attempt may start at once."""
    try:
        _judge(job, tests, claim, sandbox())
    except EngineUnavailable as error:
        # An outage is nobody's attempt: the sweep brings the submission back until the engine answers.
        log.error("submission %s waits for the engine: %s", claim.submission_id, error)
        claim.release(str(error), counts=False)
    except EngineError as error:
        log.error("submission %s, attempt %s: %s", claim.submission_id, claim.attempt, error)
        if isinstance(error, SandboxError) and claim.attempt < settings.MAX_ATTEMPTS:
            claim.release(str(error), counts=True)
            return True
        claim.finish([], verdict=Verdict.IE, error=f"{type(error).__name__}: {error}")
    return False


def _judge(job: Job, tests: list[TestCase], claim: Claim, sandbox: DockerSandbox) -> None:
    if not tests:
        raise ConfigurationError("the problem has no tests")
    version = sandbox.version_of(job.language)
    tally = Tally()
    with _Keeper(claim) as keeper, closing(judge(job, sandbox)) as events:
        for event in events:
            tally.add(event)
            if isinstance(event, Outcome):
                keeper.put(_row(claim, tests[event.index].position, event))
    claim.finish(
        keeper.pending,
        verdict=tally.verdict.value,
        passed=tally.passed,
        time_ms=tally.time_ms,
        memory_kb=tally.memory_kb,
        compile_output=text_for_postgres(tally.compile_output, MAX_COMPILE_OUTPUT),
        image_digest=sandbox.image_digest,
        language_version=text_for_postgres(version, MAX_NOTE),
    )


def job_of(submission: Submission, tests: Iterable[TestCase]) -> Job:
    """What the engine is asked to do: the submission on these of its problem's tests."""
    problem = submission.problem
    # A curator's bulk runs never share a container with what the same person submits as a solver.
    role = "curation" if submission.lane == Lane.BATCH else "user"
    return Job(
        language=submission.language,
        source=submission.source.encode(),
        cases=[Case(test.stdin.encode(), test.stdout.encode()) for test in tests],
        owner=f"{role}:{submission.user_id}",
        limits=Limits(cpu_ms=problem.time_limit_ms, memory_kb=problem.memory_limit_kb),
        checker=problem.checker,
        checker_program=checker_program(problem),
    )


def checker_program(problem: Problem) -> Program | None:
    """The curator's own checker, where the problem has one."""
    if not problem.checker_language:
        return None
    return Program(problem.checker_language, problem.checker_source.encode())


def _judged_with(job: Job, tests: list[TestCase]) -> dict[str, Any]:
    """The submission's fields that are known before it is judged."""
    language = languages.all_languages().get(job.language)
    limits = job.limits.stretched(language.time_factor) if language else job.limits
    return {
        "total": len(tests),
        # Read together with the tests, so that it is theirs even while an import replaces them.
        "tests_version": tests[0].problem.tests_version if tests else 0,
        "time_limit_ms": limits.cpu_ms,
        "memory_limit_kb": limits.memory_kb,
        "checker": checking.name_of(job.checker_program) if job.checker_program else job.checker,
        "flags": shlex.join((language.compile or language.run).argv) if language else "",
    }


def _row(claim: Claim, position: int, outcome: Outcome) -> TestResult:
    row = TestResult(
        submission_id=claim.submission_id,
        attempt=claim.attempt,
        position=position,
        verdict=outcome.verdict.value if outcome.verdict else "",
        note=text_for_postgres(outcome.note, MAX_NOTE),
        measurements=list(outcome.measurements),
    )
    if (result := outcome.result) is not None:
        row.time_ms, row.wall_ms, row.memory_kb = result.cpu_ms, result.wall_ms, result.memory_kb
        row.exit_code, row.signal = result.exit_code, result.signal
        row.stdout = result.stdout[: settings.MAX_STORED_OUTPUT_BYTES]
        # A traceback ends with what matters.
        end = -settings.MAX_STORED_OUTPUT_BYTES if outcome.verdict is EngineVerdict.RE else 0
        row.stderr = result.stderr[end:][: settings.MAX_STORED_OUTPUT_BYTES]
        row.stdout_size, row.stderr_size = len(result.stdout), len(result.stderr)
    return row


def text_for_postgres(value: str, limit: int) -> str:
    """What Postgres can store of ``value``: at most ``limit`` characters, no NUL, no lone surrogates."""
    return value[:limit].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


class _Keeper:
    """Stores outcomes soon after they fall and renews the lease, in a thread: judging never waits for the database.

    What is still `pending` at the end is left to the caller, to be stored together with the verdict.
    """

    def __init__(self, claim: Claim) -> None:
        self.pending: list[TestResult] = []
        self._claim = claim
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="keeper")

    def __enter__(self) -> Self:
        self._keeping = self._threads.submit(self._keep)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._threads.shutdown()
        self._raise_what_failed()

    def put(self, row: TestResult) -> None:
        """Have ``row`` stored. Raises what keeping earlier rows raised: ClaimLost, or the database's errors."""
        self._raise_what_failed()
        with self._lock:
            self.pending.append(row)

    def _raise_what_failed(self) -> None:
        if self._keeping.done():
            self._keeping.result()

    def _keep(self) -> None:
        renewed = time.monotonic()
        try:
            while not self._stop.wait(KEEP_SECONDS):
                with self._lock:
                    rows, self.pending = self.pending, []
                if rows:
                    self._claim.keep(rows)
                elif time.monotonic() - renewed > settings.LEASE_SECONDS / 3:
                    self._claim.renew()
                else:
                    continue
                renewed = time.monotonic()
        finally:
            connection.close()
