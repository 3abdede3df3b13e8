"""Who asks: the token of a request, and whether it may do what is asked.

There are no sessions under /api/, so no browser can be made to ask in its user's name.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from judge.accounts.backends import Backend
from judge.accounts.models import User
from judge.api import quotas
from judge.api.errors import ApiError
from judge.api.models import PREFIX, Scope, Token, digest_of

# Secrets are shorter.
LONGEST = 100
# `last_used_at` is this exact: a write at every request would cost more than the request.
USED_WITHIN = timedelta(minutes=1)


class Asked(HttpRequest):
    """A request that `Bearer` has let through."""

    auth: Token
    user: User


class Bearer(HttpBearer):
    """Lets requests through whose token has the scope, and counts them. Raises ApiError."""

    scope: Scope
    openapi_bearer_format = "kodjudge_..."

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token; from here on the request is its owner's."""
        found = _find(token)
        if (wait := quotas.seconds_to_wait(found)) is not None:
            raise ApiError("quota-used-up", _("Too many requests within a minute. Wait, then go on."), wait)
        if self.scope not in found.scopes:
            raise ApiError("scope-missing", _("This token lacks the scope “%(scope)s”.") % {"scope": self.scope.value})
        if self.scope == Scope.VERIFY and not found.user.is_curator:
            raise ApiError("scope-missing", _("Only curators may do this."))
        request.user = found.user
        return found


class ReadToken(Bearer):
    """For what only tells."""

    scope = Scope.READ
    openapi_description = "A personal token with the scope `read`."


class SubmitToken(Bearer):
    """For sending programs in."""

    scope = Scope.SUBMIT
    openapi_description = "A personal token with the scope `submit`."


class VerifyToken(Bearer):
    """For curators' bulk runs."""

    scope = Scope.VERIFY
    openapi_description = "A curator's personal token with the scope `verify`."


READ, SUBMIT, VERIFY = ReadToken(), SubmitToken(), VerifyToken()


def _find(secret: str) -> Token:
    """The open token with this secret, of an active user."""
    if secret.startswith(PREFIX) and len(secret) <= LONGEST and secret.isascii():
        found = Token.objects.open().filter(digest=digest_of(secret)).first()
        user = Backend().get_user(found.user_id) if found else None
        if found and user:
            found.user = user
            _note_use(found)
            return found
    raise ApiError(
        "token-invalid", _("This token is unknown, expired or revoked. Make a new one on your account page.")
    )


def _note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - USED_WITHIN:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
