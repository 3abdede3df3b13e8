"""Asking for a small failing case, and watching it being looked for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from judge.submissions import case_requests
from judge.submissions.models import Submission
from judge.submissions.views import FIRST_POLL_MS, SLOWEST_POLL_MS, SignedIn
from problems import polling


@login_required
@require_POST
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """Have one looked for, for one's own submission."""
    submission = get_object_or_404(Submission.objects.select_related("problem"), pk=pk, user=request.user)
    try:
        case_requests.ask(request.user, submission)
    except case_requests.CaseRefused as refused:
        messages.warning(request, str(refused))
    return redirect(f"{submission.get_absolute_url()}#case")


@login_required
@require_safe
def live(request: SignedIn, pk: int) -> HttpResponse:
    """The part of the submission's page that tells of it."""
    visible = Submission.objects.visible_to(request.user).select_related("problem")
    submission = get_object_or_404(visible, pk=pk)
    panel = case_requests.panel(submission, request.user)
    if panel is None:
        raise Http404
    poll_ms = polling.next_ms(request.GET, FIRST_POLL_MS, SLOWEST_POLL_MS)
    return render(request, "submissions/_case.html", {"submission": submission, "panel": panel, "poll_ms": poll_ms})
