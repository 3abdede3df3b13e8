"""Errors as problem details (RFC 9457, `application/problem+json`): whatever goes wrong under /api/ is told this way.

`type` is `about:blank` where the status says it all, else a relative reference to the documentation's table of errors.
"""

import functools
import logging
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from judge.submissions.submitting import SubmitRefused, TooManySubmissions

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# What an error's `type` may be called, besides about:blank.
KINDS = {
    "invalid-request": HTTPStatus.UNPROCESSABLE_ENTITY,
    "submission-refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "key-reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "scope-missing": HTTPStatus.FORBIDDEN,
    "token-invalid": HTTPStatus.UNAUTHORIZED,
    "quota-used-up": HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-submissions": HTTPStatus.TOO_MANY_REQUESTS,
}


class ApiError(Exception):
    """An answer other than the one asked for: one of KINDS, what to do about it, and after how many seconds."""

    def __init__(self, kind: str, detail: str, wait: float | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.wait = wait


def problem(status: int, detail: str = "", kind: str = "", **more: Any) -> HttpResponse:
    """The response that tells of an error."""
    body = {
        "type": f"/api/v1/docs/#error-{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        **({"detail": detail} if detail else {}),
        **more,
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="KodJudge"'
    return response


def refused(error: ApiError) -> HttpResponse:
    """The response for ``error``."""
    response = problem(KINDS[error.kind], error.detail, error.kind)
    if error.wait is not None:
        response["Retry-After"] = str(max(1, math.ceil(error.wait)))
    return response


def install(api: NinjaAPI) -> None:
    """Have ``api`` tell its errors so."""

    @api.exception_handler(ApiError)
    def _own(request: HttpRequest, error: ApiError) -> HttpResponse:
        return refused(error)

    @api.exception_handler(AuthenticationError)
    def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(HTTPStatus.UNAUTHORIZED, _("Send a personal token: Authorization: Bearer kodjudge_..."))

    @api.exception_handler(TooManySubmissions)
    def _too_many(request: HttpRequest, error: TooManySubmissions) -> HttpResponse:
        return refused(ApiError("too-many-submissions", str(error), error.seconds))

    @api.exception_handler(SubmitRefused)
    def _submit_refused(request: HttpRequest, error: SubmitRefused) -> HttpResponse:
        return refused(ApiError("submission-refused", str(error)))

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return not_found(request)

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # Not what was sent: it may be long, and no JSON at all.
        wrong = [{"where": [str(step) for step in each["loc"]], "message": str(each["msg"])} for each in error.errors]
        detail = _("Some of what was sent is missing or not allowed.")
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, "invalid-request", errors=wrong)

    @api.exception_handler(HttpError)
    def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    @api.exception_handler(RequestDataTooBig)
    def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request is too large."))

    @api.exception_handler(Exception)
    def _ours(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("Something failed on our side."))


def not_found(request: HttpRequest) -> HttpResponse:
    """Nothing is there, or nothing that the asker may see: nobody is told which."""
    return problem(HTTPStatus.NOT_FOUND, _("There is nothing here, or nothing that you may see."))


def telling(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """``view``, but a method that it does not allow is told as a problem, too."""

    @functools.wraps(view, updated=())
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        told = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("This address knows other methods only."))
        told["Allow"] = response["Allow"]
        return told

    wrapped.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return wrapped
