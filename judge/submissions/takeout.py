"""A person's submissions for the export of their data: their own programs and verdicts, nothing of any test's data."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch

from judge.accounts.exporting import CHUNK
from judge.submissions.models import Submission, TestResult

_COLUMNS = ("id", "language", "source", "status", "verdict", "passed", "total", "time_ms", "memory_kb")
_TIMES = ("created_at", "judged_at")


def kept_of(user: Any) -> Iterator[Mapping[str, Any]]:
    """The submissions, oldest first, each with the verdicts of its tests in their order."""
    verdicts = Prefetch("results", TestResult.objects.only("submission_id", "attempt", "position", "verdict"))
    mine = Submission.objects.filter(user=user).select_related("problem").prefetch_related(verdicts)
    rows = mine.only(*_COLUMNS, *_TIMES, "attempt", "compile_output", "problem__slug", "problem__title")
    for submission in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield {name: getattr(submission, name) for name in (*_COLUMNS, "compile_output", *_TIMES)} | {
            "problem": submission.problem.slug,
            "title": submission.problem.title,
            "tests": [each.verdict for each in submission.results.all() if each.attempt == submission.attempt],
        }
