"""What people do with submissions that they have sent in: take one back, compare two, take them home."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from judge.submissions import claims, taking_home
from judge.submissions.comparing import compare
from judge.submissions.models import Submission
from judge.submissions.views import LONG_COLUMNS, SignedIn

_MAX_DIGITS = 18  # a bigint holds all of them


@login_required
@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Take one's own submission out of the queue, unless somebody judges it already."""
    submission = get_object_or_404(Submission, pk=pk, user=request.user)
    if claims.cancel(submission.pk):
        messages.success(request, _("Cancelled: it will not be judged."))
    else:
        messages.warning(request, _("It was too late to cancel: the judging had begun."))
    return redirect(submission)


@login_required
@require_safe
def compare_two(request: SignedIn) -> HttpResponse:
    """Two programs beside each other, the older on the left; who has chosen another number of them is told."""
    chosen = {int(text) for text in request.GET.getlist("of") if _is_id(text)}
    if len(chosen) != 2:
        messages.warning(request, _("Choose two submissions to compare them."))
        return redirect("submissions:list")
    visible = Submission.objects.visible_to(request.user).select_related("problem").defer(*LONG_COLUMNS)
    found = list(visible.filter(pk__in=chosen).order_by("pk"))
    left, right = found if len(found) == 2 else (get_object_or_404(visible, pk=pk) for pk in sorted(chosen))
    context = {"left": left, "right": right, "comparison": compare(left.source, right.source)}
    return render(request, "submissions/compare.html", context)


@login_required
@require_safe
def source(request: SignedIn, pk: int) -> HttpResponse:
    """The program as a file."""
    visible = Submission.objects.visible_to(request.user).select_related("problem").defer(*LONG_COLUMNS)
    submission = get_object_or_404(visible, pk=pk)
    name = taking_home.filename(submission.pk, submission.problem.slug, submission.language)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(submission.source, content_type="text/plain; charset=utf-8", headers=headers)


@login_required
@require_safe
def download(request: SignedIn) -> HttpResponseBase:
    """All of one's own as a zip."""
    if not taking_home.may_begin(request.user):
        messages.warning(request, _("You have downloaded them within the last minute. Try again a little later."))
        return redirect("submissions:list")
    headers = {"Content-Disposition": 'attachment; filename="submissions.zip"'}
    return StreamingHttpResponse(taking_home.archive(request.user), content_type="application/zip", headers=headers)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
