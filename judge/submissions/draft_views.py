"""Drafts for the editor: read, saved and dropped by its script, always one's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from judge.submissions import drafts
from judge.submissions.draft_models import Draft
from problems.models import Problem


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The draft of a problem in a language, with its text; a POST saves one and leaves the text out."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    problem = get_object_or_404(Problem.objects.visible_to(request.user), slug=slug)
    if request.method != "POST":
        return JsonResponse(as_json(drafts.of_language(request.user, problem, language), with_text=True))
    given = {name: _number(request.POST.get(name, "")) for name in ("on", "revision")}
    try:
        kept = drafts.save(request.user, problem, language, request.POST.get("text", ""), **given)
    except drafts.DraftRefused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse(as_json(kept))


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with its text."""
    found = get_object_or_404(Draft, pk=pk, user_id=request.user.pk)
    return JsonResponse(_as_json(found) | {"text": found.text})


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one version."""
    get_object_or_404(Draft, pk=pk, user_id=request.user.pk).delete()
    return JsonResponse({})


def as_json(kept: drafts.Versions, *, with_text: bool = False) -> dict[str, Any]:
    """The draft's number and revision, its text if that is asked for, and the versions beside it."""
    found = {"others": [_as_json(other) for other in kept.others]}
    if kept.draft is None:
        return {"id": 0, "revision": 0, "text": "", **found}
    return _as_json(kept.draft) | found | ({"text": kept.draft.text} if with_text else {})


def _as_json(one: Draft) -> dict[str, Any]:
    return {"id": one.pk, "revision": one.revision, "saved_at": one.saved_at.isoformat()}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
