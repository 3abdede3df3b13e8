"""Tickets: saying that a problem is wrong, following what becomes of it, and the curators' desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from judge.community import quotas, tickets, tickets_page
from judge.community.tickets_forms import AnswerForm, MoreForm, ReportForm
from judge.community.tickets_models import Ticket
from judge.submissions.views import SignedIn
from problems.dataset_views import ByCurator, curators_only
from problems.models import Problem


@login_required
def report(request: SignedIn, slug: str) -> HttpResponse:
    """The form that says what is wrong with a problem."""
    problem = Problem.objects.at(slug, request.user)
    if problem is None:
        raise Http404
    initial = {"submission": request.GET.get("submission")}
    form = ReportForm(request.user, problem, request.POST or None, initial=initial)
    if form.is_valid() and (ticket := _reported(request, problem, form)):
        messages.success(request, _("Thank you. The curators have your report; their answer will stand here."))
        return redirect(ticket)
    existing = Ticket.objects.filter(problem=problem, reporter=request.user).first()
    context = {"problem": problem, "form": form, "existing": existing}
    return render(request, "community/ticket_new.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """The user's own tickets."""
    return render(request, "community/tickets.html", {"page": tickets_page.mine(request.user, request.GET)})


@login_required
def detail(request: SignedIn, pk: int) -> HttpResponse:
    """A ticket, and what its reporter or a curator may do on it."""
    found = Ticket.objects.visible_to(request.user).select_related("problem", "reporter")
    ticket = get_object_or_404(found, pk=pk)
    form = AnswerForm(request.POST or None) if request.user.is_curator else MoreForm(request.POST or None)
    if form.is_valid() and _said(request, ticket, form):
        return redirect(ticket)
    if ticket.reporter_id == request.user.pk and ticket.unread:
        tickets.seen(ticket)
        request.user.refresh_from_db(fields=["unread_answers"])
    context = {"ticket": ticket, "conversation": tickets_page.conversation(ticket), "form": form}
    return render(request, "community/ticket.html", context, status=422 if form.errors else 200)


@curators_only
@require_safe
def desk(request: ByCurator) -> HttpResponse:
    """The curators' desk: what waits for them."""
    return render(request, "community/desk.html", {"desk": tickets_page.desk(request.GET)})


def _reported(request: SignedIn, problem: Problem, form: ReportForm) -> Ticket | None:
    """The ticket of a valid form; None where the form now says why it isn't taken."""
    given = form.cleaned_data
    try:
        return tickets.report(request.user, problem, given["category"], given["text"], form.submission_of())
    except quotas.TooMany as refused:
        form.add_error(None, str(refused))
        return None


def _said(request: SignedIn, ticket: Ticket, form: AnswerForm | MoreForm) -> bool:
    """Take in what a valid form says; False where the form now says why it isn't taken."""
    given = form.cleaned_data
    if isinstance(form, AnswerForm):
        tickets.answer(ticket, request.user, given["text"], given["state"])
        return True
    try:
        tickets.add(ticket, request.user, given["text"])
    except quotas.TooMany as refused:
        form.add_error(None, str(refused))
        return False
    return True
