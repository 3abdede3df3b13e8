"""The worker's side of a run: claim it, compile once, run each case, keep what a page shows of it.

The same engine, limits, checker and container as for the user's submissions. Hidden tests are never read here. Not in
charge of: messages (`run_tasks.py`).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from judge.engine import languages
from judge.engine.errors import EngineError, EngineUnavailable, SandboxError
from judge.engine.judge import judge
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Compilation, Job, Limits
from judge.submissions import run_results
from judge.submissions.first_difference import printable
from judge.submissions.judging import MAX_COMPILE_OUTPUT, checker_program, worker_sandbox
from judge.submissions.run_models import LEASE, Run, RunFault, RunStage
from problems.models import TestCase

log = logging.getLogger(__name__)

MAX_SAMPLES = 10
# Neither the reference solution nor anything else of the problem.
_NEEDED = (
    *("user_id", "problem_id", "language", "source", "samples", "inputs"),
    *(f"problem__{name}" for name in ("time_limit_ms", "memory_limit_kb", "checker")),
    *(f"problem__{name}" for name in ("checker_language", "checker_source")),
)
# A container that was lost gets one more try, within the same claim.
TRIES = 2
RENEW_SECONDS = LEASE.total_seconds() / 4
# What falls within this time is shown together.
KEEP_SECONDS = 0.2


def run(run_id: int, sandbox: Callable[[], DockerSandbox] = worker_sandbox) -> None:
    """Do the run, unless it is done, at work, gone or too old. It ends with a result or a fault, whatever happens."""
    if not Run.objects.waiting().filter(pk=run_id).update(stage=RunStage.RUNNING, lease_until=Now() + LEASE):
        return
    claimed = Run.objects.select_related("problem").only(*_NEEDED).get(pk=run_id)
    with _lease(run_id):
        fields = _attempt(claimed, sandbox)
    _write(run_id, stage=RunStage.DONE, lease_until=None, **fields)


def _attempt(claimed: Run, sandbox: Callable[[], DockerSandbox]) -> dict[str, Any]:
    """The fields of a run that has ended."""
    for tries_left in reversed(range(TRIES)):
        try:
            return _do(claimed, sandbox())
        except EngineUnavailable as error:
            log.error("run %s: %s", claimed.pk, error)
            return {"fault": RunFault.UNAVAILABLE}
        except EngineError as error:
            log.error("run %s: %s: %s", claimed.pk, type(error).__name__, error)
            if not isinstance(error, SandboxError):
                break
            log.info("run %s: %s tries left", claimed.pk, tries_left)
    return {"fault": RunFault.OURS}


def _do(claimed: Run, sandbox: DockerSandbox) -> dict[str, Any]:
    job = _job(claimed)
    limits = job.limits.stretched(languages.get(job.language).time_factor)
    fields: dict[str, Any] = {"total": len(job.cases), "results": []}
    kept = time.monotonic()
    with closing(judge(job, sandbox)) as events:
        for event in events:
            if isinstance(event, Compilation):
                said = printable(event.output.encode("utf-8", "replace"))
                fields |= {"compiled": event.ok, "compile_output": said[:MAX_COMPILE_OUTPUT]}
            else:
                case, number = job.cases[event.index], len(fields["results"]) + 1
                fields["results"].append(run_results.result(case, event, number, limits, job.checker))
            if time.monotonic() - kept > KEEP_SECONDS:
                kept = time.monotonic()
                _write(claimed.pk, **fields)
    return fields


def _job(claimed: Run) -> Job:
    problem = claimed.problem
    samples = TestCase.objects.filter(problem=problem, is_sample=True).order_by("position")[:MAX_SAMPLES]
    return Job(
        language=claimed.language,
        source=claimed.source.encode(),
        cases=run_results.cases_of(list(samples) if claimed.samples else [], claimed.inputs),
        # The same as for what the user submits: the container is warm already.
        owner=f"user:{claimed.user_id}",
        limits=Limits(cpu_ms=problem.time_limit_ms, memory_kb=problem.memory_limit_kb),
        checker=problem.checker,
        checker_program=checker_program(problem),
    )


def _write(run_id: int, **fields: Any) -> None:
    Run.objects.filter(pk=run_id, stage=RunStage.RUNNING).update(**fields)


@contextmanager
def _lease(run_id: int) -> Iterator[None]:
    """Renews the lease in a thread for the length of the block."""
    stop = threading.Event()

    def renew() -> None:
        try:
            while not stop.wait(RENEW_SECONDS):
                _write(run_id, lease_until=Now() + LEASE)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"run-{run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
