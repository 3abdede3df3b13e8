"""Discussions: a problem's comments, a thread, and what can be done with a comment."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from judge.community import quotas, talk, talk_page
from judge.community.talk_forms import CommentForm, ReplyForm, ReportForm
from judge.community.talk_models import Comment, CommentState
from judge.community.vote_views import vote_for
from judge.submissions.views import SignedIn
from problems.dataset_views import ByCurator, curators_only
from problems.models import Problem


def discussion(request: SignedIn, slug: str) -> HttpResponse:
    """A problem's comments, and the form for one more."""
    problem = Problem.objects.at(slug, request.user)
    if problem is None:
        raise Http404
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    form = CommentForm(request.POST or None)
    if form.is_valid() and not form.previewing and (comment := _said(request, form, problem)):
        return redirect(f"{request.path}?sort=newest#comment-{comment.pk}")
    context = {
        "problem": problem,
        "discussion": talk_page.discussion(problem, request.user, request.GET),
        "form": form,
        "reply_form": ReplyForm(auto_id=False),
    }
    return render(request, "community/discussion.html", context, status=_status(form))


def thread(request: SignedIn, pk: int) -> HttpResponse:
    """A comment with its answers, and the form for one more. An answer's address leads to it within its thread."""
    comment = get_object_or_404(Comment.objects.reachable_by(request.user).select_related("problem", "author"), pk=pk)
    if comment.parent_id is not None:
        return redirect(f"{Comment(pk=comment.parent_id).get_absolute_url()}{talk_page.place_of(comment)}")
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    form = ReplyForm(request.POST or None)
    if form.is_valid() and not form.previewing and (reply := _said(request, form, comment.problem, comment)):
        return redirect(f"{comment.get_absolute_url()}{talk_page.place_of(reply)}")
    shown = talk_page.thread(comment, request.user, request.GET)
    context = {"problem": comment.problem, "thread": shown, "form": form}
    return render(request, "community/thread.html", context, status=_status(form))


@login_required
@require_POST
def comment_preview(request: SignedIn) -> HttpResponse:
    """What a comment would look like, for the page to take in; without scripts the form's own page shows it."""
    return render(request, "community/_preview.html", {"form": CommentForm(request.POST), "alone": True})


@login_required
def comment_edit(request: SignedIn, pk: int) -> HttpResponse:
    """One's own comment in a form."""
    comment = get_object_or_404(_open(request).filter(author=request.user), pk=pk)
    form = CommentForm(request.POST or None, initial={"text": comment.text, "spoiler": comment.spoiler})
    if form.is_valid() and not form.previewing:
        talk.edit(comment, form.cleaned_data["text"], form.cleaned_data["spoiler"])
        return redirect(comment)
    context = {"problem": comment.problem, "comment": comment, "form": form}
    return render(request, "community/comment_edit.html", context, status=_status(form))


@login_required
def comment_delete(request: SignedIn, pk: int) -> HttpResponse:
    """Ask, then delete one's own comment."""
    comment = get_object_or_404(_open(request).filter(author=request.user), pk=pk)
    if request.method != "POST":
        return render(request, "community/comment_delete.html", {"problem": comment.problem, "comment": comment})
    talk.delete(comment)
    messages.success(request, _("Your comment is deleted."))
    return redirect("talk:discussion", comment.problem.slug)


@login_required
def comment_vote(request: SignedIn, pk: int) -> HttpResponse:
    """Vote for a comment or take that back."""
    return vote_for(request, get_object_or_404(_open(request), pk=pk))


@login_required
def comment_report(request: SignedIn, pk: int) -> HttpResponse:
    """Tell the curators what is wrong with somebody's comment."""
    comment = get_object_or_404(_open(request).exclude(author=request.user), pk=pk)
    form = ReportForm(request.POST or None)
    if form.is_valid():
        try:
            talk.report(request.user, comment, **form.cleaned_data)
        except quotas.TooMany as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. A curator will look at it."))
            return redirect("talk:discussion", comment.problem.slug)
    context = {"problem": comment.problem, "comment": comment, "form": form}
    return render(request, "community/comment_report.html", context, status=_status(form))


@curators_only
@require_POST
def comment_moderate(request: ByCurator, pk: int) -> HttpResponse:
    """Hide a comment's text or show it again: `to` is the state."""
    comment = get_object_or_404(Comment, pk=pk)
    move = talk.hide if request.POST.get("to") == CommentState.HIDDEN else talk.restore
    move([comment.pk], request.user)
    return redirect(comment)


def _open(request: HttpRequest) -> Any:
    return Comment.objects.open_to(request.user).select_related("problem", "author")


def _said(request: SignedIn, form: CommentForm, problem: Problem, to: Comment | None = None) -> Comment | None:
    """The comment of a valid form; None where the form now says why it isn't taken."""
    if to is not None and to.state != CommentState.SHOWN:
        form.add_error(None, _("This comment is no longer there to be answered."))
        return None
    try:
        return talk.say(request.user, problem, form.cleaned_data["text"], form.cleaned_data["spoiler"], to)
    except quotas.TooMany as refused:
        form.add_error(None, str(refused))
        return None


def _status(form: Any) -> int:
    return 422 if form.errors else 200
