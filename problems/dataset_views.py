"""The dataset's page for everybody; import runs and refused rows for curators, who alone find them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from judge.accounts.models import User
from problems import (
    counts,
    dataset_page,
    importing,
    mending,
    paging,
    polling,
    reasons,
    refused_page,
    run_claims,
    run_report,
    tasks,
    undo_outlook,
)
from problems.forms import MendForm, ReasonFilter, RowFilter, StartForm
from problems.models import ImportRun, RefusedRow, RunStatus, State

PAGE_SIZE = 50
FIRST_POLL_MS, SLOWEST_POLL_MS = 500, 3_000

View = Callable[..., HttpResponseBase]


class ByCurator(HttpRequest):
    """A request that `curators_only` has let through."""

    user: User


def curators_only(view: View) -> View:
    """For everybody else there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not getattr(request.user, "is_curator", False):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def dataset(request: HttpRequest) -> HttpResponse:
    """What is imported, how it is spread, and whose it is."""
    curator = bool(getattr(request.user, "is_curator", False))
    numbers = dataset_page.numbers(counts.current(), curator)
    context = {
        "numbers": numbers,
        "similarities": dataset_page.similarities(numbers.total),
        "reasons": dataset_page.quarantine_reasons() if curator else [],
        "citation": dataset_page.CITATION,
    }
    return render(request, "dataset/page.html", context)


@curators_only
@require_safe
def quarantine(request: ByCurator) -> HttpResponse:
    """The problems in quarantine, each with its reason and the row that it came in."""
    reason = ReasonFilter(request.GET).value("reason")
    page = paging.page_of(dataset_page.quarantined(reason), request.GET, PAGE_SIZE)
    rows = refused_page.latest_of(problem.question_id for problem in page.rows)
    context = {
        "page": page,
        "problems": [(problem, rows.get(problem.question_id)) for problem in page.rows],
        "reasons": dataset_page.quarantine_reasons(),
        "reason": reason,
    }
    return render(request, "dataset/quarantine.html", context)


@curators_only
def imports(request: ByCurator) -> HttpResponse:
    """All runs, newest first, and the form that starts one."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = importing.queue(form.cleaned_data["source"], form.options(), by=request.user)
        tasks.publish(run.pk)
        return redirect(run)
    page = paging.page_of(run_claims.told(), request.GET, PAGE_SIZE, newest_first=True)
    reports = [run_report.report(run) for run in page.rows]
    context = {"form": form, "page": page, "reports": reports, "datasets_dir": settings.DATASETS_DIR}
    return render(request, "dataset/imports.html", context, status=422 if form.errors else 200)


@curators_only
@require_safe
def run_detail(request: ByCurator, pk: int) -> HttpResponse:
    """One run: how far it is, what became of its rows, what can be done."""
    run = get_object_or_404(run_claims.told(), pk=pk)
    context = {"report": run_report.report(run), "reasons": run_report.reasons_of(run), "poll_ms": FIRST_POLL_MS}
    return render(request, "dataset/run.html", context)


@curators_only
@require_safe
def run_live(request: ByCurator, pk: int) -> HttpResponse:
    """The parts of the run's page that have changed since it was last asked; it says itself when to ask again.

    What can be clicked is sent only where it is another, so that no click is lost to an exchange of the button.
    """
    report = run_report.report(get_object_or_404(run_claims.told(), pk=pk))
    context: dict[str, Any] = {
        "report": report,
        "poll_ms": polling.next_ms(request.GET, FIRST_POLL_MS, SLOWEST_POLL_MS),
        "with_actions": request.GET.get("state") != report.state,
    }
    if request.GET.get("refused") != str(report.refused):
        context |= {"with_reasons": True, "reasons": run_report.reasons_of(report.run)}
    return render(request, "dataset/_live.html", context)


@curators_only
@require_POST
def run_cancel(request: ByCurator, pk: int) -> HttpResponse:
    """Ask the run to end; its page tells when it has."""
    run = get_object_or_404(ImportRun, pk=pk)
    run_claims.cancel(run)
    return redirect(run)


@curators_only
@require_POST
def run_resume(request: ByCurator, pk: int) -> HttpResponse:
    """Let a run that ended too early go on."""
    run = get_object_or_404(ImportRun, pk=pk)
    if run_claims.put_back(pk, RunStatus.QUEUED):
        tasks.publish(pk)
    else:
        messages.warning(request, _("This run can't go on: it is at work, or it has done all."))
    return redirect(run)


@curators_only
def run_undo(request: ByCurator, pk: int) -> HttpResponse:
    """Say what undoing the run would do, and do it when that is confirmed."""
    run = get_object_or_404(run_claims.told().filter(undoable=True), pk=pk)
    if request.method != "POST":
        return render(request, "dataset/undo.html", {"run": run, "outlook": undo_outlook.outlook(run)})
    if run_claims.put_back(pk, RunStatus.UNDOING):
        ImportRun.objects.filter(pk=pk, undone={}).update(undone={"by": request.user.pk})
        tasks.publish(pk)
    return redirect(run)


@curators_only
@require_safe
def run_rows(request: ByCurator, pk: int) -> HttpResponse:
    """The run's refused rows, by fate and reason."""
    run = get_object_or_404(ImportRun, pk=pk)
    form = RowFilter(request.GET)
    chosen = {"fate": form.value("fate"), "reason": form.value("reason")}
    page = paging.page_of(refused_page.chosen(run, **chosen), request.GET, PAGE_SIZE)
    context = {"run": run, "reasons": run_report.reasons_of(run), "fates": refused_page.REFUSED, "page": page, **chosen}
    return render(request, "dataset/rows.html", context)


