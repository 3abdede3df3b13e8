"""Looks for a small failing case of one submission: claim it, search, keep what came of it.

In charge of: what the search is given, which is the problem's samples and never another test, and how many are at work
at once. Not in charge of: the search (`judge.engine.growing`), who may ask for one (`case_requests.py`), messages.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from judge.engine.errors import EngineError, EngineUnavailable, SandboxError
from judge.engine.growing.search import Culprit, Report, Suspicion, search
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Program
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.judging import MAX_NOTE, job_of, text_for_postgres, worker_sandbox
from judge.submissions.models import Submission
from problems.models import TestCase

log = logging.getLogger(__name__)

# The search stops after this long; one run more may be on its way then, which the lease has room for.
SECONDS = 12.0
LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 2
# A search holds a thread that would judge submissions, so only one is at work on the whole site.
AT_ONCE = 1
MAX_SAMPLES = 10
# A message that is younger than this may still be on its way.
GRACE = timedelta(seconds=3)
# Whose the advisory lock is under which claims are counted.
_CLAIMS = 4_711_001


def run(submission_id: int, sandbox: Callable[[], DockerSandbox] = worker_sandbox) -> int | None:
    """Look for it, unless that is done, being done, or others are at work; returns one that waits and may be next."""
    case = _take(submission_id)
    if case is None:
        return None
    submission = Submission.objects.select_related("problem").get(pk=submission_id)
    try:
        report = search(_suspicion(submission), sandbox(), _clock(), seed=submission_id)
    except EngineUnavailable as error:
        log.error("the failing case of %s waits for the engine: %s", submission_id, error)
        _write(case, status=CaseStatus.QUEUED, attempt=case.attempt - 1, published_at=Now(), error=str(error))
        return None
    except EngineError as error:
        log.error("the failing case of %s, attempt %s: %s", submission_id, case.attempt, error)
        again = isinstance(error, SandboxError) and case.attempt < MAX_ATTEMPTS
        _write(case, status=CaseStatus.QUEUED if again else CaseStatus.FAILED, error=str(error))
    else:
        _keep(case, report)
    return FailingCase.objects.unclaimed().order_by("published_at").values_list("pk", flat=True).first()


def overdue() -> int | None:
    """One that waits, whose message is past its grace, noted as published now; those that were lost twice are ended."""
    lost = FailingCase.objects.unclaimed().filter(status=CaseStatus.WORKING, attempt__gte=MAX_ATTEMPTS)
    lost.update(status=CaseStatus.FAILED, lease_until=None, error="each attempt lost its worker")
    waiting = FailingCase.objects.unclaimed().filter(published_at__lt=Now() - GRACE).order_by("published_at")
    with transaction.atomic():
        found = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True).first()
        FailingCase.objects.filter(pk=found).update(published_at=Now())
    return found


def _take(submission_id: int) -> FailingCase | None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One after the other, so that two claims at once are not both the only one.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
        if FailingCase.objects.at_work().count() >= AT_ONCE:
            return None
        free = FailingCase.objects.unclaimed().filter(pk=submission_id, attempt__lt=MAX_ATTEMPTS)
        claim = {"status": CaseStatus.WORKING, "lease_until": Now() + LEASE, "attempt": F("attempt") + 1}
        return FailingCase.objects.only("attempt").get(pk=submission_id) if free.update(**claim) else None


def _clock() -> Callable[[], bool]:
    end = time.monotonic() + SECONDS
    return lambda: time.monotonic() < end


def _suspicion(submission: Submission) -> Suspicion:
    problem = submission.problem
    # Nothing else of the problem's tests goes in: what grows from hidden ones would tell of them.
    samples = TestCase.objects.filter(problem_id=problem.pk, is_sample=True).order_by("position")[:MAX_SAMPLES]
    return Suspicion(job_of(submission, samples), Program("python3", problem.solution.encode()))


def _keep(case: FailingCase, report: Report) -> None:
    if not report.trusted:
        _write(case, status=CaseStatus.FAILED, error="the reference solution fails on the samples")
    elif report.culprit is None:
        _write(case, status=CaseStatus.NOTHING, tried=report.tried, error="")
    else:
        _write(case, status=CaseStatus.FOUND, tried=report.tried, error="", **_fields(report.culprit))


def _fields(culprit: Culprit) -> dict[str, Any]:
    limit, result = settings.MAX_STORED_OUTPUT_BYTES, culprit.result
    return {
        "stdin": text_for_postgres(culprit.stdin.decode("utf-8", "replace"), len(culprit.stdin)),
        "answer": culprit.answer[:limit],
        "answer_size": len(culprit.answer),
        "loose": culprit.loose,
        "verdict": culprit.verdict.value,
        "note": text_for_postgres(culprit.note, MAX_NOTE),
        "exit_code": result.exit_code,
        "signal": result.signal,
        "stdout": result.stdout[:limit],
        "stdout_size": len(result.stdout),
        "stderr": result.stderr[-limit:],
        "stderr_size": len(result.stderr),
    }


def _write(case: FailingCase, **fields: Any) -> None:
    """Keep ``fields`` and give the claim back, where it is still ours."""
    ours = FailingCase.objects.filter(pk=case.pk, attempt=case.attempt, status=CaseStatus.WORKING)
    if not ours.update(lease_until=None, **fields):
        log.warning("the claim on the failing case of %s was lost", case.pk)
