"""What the templates need of submissions: the editor beside a statement, and numbers with their units."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from judge.engine.languages import all_languages
from judge.submissions.forms import SubmissionForm
from judge.submissions.models import Submission
from judge.submissions.offered import available_languages
from judge.submissions.views import LANGUAGE_COOKIE
from problems.models import Problem

LAST_SHOWN = 5

register = template.Library()


@register.inclusion_tag("submissions/_workspace.html", takes_context=True)
def workspace(context: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """The editor for ``problem``, with the user's last submissions; a form that was refused comes in by the context."""
    request = context["request"]
    languages = available_languages()
    remembered = request.COOKIES.get(LANGUAGE_COOKIE)
    first = remembered if remembered in languages else "python3" if "python3" in languages else next(iter(languages))
    return {
        "request": request,
        "user": request.user,
        "csrf_token": context["csrf_token"],
        "problem": problem,
        "form": context.get("submission_form") or SubmissionForm(initial={"language": first}),
        "modes": {key: language.editor for key, language in languages.items()},
        "max_source_bytes": settings.MAX_SOURCE_BYTES,
        "last": _last(problem, request.user),
    }


def _last(problem: Problem, user: Any) -> list[Submission]:
    if not user.is_authenticated:
        return []
    return list(Submission.objects.filter(problem=problem, user=user).defer("source", "compile_output")[:LAST_SHOWN])


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
