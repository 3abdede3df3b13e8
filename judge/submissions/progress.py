"""Tells which problems a user has solved or tried. Registered with `problems.progress` when the app is ready."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from judge.submissions.models import Submission, Verdict
from problems.models import Problem


def mark(problems: QuerySet[Problem], user: Any) -> QuerySet[Problem]:
    """Annotate `solved` (an accepted submission) and `tried` (any submission that we did not fail ourselves)."""
    mine = Submission.objects.filter(problem=OuterRef("pk"), user=user).exclude(verdict=Verdict.IE)
    return problems.annotate(solved=Exists(mine.filter(verdict=Verdict.AC)), tried=Exists(mine))
