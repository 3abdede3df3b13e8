"""Sending a program in, watching it being judged, and looking at what was sent."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from judge.accounts.models import User
from judge.engine.languages import all_languages
from judge.submissions import submitting
from judge.submissions.case_requests import panel
from judge.submissions.forms import SubmissionForm
from judge.submissions.models import Status, Submission, Verdict
from judge.submissions.own_list import Chosen
from judge.submissions.report import report
from judge.submissions.source_lines import numbered
from problems import paging, polling
from problems.highlighting import highlight
from problems.models import Problem
from problems.views import problem_page

PAGE_SIZE = 40
OTHERS_SHOWN = 20
LANGUAGE_COOKIE = "language"
COOKIE_AGE = 365 * 24 * 3600

LONG_COLUMNS = tuple(
    f"problem__{name}" for name in ("statement", "statement_html", "solution", "raw_test", "extra", "checker_source")
)

# The page asks again after this many ms, a little longer each time: a small program is done by the first.
FIRST_POLL_MS, SLOWEST_POLL_MS = 60, 2_000


class SignedIn(HttpRequest):
    """A request that `login_required` has let through."""

    user: User


@login_required
def submit(request: SignedIn, slug: str) -> HttpResponse:
    """Take a program in and go to its page; what was wrong is said above the text, which is kept."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user), slug=slug)
    if request.method != "POST":
        # Where logging in came between, the browser comes back with GET.
        return redirect(problem)
    form = SubmissionForm(request.POST)
    if form.is_valid():
        language, source = form.cleaned_data["language"], form.cleaned_data["source"]
        try:
            response = redirect(submitting.submit(request.user, problem, language, source))
        except submitting.SubmitRefused as refused:
            form.add_error(None, str(refused))
        else:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=COOKIE_AGE, samesite="Lax")
            return response
    return problem_page(request, problem, status=422, submission_form=form)


@login_required
@require_safe
def submission_list(request: SignedIn) -> HttpResponse:
    """The user's own submissions, newest first."""
    chosen = Chosen.read(request.GET)
    rows = chosen.of(request.user).select_related("problem").defer("source", "compile_output", *LONG_COLUMNS)
    context = {
        "page": paging.page_of(rows, request.GET, PAGE_SIZE, newest_first=True),
        "chosen": chosen,
        "verdicts": Verdict.choices,
        "languages": [(key, language.label) for key, language in all_languages().items()],
        "statuses": Status.choices,
    }
    return render(request, "submissions/list.html", context)


@login_required
@require_safe
def submission_detail(request: SignedIn, pk: int) -> HttpResponse:
    """One submission: its verdict, its tests, its source."""
    submission = _visible(request, pk)
    language = all_languages().get(submission.language)
    context = {
        "submission": submission,
        "report": report(submission, request.user),
        "panel": panel(submission, request.user),
        "language": language,
        "others": _others(submission),
        "source": numbered(highlight(submission.source, language.editor if language else "text")),
        "poll_ms": FIRST_POLL_MS,
    }
    return render(request, "submissions/detail.html", context)


@login_required
@require_safe
def submission_live(request: SignedIn, pk: int) -> HttpResponse:
    """The part of the submission's page that changes while it is judged; it says itself when to ask again."""
    submission = _visible(request, pk)
    context = {
        "submission": submission,
        "report": report(submission, request.user),
        "panel": panel(submission, request.user),
        "tell_title": True,
        "poll_ms": polling.next_ms(request.GET, FIRST_POLL_MS, SLOWEST_POLL_MS),
    }
    return render(request, "submissions/_results.html", context)


def _others(submission: Submission) -> list[Submission]:
    """The same person's other submissions for the problem, to compare with, newest first."""
    same = Submission.objects.filter(problem_id=submission.problem_id, user_id=submission.user_id)
    same = same.filter(lane=submission.lane)
    shown = same.exclude(pk=submission.pk).only("status", "verdict", "language", "created_at")
    return list(shown.order_by("-id")[:OTHERS_SHOWN])


def _visible(request: SignedIn, pk: int) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(request.user).select_related("problem", "user"), pk=pk)
