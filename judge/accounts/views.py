"""The account's own pages beside allauth's: the overview, the export, the end."""

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from judge.accounts.exporting import export
from judge.accounts.forms import LeaveForm
from judge.accounts.leaving import leave
from judge.accounts.models import User


class SignedIn(HttpRequest):
    """A request that `login_required` has let through."""

    user: User


@login_required
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """What there is to set, and how it stands."""
    context = {
        "email": EmailAddress.objects.get_primary(request.user),
        "two_factor": is_mfa_enabled(request.user),
        "sessions": UserSession.objects.filter(user=request.user).count(),
        "providers": get_adapter().list_providers(request),
    }
    return render(request, "account/overview.html", context)


@login_required
@require_POST
def download(request: SignedIn) -> HttpResponseBase:
    """All that is kept of the user."""
    too_often: HttpResponse | None = ratelimit.consume_or_429(request, action="export", user=request.user)
    if too_often:
        return too_often
    headers = {"Content-Disposition": 'attachment; filename="kodjudge.json"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(export(request.user), content_type="application/json", headers=headers)


@login_required
@reauthentication_required
def delete(request: SignedIn) -> HttpResponse:
    """Delete the account, once the password and the username have been typed."""
    form = LeaveForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        auth.logout(request)
        leave(user, form.cleaned_data["take_back"])
        messages.success(request, _("Your account is deleted. Thank you for having been here."))
        return redirect("problems:list")
    return render(request, "account/delete.html", {"form": form}, status=422 if form.is_bound else 200)
