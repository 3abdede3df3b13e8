"""The page that says which languages there are and how programs in them are compiled and run."""

import shlex

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from judge.engine.languages import Language
from judge.engine.types import Limits
from judge.submissions.offered import available_languages, versions


@require_safe
def language_list(request: HttpRequest) -> HttpResponse:
    """Every language that a program may be sent in, by label."""
    known = versions()
    shown = sorted(available_languages().items(), key=lambda item: item[1].label.lower())
    rows = [_row(language, known.get(key, "")) for key, language in shown]
    return render(request, "submissions/languages.html", {"rows": rows})


def _row(language: Language, version: str) -> dict[str, object]:
    """What the page says of one language; commands as one would type them, for the default memory limit."""
    memory_mb = str(Limits().memory_kb // 1024)
    return {
        "label": language.label,
        "version": version,
        "filename": language.filename,
        "compile": shlex.join(language.compile.argv) if language.compile else "",
        "run": shlex.join(language.run.argv).replace("{memory_mb}", memory_mb),
        "compile_limits": language.compile_limits if language.compile else None,
        "time_factor": f"{language.time_factor:g}",
    }
