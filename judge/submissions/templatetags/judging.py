"""What the templates need of submissions: the editor beside a statement, and numbers with their units."""

from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from judge import prepared
from judge.engine.languages import all_languages
from judge.submissions.forms import SubmissionForm
from judge.submissions.models import Submission
from judge.submissions.offered import available_languages
from judge.submissions.views import LANGUAGE_COOKIE
from problems.models import Problem

LAST_SHOWN = 5
MAX_DIGITS = 18  # a bigint holds all of them
_SHOWN = ("id", "status", "verdict", "passed", "total", "created_at")
_LAST = "WHERE problem_id = %s AND user_id = %s ORDER BY id DESC LIMIT %s"

register = template.Library()


@register.inclusion_tag("submissions/_workspace.html", takes_context=True)
def workspace(context: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """The editor for ``problem``, with the user's last submissions; a form that was refused comes in by the context."""
    request = context["request"]
    languages = available_languages()
    remembered = request.COOKIES.get(LANGUAGE_COOKIE)
    first = remembered if remembered in languages else "python3" if "python3" in languages else next(iter(languages))
    again = _again(request, problem)
    form = context.get("submission_form") or again
    return {
        "request": request,
        "user": request.user,
        "csrf_token": context["csrf_token"],
        "problem": problem,
        "form": form,
        "again": again is not None,
        "fields": _fields(form) if form else _empty_fields(first, tuple(languages), get_language()),
        "max_source_bytes": settings.MAX_SOURCE_BYTES,
        "last": _last(problem, request.user),
    }


def _again(request: HttpRequest, problem: Problem) -> SubmissionForm | None:
    """The form with a program of one's own for this problem, where the address names one in `from`."""
    number = request.GET.get("from", "")
    if not (request.user.is_authenticated and number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS):
        return None
    mine = Submission.objects.filter(pk=int(number), user=request.user, problem_id=problem.pk)
    program = mine.values("language", "source").first()
    return SubmissionForm(initial={**program}) if program else None


class Fields(NamedTuple):
    """The fields of a form as HTML, with their labels' texts and ids, and the editor's mode for each language."""

    language: SafeString
    language_label: str
    source: SafeString
    source_label: str
    modes: SafeString


def _fields(form: SubmissionForm) -> Fields:
    language, source = form["language"], form["source"]
    modes = {key: each.editor for key, each in available_languages().items()}
    return Fields(
        SafeString(language),
        str(language.label),
        SafeString(source),
        str(source.label),
        json_script(modes, "editor-modes"),
    )


@lru_cache(maxsize=256)
def _empty_fields(first: str, offered: tuple[str, ...], language: str | None) -> Fields:
    """Those of a form that nobody has filled in yet, made once: every problem's page has them."""
    return _fields(SubmissionForm(initial={"language": first}))


def _last(problem: Problem, user: Any) -> list[Submission]:
    if not user.is_authenticated:
        return []
    return prepared.instances(Submission, _SHOWN, _LAST, [problem.pk, user.pk, LAST_SHOWN])


@register.filter
def language_label(key: str) -> str:
    """A language's name; its key where it is no longer known."""
    language = all_languages().get(key)
    return language.label if language else key


@register.filter
def mebibytes(kib: int | None) -> str:
    """KiB as MiB with one decimal under 100; empty for None."""
    if kib is None:
        return ""
    value = kib / 1024
    return _("%(number)s MiB") % {"number": f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"}


@register.filter
def seconds(ms: int | None) -> str:
    """Milliseconds as seconds without needless zeros; empty for None."""
    return "" if ms is None else _("%(number)s s") % {"number": f"{ms / 1000:g}"}


@register.filter
def about(seconds: float) -> str:
    """A length of time as one would say it: seconds up to a minute and a half, then minutes, then hours."""
    for size, several in ((1, _("%(number)d s")), (60, _("%(number)d min"))):
        if seconds < 90 * size:
            return several % {"number": max(1, round(seconds / size))}
    return _("%(number)d h") % {"number": round(seconds / 3600)}
