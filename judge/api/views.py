"""The pages of one's personal tokens."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from judge.accounts.models import User
from judge.api.forms import TokenForm


class SignedIn(HttpRequest):
    """A request that `login_required` has let through."""

    user: User


@login_required
@require_safe
def token_list(request: SignedIn) -> HttpResponse:
    """One's tokens, without their secrets."""
    return render(request, "api/tokens.html", {"tokens": request.user.tokens.all()})


@login_required
@reauthentication_required
@never_cache
def token_new(request: SignedIn) -> HttpResponse:
    """Make a token and show its secret, which no other page does. Whoever does it has typed a password of late."""
    form = TokenForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        token, secret = form.make()
        return render(request, "api/token_made.html", {"token": token, "secret": secret})
    return render(request, "api/token_new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def token_revoke(request: SignedIn, pk: int) -> HttpResponse:
    """End a token at once."""
    token = get_object_or_404(request.user.tokens, pk=pk)
    token.delete()
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("tokens:list")
