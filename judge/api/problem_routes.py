"""Routes that only tell: who asks, which languages there are, problems. The rows are those of the pages."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router

from judge.api import schemas
from judge.api.access import READ, Asked
from judge.api.errors import ApiError
from judge.engine.languages import ALIASES
from judge.submissions.offered import available_languages, versions
from problems import progress
from problems.filters import Chosen
from problems.finding import Place
from problems.listing import listing
from problems.models import Problem, TestCase

LICENCE = "CC BY-NC 4.0"
_MAX_DIGITS = 18  # a bigint holds all of them

router = Router(auth=READ)


@router.get("/me", response=schemas.Me, tags=["Account"])
def me(request: Asked) -> dict[str, object]:
    """Whose token this is, what it may be used for, and the limits that hold."""
    return {
        "username": request.user.get_username(),
        "curator": request.user.is_curator,
        "token": request.auth.name,
        "scopes": request.auth.scopes,
        "expires_at": request.auth.expires_at,
        "requests_per_minute": settings.API_REQUESTS_PER_MINUTE,
        "submissions_per_minute": settings.MAX_SUBMISSIONS_PER_MINUTE,
        "submissions_in_flight": settings.MAX_IN_FLIGHT_PER_USER,
        "source_bytes": settings.MAX_SOURCE_BYTES,
    }


@router.get("/languages", response=list[schemas.Language], tags=["Problems"])
def languages(request: Asked) -> list[dict[str, object]]:
    """The languages that programs may be sent in."""
    known = versions()
    return [
        {
            "key": key,
            "aliases": [alias for alias, meant in ALIASES.items() if meant == key],
            "label": language.label,
            "version": known.get(key, ""),
            "filename": language.filename,
            "time_factor": language.time_factor,
        }
        for key, language in available_languages().items()
    ]


@router.get("/problems", response=schemas.ProblemPage, tags=["Problems"])
def problem_list(request: Asked, filters: Query[schemas.ProblemFilters]) -> dict[str, object]:
    """Problems by filter and search, a page at a time, as on the site's list."""
    if filters.after and Place.read(filters.after) is None:
        raise ApiError("invalid-request", _("“after” is no place in this list: send a page's “next”."))
    page = listing(Chosen.read(request.GET, request.user), request.GET, request.user)
    # Where nothing is left behind the place, the site's list begins anew; a program that reads on would never end.
    rows = page.rows if page.before or not filters.after else []
    return {
        "items": [row._asdict() | {"progress": _progress(page.tried.get(row.id))} for row in rows],
        "count": page.count,
        "more": page.more,
        "next": (page.after or None) if rows else None,
    }


@router.get("/problems/{ref}", response=schemas.Problem, tags=["Problems"])
def problem_detail(request: Asked, ref: str) -> dict[str, object]:
    """One problem by its slug, its question_id or its number."""
    problem = found(ref, request.user)
    samples = TestCase.objects.filter(problem_id=problem.pk, is_sample=True).order_by("position")
    fields = {name: getattr(problem, name) for name in schemas.Problem.model_fields if hasattr(problem, name)}
    return fields | {
        "url": request.build_absolute_uri(reverse("problems:detail", args=[problem.slug])),
        "samples": list(samples),
        "progress": _progress(progress.tried(request.user, [problem.pk]).get(problem.pk)),
        "licence": None if problem.is_ours else LICENCE,
    }


def found(ref: str, user: object) -> Problem:
    """The problem that ``ref`` names, if ``user`` may see it. Raises Http404."""
    # Neither NUL nor half characters, which the database would not take.
    if ref.isprintable():
        ways: list[dict[str, object]] = [{"slug": ref}, {"question_id": ref}]
        if ref.isascii() and ref.isdigit() and len(ref) <= _MAX_DIGITS:
            ways.append({"pk": int(ref)})
        for way in ways:
            slug = Problem.objects.filter(**way).values_list("slug", flat=True).first()
            if slug is not None and (problem := Problem.objects.at(slug, user)):
                return problem
    raise Http404


def _progress(solved: bool | None) -> str | None:
    return None if solved is None else "solved" if solved else "tried"