@curators_only
@require_safe
def row_detail(request: ByCurator, pk: int) -> HttpResponse:
    """One refused row as it was read, with the means to mend it."""
    return _row_page(request, _row(pk))


@curators_only
@require_safe
def row_raw(request: ByCurator, pk: int) -> StreamingHttpResponse:
    """The row's bytes as a file. No browser takes it for anything to show."""
    row = _row(pk)
    headers = {
        "Content-Disposition": f'attachment; filename="run-{row.run_id}-row-{row.row_number}.txt"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(refused_page.blocks_of(row), content_type="application/octet-stream", headers=headers)


@curators_only
@require_POST
def row_mend(request: ByCurator, pk: int) -> HttpResponse:
    """Accept the row as the curator has mended it; where it is still unfit, the text stays and the reason is said."""
    row, form = _row(pk), MendForm(request.POST)
    if form.is_valid():
        try:
            problem = mending.accept(row, form.cleaned_data["text"], request.user)
        except mending.StillUnfit as unfit:
            form.add_error("text", reasons.in_words(str(unfit)))
        else:
            messages.success(request, _("Accepted. This is the problem that it has become."))
            return redirect(problem)
    return _row_page(request, row, form)


@curators_only
@require_POST
def row_publish(request: ByCurator, pk: int) -> HttpResponse:
    """Accept a quarantined row as it is: solvers see its problem from now on."""
    row = _row(pk)
    problem = refused_page.problem_of(row)
    if problem is None:
        raise Http404
    problem.decide(State.PUBLISHED)
    RefusedRow.objects.filter(pk=pk).update(mended_at=Now(), mended_by=request.user)
    messages.success(request, _("Published."))
    return redirect(problem)


def _row(pk: int) -> RefusedRow:
    return get_object_or_404(refused_page.light(RefusedRow.objects.select_related("run", "mended_by")), pk=pk)


def _row_page(request: ByCurator, row: RefusedRow, form: MendForm | None = None) -> HttpResponse:
    page = refused_page.page_of(row)
    form = form or (MendForm(initial={"text": page.text}) if page.text is not None else None)
    return render(
        request, "dataset/row.html", {"page": page, "form": form}, status=422 if form and form.errors else 200
    )
