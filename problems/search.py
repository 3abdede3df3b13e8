"""Finding problems by words. Every word must occur in the title or in the dataset's id."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from problems.models import Problem

MAX_WORDS = 8


def index(problem_ids: Sequence[int]) -> None:
    """Write anew what the search knows of these problems, inside the caller's transaction."""


def finish() -> None:
    """Do what is due once after many problems were written."""


def search(problems: QuerySet[Problem], text: str) -> QuerySet[Problem]:
    """Those of ``problems`` that ``text`` names, in their own order."""
    for word in text.split()[:MAX_WORDS]:
        problems = problems.filter(Q(title__icontains=word) | Q(question_id__icontains=word))
    return problems
