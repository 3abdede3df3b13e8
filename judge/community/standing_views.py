"""The pages that show what people have reached: profiles, the leaderboard, statistics, and what could be next."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from judge.community import leaderboard, profile, reckoning, statistics
from judge.community.reckoning import POINTS
from judge.community.templatetags.suggesting import is_waiting, next_context
from judge.submissions.models import Submission
from judge.submissions.views import SignedIn
from problems.models import Problem


@require_safe
def leaderboard_page(request: HttpRequest) -> HttpResponse:
    """All solvers whose profile is public, best first."""
    reckoning.settle()
    mine = profile.standing_of(request.user) if request.user.is_authenticated else None
    context = {
        "page": leaderboard.page(request.GET),
        "points": [(difficulty.label, points) for difficulty, points in POINTS.items()],
        "mine": mine,
        "my_rank": leaderboard.rank(mine) if mine else None,
        "last_rank": leaderboard.LAST_RANK,
    }
    return render(request, "community/leaderboard.html", context)


@require_safe
def profile_page(request: HttpRequest, name: str) -> HttpResponse:
    """What somebody has solved, and when. Nothing here tells who they are, or shows a program."""
    reckoning.settle()
    person = profile.visible(name, request.user)
    if person is None:
        raise Http404
    return render(request, "community/profile.html", {"profile": profile.profile(person, request.user)})


@login_required
@require_POST
def visibility(request: SignedIn, name: str) -> HttpResponse:
    """Make one's own profile private or public."""
    if name != request.user.get_username():
        raise PermissionDenied
    profile.set_private(request.user, request.POST.get("private") == "1")
    return redirect("users:profile", name)


@require_safe
def statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    """How people do at one problem."""
    problem = Problem.objects.at(slug, request.user)
    if problem is None:
        raise Http404
    reckoning.settle()
    return render(request, "community/statistics.html", {"statistics": statistics.of(problem, request.user)})


@login_required
@require_safe
def next_problem(request: SignedIn, pk: int) -> HttpResponse:
    """What could be solved next, asked for while one's submission is judged: no content until it is done."""
    submission = get_object_or_404(Submission.objects.select_related("problem"), pk=pk, user=request.user)
    if is_waiting(submission):
        return HttpResponse(status=204)
    return render(request, "community/_next.html", next_context(submission, request.user))
