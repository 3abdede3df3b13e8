"""Finding problems by words. Every word must occur in the title or in the dataset's id."""

from django.db.models import Q, QuerySet

from problems.models import Problem

MAX_WORDS = 8


def search(problems: QuerySet[Problem], text: str) -> QuerySet[Problem]:
    """Those of ``problems`` that ``text`` names, in their own order."""
    for word in text.split()[:MAX_WORDS]:
        problems = problems.filter(Q(title__icontains=word) | Q(question_id__icontains=word))
    return problems
