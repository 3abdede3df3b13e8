"""Trying a program out from the workspace, and watching it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from judge.submissions import run_page, run_requests
from judge.submissions.forms import RunForm
from judge.submissions.run_models import Run
from judge.submissions.submitting import SubmitRefused
from problems import polling
from problems.models import Problem
from problems.views import problem_page

# The page asks again after this many ms, a little longer each time.
FIRST_POLL_MS, SLOWEST_POLL_MS = 150, 2_000


class Asked(HttpRequest):
    """A request as django-htmx's middleware leaves it."""

    htmx: HtmxDetails


def run_new(request: Asked, slug: str) -> HttpResponse:
    """Take a program and show its run; what was wrong is said, and the text is kept."""
    problem = get_object_or_404(Problem.objects.visible_to(request.user), slug=slug)
    if not request.user.is_authenticated:
        return _sign_in(request, problem.get_absolute_url())
    if request.method != "POST":
        return redirect(problem)
    form = RunForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            run = run_requests.start(request.user, problem, inputs=request.POST.getlist("stdin"), **given)
        except SubmitRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _begun(request, run)
    if request.htmx:
        return render(request, "submissions/_run_refused.html", {"form": form}, status=422)
    return problem_page(request, problem, status=422, submission_form=form)


@require_safe
def run_live(request: Asked, pk: int) -> HttpResponse:
    """What changes while a program runs; it says itself when to ask again."""
    if not request.user.is_authenticated:
        return _sign_in(request, reverse("problems:list"))
    run = get_object_or_404(Run.objects.told().defer("source").filter(user=request.user), pk=pk)
    wait = polling.next_ms(request.GET, FIRST_POLL_MS, SLOWEST_POLL_MS)
    return render(request, "submissions/_run.html", {"shown": run_page.shown(run), "poll_ms": wait})


def _begun(request: Asked, run: Run) -> HttpResponse:
    if not request.htmx:
        return redirect(f"{run.problem.get_absolute_url()}?run={run.pk}#run")
    told = Run.objects.told().get(pk=run.pk)
    context = {"shown": run_page.shown(told), "poll_ms": FIRST_POLL_MS}
    return render(request, "submissions/_run.html", context)


def _sign_in(request: Asked, back: str) -> HttpResponse:
    """Ask to sign in. The editor keeps the text in the browser, and the page that comes back has it again."""
    if request.htmx and request.htmx.current_url_abs_path:
        back = request.htmx.current_url_abs_path
    if request.htmx:
        return render(request, "submissions/_run_sign_in.html", {"back": back}, status=401)
    return redirect(f"{reverse('account_login')}?next={back}")
