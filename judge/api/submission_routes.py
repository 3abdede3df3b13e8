"""Routes for one's own submissions: send, look at, follow. What a result shows is `submissions.report`'s rule."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from ninja import Header, Query, Router, Status

from judge.api import schemas
from judge.api.access import READ, SUBMIT, Asked
from judge.api.following import NDJSON, Event, Solver, follow
from judge.api.problem_routes import found
from judge.api.sending import send
from judge.engine.languages import ALIASES
from judge.submissions.models import Submission
from judge.submissions.report import Report, Row, report
from judge.submissions.views import LONG_COLUMNS

PAGE_SIZE = 50
_MOST = 2**63 - 1  # a bigint

router = Router(tags=["Submissions"])


PROGRESS = NDJSON[schemas.Event]  # type: ignore[type-arg]  # Ninja's own way of subscripting


@router.post("/submissions", auth=SUBMIT, response={201: schemas.SubmissionRow, 200: schemas.SubmissionRow})
def submit(
    request: Asked,
    response: HttpResponse,
    new: schemas.NewSubmission,
    key: str = Header("", alias="Idempotency-Key", max_length=255, pattern=r"^[\x21-\x7e]*$"),
) -> Status[dict[str, Any]]:
    """Send a program in. The answer comes before the verdict: follow `Location`.

    With an `Idempotency-Key` of your own, a request that is repeated within a day, since its answer was lost say, makes
    no second submission: it is answered by 200 with the first one.
    """
    problem = found(str(new.problem), request.user)
    submission, made = send(request.user, problem, ALIASES.get(new.language, new.language), new.source, key)
    response["Location"] = reverse("api-1:submission_detail", args=[submission.pk])
    return Status(201 if made else 200, _row(request, submission))


@router.get("/submissions", auth=READ, response=schemas.SubmissionPage)
def submission_list(
    request: Asked,
    verdict: schemas.VerdictKey | None = None,
    problem: str = Query("", max_length=schemas.LONGEST_WORD, description="Only those for it."),
    verifications: bool = Query(False, description="Those sent in to verify problems instead, which curators have."),
    after: int = Query(0, ge=0, le=_MOST, description="The `next` of the page before."),
) -> dict[str, Any]:
    """Your own submissions, newest first."""
    own = Submission.objects.filter(user=request.user).select_related("problem")
    rows = (own.to_verify() if verifications else own.to_solve()).defer("source", "compile_output", *LONG_COLUMNS)
    if verdict:
        rows = rows.filter(verdict=verdict)
    if problem:
        rows = rows.filter(problem_id=found(problem, request.user).pk)
    if after:
        rows = rows.filter(pk__lt=after)
    page = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    return {
        "items": [_row(request, submission) for submission in shown],
        "next": shown[-1].pk if len(page) > PAGE_SIZE else None,
    }


@router.get("/submissions/{int:number}", auth=READ, response=schemas.Submission)
def submission_detail(request: Asked, number: int) -> dict[str, Any]:
    """One of your submissions with its tests."""
    submission = _one(request, number)
    told: Report = report(submission, Solver)
    return _row(request, submission) | {
        "source": submission.source,
        "compile_output": submission.compile_output,
        "ahead": told.place.ahead if told.place else None,
        "language_version": submission.language_version,
        "time_limit_ms": submission.time_limit_ms,
        "memory_limit_kb": submission.memory_limit_kb,
        "tests_changed": told.tests_changed,
        "tests": [_test(row) for row in told.rows],
    }


@router.get("/submissions/{int:number}/events", auth=READ, response=PROGRESS, exclude_none=True)
def submission_events(
    request: Asked, number: int, after: int = Query(0, ge=0, le=_MOST, description="The last line's.")
) -> Iterator[Event]:
    """What happens to one of your submissions, a JSON object a line, as it happens.

    The stream lasts some 20 seconds at most. Where it ends without `done`, by `again` or by a broken connection, ask
    again with the `after` of the last line.
    """
    return follow(_one(request, number).pk, after)


def _one(request: Asked, number: int) -> Submission:
    own = Submission.objects.filter(user=request.user).select_related("problem")
    submission = own.filter(pk=number).first() if number <= _MOST else None
    if submission is None:
        raise Http404
    return submission


def _row(request: Asked, submission: Submission) -> dict[str, Any]:
    shown = ("id", "language", "status", "passed", "total", "time_ms", "memory_kb", "created_at", "judged_at")
    return {name: getattr(submission, name) for name in shown} | {
        "verdict": submission.verdict or None,
        "problem": {name: getattr(submission.problem, name) for name in schemas.ProblemRef.model_fields},
        "url": request.build_absolute_uri(submission.get_absolute_url()),
    }


def _test(row: Row) -> dict[str, Any]:
    details = row.details
    return {
        "position": row.position,
        "sample": row.is_sample,
        "judged": row.judged,
        "verdict": row.verdict or None,
        "time_ms": row.time_ms,
        "memory_kb": row.memory_kb,
        "ending": row.ending,
        "details": details
        and {
            "stdin": details.stdin.text,
            "expected": details.expected.text,
            "stdout": details.stdout.text,
            "stderr": details.stderr,
        },
    }
