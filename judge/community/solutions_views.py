"""A problem's solutions, behind a door that opens to those who have solved it or given up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from judge.community import quotas, solutions, solutions_page
from judge.community.solutions import Way
from judge.community.solutions_forms import NoteForm
from judge.community.solutions_models import Solution, SolutionState
from judge.community.vote_views import vote_for
from judge.community.written import has_math
from judge.submissions.models import Submission
from judge.submissions.views import SignedIn
from problems.dataset_views import ByCurator, curators_only
from problems.models import Problem

View = Callable[..., HttpResponse]


def behind_the_door(view: View) -> View:
    """Gives ``view`` the solution of that number; whoever may read none is told how to, whether there is one or not."""

    @wraps(view)
    def guarded(request: SignedIn, slug: str, pk: int) -> HttpResponse:
        problem = _problem(request, slug)
        if not solutions.way_in(request.user, problem).is_open:
            return redirect("solutions:list", slug)
        found = Solution.objects.readable_by(request.user).select_related("author", "submission", "problem")
        return view(request, get_object_or_404(found, problem=problem, pk=pk))

    return guarded


@require_safe
def solution_list(request: SignedIn, slug: str) -> HttpResponse:
    """The reference and people's solutions, or how to get to see them."""
    problem = _problem(request, slug)
    way = solutions.way_in(request.user, problem)
    context: dict[str, Any] = {"problem": problem, "way": way.name}
    if not way.is_open:
        return render(request, "community/solutions_closed.html", context)
    context["solutions"] = solutions_page.solutions(problem, request.user, request.GET)
    return render(request, "community/solutions.html", context)


@login_required
def give_up(request: SignedIn, slug: str) -> HttpResponse:
    """Ask, then open the solutions, which is kept in mind."""
    problem = _problem(request, slug)
    refusal = ""
    if request.method == "POST":
        try:
            solutions.give_up(request.user, problem)
        except quotas.TooMany as refused:
            refusal = str(refused)
    if solutions.way_in(request.user, problem) != Way.UNSOLVED:
        return redirect("solutions:list", slug)
    context = {"problem": problem, "refusal": refusal}
    return render(request, "community/give_up.html", context, status=429 if refusal else 200)


@require_safe
@behind_the_door
def solution_detail(request: SignedIn, solution: Solution) -> HttpResponse:
    """One solution with its program."""
    context = {
        "problem": solution.problem,
        "shown": solutions_page.one(solution, request.user),
        "program": solutions_page.program(solution.submission),
        "has_math": has_math(solution.shown),
    }
    return render(request, "community/solution.html", context)


@require_safe
@behind_the_door
def solution_program(request: HttpRequest, solution: Solution) -> HttpResponse:
    """The program alone, for the list to take in."""
    return render(request, "community/_program.html", {"program": solutions_page.program(solution.submission)})


@behind_the_door
def solution_vote(request: SignedIn, solution: Solution) -> HttpResponse:
    """Vote for a solution or take that back."""
    return vote_for(request, solution)


@curators_only
@require_POST
def solution_moderate(request: ByCurator, slug: str, pk: int) -> HttpResponse:
    """Hide a solution or show it again: `to` is the state."""
    solution = get_object_or_404(Solution.objects.select_related("problem"), problem__slug=slug, pk=pk)
    move = solutions.hide if request.POST.get("to") == SolutionState.HIDDEN else solutions.restore
    move([solution.pk], request.user)
    return redirect("solutions:list", slug)


@login_required
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Show an accepted submission of one's own to others, or change what is said about it."""
    submission = _own(request, pk)
    solution = Solution.objects.filter(submission=submission).first()
    form = NoteForm(request.POST or None, initial={"note": solution.text if solution else ""})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(solutions.publish(request.user, submission, form.cleaned_data["note"]))
        except solutions.NotToBeShown as error:
            raise Http404 from error
        except quotas.TooMany as refused:
            form.add_error(None, str(refused))
    context = {
        "problem": submission.problem,
        "submission": submission,
        "solution": solution,
        "program": solutions_page.program(submission),
        "form": form,
    }
    return render(request, "community/publish.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Show one's own solution to nobody any more."""
    submission = _own(request, pk)
    solutions.withdraw(get_object_or_404(Solution, submission=submission))
    messages.success(request, _("Withdrawn. Nobody else sees your program any more."))
    return redirect("solutions:list", submission.problem.slug)


def _problem(request: HttpRequest, slug: str) -> Problem:
    problem = Problem.objects.at(slug, request.user)
    if problem is None:
        raise Http404
    return problem


def _own(request: SignedIn, pk: int) -> Submission:
    """The user's own accepted submission for a problem that they may see."""
    accepted = Submission.objects.filter(user=request.user, status="done", verdict="AC")
    visible = accepted.filter(problem__in=Problem.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("problem"), pk=pk)
