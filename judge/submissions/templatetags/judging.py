"""What the templates need of submissions: the editor beside a statement, and numbers with their units."""

import json
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from judge import prepared
from judge.engine.languages import all_languages
from judge.submissions import draft_views, drafts, notes, run_page
from judge.submissions.forms import RunForm, SubmissionForm
from judge.submissions.models import Submission
from judge.submissions.offered import available_languages
from judge.submissions.run_models import Run
from judge.submissions.run_views import FIRST_POLL_MS
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
    form = context.get("submission_form") or _again(request, problem)
    run = run_page.of_request(request, problem.pk)
    if run and not form:
        form = RunForm(initial={"language": run.language, "source": run.source})
    kept = _drafts(problem, request.user, form["language"].value() if form else "", first)
    given = form is not None
    if kept.draft and not form:
        form = RunForm(initial={"language": kept.draft.language, "source": kept.draft.text})
    return {
        "request": request,
        "user": request.user,
        "csrf_token": context["csrf_token"],
        "problem": problem,
        "addresses": _of(problem.slug),
        "sign_in": "" if request.user.is_authenticated else _sign_in(problem.slug, get_language()),
        "form": form,
        "fields": _fields(form) if form else _empty_fields(first, tuple(languages), get_language()),
        "max_source_bytes": settings.MAX_SOURCE_BYTES,
        "last": _last(problem, request.user),
        "draft": json.dumps(draft_views.as_json(kept) | {"given": given}),
        **_run(request, run),
    }


def _drafts(problem: Problem, user: Any, chosen: str, preferred: str) -> drafts.Versions:
    """What the user has typed: in the ``chosen`` language, else where there is something."""
    if not user.is_authenticated:
        return drafts.Versions(None, ())
    kept = drafts.of_language(user, problem, chosen) if chosen else drafts.of_problem(user, problem, preferred)
    # Nobody can go on in a language that is gone.
    return kept if kept.draft and kept.draft.language in available_languages() else drafts.Versions(None, ())


def _run(request: HttpRequest, run: Run | None) -> dict[str, Any]:
    """The run that a browser without scripts comes back to, and what is to be run next."""
    sent = request.method == "POST"
    inputs = request.POST.getlist("stdin") if sent else run.inputs if run else []
    return {
        "samples": "samples" in request.POST if sent else run.samples if run else True,
        "inputs": [text for text in inputs if text],
        "one_empty": ("",),
        "max_inputs": settings.MAX_RUN_INPUTS,
        "shown": run_page.shown(run) if run else None,
        "poll_ms": FIRST_POLL_MS,
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
    """The fields of a form as HTML, with their labels' texts, and what the editor needs to know of each language."""

    language: SafeString
    language_label: str
    source: SafeString
    source_label: str
    languages: SafeString


def _fields(form: SubmissionForm) -> Fields:
    language, source = form["language"], form["source"]
    languages = {
        key: {"mode": each.editor, "file": each.filename, "template": each.template}
        for key, each in available_languages().items()
    }
    return Fields(
        SafeString(language),
        str(language.label),
        SafeString(source),
        str(source.label),
        json_script(languages, "editor-languages"),
    )


class Addresses(NamedTuple):
    """Of a problem: its page, and where the editor sends to."""

    page: str
    submit: str
    run: str
    draft: str


# Stands for a problem's slug; no other part of an address.
_ANY = "the-slug-of-any-problem"


@cache
def _of_any() -> Addresses:
    """Looked up once for all problems."""
    return Addresses(
        page=reverse("problems:detail", args=[_ANY]),
        submit=reverse("submissions:submit", args=[_ANY]),
        run=reverse("submissions:run", args=[_ANY]),
        draft=reverse("submissions:draft", args=[_ANY, "language"]),
    )


def _of(slug: str) -> Addresses:
    return Addresses(*(address.replace(_ANY, slug) for address in _of_any()))


def _sign_in(slug: str, language: str | None) -> SafeString:
    """What stands in the place of the button that submits."""
    return mark_safe(_sign_in_from_any(language).replace(_ANY, slug))  # noqa: S308 - a slug has no signs of HTML


@cache
def _sign_in_from_any(language: str | None) -> str:
    return render_to_string("submissions/_sign_in.html", {"page": _of_any().page})


@lru_cache(maxsize=256)
def _empty_fields(first: str, offered: tuple[str, ...], language: str | None) -> Fields:
    """Those of a form that nobody has filled in yet, made once: every problem's page has them."""
    return _fields(SubmissionForm(initial={"language": first}))


def _last(problem: Problem, user: Any) -> list[Submission]:
    if not user.is_authenticated:
        return []
    return prepared.instances(Submission, _SHOWN, _LAST, [problem.pk, user.pk, LAST_SHOWN])


@register.filter
def note_words(note: str) -> str:
    """What a checker noted, in the reader's language."""
    return notes.in_words(note)


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


@register.filter
def split_share(cookie: str | None) -> int | None:
    """The statement's share of the width in per cent that a cookie asks for; None where it is nonsense."""
    given = cookie or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) == 2 and 25 <= int(given) <= 75 else None
