"""A person's submissions, drafts and runs for the export of their data: their own programs and verdicts, nothing of any
hidden test's data. A small failing case is theirs, too: its input grew from the samples, and its page shows it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch

from judge.accounts.exporting import CHUNK, values
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.draft_models import Draft
from judge.submissions.models import Submission, TestResult
from judge.submissions.report import printable
from judge.submissions.run_models import Run

_COLUMNS = ("id", "language", "source", "lane", "status", "verdict", "passed", "total", "time_ms", "memory_kb")
_TIMES = ("created_at", "judged_at")


def submissions(user: Any) -> Iterator[Mapping[str, Any]]:
    """The submissions, oldest first, each with the verdicts of its tests in their order."""
    verdicts = Prefetch("results", TestResult.objects.only("submission_id", "attempt", "position", "verdict"))
    mine = Submission.objects.filter(user=user).select_related("problem", "failing_case").prefetch_related(verdicts)
    light = ("status", "asked_at", "stdin", "answer", "stdout", "verdict")
    case = (f"failing_case__{name}" for name in light)
    rows = mine.only(*_COLUMNS, *_TIMES, "attempt", "compile_output", "problem__slug", "problem__title", *case)
    for submission in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield {name: getattr(submission, name) for name in (*_COLUMNS, "compile_output", *_TIMES)} | {
            "problem": submission.problem.slug,
            "title": submission.problem.title,
            "tests": [each.verdict for each in submission.results.all() if each.attempt == submission.attempt],
            "failing_case": _case(getattr(submission, "failing_case", None)),
        }


def drafts(user: Any) -> Iterator[Mapping[str, Any]]:
    """All versions of all drafts."""
    return values(Draft.objects.filter(user=user), "problem__slug", "language", "text", "saved_at")


def runs(user: Any) -> Iterator[Mapping[str, Any]]:
    """What was tried out within the last minutes; runs are not kept for longer."""
    return values(Run.objects.filter(user=user), "problem__slug", "language", "source", "inputs", "created_at", "stage")


def _case(case: FailingCase | None) -> Mapping[str, Any] | None:
    if case is None:
        return None
    told: dict[str, Any] = {"status": case.status, "asked_at": case.asked_at}
    if case.status == CaseStatus.FOUND:
        shown = {"answer": printable(case.answer), "output": printable(case.stdout)}
        told |= {"input": case.stdin, "verdict": case.verdict} | shown
    return told
