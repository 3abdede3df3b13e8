"""The answer to a vote, whatever it is for: a plain form's, or htmx's."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from judge.community import voting
from judge.submissions.views import SignedIn


def vote_for(request: SignedIn, target: Any) -> HttpResponse:
    """Vote for ``target``, which the user may read, or take that back: `to` is 1 or 0."""
    if request.method != "POST":
        # Where logging in came between, the browser comes back with GET.
        return redirect(target)
    up = request.POST.get("to") == "1"
    try:
        target.score = voting.vote(target, request.user, up)
    except voting.OwnWork as error:
        raise PermissionDenied from error
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "community/_vote_inside.html", {"target": target, "voted": up})
    return redirect(target)
