"""The problem list and the problem page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from problems import panel, progress, refused_page, statement
from problems.filters import SORTS, Chosen
from problems.listing import listing
from problems.models import Problem, State

# A problem has three styles; ids that were made by hand may say otherwise.
MAX_SIBLINGS = 10


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """Problems by filter and search, a page at a time."""
    chosen = Chosen.read(request.GET, request.user)
    page = listing(chosen, request.GET, request.user)
    context = {
        "chosen": chosen,
        "page": page,
        "panel": panel.html(page, chosen, signed_in=request.user.is_authenticated),
        "chips": panel.chips(chosen, request.GET),
        "sorts": SORTS.items(),
    }
    return render(request, "problems/list.html", context)


@require_safe
def problem_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One problem with its editor."""
    problem = Problem.objects.at(slug, request.user)
    if problem is None:
        raise Http404
    return problem_page(request, problem)


def problem_page(request: HttpRequest, problem: Problem, status: int = 200, **context: Any) -> HttpResponse:
    """The problem's page; ``context`` goes to the template, and so to the tags of the apps above."""
    html = statement.html_of(problem)
    context |= {
        "problem": problem,
        "solved": progress.tried(request.user, [problem.pk]).get(problem.pk),
        "statement": html,
        "has_math": 'class="math' in html,
        "samples": statement.samples_beside(problem),
        "curating": _curating(problem) if getattr(request.user, "is_curator", False) else None,
    }
    return render(request, "problems/detail.html", context, status=status)


def _curating(problem: Problem) -> dict[str, Any]:
    """What curators see besides: the same problem in other styles, and the row that is in quarantine."""
    family = Problem.objects.filter(family=problem.family).exclude(family="").exclude(pk=problem.pk)
    row = refused_page.latest_of([problem.question_id]) if problem.state == State.QUARANTINED else {}
    return {
        "siblings": list(family.only("slug", "style", "question_id")[:MAX_SIBLINGS]),
        "row": row.get(problem.question_id),
    }
