"""What the pages of solutions show. Who may see them at all is the caller's care (`solutions.way_in`)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.db.models.functions import Length
from django.http import QueryDict
from django.utils.safestring import SafeString

from judge.community import ranking, voting
from judge.community.ranking import Ranked
from judge.community.solutions_models import Solution, SolutionState, SolutionVote
from judge.community.written import has_math
from judge.engine.languages import all_languages
from judge.submissions.models import Status, Submission, Verdict
from problems.highlighting import highlight
from problems.models import Problem

PAGE_SIZE = 20
# So many of one's own accepted submissions are offered for publishing, out of the latest so many.
OFFERED, LOOKED_AT = 3, 50
# What the references of the data set are written in.
REFERENCE_LANGUAGE = "python"


@dataclass(frozen=True, slots=True)
class Shown:
    """A solution as somebody sees it."""

    solution: Solution
    own: bool
    voted: bool


@dataclass(frozen=True, slots=True)
class Solutions:
    """The reference and a page of people's solutions. ``languages`` are those that occur, with their numbers."""

    reference: SafeString
    page: Ranked[Solution]
    solutions: list[Shown]
    languages: list[tuple[str, int]]
    language: str
    to_publish: list[Submission]
    has_math: bool


def solutions(problem: Problem, user: Any, params: QueryDict) -> Solutions:
    """The page that ``params`` ask for."""
    found = Solution.objects.filter(problem=problem)
    counted = found.filter(state=SolutionState.SHOWN).values_list("language").annotate(number=Count("pk"))
    languages = list(counted.order_by("-number", "language"))
    language = params.get("language", "")
    rows = (
        found.readable_by(user).select_related("author", "submission", "problem").annotate(size=_SIZE).only(*_COLUMNS)
    )
    if language in dict(languages):
        rows = rows.filter(language=language)
    page = ranking.page_of(rows, params, PAGE_SIZE)
    mine = _voted(user, page.rows)
    shown = [_shown(row, user, mine) for row in page.rows]
    return Solutions(
        reference=reference(problem),
        page=page,
        solutions=shown,
        languages=languages,
        language=language if language in dict(languages) else "",
        to_publish=_to_publish(problem, user),
        has_math=any(has_math(each.solution.shown) for each in shown),
    )


def one(solution: Solution, user: Any) -> Shown:
    """A single solution."""
    return _shown(solution, user, _voted(user, [solution]))


def reference(problem: Problem) -> SafeString:
    """The data set's own solution, coloured; empty where it has none."""
    return highlight(problem.solution, REFERENCE_LANGUAGE)


def program(submission: Submission) -> SafeString:
    """A submission's source, coloured."""
    language = all_languages().get(submission.language)
    return highlight(submission.source, language.editor if language else "text")


_SIZE = Length("submission__source")
_COLUMNS = (
    *("score", "text", "html", "language", "created_at", "state", "author__username", "problem__slug"),
    *("submission__time_ms", "submission__memory_kb"),
)


def _voted(user: Any, rows: list[Solution]) -> set[int]:
    return voting.voted(SolutionVote.objects, user, "solution", [row.pk for row in rows])


def _shown(solution: Solution, user: Any, voted: set[int]) -> Shown:
    own = solution.author_id is not None and solution.author_id == user.pk
    return Shown(solution, own, solution.pk in voted)


def _to_publish(problem: Problem, user: Any) -> list[Submission]:
    """The user's latest accepted submissions for the problem that others don't see yet."""
    mine = Submission.objects.filter(problem=problem, user=user).to_solve().order_by("-id")
    latest = list(mine.values_list("pk", "status", "verdict", "solution__state")[:LOOKED_AT])
    free = {None, SolutionState.WITHDRAWN}
    ids = [
        pk for pk, status, verdict, state in latest if (status, verdict) == (Status.DONE, Verdict.AC) and state in free
    ]
    return list(mine.filter(pk__in=ids[:OFFERED]).defer("source", "compile_output")) if ids else []
